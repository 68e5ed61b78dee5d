// One work in V8. Arguments: the work, its size, a file with the module.
// Says "ready"; answers every line "run" with the nanoseconds of one round and its result.
// Says "cannot" and why where V8 refuses.
import fs from 'node:fs';

const [work, text, file] = process.argv.slice(2);
const size = Number(text);
const bytes = fs.readFileSync(file);
const imports = { host: { next: (a) => a + 1 } };

function readLine() {
  const byte = new Uint8Array(1);
  let line = '';
  while (fs.readSync(0, byte) === 1 && byte[0] !== 10) line += String.fromCharCode(byte[0]);
  return line;
}

function prepare() {
  if (work === 'validate-cpython') return () => (WebAssembly.validate(bytes) ? 1 : 0);
  if (work === 'compile-cpython') {
    // V8 remembers what it has compiled: every round it gets another empty custom section.
    const copy = new Uint8Array(bytes.length + 6);
    copy.set(bytes);
    copy.set([0, 4, 3], bytes.length);
    let round = 0;
    return () => {
      round++;
      copy.set([65 + (round % 26), 65 + ((round / 26) % 26), 65 + round / 676], bytes.length + 3);
      return new WebAssembly.Module(copy) ? 1 : 0;
    };
  }
  const module = new WebAssembly.Module(bytes);
  if (work === 'instantiate') {
    return () => {
      let sum = 0;
      for (let i = 0; i < size; i++) {
        sum = (sum + new WebAssembly.Instance(module, imports).exports.run(1)) | 0;
      }
      return sum;
    };
  }
  const { run } = new WebAssembly.Instance(module, imports).exports;
  return () => run(size);
}

let round;
try {
  round = prepare();
  fs.writeSync(1, 'ready\n');
} catch (error) {
  fs.writeSync(1, `cannot ${String(error).split('\n')[0]}\n`);
}
while (round && readLine() === 'run') {
  const start = process.hrtime.bigint();
  const result = round();
  fs.writeSync(1, `${process.hrtime.bigint() - start} ${result}\n`);
}
