// @capsule-run/sdk
const { HostError, callMark, cancel, findProblem, finish, pendingCalls, registry, start } = internal;

class TaskError extends Error {
  constructor(envelope) {
    const { error_type: type, message } = envelope.error ?? { error_type: 'task_error', message: '' };
    const name = envelope.execution?.task_name ?? '';
    super(`task '${name}': ${type}: ${message}`);
    this.name = 'TaskError';
    this.errorType = type;
    this.taskName = name;
    this.envelope = envelope;
  }
}

/** The envelope as the host sent it; `value` is its result, or throws. */
function asEnvelope(envelope) {
  if (Object.hasOwn(envelope, 'value')) {
    return envelope;
  }
  Object.defineProperty(envelope, 'value', {
    get() {
      if (!this.success) {
        throw new TaskError(this);
      }
      return this.result;
    },
  });
  return envelope;
}

function begin(name, args) {
  const problem = findProblem(args, `${name}: args`);
  if (problem !== undefined) {
    throw new TypeError(problem);
  }
  try {
    return start({ op: 'call', task: name, args, kwargs: {} });
  } catch (error) {
    throw error instanceof HostError ? new Error(error.message) : error;
  }
}

function finishNow(id) {
  try {
    return asEnvelope(finish(id));
  } catch (error) {
    throw error instanceof HostError ? new Error(error.message) : error;
  }
}

/**
 * A sub-task under way: a promise of its envelope. Reading success, result, error or execution from
 * the promise itself waits for the sub-task, as programs do that do not await.
 */
function pending(name, args) {
  const { id, promise: arriving } = begin(name, args);
  let envelope;
  const promise = arriving.then(asEnvelope, (error) => {
    throw error instanceof HostError ? new Error(error.message) : error;
  });
  pendingCalls.add(promise);
  const forget = () => pendingCalls.delete(promise);
  promise.then((value) => {
    envelope = value;
    forget();
  }, forget);
  for (const key of ['success', 'result', 'error', 'execution']) {
    Object.defineProperty(promise, key, {
      enumerable: true,
      get() {
        envelope ??= finishNow(id);
        return envelope[key];
      },
    });
  }
  Object.defineProperty(promise, callMark, { value: id });
  Object.defineProperty(promise, 'cancel', {
    value() {
      forget();
      cancel(id);
    },
  });
  return promise;
}

const AsyncFunction = (async () => {}).constructor;
const modes = { undefined: '', null: '', rw: '', 'read-write': '', ro: ':ro', 'read-only': ':ro' };
const optionNames = new Map(
  [
    ['name'],
    ['compute'],
    ['ram'],
    ['timeout'],
    ['max_retries', 'maxRetries'],
    ['allowed_files', 'allowedFiles'],
    ['allowed_hosts', 'allowedHosts'],
    ['env_variables', 'envVariables'],
    ['max_requests', 'maxRequests'],
    ['max_download', 'maxDownload'],
    ['max_upload', 'maxUpload'],
  ].flatMap(([name, other]) => [
    [name, name],
    [other ?? name, name],
  ])
);

function configOf(name, options) {
  const config = {};
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined || value === null) {
      continue;
    }
    const problem = findProblem(value, `task '${name}': ${key}`);
    if (problem !== undefined) {
      throw new TypeError(problem);
    }
    const known = optionNames.get(key) ?? key;
    if (known === 'allowed_files' && Array.isArray(value)) {
      config[known] = value.map(fileSpec);
    } else if (known === 'timeout' && typeof value === 'number') {
      if (value !== 0) {
        config[known] = `${value}ms`;
      }
    } else if (known === 'compute' && typeof value === 'string') {
      config[known] = value.toUpperCase();
    } else if (!(known === 'timeout' && value === '')) {
      config[known] = value;
    }
  }
  return config;
}

function fileSpec(entry) {
  if (entry === null || typeof entry !== 'object') {
    return entry;
  }
  if (!(String(entry.mode) in modes)) {
    throw new Error(
      `allowedFiles: mode '${entry.mode}' of path '${entry.path}' is not one of ` +
        "'read-only', 'read-write'"
    );
  }
  return `${entry.path}${modes[String(entry.mode)]}`;
}

/** Where task() was called: the first frame outside the SDK. */
function caller() {
  for (const line of new Error().stack.split('\n')) {
    const found = /\(?([^()\s]+):(\d+):\d+\)?$/.exec(line);
    if (found !== null && !found[1].startsWith('capsule:')) {
      return { file: found[1], line: Number(found[2]) };
    }
  }
  return { file: '', line: 0 };
}

/**
 * Makes a function a task. Calling it runs it in a sandbox of its own: a plain function blocks and
 * gives the envelope, an async one gives a promise of it. `aio` always gives a promise, `value` the
 * result itself (or throws TaskError), `map` runs one call per item at the same time.
 */
function task(options, fn) {
  if (typeof options === 'function') {
    [options, fn] = [{}, options];
  }
  if (typeof fn !== 'function') {
    throw new TypeError('task(options, fn): fn is not a function');
  }
  const name = options?.name ?? fn.name;
  if (typeof name !== 'string' || name === '') {
    throw new TypeError("task(options, fn): options.name is missing, for instance { name: 'main' }");
  }
  const config = configOf(name, options);
  const isAsync = fn instanceof AsyncFunction;
  const wrapper = (...args) => (isAsync ? pending(name, args) : finishNow(take(name, args)));
  Object.defineProperty(wrapper, 'name', { value: name });
  wrapper.aio = (...args) => pending(name, args);
  wrapper.value = (...args) =>
    isAsync ? pending(name, args).then((it) => it.value) : finishNow(take(name, args)).value;
  wrapper.map = (items) => mapAll(name, items);
  Object.defineProperty(wrapper, internal.taskName, { value: name });
  registry.set(name, { config, fn, place: caller() });
  return wrapper;
}

function take(name, args) {
  const { id } = begin(name, args);
  internal.takeOver(id);
  return id;
}

async function mapAll(name, items) {
  const calls = [...items].map((item) => pending(name, [item]));
  try {
    return (await Promise.all(calls)).map((envelope) => envelope.value);
  } catch (error) {
    calls.forEach((call) => call.cancel());
    throw error;
  }
}

exports.task = task;
exports.TaskError = TaskError;
exports.isWasmMode = () => true;
/** A module that is loaded when it is first used: most tasks need none of these. */
function lazy(load) {
  const traps = {};
  for (const trap of ['get', 'has', 'set', 'ownKeys', 'getOwnPropertyDescriptor']) {
    traps[trap] = (_, ...rest) => Reflect[trap](load(), ...rest.slice(0, trap === 'get' ? 1 : 2));
  }
  return new Proxy({}, traps);
}

for (const name of ['fs', 'os', 'process', 'path']) {
  exports[name] = lazy(() => require(name));
}
exports.fsPromises = lazy(() => require('fs').promises);
exports.default = exports;
