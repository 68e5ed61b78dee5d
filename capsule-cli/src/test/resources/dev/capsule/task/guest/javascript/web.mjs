import assert from 'node:assert/strict';

export async function main() {
  const binary = Uint8Array.from({ length: 256 }, (_, i) => i);
  let response = await fetch('https://a.example/x?y=1', { headers: { A: 'b' } });
  assert.equal(response.status, 200);
  assert(response.ok);
  assert.equal(response.headers.get('X-METHOD'), 'GET');
  assert.equal(response.url, 'https://a.example/x?y=1');
  assert.equal(await response.text(), 'https://a.example/x?y=1');
  await assert.rejects(response.text(), TypeError);
  response = await fetch(new Request('http://a.example/', { method: 'post', body: binary }));
  assert.equal(response.headers.get('x-method'), 'POST');
  assert.deepEqual(new Uint8Array(await response.arrayBuffer()), binary);
  response = await fetch('http://a.example/', { method: 'PUT', body: JSON.stringify({ ü: 1 }) });
  assert.equal(response.headers.get('content-type'), 'text/plain;charset=UTF-8');
  assert.deepEqual(await response.json(), { ü: 1 });
  response = await fetch('http://a.example/', { method: 'POST', body: new URLSearchParams({ a: 'ä b' }) });
  assert.equal(await response.text(), 'a=%C3%A4+b');
  response = await fetch('http://a.example/missing');
  assert(!response.ok && response.status === 404 && response.statusText === 'Not Found');
  response = await fetch('http://a.example/moved');
  assert.equal(response.url, 'http://a.example/there');
  assert(response.redirected);
  response = await fetch('http://a.example/moved', { redirect: 'manual' });
  assert.equal(response.status, 302);
  await assert.rejects(fetch('http://a.example/moved', { redirect: 'error' }), TypeError);
  response = await fetch('http://a.example/cookies');
  assert.deepEqual(response.headers.getSetCookie(), ['a=1', 'b=2']);
  const chunks = [];
  for await (const chunk of (await fetch('http://a.example/')).body) {
    chunks.push(chunk);
  }
  assert.equal(Buffer.concat(chunks).toString(), 'http://a.example/');
  const all = await Promise.all(['1', '2', '3'].map((it) => fetch(`http://a.example/${it}`).then((r) => r.text())));
  assert.deepEqual(all, ['http://a.example/1', 'http://a.example/2', 'http://a.example/3']);
  await assert.rejects(fetch('http://a.example/broken'), { name: 'TypeError', message: /connection refused/ });
  const denied = await fetch('http://a.example/denied').catch((error) => error);
  assert(denied instanceof TypeError && denied.code === 'HOST_DENIED' && /allowed_hosts/.test(denied.message));
  const form = new FormData();
  form.append('file', new File(['hi'], 'a.txt', { type: 'text/plain' }));
  response = await fetch('http://a.example/', { method: 'POST', body: form });
  assert.match(response.headers.get('content-type'), /^multipart\/form-data; boundary=/);
  assert.match(await response.text(), /name="file"; filename="a.txt"\r\nContent-Type: text\/plain\r\n\r\nhi\r\n/);
  await assert.rejects(fetch('http://a.example/', { signal: AbortSignal.abort() }), { name: 'AbortError' });
  assert.throws(() => new Request('/relative'), TypeError);
  assert.throws(() => new Headers({ 'a b': 'c' }), TypeError);
  assert.throws(() => new Request('http://x/', { body: 'x' }), TypeError);
  assert.equal((await Response.json({ a: 1 }).json()).a, 1);
  return 'ok';
}
