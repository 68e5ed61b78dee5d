import assert from 'node:assert/strict';
import { inspect } from 'node:util';

class Point {
  constructor() {
    this.x = 1;
  }
}

export function main() {
  const cases = [
    ['a\'b', '"a\'b"'],
    [[1, 'a', null, undefined], "[ 1, 'a', null, undefined ]"],
    [{ a: 1, 'b-c': { d: [] } }, "{ a: 1, 'b-c': { d: [] } }"],
    [new Point(), 'Point { x: 1 }'],
    [new Map([['k', { v: 1 }]]), "Map(1) { 'k' => { v: 1 } }"],
    [new Set([1, 'a']), "Set(2) { 1, 'a' }"],
    [[, 1, , ,], '[ <1 empty item>, 1, <2 empty items> ]'],
    [Object.create(null), '[Object: null prototype] {}'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [/a/g, '/a/g'],
    [() => {}, '[Function (anonymous)]'],
    [class A {}, '[class A]'],
    [async function f() {}, '[AsyncFunction: f]'],
    [Symbol('s'), 'Symbol(s)'],
    [-0, '-0'],
    [10n, '10n'],
    [{ get a() { return 1; }, set b(v) {} }, '{ a: [Getter], b: [Setter] }'],
    [{ [Symbol('k')]: 1 }, '{ [Symbol(k)]: 1 }'],
    [Buffer.from('hi'), '<Buffer 68 69>'],
    [Uint8Array.of(1, 2), 'Uint8Array(2) [ 1, 2 ]'],
    [{ a: { b: { c: { d: 1 } } } }, '{ a: { b: { c: [Object] } } }'],
    [{ a: { b: { c: {} } } }, '{ a: { b: { c: {} } } }'],
  ];
  for (const [value, text] of cases) {
    assert.equal(inspect(value), text);
  }
  const circular = { name: 'c' };
  circular.self = circular;
  assert.match(inspect(circular), /self: \[Circular \*1\]/);
  assert.match(inspect(Array.from({ length: 120 }, (_, i) => i)), /\.\.\. 20 more items\n\]$/);
  assert.match(inspect(new TypeError('no')), /^TypeError: no\n {4}at main \(inspect\.mjs:/);
  return 'ok';
}
