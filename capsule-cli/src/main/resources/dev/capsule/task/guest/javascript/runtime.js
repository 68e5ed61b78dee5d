// The core of the JavaScript guest: host requests, modules, the event loop and the life of a task.
// Evaluated once, before any other code; the host calls the functions of the object it returns.
// `request` takes and gives the text of a JSON value, `load` gives the compiled function of a
// CommonJS module or of one of the SDK's own, `script` evaluates a script with top-level await.
// docs/guest-protocol.md describes the protocol.
(function (request, load, script) {
  'use strict';

  // The task's code may change any built-in; what the runtime relies on is kept here.
  const { parse, stringify } = JSON;
  const { defineProperty, getPrototypeOf, keys } = Object;
  const ObjectPrototype = Object.prototype;
  const ArrayPrototype = Array.prototype;
  const { isArray } = Array;
  const includes = Function.prototype.call.bind(String.prototype.includes);
  const PromiseThen = Promise.prototype.then;
  const now = Date.now;
  const allSettled = Promise.allSettled.bind(Promise);

  class HostError extends Error {
    constructor(error) {
      super(error.message || error.type);
      defineProperty(this, 'kind', { value: error.type });
      defineProperty(this, 'details', { value: error });
    }
  }

  function ask(message) {
    const answer = parse(request(stringify(message)));
    if (answer !== null && typeof answer === 'object' && answer.error) {
      throw new HostError(answer.error);
    }
    return answer;
  }

  // ---- Operations that take time -------------------------------------------------------------

  const operations = new Map(); // number -> { resolve, reject }
  let loading = false;

  function settle(done) {
    const operation = operations.get(done.id);
    if (operation === undefined) {
      return;
    }
    operations.delete(done.id);
    if (done.error) {
      operation.reject(new HostError(done.error));
    } else {
      operation.resolve(done.value);
    }
  }

  function wait(ids, milliseconds) {
    const message = { op: 'wait', ids };
    if (milliseconds !== undefined) {
      message.timeout_ms = milliseconds;
    }
    return ask(message).done;
  }

  /** Starts an operation; its promise is settled by the event loop. */
  function start(message) {
    if (loading) {
      throw new Error(`${message.op} is not available while the program is being loaded`);
    }
    const { id } = ask(message);
    const promise = new Promise((resolve, reject) => operations.set(id, { resolve, reject }));
    return { id, promise };
  }

  /** Blocks until the operation has ended. */
  function finish(id) {
    for (;;) {
      for (const done of wait([id])) {
        if (done.id === id) {
          settle(done);
          if (done.error) {
            throw new HostError(done.error);
          }
          return done.value;
        }
      }
    }
  }

  function cancel(id) {
    const operation = operations.get(id);
    if (operation !== undefined) {
      operations.delete(id);
      ask({ op: 'cancel', ids: [id] });
    }
  }

  // ---- Timers --------------------------------------------------------------------------------

  const timers = new Map();
  const immediates = [];
  let nextTimer = 1;

  class Timeout {
    constructor(callback, delay, repeat, args) {
      if (typeof callback !== 'function') {
        throw new TypeError('The "callback" argument must be of type function');
      }
      delay = Number(delay);
      this._delay = delay >= 1 && delay <= 2147483647 ? delay : 1;
      this._callback = callback;
      this._args = args;
      this._repeat = repeat;
      this._id = nextTimer++;
      this.refresh();
    }
    refresh() {
      this._due = now() + this._delay;
      timers.set(this._id, this);
      return this;
    }
    close() {
      timers.delete(this._id);
      return this;
    }
    ref() {
      return this;
    }
    unref() {
      return this;
    }
    hasRef() {
      return timers.has(this._id);
    }
    [Symbol.toPrimitive]() {
      return this._id;
    }
    [Symbol.dispose]() {
      this.close();
    }
  }

  function clear(timer) {
    timers.delete(typeof timer === 'object' && timer !== null ? timer._id : Number(timer));
  }

  const clock = {
    setTimeout: (callback, delay, ...args) => new Timeout(callback, delay, false, args),
    setInterval: (callback, delay, ...args) => new Timeout(callback, delay, true, args),
    setImmediate(callback, ...args) {
      const immediate = { callback, args, live: true, unref: () => immediate, ref: () => immediate };
      immediates.push(immediate);
      return immediate;
    },
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate(immediate) {
      if (immediate) {
        immediate.live = false;
      }
    },
  };

  function earliest() {
    let first;
    for (const timer of timers.values()) {
      if (first === undefined || timer._due < first._due) {
        first = timer;
      }
    }
    return first;
  }

  /** One step of the event loop; false if there is nothing left that could happen. */
  function turn() {
    while (immediates.length > 0) {
      const immediate = immediates.shift();
      if (immediate.live) {
        guarded(immediate.callback, immediate.args);
        return true;
      }
    }
    const timer = earliest();
    const remaining = timer === undefined ? undefined : timer._due - now();
    if (timer !== undefined && remaining <= 0) {
      if (timer._repeat) {
        timer.refresh();
      } else {
        timers.delete(timer._id);
      }
      guarded(timer._callback, timer._args);
      return true;
    }
    if (timer === undefined && operations.size === 0) {
      return false;
    }
    wait([...operations.keys()], remaining).forEach(settle);
    return true;
  }

  function guarded(callback, args) {
    try {
      callback(...args);
    } catch (error) {
      uncaught(error, 'uncaughtException');
    }
  }

  // ---- Modules -------------------------------------------------------------------------------

  const builtins = new Map();

  /** One of the SDK's own modules: lib/NAME.js. */
  function builtin(name) {
    let module = builtins.get(name);
    if (module === undefined) {
      module = { exports: {} };
      builtins.set(name, module);
      if (name.startsWith('absent:')) {
        module.exports = builtin('absent').make(name.slice('absent:'.length));
      } else {
        load(`capsule:${name}`)(module.exports, builtin, module, internal);
      }
    }
    return module.exports;
  }

  const commonJs = new Map();

  class Module {
    constructor(id) {
      this.id = this.filename = `/${id}`;
      this.path = directory(this.filename);
      this.exports = {};
      this.loaded = false;
      this.children = [];
      this.paths = [];
    }
  }

  function directory(path) {
    return path.slice(0, path.lastIndexOf('/')) || '/';
  }

  function runCommonJs(id) {
    let module = commonJs.get(id);
    if (module !== undefined) {
      return module.exports;
    }
    module = new Module(id);
    commonJs.set(id, module);
    try {
      load(id).call(
        module.exports,
        module.exports,
        requireFrom(id),
        module,
        module.filename,
        module.path
      );
      module.loaded = true;
    } catch (error) {
      commonJs.delete(id);
      throw error;
    }
    return module.exports;
  }

  /** A `require` for the module `base` (a path in the sources, without leading slash). */
  function requireFrom(base) {
    const require = (specifier) => {
      if (typeof specifier !== 'string') {
        throw new TypeError('The "id" argument must be of type string');
      }
      return byName(resolve(base, specifier, true));
    };
    require.resolve = (specifier) => {
      const found = resolve(base, specifier, true);
      return found.kind === 'builtin' ? found.name : `/${found.name}`;
    };
    require.cache = {};
    require.main = undefined;
    return require;
  }

  function resolve(base, specifier, commonJs) {
    try {
      return ask({ op: 'resolve', base, specifier, require: commonJs });
    } catch (error) {
      const failure = new Error(error.message);
      failure.code = 'MODULE_NOT_FOUND';
      throw failure;
    }
  }

  function byName({ kind, name }) {
    switch (kind) {
      case 'builtin':
        return builtin(name);
      case 'json':
        return jsonModule(name);
      case 'commonjs':
        return runCommonJs(name);
      default: {
        const failure = new Error(`require() of ES module ${name}; use import`);
        failure.code = 'ERR_REQUIRE_ESM';
        throw failure;
      }
    }
  }

  const jsonModules = new Map();

  function jsonModule(name) {
    if (!jsonModules.has(name)) {
      const { text } = ask({ op: 'text', name });
      try {
        jsonModules.set(name, parse(text));
      } catch (error) {
        throw new SyntaxError(`${name}: ${error.message}`);
      }
    }
    return jsonModules.get(name);
  }

  const identifier = /^[A-Za-z_$][\w$]*$/;
  const reserved = new Set(
    ('break case catch class const continue debugger default delete do else enum export extends ' +
      'false finally for function if import in instanceof new null return super switch this throw ' +
      'true try typeof var void while with yield let static implements interface package private ' +
      'protected public await eval arguments').split(' ')
  );

  /** The ES module text that stands for a module which is not one. */
  function facade(kind, name) {
    const value = byName({ kind, name });
    const id = stringify(name);
    const source = [`const value = globalThis[Symbol.for('capsule.module')]('${kind}', ${id});`];
    let fallback = 'value';
    if (value !== null && (typeof value === 'object' || typeof value === 'function')) {
      if (kind === 'commonjs' && value.__esModule && 'default' in value) {
        fallback = 'value.default';
      }
      let count = 0;
      for (const key of keys(value)) {
        if (identifier.test(key) && !reserved.has(key)) {
          source.push(`const v${count} = value.${key}; export { v${count} as ${key} };`);
          count++;
        }
      }
    }
    source.push(`export default ${fallback};`);
    return source.join('\n');
  }

  defineProperty(globalThis, Symbol.for('capsule.module'), {
    value: (kind, name) => byName({ kind, name }),
  });

  // ---- The job -------------------------------------------------------------------------------

  const registry = new Map();
  const pendingCalls = new Set();
  let job;
  let finished = false;

  /** Loads what nearly every task needs. Then the host may have kept the interpreter. */
  function prepare() {
    builtin('sdk');
    builtin('console');
    builtin('process');
  }

  function begin() {
    const process = builtin('process');
    job = ask({ op: 'next' });
    seedMathRandom();
    process.argv.push(`/${job.entry.name}`, ...job.argv);
    defineProperty(globalThis, 'require', {
      value: requireFrom(job.entry.name),
      configurable: true,
      writable: true,
    });
    loading = true;
    PromiseThen.call(loadEntry(), (namespace) => {
      loading = false;
      return job.job === 'collect' ? collect(namespace) : run(namespace);
    }).then(done, failed);
  }

  /** The engine seeds its generator when it starts, and starts are all the same. */
  function seedMathRandom() {
    const seed = Uint8Array.fromBase64(ask({ op: 'random', count: 16 }).data);
    let [a, b, c, d] = new Int32Array(seed.buffer);
    // xoshiro128** by Blackman and Vigna, twice for 53 bits.
    const next = () => {
      const product = Math.imul(b, 5);
      const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
      return result;
    };
    defineProperty(Math, 'random', {
      value: function random() {
        return ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
      },
      configurable: true,
      writable: true,
    });
  }

  async function loadEntry() {
    const { kind, name } = job.entry;
    if (kind === 'module') {
      return import(name);
    }
    const value = byName(job.entry);
    return value !== null && typeof value === 'object' ? value : { default: value };
  }

  function implicitMain(namespace) {
    for (const candidate of [namespace.main, namespace.default, namespace.default?.main]) {
      if (typeof candidate === 'function') {
        return candidate;
      }
    }
    return undefined;
  }

  function collect(namespace) {
    const tasks = [];
    for (const [name, { config, fn, place }] of registry) {
      tasks.push({ name, config, function: signature(fn, fn.name || name), ...place });
    }
    const main = registry.has('main') ? undefined : implicitMain(namespace);
    if (main !== undefined && !main[taskName]) {
      tasks.push({
        name: 'main',
        config: {},
        function: signature(main, main.name || 'main'),
        file: job.entry.name,
        line: 0,
        implicit: true,
      });
    }
    return { tasks };
  }

  function signature(fn, name) {
    const text = Function.prototype.toString.call(fn);
    const open = text.indexOf('(');
    const arrow = text.indexOf('=>');
    if (open < 0 || (arrow >= 0 && arrow < open)) {
      return `${name}(${text.slice(0, Math.max(arrow, 0)).replace('async', '').trim()})`;
    }
    let depth = 0;
    for (let i = open; i < text.length; i++) {
      if (text[i] === '(') {
        depth++;
      } else if (text[i] === ')' && --depth === 0) {
        return name + text.slice(open, i + 1).replace(/\s+/g, ' ');
      }
    }
    return `${name}()`;
  }

  function choose(namespace) {
    const found = registry.get(job.task);
    if (found !== undefined) {
      return found.fn;
    }
    const names = [...registry.keys()].join(', ') || 'none';
    if (job.task === 'main') {
      const main = implicitMain(namespace);
      if (main !== undefined) {
        return main[taskName] ? registry.get(main[taskName]).fn : main;
      }
      for (const { fn } of registry.values()) {
        return fn;
      }
      throw new Error(`${job.entry.name} has no tasks: wrap a function in task({ name: 'main' }, fn)`);
    }
    throw new Error(`no task named '${job.task}'; tasks: ${names}`);
  }

  async function run(namespace) {
    const fn = choose(namespace);
    const extra = keys(job.kwargs).length > 0 ? [job.kwargs] : [];
    const result = await fn(...job.args, ...extra);
    while (pendingCalls.size > 0) {
      await allSettled(pendingCalls);
    }
    return result;
  }

  function done(result) {
    let text;
    try {
      text = stringify(result);
    } catch (error) {
      refuse(result, () => failed(error));
      return;
    }
    if (mayLose(result, text)) {
      refuse(result, () => conclude(`{"op":"done","result":${text ?? 'null'}}`));
    } else {
      conclude(`{"op":"done","result":${text}}`);
    }
  }

  /** Reports the first place in the result that JSON cannot carry; if there is none, does `otherwise`. */
  function refuse(result, otherwise) {
    const problem = findProblem(result, 'result');
    if (problem === undefined) {
      otherwise();
    } else {
      report({ type: 'invalid_result', message: problem });
    }
  }

  /**
   * Whether the text may have lost something of the value: numbers without a JSON form become null,
   * maps and promises {}, typed arrays objects. It costs far less than to look at every value.
   */
  function mayLose(result, text) {
    return (
      text === undefined ||
      (typeof result !== 'string' &&
        (includes(text, 'null') || includes(text, '{}') || includes(text, '{"0":')))
    );
  }

  function failed(error) {
    let failure;
    try {
      failure = builtin('failures').describe(error);
    } catch {
      failure = { type: 'task_error', message: 'the task failed, and so did describing how' };
    }
    if (failure === undefined) {
      conclude('{"op":"done","result":null}');
    } else {
      report(failure);
    }
  }

  function report(error) {
    conclude(stringify({ op: 'done', error }));
  }

  function conclude(text) {
    if (!finished) {
      finished = true;
      request(text);
    }
  }

  /** An error that nobody caught ends the task, unless the task listens for it. */
  function uncaught(error, event) {
    const process = builtin('process');
    if (process.listenerCount(event) > 0) {
      process.emit(event, error);
      return;
    }
    failed(error);
  }

  /** Nothing can happen any more, and the task has not ended. */
  function stalled() {
    report({ type: 'task_error', message: 'the task waits for a promise that nothing will settle' });
  }

  // ---- Values that JSON cannot carry ---------------------------------------------------------

  const deepest = 200;

  /** The first place in a value that JSON cannot carry, as a sentence; undefined if it can. */
  function findProblem(value, path) {
    // Places are named only when one is wanted: naming them all costs more than all the rest.
    return isCarried(value, [], 0) ? undefined : nameProblem(value, path, [], 0);
  }

  function isCarried(value, above, depth) {
    switch (typeof value) {
      case 'number':
        return value - value === 0;
      case 'bigint':
        return false;
      case 'function':
      case 'symbol':
        return depth > 0;
      case 'object':
        break;
      default:
        return true;
    }
    if (value === null) {
      return true;
    }
    if (depth > deepest || above.includes(value)) {
      return false;
    }
    const prototype = getPrototypeOf(value);
    const isPlain = prototype === ObjectPrototype || prototype === ArrayPrototype;
    if (typeof value.toJSON === 'function') {
      return true;
    }
    if (!isPlain && isForeign(value)) {
      return false;
    }
    above.push(value);
    let carried = true;
    if (isArray(value)) {
      for (let i = 0; carried && i < value.length; i++) {
        carried = isCarried(value[i], above, depth + 1);
      }
    } else {
      const names = keys(value);
      for (let i = 0; carried && i < names.length; i++) {
        carried = isCarried(value[names[i]], above, depth + 1);
      }
    }
    above.pop();
    return carried;
  }

  function isForeign(value) {
    return (
      (value instanceof Promise && !(callMark in value)) ||
      value instanceof Map ||
      value instanceof Set ||
      ArrayBuffer.isView(value) ||
      value instanceof ArrayBuffer
    );
  }

  function nameProblem(value, path, above, depth) {
    switch (typeof value) {
      case 'bigint':
        return `${path}: BigInt has no JSON form (use String() or Number())`;
      case 'number':
        return Number.isFinite(value) ? undefined : `${path}: ${value} has no JSON form`;
      case 'function':
      case 'symbol':
        return depth === 0 ? `${path}: a ${typeof value} has no JSON form` : undefined;
      case 'object':
        break;
      default:
        return undefined;
    }
    if (value === null) {
      return undefined;
    }
    if (depth > deepest) {
      return `${path.slice(0, 200)}…: nested deeper than ${deepest} levels`;
    }
    if (typeof value.toJSON === 'function') {
      return undefined;
    }
    if (above.includes(value)) {
      return `${path}: refers back to a value that contains it`;
    }
    if (value instanceof Promise && !(callMark in value)) {
      return `${path}: Promise has no JSON form (await it)`;
    }
    if (value instanceof Map || value instanceof Set) {
      return `${path}: ${value.constructor.name} has no JSON form (use Object.fromEntries() or [...it])`;
    }
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
      return `${path}: ${value.constructor.name} has no JSON form (use Array.from() or base64)`;
    }
    above.push(value);
    let problem;
    if (isArray(value)) {
      for (let i = 0; i < value.length && problem === undefined; i++) {
        problem = nameProblem(value[i], `${path}[${i}]`, above, depth + 1);
      }
    } else {
      for (const key of keys(value)) {
        const place = identifier.test(key) ? `${path}.${key}` : `${path}[${stringify(key)}]`;
        problem = nameProblem(value[key], place, above, depth + 1);
        if (problem !== undefined) {
          break;
        }
      }
    }
    above.pop();
    return problem;
  }

  // ---- Wiring --------------------------------------------------------------------------------

  const taskName = Symbol('capsule.task');
  const callMark = Symbol('capsule.call');

  const internal = {
    HostError,
    ask,
    callMark,
    cancel,
    clock,
    findProblem,
    finish,
    isLoading: () => loading,
    pendingCalls,
    registry,
    requireFrom,
    script,
    start,
    takeOver: (id) => operations.delete(id),
    taskName,
    uncaught,
    fail: failed,
    get job() {
      return job;
    },
  };

  /** Globals that are made when they are first used. */
  function lazily(module, names) {
    for (const name of names) {
      defineProperty(globalThis, name, {
        configurable: true,
        get() {
          const value = builtin(module)[name];
          defineProperty(globalThis, name, { value, configurable: true, writable: true });
          return value;
        },
        set(value) {
          defineProperty(globalThis, name, { value, configurable: true, writable: true });
        },
      });
    }
  }

  for (const name of keys(clock)) {
    defineProperty(globalThis, name, { value: clock[name], configurable: true, writable: true });
  }
  defineProperty(globalThis, 'global', { value: globalThis, configurable: true, writable: true });
  defineProperty(globalThis, 'console', {
    get: () => builtin('console'),
    set(value) {
      defineProperty(globalThis, 'console', { value, configurable: true, writable: true });
    },
    configurable: true,
  });
  defineProperty(globalThis, 'process', {
    get: () => builtin('process'),
    set() {},
    configurable: true,
  });
  lazily('buffer', ['Buffer', 'Blob', 'File']);
  lazily('crypto', ['crypto']);
  lazily('encoding', ['TextDecoder', 'TextEncoder']);
  lazily('events', ['AbortController', 'AbortSignal', 'CustomEvent', 'Event', 'EventTarget']);
  lazily('fetch', ['fetch', 'FormData', 'Headers', 'Request', 'Response']);
  lazily('streams', ['ReadableStream', 'TransformStream', 'WritableStream']);
  lazily('structured-clone', ['structuredClone']);
  lazily('url', ['URL', 'URLSearchParams']);

  return {
    prepare,
    begin,
    facade,
    stalled,
    turn,
    isFinished: () => finished,
    unhandled: (reason) => uncaught(reason, 'unhandledRejection'),
    end: () => builtin('process').emit('exit', 0),
  };
})
