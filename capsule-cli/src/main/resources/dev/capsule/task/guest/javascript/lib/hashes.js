// MD5 (RFC 1321), SHA-1, SHA-256 and SHA-512 (FIPS 180-4), HMAC (RFC 2104).

/** Collects input into blocks and pads the end; `step` takes one block. */
class Blocks {
  constructor(size, littleEndian, step, result) {
    Object.assign(this, { size, littleEndian, step, result });
    this.block = new Uint8Array(size);
    this.filled = 0;
    this.total = 0;
  }
  update(bytes) {
    this.total += bytes.length;
    let at = 0;
    while (at < bytes.length) {
      const part = bytes.subarray(at, at + this.size - this.filled);
      this.block.set(part, this.filled);
      this.filled += part.length;
      at += part.length;
      if (this.filled === this.size) {
        this.step(new DataView(this.block.buffer));
        this.filled = 0;
      }
    }
  }
  digest() {
    const bits = BigInt(this.total) * 8n;
    this.update(Uint8Array.of(0x80));
    while (this.filled !== this.size - this.size / 8) {
      this.update(Uint8Array.of(0));
    }
    // The length field of the 128-byte blocks has 128 bits; its upper half is zero.
    this.update(new Uint8Array(this.size / 8 - 8));
    const length = new DataView(new ArrayBuffer(8));
    length.setBigUint64(0, bits, this.littleEndian);
    this.update(new Uint8Array(length.buffer));
    return this.result();
  }
}

function words(values, littleEndian) {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, i) => view.setInt32(i * 4, value, littleEndian));
  return new Uint8Array(view.buffer);
}

const left = (value, count) => (value << count) | (value >>> (32 - count));
const right = (value, count) => (value >>> count) | (value << (32 - count));

const md5Shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const md5Table = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);

function md5() {
  const state = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  const step = (block) => {
    let [a, b, c, d] = state;
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const f = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][round];
      const word = [i, 5 * i + 1, 3 * i + 5, 7 * i][round] % 16;
      const sum = (f + a + md5Table[i] + block.getInt32(word * 4, true)) | 0;
      a = d;
      d = c;
      c = b;
      b = (b + left(sum, md5Shifts[round * 4 + (i % 4)])) | 0;
    }
    [a, b, c, d].forEach((value, i) => {
      state[i] = (state[i] + value) | 0;
    });
  };
  return new Blocks(64, true, step, () => words(state, true));
}

function sha1() {
  const state = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476, 0xc3d2e1f0 | 0];
  const schedule = new Int32Array(80);
  const step = (block) => {
    for (let i = 0; i < 80; i++) {
      schedule[i] =
        i < 16
          ? block.getInt32(i * 4)
          : left(schedule[i - 3] ^ schedule[i - 8] ^ schedule[i - 14] ^ schedule[i - 16], 1);
    }
    let [a, b, c, d, e] = state;
    for (let i = 0; i < 80; i++) {
      const [f, k] =
        i < 20
          ? [(b & c) | (~b & d), 0x5a827999]
          : i < 40
            ? [b ^ c ^ d, 0x6ed9eba1]
            : i < 60
              ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
              : [b ^ c ^ d, 0xca62c1d6];
      const sum = (left(a, 5) + f + e + k + schedule[i]) | 0;
      [e, d, c, b, a] = [d, c, left(b, 30), a, sum];
    }
    [a, b, c, d, e].forEach((value, i) => {
      state[i] = (state[i] + value) | 0;
    });
  };
  return new Blocks(64, false, step, () => words(state, false));
}

const primes = [];
for (let n = 2; primes.length < 80; n++) {
  if (primes.every((prime) => n % prime !== 0)) {
    primes.push(n);
  }
}

/** The first 64 bits of the fractional part of a root, by integer Newton steps. */
function rootBits(prime, power) {
  const scaled = BigInt(prime) << BigInt(64 * power);
  let low = 0n;
  let high = 1n << 72n;
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle ** BigInt(power) <= scaled) {
      low = middle;
    } else {
      high = middle - 1n;
    }
  }
  return BigInt.asUintN(64, low);
}

