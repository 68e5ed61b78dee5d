// Drives `capsule worker` as the original's TypeScript SDK does: one process for a folder, its stderr
// shared; ids are UUIDs; readline splits the answers; lines that are no JSON or answer nobody are
// skipped; an answer "error" rejects.
//
// Usage: node client.mjs CAPSULE FOLDER. Prints one JSON object, what became of each call.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';

const [capsule, cwd] = process.argv.slice(2);
const pending = new Map();
const worker = spawn(capsule, ['worker'], { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
const exited = new Promise((resolve) => worker.on('exit', resolve));
let noise = 0;

createInterface({ input: worker.stdout }).on('line', (line) => {
  let answer;
  try {
    answer = JSON.parse(line);
  } catch {
    noise++;
    return;
  }
  const call = pending.get(answer.id);
  if (call === undefined) {
    noise++;
    return;
  }
  pending.delete(answer.id);
  if (answer.error) {
    call.reject(new Error(answer.error));
  } else {
    call.resolve(answer.output);
  }
});
worker.on('exit', () => {
  for (const call of pending.values()) call.reject(new Error('the worker has ended'));
});

function run(file, args = [], mounts = []) {
  const id = randomUUID();
  return new Promise((resolve, reject) => {
    pending.set(id, { resolve, reject });
    worker.stdin.write(JSON.stringify({ id, file, args, mounts }) + '\n');
  });
}

const told = (call) =>
  call.then(
    (envelope) => (envelope.success ? envelope.result : envelope.error.message),
    (error) => `Error: ${error.message}`
  );

const calls = Array.from({ length: 20 }, (_, i) => run('tasks.mjs', [String(i)]));
const large = run('tasks.mjs', ['large', String(10 << 20)]);
worker.stdin.write('no JSON at all\n\n{"id": 5}\n');
const printed = run('tasks.mjs', ['print', 'printed']);
const doubled = run('tasks.py', ['double', '21']);
const text = await told(large);
const report = {
  large: /^x*$/.test(text) ? text.length : text.slice(0, 100),
  printed: await told(printed),
  doubled: await told(doubled),
  interleaved: await Promise.all(calls.map(told)),
  raised: await told(run('tasks.mjs', ['raise', 'boom'])),
  missing: await told(run('none.py')),
  numbers: await told(run('tasks.py', [1])),
  mounted: await told(run('tasks.mjs', ['mounted', 'note.txt'], ['out::given:ro'])),
};
worker.stdin.end();
report['exit code'] = await exited;
report['answers to nobody'] = noise;
report.unanswered = pending.size;
console.log(JSON.stringify(report));
