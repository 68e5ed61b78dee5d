// Tasks that want more than they get: each ends by the limit that bounds it, and only its own.
import { task } from '@capsule-run/sdk';

const quick = { timeout: '300ms', compute: 'HIGH' };
const small = { ram: '32MB', compute: 'HIGH' };
const free = { compute: 'HIGH' };

const fine = task({ name: 'fine', compute: 'LOW' }, () => 1);

task({ name: 'busy_loop', ...quick }, () => {
  for (;;);
});

task({ name: 'busy_loop_that_catches_all', ...quick }, () => {
  for (;;) {
    try {
      for (;;);
    } catch {
      continue;
    } finally {
      continue;
    }
  }
});

task({ name: 'endless_microtasks', ...quick }, async () => {
  for (;;) await null;
});

task({ name: 'endless_timers', ...quick }, () => {
  const again = () => {
    setTimeout(again, 0);
    setTimeout(again, 0);
  };
  again();
  return new Promise(() => {});
});

task({ name: 'endless_to_json', ...quick }, () => ({
  toJSON() {
    for (;;);
  },
}));

task({ name: 'endless_sort', ...quick }, () => {
  const numbers = Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 100_003);
  for (;;) numbers.sort(() => 1);
});

task({ name: 'computes_too_much', compute: 20_000_000 }, () => {
  for (;;);
});

task({ name: 'hoards_blocks', ...small }, () => {
  const kept = [];
  for (;;) kept.push(new Uint8Array(1 << 20));
});

task({ name: 'hoards_objects', ...small }, () => {
  let chain = {};
  for (;;) chain = { chain };
});

task({ name: 'hoards_strings', ...small }, () => {
  const kept = [];
  for (let text = 'a'; ; text += text.slice(0, 1 << 20) + 'b') kept.push(text);
});

task({ name: 'hoards_more_than_the_host_has', ram: '512MB', ...free }, () => {
  const kept = [];
  for (;;) kept.push(new Uint8Array(1 << 20));
});

task({ name: 'hoards_and_swallows', ...small, timeout: '1s' }, () => {
  const kept = [];
  for (;;) {
    try {
      kept.push(new Uint8Array(1 << 18));
    } catch {
      continue;
    }
  }
});

const twice = task({ name: 'calls_itself_twice' }, () => {
  twice();
  const second = twice();
  return second.success ? second.result : second.error.message;
});

const deeper = task({ name: 'calls_itself_deeper' }, () => {
  const called = deeper();
  return called.success ? called.result : called.error.message;
});

task({ name: 'calls_a_hundred_at_once' }, async () => {
  const envelopes = await Promise.all(Array.from({ length: 100 }, () => fine.aio()));
  return envelopes.filter((each) => !each.success).map((each) => each.error.message);
});

task({ name: 'prints', compute: 9e15 }, (mib) => {
  const line = 'x'.repeat(1 << 20);
  for (let i = 0; i < mib; i++) process.stdout.write(line);
  return 'printed';
});

task({ name: 'recurses', ...free }, () => {
  const down = (n) => down(n + 1) + 1;
  return down(0);
});

task({ name: 'recurses_through_the_library', ...free }, () => {
  const down = () => [1].map(down);
  return down();
});

task({ name: 'recurses_through_proxies', ...free }, () => {
  let proxy = {};
  for (let i = 0; i < 100_000; i++) proxy = new Proxy(proxy, {});
  return proxy.property;
});

task({ name: 'nests_a_pattern', ...free }, () =>
  new RegExp('('.repeat(100_000) + ')'.repeat(100_000)).test('a')
);

task({ name: 'nests_a_program', ...free }, () => eval('['.repeat(1_000_000)));

task({ name: 'matches_a_catastrophe', ...quick }, () => /^(a+)+$/.test('a'.repeat(64) + 'b'));

function* naturals() {
  for (let i = 0; ; i++) yield i;
}

task({ name: 'sums_without_end', ...quick }, () => {
  let sum = 0;
  for (const n of naturals()) sum += n;
  return sum;
});

task({ name: 'lists_without_end', ...small }, () => [...naturals()]);

task({ name: 'raises_to_powers', ...quick }, () => {
  for (let n = 3n; ; n *= n);
});

task({ name: 'returns_too_much', ...free }, () => 'x'.repeat(4 << 20));

task({ name: 'returns_what_escapes_to_too_much', ...free }, () => '\0'.repeat(1 << 19));

task({ name: 'returns_too_deep', ...free }, () => {
  let nested = [];
  for (let i = 0; i < 100_000; i++) nested = [nested];
  return nested;
});

task({ name: 'returns_a_sparse_array', ...quick }, () => {
  const sparse = [];
  sparse.length = 4_294_967_295;
  return sparse;
});

task({ name: 'sleeps', timeout: '300ms' }, () => new Promise((wake) => setTimeout(wake, 1e9)));

task({ name: 'waits_for_memory', timeout: '300ms' }, () =>
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
);
