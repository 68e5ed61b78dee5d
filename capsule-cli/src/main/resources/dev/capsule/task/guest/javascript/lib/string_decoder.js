// node:string_decoder
const { Buffer } = require('buffer');

class StringDecoder {
  #decoder;
  #rest = Buffer.alloc(0);
  constructor(encoding = 'utf8') {
    this.encoding = String(encoding).toLowerCase();
    if (['utf8', 'utf-8', 'utf16le', 'ucs2'].includes(this.encoding)) {
      this.#decoder = new TextDecoder(this.encoding.startsWith('utf-') || this.encoding === 'utf8' ? 'utf-8' : 'utf-16le', { ignoreBOM: true });
    }
  }
  write(chunk) {
    if (this.#decoder) {
      return this.#decoder.decode(chunk, { stream: true });
    }
    const bytes = Buffer.concat([this.#rest, chunk]);
    const whole = this.encoding.startsWith('base64') ? bytes.length - (bytes.length % 3) : bytes.length;
    this.#rest = bytes.subarray(whole);
    return bytes.toString(this.encoding, 0, whole);
  }
  end(chunk) {
    const text = chunk === undefined ? '' : this.write(chunk);
    const rest = this.#decoder ? this.#decoder.decode() : this.#rest.toString(this.encoding);
    this.#rest = Buffer.alloc(0);
    return text + rest;
  }
}

module.exports = { StringDecoder };
