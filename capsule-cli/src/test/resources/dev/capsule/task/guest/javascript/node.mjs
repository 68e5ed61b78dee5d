import assert, { deepStrictEqual } from 'node:assert/strict';
import util from 'util';
import { EventEmitter, once } from 'events';
import { setTimeout as sleep } from 'timers/promises';
import qs from 'querystring'; import { StringDecoder } from 'string_decoder'; import { createRequire } from 'module'; import { performance } from 'perf_hooks'; import { fileURLToPath } from 'url';
export async function main() {
  const a = { d: new Date(1), m: new Map([[1, new Set([2])]]), r: /x/gi, e: new TypeError('q'), b: new Uint8Array([1, 2]), n: [1, , 3] }; a.self = a;
  const c = structuredClone(a); assert.notEqual(c, a); deepStrictEqual(c.m, a.m); assert.equal(c.self, c); assert(c.e instanceof TypeError); assert.throws(() => structuredClone(() => 1), { name: 'DataCloneError' });
  assert.throws(() => assert.equal(1, 2), /1 === 2/); await assert.rejects(async () => { throw new RangeError('x'); }, RangeError);
  const em = new EventEmitter(); setTimeout(() => em.emit('go', 5), 5); assert.deepEqual(await once(em, 'go'), [5]);
  function Old() { EventEmitter.call(this); } util.inherits(Old, EventEmitter); const o = new Old(); let hit = 0; o.once('x', () => hit++); o.emit('x'); o.emit('x'); assert.equal(hit, 1);
  assert.equal(await sleep(3, 'v'), 'v'); await sleep(0);
  assert.equal(qs.stringify({ a: [1, 2], b: 'x y' }), 'a=1&a=2&b=x%20y'); assert.deepEqual({ ...qs.parse('a=1&a=2&b=x+y') }, { a: ['1', '2'], b: 'x y' });
  const sd = new StringDecoder(); assert.equal(sd.write(Buffer.from([0xe2, 0x82])) + sd.end(Buffer.from([0xac])), '€');
  assert.equal(createRequire('/libs.mjs')('node:path').join('a', 'b'), 'a/b'); assert(performance.now() >= 0);
  assert.equal(util.format('%s %d %j %o', 'a', 1.5, { x: 1 }, [1]), 'a 1.5 {"x":1} [ 1 ]'.replace('[ 1 ]', '[ 1 ]'));
  const rs = new ReadableStream({ start(k) { k.enqueue('a'); k.enqueue('b'); k.close(); } }); let s = ''; for await (const x of rs.pipeThrough(new TransformStream({ transform(x, k) { k.enqueue(x.toUpperCase()); } }))) s += x; assert.equal(s, 'AB');
  const ac = new AbortController(); setTimeout(() => ac.abort(), 3); await assert.rejects(sleep(1000, 0, { signal: ac.signal }), { name: 'AbortError' });
  await assert.rejects(fetch('http://x/', { signal: AbortSignal.abort() }), { name: 'AbortError' });
  const u = new URL('../b?x=1#h', 'https://u:p@ex.com:8080/a/c/d'); assert.equal(u.href, 'https://u:p@ex.com:8080/a/b?x=1#h'); u.searchParams.append('y', 'ä &'); assert.equal(u.search, '?x=1&y=%C3%A4+%26'); assert.equal(new URL('http://EXAMPLE.com:80/%7Efoo/../bar').href, 'http://example.com/bar'); assert.equal(new URL('http://bücher.de/').host, 'xn--bcher-kva.de'); assert.equal(new URL('http://[::1]:3/').host, '[::1]:3'); assert.equal(new URL('http://0x7f.1/').hostname, '127.0.0.1'); assert.throws(() => new URL('nope'), TypeError); assert.equal(fileURLToPath('file:///a%20b'), '/a b');
  const r = new Response(JSON.stringify({ a: 1 }), { status: 201, headers: { 'X-A': 'b' } }); assert.deepEqual(await r.clone().json(), { a: 1 }); assert.equal(r.headers.get('x-a'), 'b'); assert.equal(r.ok, true); assert.equal((await r.blob()).size, 7); await assert.rejects(r.text(), TypeError);
  const f = new FormData(); f.append('k', 'v'); f.append('f', new File(['hi'], 'a.txt', { type: 'text/plain' })); const body = await new Response(f).text(); assert.match(body, /name="f"; filename="a.txt"\r\nContent-Type: text\/plain\r\n\r\nhi\r\n/);
  assert.equal(btoa('hi'), 'aGk='); assert.equal(atob('aGk='), 'hi'); assert.equal(util.inspect({ a: { b: { c: {} } } }), '{ a: { b: { c: {} } } }'); assert.equal(util.inspect({ a: { b: { c: { d: 1 } } } }), '{ a: { b: { c: [Object] } } }');
  try { (await import('node:child_process')).execSync('ls'); assert.fail('no'); } catch (e) { assert.match(e.message, /child_process.execSync is not available inside a Capsule sandbox/); }
  try { require('http').request('http://localhost'); assert.fail('no'); } catch (e) { assert.match(e.message, /http.request is not available inside a Capsule sandbox/); }
  assert.deepEqual([require('tty').isatty(1), require('net').isIP('::1'), require('net').isIP('1.2.3.4'), require('net').isIP('x')], [false, 6, 4, 0]);
  return 'ok';
}
