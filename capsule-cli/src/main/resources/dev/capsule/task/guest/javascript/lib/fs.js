// node:fs over the host's file services. Every operation is synchronous underneath; the callback
// and promise forms give the same results later.
const { HostError, ask } = internal;
const { Buffer } = require('buffer');
const path = require('path');
const EventEmitter = require('events');

const constants = {
  F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1, O_RDONLY: 0, O_WRONLY: 1, O_RDWR: 2, O_CREAT: 64, O_EXCL: 128,
  O_TRUNC: 512, O_APPEND: 1024, COPYFILE_EXCL: 1, COPYFILE_FICLONE: 2, S_IFMT: 61440, S_IFREG: 32768,
  S_IFDIR: 16384, S_IFLNK: 40960,
};

const texts = {
  EACCES: 'permission denied', EBADF: 'bad file descriptor', EBUSY: 'resource busy or locked',
  EEXIST: 'file already exists', EFBIG: 'file too large', EINVAL: 'invalid argument',
  EIO: 'i/o error', EISDIR: 'illegal operation on a directory', ELOOP: 'too many symbolic links',
  EMFILE: 'too many open files', ENAMETOOLONG: 'name too long', ENOENT: 'no such file or directory',
  ENOSPC: 'no space left on device', ENOTDIR: 'not a directory', ENOTEMPTY: 'directory not empty',
  EPERM: 'operation not permitted', EROFS: 'read-only file system', EXDEV: 'cross-device link',
};
const numbers = {
  EACCES: -13, EBADF: -9, EBUSY: -16, EEXIST: -17, EFBIG: -27, EINVAL: -22, EIO: -5, EISDIR: -21,
  ELOOP: -40, EMFILE: -24, ENAMETOOLONG: -36, ENOENT: -2, ENOSPC: -28, ENOTDIR: -20, ENOTEMPTY: -39,
  EPERM: -1, EROFS: -30, EXDEV: -18,
};

function failure(code, syscall, file, target, denied) {
  let message = `${code}: ${texts[code] ?? code.toLowerCase()}, ${syscall}`;
  if (file !== undefined) {
    message += ` '${file}'`;
  }
  if (target !== undefined) {
    message += ` -> '${target}'`;
  }
  const error = new Error(message);
  Object.assign(error, { errno: numbers[code] ?? -1, code, syscall });
  if (file !== undefined) {
    error.path = file;
  }
  if (target !== undefined) {
    error.dest = target;
  }
  if (denied) {
    Object.defineProperty(error, 'capsuleKind', { value: 'file_denied' });
  }
  return error;
}

function call(syscall, fn, parameters, file, target) {
  try {
    return ask({ op: 'fs', fn, ...parameters });
  } catch (error) {
    if (error instanceof HostError && error.kind === 'fs') {
      throw failure(error.details.code, syscall, file, target, error.details.denied);
    }
    throw error;
  }
}

/** The absolute path that the argument means. */
function place(value) {
  if (value instanceof Uint8Array) {
    value = Buffer.from(value).toString();
  } else if (typeof value === 'object' && value?.protocol === 'file:') {
    value = decodeURIComponent(value.pathname);
  }
  if (typeof value !== 'string') {
    throw new TypeError('The "path" argument must be of type string or an instance of Buffer or URL');
  }
  if (value.includes('\0')) {
    throw new TypeError('The argument "path" must be a string without null bytes');
  }
  return value.startsWith('/') ? value : path.resolve(value);
}

function bytesOf(data, encoding) {
  if (typeof data === 'string') {
    return Buffer.from(data, encoding ?? 'utf8');
  }
  if (ArrayBuffer.isView(data)) {
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }
  throw new TypeError('The "data" argument must be of type string or an instance of Buffer or TypedArray');
}

const encodingOf = (options) => (typeof options === 'string' ? options : options?.encoding);
const encoded = (buffer, encoding) =>
  encoding && encoding !== 'buffer' ? buffer.toString(encoding) : buffer;

