// node:util/types
const tag = (value) => Object.prototype.toString.call(value).slice(8, -1);
const is = (type) => (value) => value instanceof type;
const functionKind = (kind) => (value) => typeof value === 'function' && tag(value) === kind;

module.exports = {
  isAnyArrayBuffer: (value) => value instanceof ArrayBuffer || value instanceof SharedArrayBuffer,
  isArrayBuffer: is(ArrayBuffer),
  isArrayBufferView: ArrayBuffer.isView,
  isAsyncFunction: functionKind('AsyncFunction'),
  isBoxedPrimitive: (value) =>
    typeof value === 'object' && ['Boolean', 'Number', 'String', 'BigInt', 'Symbol'].includes(tag(value)),
  isDataView: is(DataView),
  isDate: is(Date),
  isGeneratorFunction: functionKind('GeneratorFunction'),
  isGeneratorObject: (value) => tag(value) === 'Generator',
  isMap: is(Map),
  isNativeError: is(Error),
  isPromise: is(Promise),
  isProxy: () => false,
  isRegExp: is(RegExp),
  isSet: is(Set),
  isSharedArrayBuffer: is(SharedArrayBuffer),
  isTypedArray: (value) => ArrayBuffer.isView(value) && !(value instanceof DataView),
  isUint8Array: is(Uint8Array),
  isWeakMap: is(WeakMap),
  isWeakSet: is(WeakSet),
};
