// The same module in V8. Arguments: quickjs|python, the module, the script.
// Says "ready"; answers every line "run" with the milliseconds of one round and its result.
import fs from 'node:fs';
import { WASI } from 'node:wasi';

const [program, file, script] = process.argv.slice(2);
const module = new WebAssembly.Module(fs.readFileSync(file));

function readLine() {
  const byte = new Uint8Array(1);
  let line = '';
  while (fs.readSync(0, byte) === 1 && byte[0] !== 10) line += String.fromCharCode(byte[0]);
  return line;
}

if (program === 'python') {
  const wasi = new WASI({
    version: 'preview1',
    args: ['python', '-c', fs.readFileSync(script, 'utf8')],
    returnOnExit: true,
  });
  wasi.start(new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi.wasiImport }));
} else {
  const source = fs.readFileSync(script);
  const wasi = new WASI({ version: 'preview1' });
  const env = {};
  for (const each of WebAssembly.Module.imports(module)) {
    if (each.module === 'env') env[each.name] = () => 0;
  }
  const instance = new WebAssembly.Instance(module, {
    env,
    wasi_snapshot_preview1: wasi.wasiImport,
  });
  wasi.initialize(instance);
  const quickjs = instance.exports;
  quickjs.qjs_init();
  const text = quickjs.wasm_malloc(source.length + 1);
  const name = quickjs.wasm_malloc(8);
  new Uint8Array(quickjs.memory.buffer).set(source, text);
  new Uint8Array(quickjs.memory.buffer)[text + source.length] = 0;
  new Uint8Array(quickjs.memory.buffer).set([113, 0], name);
  fs.writeSync(1, 'ready\n');
  while (readLine() === 'run') {
    const start = process.hrtime.bigint();
    const value = quickjs.qjs_eval(text, source.length, name, 0);
    const result = quickjs.qjs_get_float64(value);
    const millis = Number(process.hrtime.bigint() - start) / 1e6;
    quickjs.qjs_free_value(value);
    fs.writeSync(1, `${millis} ${result}\n`);
  }
}
