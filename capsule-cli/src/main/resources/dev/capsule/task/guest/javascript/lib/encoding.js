// TextEncoder and TextDecoder: UTF-8, UTF-16LE and Latin-1.
class TextEncoder {
  get encoding() {
    return 'utf-8';
  }
  encode(text = '') {
    text = String(text);
    const bytes = new Uint8Array(text.length * 3);
    const { written } = write(text, bytes);
    return bytes.slice(0, written);
  }
  encodeInto(text, target) {
    return write(String(text), target);
  }
}

function write(text, target) {
  let at = 0;
  let i = 0;
  for (; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code < 0x80) {
      if (at >= target.length) {
        break;
      }
      target[at++] = code;
      continue;
    }
    let pair = 0;
    if (code >= 0xd800 && code <= 0xdfff) {
      const low = text.charCodeAt(i + 1);
      if (code < 0xdc00 && low >= 0xdc00 && low <= 0xdfff) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        pair = 1;
      } else {
        code = 0xfffd;
      }
    }
    const size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (at + size > target.length) {
      break;
    }
    if (size === 2) {
      target[at++] = 0xc0 | (code >> 6);
    } else if (size === 3) {
      target[at++] = 0xe0 | (code >> 12);
      target[at++] = 0x80 | ((code >> 6) & 0x3f);
    } else {
      target[at++] = 0xf0 | (code >> 18);
      target[at++] = 0x80 | ((code >> 12) & 0x3f);
      target[at++] = 0x80 | ((code >> 6) & 0x3f);
    }
    target[at++] = 0x80 | (code & 0x3f);
    i += pair;
  }
  return { read: i, written: at };
}

const labels = new Map(
  Object.entries({
    'utf-8': ['utf-8', 'utf8', 'unicode-1-1-utf-8'],
    'utf-16le': ['utf-16le', 'utf-16', 'ucs-2', 'unicode'],
    'windows-1252': ['windows-1252', 'latin1', 'iso-8859-1', 'ascii', 'us-ascii', 'l1'],
  }).flatMap(([name, known]) => known.map((label) => [label, name]))
);
const fromCodes = String.fromCharCode;

class TextDecoder {
  #rest = new Uint8Array(0);
  #started = false;
  constructor(label = 'utf-8', options = {}) {
    const encoding = labels.get(String(label).trim().toLowerCase());
    if (encoding === undefined) {
      throw new RangeError(`The "${label}" encoding is not supported`);
    }
    this.encoding = encoding;
    this.fatal = Boolean(options.fatal);
    this.ignoreBOM = Boolean(options.ignoreBOM);
  }
  decode(input = new Uint8Array(0), options = {}) {
    let bytes = ArrayBuffer.isView(input)
      ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
      : new Uint8Array(input);
    if (this.#rest.length > 0) {
      const joined = new Uint8Array(this.#rest.length + bytes.length);
      joined.set(this.#rest);
      joined.set(bytes, this.#rest.length);
      bytes = joined;
      this.#rest = new Uint8Array(0);
    }
    const stream = Boolean(options.stream);
    let keep = 0;
    if (stream) {
      keep = this.encoding === 'utf-8' ? incomplete(bytes) : this.encoding === 'utf-16le' ? bytes.length % 2 : 0;
      this.#rest = bytes.slice(bytes.length - keep);
      bytes = bytes.subarray(0, bytes.length - keep);
    }
    let text;
    if (this.encoding === 'utf-8') {
      text = utf8(bytes, this.fatal);
    } else if (this.encoding === 'utf-16le') {
      text = utf16(bytes);
    } else {
      text = latin1(bytes);
    }
    if (!this.#started && !this.ignoreBOM && this.encoding !== 'windows-1252' && text.startsWith('\ufeff')) {
      text = text.slice(1);
    }
    this.#started = stream && (this.#started || text !== '');
    return text;
  }
}

/** How many bytes at the end begin a character that is not whole. */
function incomplete(bytes) {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back];
    if (byte >= 0xc0) {
      const need = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return need > back ? back : 0;
    }
    if (byte < 0x80) {
      return 0;
    }
  }
  return 0;
}

function utf8(bytes, fatal) {
  let text = '';
  let codes = [];
  const wrong = () => {
    if (fatal) {
      throw new TypeError('The encoded data was not valid for encoding utf-8');
    }
    codes.push(0xfffd);
  };
  for (let i = 0; i < bytes.length; ) {
    const byte = bytes[i++];
    if (byte < 0x80) {
      codes.push(byte);
    } else {
      let need = 0;
      let low = 0x80;
      let high = 0xbf;
      let code = 0;
      if (byte >= 0xc2 && byte <= 0xdf) {
        need = 1;
        code = byte & 0x1f;
      } else if (byte >= 0xe0 && byte <= 0xef) {
        need = 2;
        code = byte & 0xf;
        low = byte === 0xe0 ? 0xa0 : 0x80;
        high = byte === 0xed ? 0x9f : 0xbf;
      } else if (byte >= 0xf0 && byte <= 0xf4) {
        need = 3;
        code = byte & 7;
        low = byte === 0xf0 ? 0x90 : 0x80;
        high = byte === 0xf4 ? 0x8f : 0xbf;
      } else {
        wrong();
        continue;
      }
      while (need > 0 && i < bytes.length && bytes[i] >= low && bytes[i] <= high) {
        code = (code << 6) | (bytes[i++] & 0x3f);
        low = 0x80;
        high = 0xbf;
        need--;
      }
      if (need > 0) {
        wrong();
      } else if (code >= 0x10000) {
        codes.push(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + (code & 0x3ff));
      } else {
        codes.push(code);
      }
    }
    if (codes.length >= 4096) {
      text += fromCodes.apply(null, codes);
      codes = [];
    }
  }
  return text + fromCodes.apply(null, codes);
}

function utf16(bytes) {
  let text = '';
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    text += fromCodes(bytes[i] | (bytes[i + 1] << 8));
  }
  return bytes.length % 2 === 1 ? `${text}\ufffd` : text;
}

function latin1(bytes) {
  let text = '';
  for (let i = 0; i < bytes.length; i += 4096) {
    text += fromCodes.apply(null, bytes.subarray(i, i + 4096));
  }
  return text;
}

module.exports = { TextDecoder, TextEncoder, latin1, utf8, utf16 };
