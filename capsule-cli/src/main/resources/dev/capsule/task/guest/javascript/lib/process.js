// The process object: what a program may ask about the process it believes to be.
const { EventEmitter } = require('events');
const path = require('path');
const { exitCode } = require('failures');

const process = new EventEmitter();
let directory = '/';
let environment;
const started = Date.now();

function write(fd) {
  const stream = new EventEmitter();
  return Object.assign(stream, {
    fd,
    isTTY: false,
    writable: true,
    columns: 80,
    write(chunk, encoding, callback) {
      const text = typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk);
      internal.ask({ op: 'write', fd, text });
      const then = typeof encoding === 'function' ? encoding : callback;
      if (then) {
        queueMicrotask(then);
      }
      return true;
    },
    end(chunk) {
      if (chunk !== undefined) {
        this.write(chunk);
      }
    },
    cork() {},
    uncork() {},
  });
}

class Exit extends Error {
  constructor(code) {
    super(`process.exit(${code})`);
    Object.defineProperty(this, exitCode, { value: code });
  }
}

const stdin = Object.assign(new EventEmitter(), {
  fd: 0,
  isTTY: false,
  setEncoding: () => stdin,
  resume: () => stdin,
  pause: () => stdin,
  read: () => null,
  async *[Symbol.asyncIterator]() {},
});

function hrtime(since) {
  const time = performance.now();
  let seconds = Math.floor(time / 1000);
  let nanoseconds = Math.floor((time % 1000) * 1e6);
  if (since) {
    seconds -= since[0];
    nanoseconds -= since[1];
    if (nanoseconds < 0) {
      seconds--;
      nanoseconds += 1e9;
    }
  }
  return [seconds, nanoseconds];
}
hrtime.bigint = () => BigInt(Math.floor(performance.now() * 1e6));

Object.assign(process, {
  argv: ['capsule'],
  argv0: 'capsule',
  execPath: '/capsule',
  execArgv: [],
  title: 'capsule',
  platform: 'linux',
  arch: 'wasm32',
  pid: 1,
  ppid: 0,
  version: 'v0.0.0-wasi',
  versions: { wasi: '0.2.0' },
  release: { name: 'capsule' },
  features: {},
  config: { variables: {} },
  exitCode: undefined,
  stdin,
  stdout: write(1),
  stderr: write(2),
  hrtime,
  cwd: () => directory,
  chdir(target) {
    directory = path.resolve(directory, target);
  },
  exit(code = process.exitCode ?? 0) {
    const exit = new Exit(Number(code));
    internal.fail(exit);
    throw exit;
  },
  abort() {
    throw new Error('process.abort()');
  },
  uptime: () => (Date.now() - started) / 1000,
  nextTick(callback, ...args) {
    if (typeof callback !== 'function') {
      throw new TypeError('The "callback" argument must be of type function');
    }
    queueMicrotask(args.length === 0 ? callback : () => callback(...args));
  },
  memoryUsage: Object.assign(
    () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }),
    { rss: () => 0 }
  ),
  cpuUsage: () => ({ user: 0, system: 0 }),
  emitWarning(warning) {
    process.stderr.write(`Warning: ${warning?.message ?? warning}\n`);
  },
  umask: () => 0o22,
  getuid: () => 1000,
  getgid: () => 1000,
  binding(name) {
    throw new Error(`process.binding('${name}') is not available inside a Capsule sandbox`);
  },
});

Object.defineProperty(process, 'env', {
  enumerable: true,
  configurable: true,
  get: () => (environment ??= { ...internal.job?.env }),
  set(value) {
    environment = value;
  },
});

module.exports = process;
