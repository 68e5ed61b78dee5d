// node:crypto and the web's crypto: randomness, hashes and HMAC.
const { Buffer } = require('buffer');
const hashes = require('hashes');

const most = 65536;

function randomBytes(size, callback) {
  const parts = [];
  for (let left = size; left > 0; left -= most) {
    const { data } = internal.ask({ op: 'random', count: Math.min(left, most) });
    parts.push(Uint8Array.fromBase64(data));
  }
  const result = Buffer.concat(parts);
  if (typeof callback === 'function') {
    queueMicrotask(() => callback(null, result));
    return undefined;
  }
  return result;
}

function getRandomValues(array) {
  if (!ArrayBuffer.isView(array) || array instanceof Float32Array || array instanceof Float64Array) {
    throw new DOMException('The data argument must be an integer-type TypedArray', 'TypeMismatchError');
  }
  if (array.byteLength > most) {
    throw new DOMException(`The requested length exceeds ${most} bytes`, 'QuotaExceededError');
  }
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(randomBytes(array.byteLength));
  return array;
}

function randomUUID() {
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function randomInt(low, high, callback) {
  if (high === undefined || typeof high === 'function') {
    [low, high, callback] = [0, low, high];
  }
  const range = high - low;
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || !(range > 0) || range > 2 ** 48 - 1) {
    throw new RangeError(`The range ${low} to ${high} is not valid`);
  }
  // Values above the last whole multiple of the range would favour small results.
  const limit = 2 ** 48 - (2 ** 48 % range);
  let value;
  do {
    value = randomBytes(6).readUIntBE(0, 6);
  } while (value >= limit);
  const result = low + (value % range);
  if (typeof callback === 'function') {
    queueMicrotask(() => callback(null, result));
    return undefined;
  }
  return result;
}

const bytesOf = (data, encoding) =>
  typeof data === 'string'
    ? Buffer.from(data, encoding)
    : new Uint8Array(data.buffer ?? data, data.byteOffset ?? 0, data.byteLength);

class Hash {
  #state;
  #finished = false;
  constructor(state) {
    this.#state = state;
  }
  update(data, encoding) {
    if (this.#finished) {
      throw new Error('Digest already called');
    }
    this.#state.update(bytesOf(data, encoding));
    return this;
  }
  digest(encoding) {
    if (this.#finished) {
      throw new Error('Digest already called');
    }
    this.#finished = true;
    const result = Buffer.from(this.#state.digest());
    return encoding && encoding !== 'buffer' ? result.toString(encoding) : result;
  }
}

function timingSafeEqual(one, other) {
  if (one.byteLength !== other.byteLength) {
    throw new RangeError('Input buffers must have the same byte length');
  }
  const [a, b] = [bytesOf(one), bytesOf(other)];
  let difference = 0;
  for (let i = 0; i < a.length; i++) {
    difference |= a[i] ^ b[i];
  }
  return difference === 0;
}

const subtle = {
  async digest(algorithm, data) {
    const state = hashes.create(algorithm?.name ?? algorithm);
    state.update(bytesOf(data));
    return Uint8Array.from(state.digest()).buffer;
  },
};

const webcrypto = { getRandomValues, randomUUID, subtle };

module.exports = {
  ...webcrypto,
  webcrypto,
  randomBytes,
  randomInt,
  randomFillSync: getRandomValues,
  timingSafeEqual,
  createHash: (algorithm) => new Hash(hashes.create(algorithm)),
  createHmac: (algorithm, key) => new Hash(hashes.hmac(algorithm, bytesOf(key))),
  getHashes: () => ['md5', 'sha1', 'sha256', 'sha512'],
  hash: (algorithm, data, encoding = 'hex') => new Hash(hashes.create(algorithm)).update(data).digest(encoding),
};
Object.defineProperty(module.exports, 'crypto', { value: module.exports });