class Stats {
  constructor(value) {
    const mode = { file: constants.S_IFREG | 0o644, directory: constants.S_IFDIR | 0o755, link: constants.S_IFLNK | 0o777 };
    Object.assign(this, {
      dev: 1, ino: value.ino ?? 0, mode: mode[value.type] ?? 0, nlink: value.links ?? 1, uid: 1000,
      gid: 1000, rdev: 0, size: value.size, blksize: 4096, blocks: Math.ceil(value.size / 512),
      atimeMs: value.atime_ms, mtimeMs: value.mtime_ms, ctimeMs: value.ctime_ms,
      birthtimeMs: value.ctime_ms,
    });
    for (const name of ['atime', 'mtime', 'ctime', 'birthtime']) {
      this[name] = new Date(this[`${name}Ms`]);
    }
  }
  isFile() {
    return (this.mode & constants.S_IFMT) === constants.S_IFREG;
  }
  isDirectory() {
    return (this.mode & constants.S_IFMT) === constants.S_IFDIR;
  }
  isSymbolicLink() {
    return (this.mode & constants.S_IFMT) === constants.S_IFLNK;
  }
  isFIFO() {
    return false;
  }
  isSocket() {
    return false;
  }
  isBlockDevice() {
    return false;
  }
  isCharacterDevice() {
    return false;
  }
}

class Dirent {
  #type;
  constructor(name, parent, type) {
    this.name = name;
    this.parentPath = this.path = parent;
    this.#type = type;
  }
  isFile() {
    return this.#type === 'file';
  }
  isDirectory() {
    return this.#type === 'directory';
  }
  isSymbolicLink() {
    return this.#type === 'link';
  }
  isFIFO() {
    return false;
  }
  isSocket() {
    return false;
  }
  isBlockDevice() {
    return false;
  }
  isCharacterDevice() {
    return false;
  }
}

// ---- Open files --------------------------------------------------------------------------------

const open = new Map(); // descriptor -> { path, position, append, readable, writable }
let nextDescriptor = 3;

const flagWords = {
  r: 'r', rs: 'r', 'r+': 'r+', 'rs+': 'r+', w: 'w', wx: 'wx', xw: 'wx', 'w+': 'w+', 'wx+': 'wx+',
  a: 'a', ax: 'ax', 'a+': 'a+', 'ax+': 'ax+',
};

function flagWord(flags) {
  if (typeof flags === 'number') {
    const access = flags & 3;
    const exclusive = flags & constants.O_EXCL ? 'x' : '';
    if (flags & constants.O_APPEND) {
      return `a${exclusive}${access === 2 ? '+' : ''}`;
    }
    if (flags & constants.O_TRUNC || flags & constants.O_CREAT) {
      return `w${exclusive}${access === 2 ? '+' : ''}`;
    }
    return access === 0 ? 'r' : 'r+';
  }
  const word = flagWords[flags];
  if (word === undefined) {
    throw new TypeError(`The argument 'flags' is invalid. Received '${flags}'`);
  }
  return word;
}

function opened(descriptor, syscall) {
  const file = open.get(descriptor);
  if (file === undefined) {
    throw failure('EBADF', syscall);
  }
  return file;
}

