// A command for WASI preview 1 in V8. Arguments: the module, and the command's own.
import fs from 'node:fs';
import { WASI } from 'node:wasi';

const [file, ...args] = process.argv.slice(2);
const wasi = new WASI({ version: 'preview1', args: [file, ...args], returnOnExit: true });
const module = new WebAssembly.Module(fs.readFileSync(file));
process.exitCode = wasi.start(
  new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi.wasiImport }));
