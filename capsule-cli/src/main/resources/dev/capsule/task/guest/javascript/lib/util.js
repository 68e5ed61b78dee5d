// node:util
const { format, inspect } = require('inspect');
const types = require('util/types');

function promisify(original) {
  if (typeof original !== 'function') {
    throw new TypeError('The "original" argument must be of type function');
  }
  if (original[promisify.custom]) {
    return original[promisify.custom];
  }
  return function (...args) {
    return new Promise((resolve, reject) => {
      original.call(this, ...args, (error, value) => (error ? reject(error) : resolve(value)));
    });
  };
}
promisify.custom = Symbol.for('nodejs.util.promisify.custom');

function callbackify(original) {
  return function (...args) {
    const callback = args.pop();
    original.apply(this, args).then((value) => callback(null, value), callback);
  };
}

function inherits(constructor, parent) {
  Object.defineProperty(constructor, 'super_', { value: parent, writable: true, configurable: true });
  Object.setPrototypeOf(constructor.prototype, parent.prototype);
}

function deprecate(fn) {
  return fn;
}

/** Deep equality as node:assert's strict comparison sees it. */
function isDeepStrictEqual(one, other) {
  return equal(one, other, new Map(), true);
}

function equal(one, other, seen, strict) {
  if (Object.is(one, other) || (!strict && (one == other || (one !== one && other !== other)))) {
    return true;
  }
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return false;
  }
  if (strict && Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) {
    return false;
  }
  if (Object.prototype.toString.call(one) !== Object.prototype.toString.call(other)) {
    return false;
  }
  if (seen.get(one) === other) {
    return true;
  }
  seen.set(one, other);
  if (one instanceof Date) {
    return Object.is(one.getTime(), other.getTime());
  }
  if (one instanceof RegExp) {
    return String(one) === String(other) && one.lastIndex === other.lastIndex;
  }
  if (one instanceof Error && (one.message !== other.message || one.name !== other.name)) {
    return false;
  }
  if (ArrayBuffer.isView(one) && !(one instanceof DataView)) {
    return one.length === other.length && one.every((it, i) => Object.is(it, other[i]));
  }
  if (types.isBoxedPrimitive(one)) {
    return types.isBoxedPrimitive(other) && Object.is(one.valueOf(), other.valueOf());
  }
  if (one instanceof Set) {
    const has = (item) => other.has(item) || [...other].some((it) => equal(item, it, seen, strict));
    return one.size === other.size && [...one].every(has);
  }
  if (one instanceof Map) {
    const matches = ([key, value]) =>
      other.has(key)
        ? equal(value, other.get(key), seen, strict)
        : [...other].some(([k, v]) => equal(key, k, seen, strict) && equal(value, v, seen, strict));
    return one.size === other.size && [...one].every(matches);
  }
  if (Array.isArray(one) && one.length !== other.length) {
    return false;
  }
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && equal(one[key], other[key], seen, strict))
  );
}

module.exports = {
  callbackify,
  debuglog: () => Object.assign(() => {}, { enabled: false }),
  deprecate,
  format,
  inherits,
  inspect,
  isArray: Array.isArray,
  isDeepStrictEqual,
  looseEqual: (one, other) => equal(one, other, new Map(), false),
  promisify,
  stripVTControlCharacters: (text) => String(text).replace(/\u001b\[[0-9;]*[A-Za-z]/g, ''),
  styleText: (style, text) => text,
  toUSVString: (text) => String(text).toWellFormed(),
  types,
  get TextDecoder() {
    return TextDecoder;
  },
  get TextEncoder() {
    return TextEncoder;
  },
};
module.exports.debug = module.exports.debuglog;
Object.defineProperty(module.exports, 'looseEqual', { enumerable: false });
