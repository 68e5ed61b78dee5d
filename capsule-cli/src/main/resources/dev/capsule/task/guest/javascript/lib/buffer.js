// node:buffer: Buffer over Uint8Array, Blob and File.
const { latin1, utf8, utf16 } = require('encoding');
const encoder = new (require('encoding').TextEncoder)();
const toBase64 = Uint8Array.prototype.toBase64;
const toHex = Uint8Array.prototype.toHex;
const inspectSymbol = Symbol.for('nodejs.util.inspect.custom');

function encodingName(encoding) {
  const name = String(encoding ?? 'utf8').toLowerCase();
  switch (name) {
    case 'utf8':
    case 'utf-8':
      return 'utf8';
    case 'ucs2':
    case 'ucs-2':
    case 'utf16le':
    case 'utf-16le':
      return 'utf16le';
    case 'latin1':
    case 'binary':
      return 'latin1';
    case 'ascii':
    case 'hex':
    case 'base64':
    case 'base64url':
      return name;
    default:
      throw new TypeError(`Unknown encoding: ${encoding}`);
  }
}

function bytesOfText(text, encoding) {
  switch (encodingName(encoding)) {
    case 'utf8':
      return encoder.encode(text);
    case 'utf16le': {
      const bytes = new Uint8Array(text.length * 2);
      for (let i = 0; i < text.length; i++) {
        bytes[2 * i] = text.charCodeAt(i) & 0xff;
        bytes[2 * i + 1] = text.charCodeAt(i) >> 8;
      }
      return bytes;
    }
    case 'latin1':
    case 'ascii': {
      const bytes = new Uint8Array(text.length);
      for (let i = 0; i < text.length; i++) {
        bytes[i] = text.charCodeAt(i);
      }
      return bytes;
    }
    case 'hex': {
      const digits = /^(?:[0-9a-fA-F]{2})*/.exec(text)[0];
      return Uint8Array.fromHex(digits);
    }
    default: {
      const plain = text.replaceAll('-', '+').replaceAll('_', '/').replace(/[^A-Za-z0-9+/]/g, '');
      const whole = plain.length % 4 === 1 ? plain.slice(0, -1) : plain;
      return Uint8Array.fromBase64(whole, { lastChunkHandling: 'loose' });
    }
  }
}

class Buffer extends Uint8Array {
  static poolSize = 8192;