const sync = {
  openSync(file, flags = 'r') {
    const target = place(file);
    const word = flagWord(flags);
    const writes = word !== 'r';
    const create = word.startsWith('w') || word.startsWith('a');
    call('open', 'touch', {
      path: target, create, exclusive: word.includes('x'), truncate: word.startsWith('w'), write: writes,
    }, file);
    const descriptor = nextDescriptor++;
    open.set(descriptor, {
      path: target, position: 0, append: word.startsWith('a'), writable: writes,
      readable: word === 'r' || word.includes('+'),
    });
    return descriptor;
  },
  closeSync(descriptor) {
    opened(descriptor, 'close');
    open.delete(descriptor);
  },
  readSync(descriptor, buffer, offset, length, position) {
    const file = opened(descriptor, 'read');
    if (!file.readable) {
      throw failure('EBADF', 'read');
    }
    if (typeof offset === 'object' && offset !== null) {
      ({ offset, length, position } = offset);
    }
    offset ??= 0;
    length ??= buffer.byteLength - offset;
    const at = typeof position === 'number' && position >= 0 ? position : file.position;
    const { data } = call('read', 'pread', { path: file.path, offset: at, length });
    const bytes = Uint8Array.fromBase64(data);
    new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength).set(bytes, offset);
    if (at === file.position && !(typeof position === 'number' && position >= 0)) {
      file.position += bytes.length;
    }
    return bytes.length;
  },
  writeSync(descriptor, data, offset, length, position) {
    const file = opened(descriptor, 'write');
    if (!file.writable) {
      throw failure('EBADF', 'write');
    }
    let bytes;
    if (typeof data === 'string') {
      bytes = Buffer.from(data, typeof length === 'string' ? length : 'utf8');
      position = offset;
    } else {
      bytes = bytesOf(data).subarray(offset ?? 0, (offset ?? 0) + (length ?? data.byteLength));
    }
    const explicit = typeof position === 'number';
    const at = explicit ? position : file.position;
    call('write', file.append ? 'append' : 'pwrite', {
      path: file.path, offset: at, data: Uint8Array.prototype.toBase64.call(bytes),
    });
    if (!explicit) {
      file.position += bytes.length;
    }
    return bytes.length;
  },
  fstatSync: (descriptor) => sync.statSync(opened(descriptor, 'fstat').path),
  ftruncateSync: (descriptor, size) => sync.truncateSync(opened(descriptor, 'ftruncate').path, size),
  fsyncSync(descriptor) {
    opened(descriptor, 'fsync');
  },

  readFileSync(file, options) {
    if (typeof file === 'number') {
      file = opened(file, 'read').path;
    }
    const { data } = call('open', 'read', { path: place(file) }, file);
    return encoded(Buffer.from(data, 'base64'), encodingOf(options));
  },
  writeFileSync(file, data, options) {
    const flag = typeof file === 'number' ? 'r+' : flagWord(options?.flag ?? 'w');
    const target = typeof file === 'number' ? opened(file, 'write').path : place(file);
    const bytes = bytesOf(data, encodingOf(options));
    call('open', flag.startsWith('a') ? 'append' : 'write', {
      path: target, data: Uint8Array.prototype.toBase64.call(bytes), exclusive: flag.includes('x'),
      keep: flag === 'r+',
    }, file);
  },
  appendFileSync(file, data, options) {
    sync.writeFileSync(file, data, {
      flag: 'a', ...(typeof options === 'string' ? { encoding: options } : options),
    });
  },
  readdirSync(directory, options) {
    const target = place(directory);
    const found = [];
    const visit = (at, prefix) => {
      for (const { name, type } of call('scandir', 'list', { path: at }, directory).entries) {
        const own = prefix === '' ? name : `${prefix}/${name}`;
        found.push(
          options?.withFileTypes ? new Dirent(name, at, type) : encoded(Buffer.from(own), encodingOf(options) ?? 'utf8')
        );
        if (options?.recursive && type === 'directory') {
          visit(at === '/' ? `/${name}` : `${at}/${name}`, own);
        }
      }
    };
    visit(target, '');
    return found;
  },
  statSync(file, options) {
    return stat('stat', file, true, options);
  },
  lstatSync(file, options) {
    return stat('lstat', file, false, options);
  },
  existsSync(file) {
    try {
      return sync.statSync(file, { throwIfNoEntry: false }) !== undefined;
    } catch {
      return false;
    }
  },
  accessSync(file, mode = constants.F_OK) {
    call('access', 'access', { path: place(file), write: (mode & constants.W_OK) !== 0 }, file);
  },
  mkdirSync(directory, options) {
    const recursive = typeof options === 'object' && Boolean(options?.recursive);
    const target = place(directory);
    if (!recursive) {
      call('mkdir', 'mkdir', { path: target }, directory);
      return undefined;
    }
    let first;
    let at = '';
    for (const part of target.split('/').filter(Boolean)) {
      at += `/${part}`;
      const there = sync.statSync(at, { throwIfNoEntry: false });
      if (there === undefined) {
        call('mkdir', 'mkdir', { path: at }, directory);
        first ??= at;
      } else if (!there.isDirectory()) {
        throw failure(at === target ? 'EEXIST' : 'ENOTDIR', 'mkdir', directory);
      }
    }
    return first;
  },
  mkdtempSync(prefix, options) {
    const random = Uint8Array.fromBase64(ask({ op: 'random', count: 6 }).data);
    const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
    const target = prefix + Array.from(random, (it) => letters[it % letters.length]).join('');
    sync.mkdirSync(target);
    return encoded(Buffer.from(target), encodingOf(options) ?? 'utf8');
  },
  rmdirSync(directory, options) {
    if (options?.recursive) {
      sync.rmSync(directory, { recursive: true });
    } else {
      call('rmdir', 'rmdir', { path: place(directory) }, directory);
    }
  },
  unlinkSync(file) {
    call('unlink', 'unlink', { path: place(file) }, file);
  },
  rmSync(file, options = {}) {
    const there = sync.lstatSync(file, { throwIfNoEntry: false });
    if (there === undefined) {
      if (!options.force) {
        throw failure('ENOENT', 'rm', file);
      }
      return;
    }
    if (!there.isDirectory()) {
      sync.unlinkSync(file);
      return;
    }
    if (!options.recursive) {
      throw failure('EISDIR', 'rm', file);
    }
    const target = place(file);
    for (const name of sync.readdirSync(target)) {
      sync.rmSync(`${target}/${name}`, options);
    }
    sync.rmdirSync(target);
  },
  renameSync(from, to) {
    call('rename', 'rename', { path: place(from), target: place(to) }, from, to);
  },
  copyFileSync(from, to, mode = 0) {
    const { data } = call('copyfile', 'read', { path: place(from) }, from, to);
    call('copyfile', 'write', {
      path: place(to), data, exclusive: (mode & constants.COPYFILE_EXCL) !== 0,
    }, from, to);
  },
  cpSync(from, to, options = {}) {
    const there = sync.statSync(from);
    if (!there.isDirectory()) {
      if (options.force === false && sync.existsSync(to)) {
        return;
      }
      sync.copyFileSync(from, to);
      return;
    }
    if (!options.recursive) {
      throw failure('EISDIR', 'cp', from, to);
    }
    sync.mkdirSync(to, { recursive: true });
    for (const name of sync.readdirSync(from)) {
      sync.cpSync(path.join(place(from), name), path.join(place(to), name), options);
    }
  },
  linkSync(from, to) {
    call('link', 'link', { path: place(from), target: place(to) }, from, to);
  },
  symlinkSync(target, file) {
    call('symlink', 'symlink', { path: place(file), target: String(target) }, target, file);
  },
  readlinkSync(file, options) {
    const { target } = call('readlink', 'readlink', { path: place(file) }, file);
    return encoded(Buffer.from(target), encodingOf(options) ?? 'utf8');
  },
  realpathSync(file, options) {
    let result = '';
    let hops = 0;
    const rest = place(file).split('/').filter(Boolean);
    while (rest.length > 0) {
      const part = rest.shift();
      if (part === '..') {
        result = result.slice(0, Math.max(0, result.lastIndexOf('/')));
        continue;
      }
      if (part === '.') {
        continue;
      }
      const at = `${result}/${part}`;
      const there = stat('realpath', at, false);
      if (there.isSymbolicLink()) {
        if (++hops > 40) {
          throw failure('ELOOP', 'realpath', file);
        }
        const link = sync.readlinkSync(at);
        result = link.startsWith('/') ? '' : result;
        rest.unshift(...link.split('/').filter(Boolean));
      } else {
        result = at;
      }
    }
    return encoded(Buffer.from(result || '/'), encodingOf(options) ?? 'utf8');
  },
  truncateSync(file, size = 0) {
    call('truncate', 'truncate', { path: place(file), size }, file);
  },
  utimesSync(file, atime, mtime) {
    const milliseconds = (it) => (it instanceof Date ? it.getTime() : Number(it) * 1000);
    call('utime', 'utimes', {
      path: place(file), atime_ms: milliseconds(atime), mtime_ms: milliseconds(mtime),
    }, file);
  },
  chmodSync(file) {
    sync.statSync(file);
  },
  chownSync(file) {
    sync.statSync(file);
  },
};

