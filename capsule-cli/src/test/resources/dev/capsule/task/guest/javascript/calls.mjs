import assert from 'node:assert/strict';
import sdk, { TaskError, task } from '@capsule-run/sdk';

const add = task({ name: 'add' }, (a, b = 1) => a + b);
const double = task({ name: 'double' }, async (x) => 2 * x);
const fail = task({ name: 'fail' }, (x) => {
  throw new RangeError(`bad ${x}`);
});

export const main = task({ name: 'main' }, async (...args) => {
  assert.deepEqual(args, []);
  const envelope = add(1, 2);
  assert.deepEqual([envelope.success, envelope.result, envelope.error], [true, 3, null]);
  assert.equal(envelope.value, 3);
  assert.deepEqual(Object.keys(envelope), ['success', 'result', 'error', 'execution']);
  assert.equal((await add(1)).result, 2);
  assert.equal(add.value(5), 6);

  const failed = fail(7);
  assert.equal(failed.success, false);
  assert.equal(failed.error.message, 'bad 7');
  assert.throws(() => fail.value(8), { name: 'TaskError', message: "task 'fail': task_error: bad 8" });
  assert.throws(() => failed.value, TaskError);
  await assert.rejects(fail.map([9]), TaskError);

  const pending = double(4);
  assert(pending instanceof Promise);
  assert.equal((await pending).result, 8);
  const [one, two] = await Promise.all([double(1), add.aio(10)]);
  assert.deepEqual([one.result, two.result], [2, 11]);
  const unawaited = double(6);
  assert.equal(unawaited.result, 12);
  assert.equal((await unawaited).result, 12);
  assert.equal(JSON.parse(JSON.stringify(double(7))).result, 14);
  assert.equal(await double.value(3), 6);
  assert.deepEqual(await double.map([1, 2, 3]), [2, 4, 6]);

  assert.throws(() => add(1n), { message: 'add: args[0]: BigInt has no JSON form (use String() or Number())' });
  assert.throws(() => task({}, () => {}), TypeError);
  assert.throws(() => task({ name: 'x', allowedFiles: [{ path: 'p', mode: 'rx' }] }, () => {}), /mode 'rx' of path 'p'/);
  assert.equal(sdk.os.platform(), 'linux');
  assert.equal(sdk.process.cwd(), '/');
  return 'ok';
});