  static from(value, encoding, length) {
    if (typeof value === 'string') {
      return own(bytesOfText(value, encoding));
    }
    if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) {
      return new Buffer(value, encoding, length);
    }
    if (value?.type === 'Buffer' && Array.isArray(value.data)) {
      return new Buffer(value.data);
    }
    if (ArrayBuffer.isView(value) || Array.isArray(value) || typeof value?.length === 'number') {
      const buffer = new Buffer(value.length ?? value.byteLength);
      for (let i = 0; i < buffer.length; i++) {
        buffer[i] = value[i];
      }
      return buffer;
    }
    const primitive = value?.valueOf?.();
    if (primitive !== value && primitive !== undefined && primitive !== null) {
      return Buffer.from(primitive, encoding, length);
    }
    throw new TypeError(
      'The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array'
    );
  }
  static of(...items) {
    return Buffer.from(items);
  }
  static alloc(size, fill, encoding) {
    if (typeof size !== 'number' || !(size >= 0)) {
      throw new RangeError(`The value of "size" is out of range. Received ${size}`);
    }
    const buffer = new Buffer(size);
    return fill === undefined || fill === 0 ? buffer : buffer.fill(fill, 0, size, encoding);
  }
  static allocUnsafe(size) {
    return Buffer.alloc(size);
  }
  static allocUnsafeSlow(size) {
    return Buffer.alloc(size);
  }
  static isBuffer(value) {
    return value instanceof Buffer;
  }
  static isEncoding(encoding) {
    try {
      return typeof encoding === 'string' && encodingName(encoding) !== '';
    } catch {
      return false;
    }
  }
  static byteLength(value, encoding) {
    return typeof value === 'string' ? bytesOfText(value, encoding).length : value.byteLength;
  }
  static concat(list, total) {
    total ??= list.reduce((sum, it) => sum + it.length, 0);
    const result = Buffer.alloc(total);
    let at = 0;
    for (const part of list) {
      const fitting = part.subarray(0, Math.max(0, total - at));
      result.set(fitting, at);
      at += fitting.length;
    }
    return result;
  }
  static compare(one, other) {
    const shorter = Math.min(one.length, other.length);
    for (let i = 0; i < shorter; i++) {
      if (one[i] !== other[i]) {
        return one[i] < other[i] ? -1 : 1;
      }
    }
    return Math.sign(one.length - other.length);
  }

  get parent() {
    return this.buffer;
  }
  get offset() {
    return this.byteOffset;
  }
  toString(encoding, start = 0, end = this.length) {
    const bytes = Uint8Array.prototype.subarray.call(this, Math.max(0, start), Math.max(0, end));
    switch (encodingName(encoding)) {
      case 'utf8':
        return utf8(bytes, false);
      case 'utf16le':
        return utf16(bytes.subarray(0, bytes.length & ~1));
      case 'latin1':
        return latin1(bytes);
      case 'ascii':
        return latin1(bytes.map((it) => it & 0x7f));
      case 'hex':
        return toHex.call(bytes);
      case 'base64':
        return toBase64.call(bytes);
      default:
        return toBase64.call(bytes, { alphabet: 'base64url', omitPadding: true });
    }
  }
  toLocaleString(encoding, start, end) {
    return this.toString(encoding, start, end);
  }
  toJSON() {
    return { type: 'Buffer', data: Array.from(this) };
  }
  equals(other) {
    return this === other || Buffer.compare(this, other) === 0;
  }
  compare(target, ts = 0, te = target.length, ss = 0, se = this.length) {
    return Buffer.compare(this.subarray(ss, se), target.subarray(ts, te));
  }
  copy(target, targetStart = 0, start = 0, end = this.length) {
    const part = this.subarray(start, end).subarray(0, Math.max(0, target.length - targetStart));
    target.set(part, targetStart);
    return part.length;
  }
  slice(start, end) {
    return this.subarray(start, end);
  }
  write(text, offset, length, encoding) {
    if (typeof offset === 'string') {
      [encoding, offset, length] = [offset, 0, undefined];
    } else if (typeof length === 'string') {
      [encoding, length] = [length, undefined];
    }
    offset ??= 0;
    const room = Math.min(length ?? Infinity, this.length - offset);
    const bytes = bytesOfText(text, encoding).subarray(0, room);
    this.set(bytes, offset);
    return bytes.length;
  }
  fill(value, start = 0, end = this.length, encoding) {
    if (typeof start === 'string') {
      [encoding, start, end] = [start, 0, this.length];
    }
    if (typeof value === 'number' || typeof value === 'boolean') {
      super.fill(Number(value), start, end);
      return this;
    }
    const bytes = typeof value === 'string' ? bytesOfText(value, encoding) : value;
    for (let i = start, j = 0; i < end; i++, j++) {
      this[i] = bytes.length === 0 ? 0 : bytes[j % bytes.length];
    }
    return this;
  }
  indexOf(value, from = 0, encoding) {
    return search(this, value, from, encoding, false);
  }
  lastIndexOf(value, from = this.length, encoding) {
    return search(this, value, from, encoding, true);
  }
  includes(value, from, encoding) {
    return this.indexOf(value, from, encoding) !== -1;
  }
  readUIntBE(offset = 0, size) {
    let value = 0;
    for (let i = 0; i < size; i++) {
      value = value * 256 + at(this, offset + i);
    }
    return value;
  }
  readUIntLE(offset = 0, size) {
    let value = 0;
    for (let i = size - 1; i >= 0; i--) {
      value = value * 256 + at(this, offset + i);
    }
    return value;
  }
  readIntBE(offset, size) {
    return signed(this.readUIntBE(offset, size), size);
  }
  readIntLE(offset, size) {
    return signed(this.readUIntLE(offset, size), size);
  }
  writeUIntBE(value, offset = 0, size) {
    for (let i = size - 1; i >= 0; i--) {
      this[offset + i] = value % 256;
      value = Math.floor(value / 256);
    }
    return offset + size;
  }
  writeUIntLE(value, offset = 0, size) {
    for (let i = 0; i < size; i++) {
      this[offset + i] = value % 256;
      value = Math.floor(value / 256);
    }
    return offset + size;
  }
  writeIntBE(value, offset, size) {
    return this.writeUIntBE(value < 0 ? value + 256 ** size : value, offset, size);
  }
  writeIntLE(value, offset, size) {
    return this.writeUIntLE(value < 0 ? value + 256 ** size : value, offset, size);
  }
  swap16() {
    return swap(this, 2);
  }
  swap32() {
    return swap(this, 4);
  }
  swap64() {
    return swap(this, 8);
  }
  [inspectSymbol]() {
    const shown = Array.from(this.subarray(0, 50), (it) => it.toString(16).padStart(2, '0'));
    const more = this.length > 50 ? ` ... ${this.length - 50} more bytes` : '';
    return `<Buffer${shown.length > 0 ? ' ' : ''}${shown.join(' ')}${more}>`;
  }
}