let sha256Table;
function sha256() {
  sha256Table ??= primes.slice(0, 64).map((prime) => Number(rootBits(prime, 3) >> 32n) | 0);
  const state = primes.slice(0, 8).map((prime) => Number(rootBits(prime, 2) >> 32n) | 0);
  const w = new Int32Array(64);
  const step = (block) => {
    for (let i = 0; i < 64; i++) {
      if (i < 16) {
        w[i] = block.getInt32(i * 4);
      } else {
        const s0 = right(w[i - 15], 7) ^ right(w[i - 15], 18) ^ (w[i - 15] >>> 3);
        const s1 = right(w[i - 2], 17) ^ right(w[i - 2], 19) ^ (w[i - 2] >>> 10);
        w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
      }
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const s1 = right(e, 6) ^ right(e, 11) ^ right(e, 25);
      const one = (h + s1 + ((e & f) ^ (~e & g)) + sha256Table[i] + w[i]) | 0;
      const s0 = right(a, 2) ^ right(a, 13) ^ right(a, 22);
      const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + one) | 0;
      d = c;
      c = b;
      b = a;
      a = (one + two) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => {
      state[i] = (state[i] + value) | 0;
    });
  };
  return new Blocks(64, false, step, () => words(state, false));
}

let sha512Table;
function sha512() {
  sha512Table ??= primes.map((prime) => rootBits(prime, 3));
  const state = primes.slice(0, 8).map((prime) => rootBits(prime, 2));
  const mask = (value) => BigInt.asUintN(64, value);
  const turn = (value, count) => (value >> count) | mask(value << (64n - count));
  const w = new Array(80);
  const step = (block) => {
    for (let i = 0; i < 80; i++) {
      if (i < 16) {
        w[i] = block.getBigUint64(i * 8);
      } else {
        const s0 = turn(w[i - 15], 1n) ^ turn(w[i - 15], 8n) ^ (w[i - 15] >> 7n);
        const s1 = turn(w[i - 2], 19n) ^ turn(w[i - 2], 61n) ^ (w[i - 2] >> 6n);
        w[i] = mask(w[i - 16] + s0 + w[i - 7] + s1);
      }
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 80; i++) {
      const s1 = turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n);
      const one = h + s1 + ((e & f) ^ (mask(~e) & g)) + sha512Table[i] + w[i];
      const s0 = turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n);
      const two = s0 + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, mask(d + one), c, b, a, mask(one + two)];
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => {
      state[i] = mask(state[i] + value);
    });
  };
  const result = () => {
    const view = new DataView(new ArrayBuffer(64));
    state.forEach((value, i) => view.setBigUint64(i * 8, value));
    return new Uint8Array(view.buffer);
  };
  return new Blocks(128, false, step, result);
}

const makers = { md5, sha1, sha256, sha512 };

function create(algorithm) {
  const maker = makers[String(algorithm).toLowerCase().replace('-', '')];
  if (maker === undefined) {
    throw new Error(`hash ${algorithm} is not available inside a Capsule sandbox (md5, sha1, sha256, sha512 are)`);
  }
  return maker();
}

function hmac(algorithm, key) {
  const inner = create(algorithm);
  const outer = create(algorithm);
  if (key.length > inner.size) {
    const shortened = create(algorithm);
    shortened.update(key);
    key = shortened.digest();
  }
  const padded = new Uint8Array(inner.size);
  padded.set(key);
  inner.update(padded.map((it) => it ^ 0x36));
  outer.update(padded.map((it) => it ^ 0x5c));
  return {
    update: (bytes) => inner.update(bytes),
    digest() {
      outer.update(inner.digest());
      return outer.digest();
    },
  };
}

module.exports = { create, hmac };
