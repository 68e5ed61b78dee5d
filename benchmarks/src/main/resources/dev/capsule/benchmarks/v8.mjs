// The same guests in V8. Arguments: node|v8, python|javascript, serve|start, the module, the programs.
// Speaks as GuestProcess does: says "ready"; answers every line "run NAME" with milliseconds and a
// checksum. The engine "node" runs the programs itself, without WebAssembly.
import fs from 'node:fs';
import vm from 'node:vm';
import { WASI } from 'node:wasi';

const [engine, language, mode, file, script] = process.argv.slice(2);
const source = fs.readFileSync(script);

function* requests() {
  const byte = new Uint8Array(1);
  fs.writeSync(1, 'ready\n');
  for (;;) {
    let line = '';
    while (fs.readSync(0, byte) === 1 && byte[0] !== 10) line += String.fromCharCode(byte[0]);
    if (!line.startsWith('run ')) return;
    yield line.slice(4);
  }
}

function answer(run) {
  for (const name of requests()) {
    const start = process.hrtime.bigint();
    const result = run(name);
    fs.writeSync(1, `${Number(process.hrtime.bigint() - start) / 1e6} ${result}\n`);
  }
}

function python(module, ...args) {
  const wasi = new WASI({ version: 'preview1', args: ['python', ...args], returnOnExit: true });
  return wasi.start(
    new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi.wasiImport }));
}

class QuickJs {
  constructor(module) {
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
    this.exports = instance.exports;
    this.exports.qjs_init();
    this.name = this.place(Buffer.from('q'));
    this.calls = new Map();
  }

  place(bytes) {
    const address = this.exports.wasm_malloc(bytes.length + 1);
    const memory = new Uint8Array(this.exports.memory.buffer);
    memory.set(bytes, address);
    memory[address + bytes.length] = 0;
    return address;
  }

  evaluate(address, length) {
    const value = this.exports.qjs_eval(address, length, this.name, 0);
    const result = this.exports.qjs_get_float64(value);
    this.exports.qjs_free_value(value);
    return result;
  }

  load(bytes) {
    return this.evaluate(this.place(bytes), bytes.length);
  }

  run(program) {
    if (!this.calls.has(program)) {
      const bytes = Buffer.from(`programs.${program}()`);
      this.calls.set(program, [this.place(bytes), bytes.length]);
    }
    return this.evaluate(...this.calls.get(program));
  }
}

if (engine === 'node') {
  vm.runInThisContext(source.toString());
  answer(name => globalThis.programs[name]());
} else {
  const module = new WebAssembly.Module(fs.readFileSync(file));
  if (language === 'python') {
    if (mode === 'start') answer(() => python(module, '-c', 'import sys; sys.exit(6 * 7)'));
    else python(module, '-c', source.toString());
  } else if (mode === 'start') {
    answer(() => new QuickJs(module).load(Buffer.from('6 * 7')));
  } else {
    const quickjs = new QuickJs(module);
    quickjs.load(source);
    answer(name => quickjs.run(name));
  }
}