function own(bytes) {
  return new Buffer(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function at(buffer, index) {
  if (index < 0 || index >= buffer.length) {
    throw new RangeError(`The value of "offset" is out of range. Received ${index}`);
  }
  return buffer[index];
}

const signed = (value, size) => (value >= 2 ** (8 * size - 1) ? value - 2 ** (8 * size) : value);

function swap(buffer, size) {
  if (buffer.length % size !== 0) {
    throw new RangeError(`Buffer size must be a multiple of ${8 * size}-bits`);
  }
  for (let i = 0; i < buffer.length; i += size) {
    Uint8Array.prototype.subarray.call(buffer, i, i + size).reverse();
  }
  return buffer;
}

function search(buffer, value, from, encoding, backwards) {
  if (typeof from === 'string') {
    [encoding, from] = [from, backwards ? buffer.length : 0];
  }
  if (typeof value === 'number') {
    value = [value & 0xff];
  } else if (typeof value === 'string') {
    value = bytesOfText(value, encoding);
  }
  from = Math.trunc(Number(from)) || 0;
  from = from < 0 ? Math.max(0, buffer.length + from) : from;
  const last = buffer.length - value.length;
  const step = backwards ? -1 : 1;
  for (let i = backwards ? Math.min(from, last) : from; i >= 0 && i <= last; i += step) {
    let j = 0;
    while (j < value.length && buffer[i + j] === value[j]) {
      j++;
    }
    if (j === value.length) {
      return i;
    }
  }
  return -1;
}

const views = {
  UInt8: ['Uint8', 1], Int8: ['Int8', 1], UInt16: ['Uint16', 2], Int16: ['Int16', 2],
  UInt32: ['Uint32', 4], Int32: ['Int32', 4], BigUInt64: ['BigUint64', 8],
  BigInt64: ['BigInt64', 8], Float: ['Float32', 4], Double: ['Float64', 8],
};
for (const [name, [view, size]] of Object.entries(views)) {
  for (const [ending, little] of size === 1 ? [['', true]] : [['BE', false], ['LE', true]]) {
    const read = function (offset = 0) {
      at(this, offset);
      at(this, offset + size - 1);
      return new DataView(this.buffer, this.byteOffset)[`get${view}`](offset, little);
    };
    const write = function (value, offset = 0) {
      at(this, offset);
      at(this, offset + size - 1);
      new DataView(this.buffer, this.byteOffset)[`set${view}`](offset, value, little);
      return offset + size;
    };
    for (const alias of new Set([name, name.replace('UInt', 'Uint')])) {
      define(`read${alias}${ending}`, read);
      define(`write${alias}${ending}`, write);
    }
  }
}
for (const name of ['readUInt', 'writeUInt']) {
  for (const ending of ['BE', 'LE']) {
    define(`${name.replace('UInt', 'Uint')}${ending}`, Buffer.prototype[name + ending]);
  }
}

function define(name, value) {
  Object.defineProperty(Buffer.prototype, name, { value, writable: true, configurable: true });
}

// Old code calls Buffer without `new`.
const CallableBuffer = new Proxy(Buffer, {
  apply: (_, self, [value, ...rest]) =>
    typeof value === 'number' ? Buffer.alloc(value) : Buffer.from(value, ...rest),
});
Object.defineProperty(Buffer.prototype, 'constructor', {
  value: CallableBuffer, writable: true, configurable: true,
});

class Blob {
  #bytes;
  constructor(parts = [], options = {}) {
    this.#bytes = Buffer.concat(
      [...parts].map((part) => {
        if (part instanceof Blob) {
          return part.#bytes;
        }
        return part instanceof ArrayBuffer || ArrayBuffer.isView(part)
          ? Buffer.from(part.buffer ?? part, part.byteOffset, part.byteLength)
          : Buffer.from(String(part));
      })
    );
    this.type = String(options.type ?? '').toLowerCase();
  }
  get size() {
    return this.#bytes.length;
  }
  async text() {
    return this.#bytes.toString();
  }
  async arrayBuffer() {
    return Uint8Array.from(this.#bytes).buffer;
  }
  async bytes() {
    return Uint8Array.from(this.#bytes);
  }
  slice(start, end, type = '') {
    const blob = new Blob([], { type });
    blob.#bytes = this.#bytes.subarray(start, end);
    return blob;
  }
  stream() {
    const bytes = Uint8Array.from(this.#bytes);
    return new ReadableStream({
      start(controller) {
        controller.enqueue(bytes);
        controller.close();
      },
    });
  }
}

class File extends Blob {
  constructor(parts, name, options = {}) {
    super(parts, options);
    this.name = String(name);
    this.lastModified = options.lastModified ?? Date.now();
  }
}

module.exports = {
  Buffer: CallableBuffer,
  Blob,
  File,
  constants: { MAX_LENGTH: 2 ** 31 - 1, MAX_STRING_LENGTH: 2 ** 30 - 1 },
  kMaxLength: 2 ** 31 - 1,
  INSPECT_MAX_BYTES: 50,
  atob: globalThis.atob,
  btoa: globalThis.btoa,
};
