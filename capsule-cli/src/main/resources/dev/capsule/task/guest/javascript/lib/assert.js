// node:assert
const { inspect, isDeepStrictEqual, looseEqual } = require('util');

class AssertionError extends Error {
  constructor({ message, actual, expected, operator }) {
    super(message ?? `${inspect(actual)} ${operator} ${inspect(expected)}`);
    this.name = 'AssertionError';
    this.code = 'ERR_ASSERTION';
    this.generatedMessage = message === undefined;
    Object.assign(this, { actual, expected, operator });
  }
}

function fail(actual, expected, message, operator) {
  if (message instanceof Error) {
    throw message;
  }
  throw new AssertionError({ actual, expected, message, operator });
}

function check(holds, actual, expected, message, operator) {
  if (!holds) {
    fail(actual, expected, message, operator);
  }
}

function assert(value, message) {
  check(value, value, true, message ?? 'The expression evaluated to a falsy value', '==');
}

function matches(error, expected) {
  if (expected === undefined) {
    return true;
  }
  if (expected instanceof RegExp) {
    return expected.test(String(error));
  }
  if (typeof expected === 'function') {
    if (expected.prototype !== undefined && error instanceof expected) {
      return true;
    }
    return !(Error.isPrototypeOf?.(expected) ?? false) && expected.prototype === undefined && expected(error) === true;
  }
  return Object.entries(expected).every(([key, value]) =>
    value instanceof RegExp && typeof error[key] === 'string'
      ? value.test(error[key])
      : isDeepStrictEqual(error[key], value)
  );
}

function thrown(outcome, expected, message) {
  if (typeof expected === 'string') {
    [expected, message] = [undefined, expected];
  }
  if (outcome === undefined) {
    fail(undefined, expected, message ?? 'Missing expected exception.', 'throws');
  }
  if (!matches(outcome.error, expected)) {
    throw outcome.error;
  }
}

Object.assign(assert, {
  AssertionError,
  ok: assert,
  fail: (message) => fail(undefined, undefined, message ?? 'Failed', 'fail'),
  equal: (a, b, message) => check(a == b || (a !== a && b !== b), a, b, message, '=='),
  notEqual: (a, b, message) => check(a != b, a, b, message, '!='),
  strictEqual: (a, b, message) => check(Object.is(a, b), a, b, message, '==='),
  notStrictEqual: (a, b, message) => check(!Object.is(a, b), a, b, message, '!=='),
  deepEqual: (a, b, message) => check(looseEqual(a, b), a, b, message, 'deepEqual'),
  deepStrictEqual: (a, b, message) => check(isDeepStrictEqual(a, b), a, b, message, 'deepStrictEqual'),
  notDeepEqual: (a, b, message) => check(!looseEqual(a, b), a, b, message, 'notDeepEqual'),
  notDeepStrictEqual: (a, b, message) => check(!isDeepStrictEqual(a, b), a, b, message, 'notDeepStrictEqual'),
  match: (text, pattern, message) => check(pattern.test(text), text, pattern, message, 'match'),
  doesNotMatch: (text, pattern, message) => check(!pattern.test(text), text, pattern, message, 'doesNotMatch'),
  ifError(error) {
    if (error !== null && error !== undefined) {
      throw error;
    }
  },
  throws(fn, expected, message) {
    let outcome;
    try {
      fn();
    } catch (error) {
      outcome = { error };
    }
    thrown(outcome, expected, message);
  },
  async rejects(promise, expected, message) {
    let outcome;
    try {
      await (typeof promise === 'function' ? promise() : promise);
    } catch (error) {
      outcome = { error };
    }
    thrown(outcome, expected, message);
  },
  doesNotThrow(fn) {
    fn();
  },
  async doesNotReject(promise) {
    await (typeof promise === 'function' ? promise() : promise);
  },
});
assert.strict = Object.assign((value, message) => assert(value, message), assert, {
  equal: assert.strictEqual,
  notEqual: assert.notStrictEqual,
  deepEqual: assert.deepStrictEqual,
  notDeepEqual: assert.notDeepStrictEqual,
});
assert.strict.strict = assert.strict;
module.exports = assert;
