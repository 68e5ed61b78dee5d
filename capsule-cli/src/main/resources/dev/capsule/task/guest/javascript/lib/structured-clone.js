// structuredClone (HTML, "Safe passage of structured data") for what a sandbox has.
const errors = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

function refuse(value) {
  const text = typeof value === 'symbol' ? String(value) : `${value?.name ?? value}`;
  throw new DOMException(`${text} could not be cloned.`, 'DataCloneError');
}

function clone(value, seen) {
  if (typeof value === 'function' || typeof value === 'symbol') {
    refuse(value);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (seen.has(value)) {
    return seen.get(value);
  }
  const keep = (copy) => {
    seen.set(value, copy);
    return copy;
  };
  if (value instanceof Date) {
    return keep(new Date(value.getTime()));
  }
  if (value instanceof RegExp) {
    return keep(new RegExp(value.source, value.flags));
  }
  if (value instanceof Boolean || value instanceof Number || value instanceof String) {
    return keep(Object(value.valueOf()));
  }
  if (value instanceof ArrayBuffer) {
    return keep(value.slice(0));
  }
  if (ArrayBuffer.isView(value)) {
    const buffer = clone(value.buffer, seen);
    const name = Object.prototype.toString.call(value).slice(8, -1);
    const length = value instanceof DataView ? value.byteLength : value.length;
    return keep(new globalThis[name](buffer, value.byteOffset, length));
  }
  if (value instanceof Map) {
    const copy = keep(new Map());
    for (const [key, item] of [...value]) {
      copy.set(clone(key, seen), clone(item, seen));
    }
    return copy;
  }
  if (value instanceof Set) {
    const copy = keep(new Set());
    for (const item of [...value]) {
      copy.add(clone(item, seen));
    }
    return copy;
  }
  if (value instanceof Error) {
    const copy = keep(new (errors[value.name] ?? Error)(value.message));
    Object.defineProperty(copy, 'stack', { value: value.stack, configurable: true, writable: true });
    if (Object.hasOwn(value, 'cause')) {
      copy.cause = clone(value.cause, seen);
    }
    return copy;
  }
  if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet || value instanceof WeakRef) {
    refuse(Object.prototype.toString.call(value));
  }
  const copy = keep(Array.isArray(value) ? new Array(value.length) : {});
  for (const key of Object.keys(value)) {
    copy[key] = clone(value[key], seen);
  }
  return copy;
}

module.exports = { structuredClone: (value) => clone(value, new Map()) };