function stat(syscall, file, follow, options) {
  try {
    return new Stats(call(syscall, 'stat', { path: place(file), follow }, file));
  } catch (error) {
    if (options?.throwIfNoEntry === false && ['ENOENT', 'ENOTDIR'].includes(error.code)) {
      return undefined;
    }
    throw error;
  }
}

// ---- Callback and promise forms ----------------------------------------------------------------

const promises = { constants };
const fs = { ...sync, constants, promises, Dirent, Stats, ...constants };

for (const [name, method] of Object.entries(sync)) {
  const plain = name.slice(0, -4);
  if (plain === 'exists') {
    fs.exists = (file, callback) => queueMicrotask(() => callback(sync.existsSync(file)));
    continue;
  }
  promises[plain] = async (...args) => method(...args);
  fs[plain] = (...args) => {
    const callback = args.pop();
    if (typeof callback !== 'function') {
      if (['unlink', 'rmdir', 'rm', 'mkdir', 'copyFile', 'cp'].includes(plain)) {
        // Programs written for the original SDK await these without a callback.
        return promises[plain](...args, ...(callback === undefined ? [] : [callback]));
      }
      throw new TypeError('The "cb" argument must be of type function');
    }
    let result;
    try {
      result = method(...args);
    } catch (error) {
      queueMicrotask(() => callback(error));
      return undefined;
    }
    const many = { read: args[1], write: args[1] }[plain];
    queueMicrotask(() => (many === undefined ? callback(null, result) : callback(null, result, many)));
    return undefined;
  };
}

