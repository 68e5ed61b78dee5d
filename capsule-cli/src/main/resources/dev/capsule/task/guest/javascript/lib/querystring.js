// node:querystring
const escape = encodeURIComponent;

function unescape(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function stringify(object, separator = '&', equals = '=') {
  return Object.entries(object ?? {})
    .flatMap(([key, value]) => (Array.isArray(value) ? value : [value]).map((it) => [key, it]))
    .map(([key, value]) => `${escape(key)}${equals}${escape(['string', 'number', 'bigint', 'boolean'].includes(typeof value) ? String(value) : '')}`)
    .join(separator);
}

function parse(text, separator = '&', equals = '=') {
  const result = Object.create(null);
  for (const part of String(text).split(separator).filter(Boolean)) {
    const place = part.indexOf(equals);
    const plain = (it) => unescape(it.replaceAll('+', ' '));
    const key = plain(place < 0 ? part : part.slice(0, place));
    const value = place < 0 ? '' : plain(part.slice(place + equals.length));
    result[key] = key in result ? [].concat(result[key], value) : value;
  }
  return result;
}

module.exports = { decode: parse, encode: stringify, escape, parse, stringify, unescape };
