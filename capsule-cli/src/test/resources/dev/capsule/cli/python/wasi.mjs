// Runs a program under node:wasi: node wasi.mjs FILE HOST GUEST NAME=VALUE ARGS...
import { readFileSync } from 'node:fs';
import { WASI } from 'node:wasi';

const [file, host, guest, variable, ...args] = process.argv.slice(2);
const [name, value] = variable.split('=');
const wasi = new WASI({
  version: 'preview1',
  args: ['python.wasm', ...args],
  env: { [name]: value },
  preopens: { [guest]: host },
  returnOnExit: true,
});
const { instance } = await WebAssembly.instantiate(readFileSync(file), wasi.getImportObject());
process.exitCode = wasi.start(instance);