class FileHandle {
  constructor(fd) {
    this.fd = fd;
  }
  async read(buffer, ...rest) {
    return { bytesRead: sync.readSync(this.fd, buffer, ...rest), buffer };
  }
  async write(data, ...rest) {
    return { bytesWritten: sync.writeSync(this.fd, data, ...rest), buffer: data };
  }
  async readFile(options) {
    return sync.readFileSync(this.fd, options);
  }
  async writeFile(data, options) {
    return sync.writeFileSync(this.fd, data, options);
  }
  async appendFile(data, options) {
    return sync.appendFileSync(open.get(this.fd)?.path ?? '', data, options);
  }
  async stat() {
    return sync.fstatSync(this.fd);
  }
  async truncate(size) {
    return sync.ftruncateSync(this.fd, size);
  }
  async sync() {}
  async close() {
    sync.closeSync(this.fd);
  }
  async [Symbol.asyncDispose]() {
    sync.closeSync(this.fd);
  }
}
promises.open = async (file, flags) => new FileHandle(sync.openSync(file, flags));
for (const name of ['close', 'read', 'write', 'fstat', 'ftruncate', 'fsync']) {
  delete promises[name];
}

/** Streams of whole chunks, enough for `for await`, pipe and the data and end events. */
fs.createReadStream = (file, options) => {
  const stream = new EventEmitter();
  const encoding = encodingOf(options);
  async function* chunks() {
    const descriptor = sync.openSync(file, 'r');
    try {
      for (;;) {
        const buffer = Buffer.alloc(options?.highWaterMark ?? 65536);
        const count = sync.readSync(descriptor, buffer, 0, buffer.length, null);
        if (count === 0) {
          return;
        }
        yield encoded(buffer.subarray(0, count), encoding);
      }
    } finally {
      sync.closeSync(descriptor);
    }
  }
  stream[Symbol.asyncIterator] = chunks;
  stream.setEncoding = () => stream;
  stream.pipe = (target) => {
    stream.on('data', (chunk) => target.write(chunk)).on('end', () => target.end());
    return target;
  };
  internal.clock.setImmediate(async () => {
    if (stream.listenerCount('data') === 0 && stream.listenerCount('end') === 0) {
      return;
    }
    try {
      for await (const chunk of chunks()) {
        stream.emit('data', chunk);
      }
      stream.emit('end');
      stream.emit('close');
    } catch (error) {
      stream.emit('error', error);
    }
  });
  return stream;
};
fs.createWriteStream = (file, options) => {
  const stream = new EventEmitter();
  const descriptor = sync.openSync(file, options?.flags ?? 'w');
  stream.write = (chunk, encoding, callback) => {
    sync.writeSync(descriptor, typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    const then = typeof encoding === 'function' ? encoding : callback;
    if (then) {
      queueMicrotask(then);
    }
    return true;
  };
  stream.end = (chunk, callback) => {
    if (chunk !== undefined && typeof chunk !== 'function') {
      stream.write(chunk);
    }
    sync.closeSync(descriptor);
    queueMicrotask(() => {
      stream.emit('finish');
      stream.emit('close');
      (typeof chunk === 'function' ? chunk : callback)?.();
    });
  };
  return stream;
};
for (const name of ['watch', 'watchFile', 'opendir', 'opendirSync']) {
  fs[name] = () => {
    throw new Error(`fs.${name} is not available inside a Capsule sandbox`);
  };
}
fs.realpathSync.native = fs.realpathSync;

module.exports = fs;
