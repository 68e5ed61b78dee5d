import assert from 'node:assert/strict';
import crypto from 'node:crypto';

const hash = (algorithm, text) => crypto.createHash(algorithm).update(text).digest('hex');

export function main() {
  // Test vectors of RFC 1321, FIPS 180 and RFC 4231, and lengths around the blocks' ends.
  assert.equal(hash('md5', 'message digest'), 'f96b697d7cb7938d525a2f31aaf161d0');
  assert.equal(hash('sha1', 'abc'), 'a9993e364706816aba3e25717850c26c9cd0d89d');
  assert.equal(hash('sha256', 'abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  assert.equal(
    hash('sha512', 'abc'),
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a' +
      '2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f'
  );
  const long = [55, 56, 63, 64, 111, 112, 119, 120, 127, 128].map((n) => 'a'.repeat(n));
  const all = (algorithm) => hash('sha256', long.map((text) => hash(algorithm, text)).join());
  assert.equal(all('md5'), 'fb302b51d66a016f1ca6b7cea1470ffb20bb791d5d13e99137859a81c1ad500b');
  assert.equal(all('sha1'), 'c0a38a20d03b2f2ef09c94dd3896f1512e6561f354c416f24cfafb84ffae5420');
  assert.equal(all('sha256'), '0eac3134a103d7055b36e3ecf59873c099c3d08aba16abc9e984630ac02fe796');
  assert.equal(all('sha512'), 'bbd701a2a1b95386af7cb4d39cc4cc546bd582e261495df6db0beb2ee3f9bb03');
  assert.equal(
    crypto.createHmac('sha256', 'Jefe').update('what do ya want for nothing?').digest('hex'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
  );
  assert.throws(() => crypto.createHash('sha3-256'), /sha3-256 is not available/);
  assert.match(crypto.randomUUID(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.notEqual(crypto.randomUUID(), crypto.randomUUID());
  assert.equal(crypto.getRandomValues(new Uint32Array(8)).length, 8);
  assert.throws(() => crypto.getRandomValues(new Uint8Array(65537)), { name: 'QuotaExceededError' });
  assert(crypto.randomInt(3, 5) < 5);
  assert.equal(crypto.randomBytes(100000).length, 100000);
  return 'ok';
}
