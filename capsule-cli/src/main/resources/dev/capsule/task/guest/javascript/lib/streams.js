// ReadableStream, WritableStream and TransformStream, as far as bodies and pipelines need them.
class ReadableStreamDefaultController {
  #stream;
  constructor(stream) {
    this.#stream = stream;
  }
  get desiredSize() {
    return 1 - this.#stream[queueKey].length;
  }
  enqueue(chunk) {
    if (this.#stream[stateKey] !== 'readable') {
      throw new TypeError('The stream is not in a state that permits enqueue');
    }
    this.#stream[queueKey].push(chunk);
    this.#stream[wakeKey]();
  }
  close() {
    if (this.#stream[stateKey] === 'readable') {
      this.#stream[stateKey] = 'closing';
      this.#stream[wakeKey]();
    }
  }
  error(reason) {
    this.#stream[stateKey] = 'errored';
    this.#stream[reasonKey] = reason;
    this.#stream[queueKey].length = 0;
    this.#stream[wakeKey]();
  }
}

const queueKey = Symbol('queue');
const stateKey = Symbol('state');
const reasonKey = Symbol('reason');
const wakeKey = Symbol('wake');
const pullKey = Symbol('pull');
const lockKey = Symbol('lock');

class ReadableStream {
  #source;
  #controller;
  #waiting = [];
  #pulling = false;
  constructor(source = {}) {
    this.#source = source;
    this[queueKey] = [];
    this[stateKey] = 'readable';
    this[lockKey] = null;
    this[wakeKey] = () => this.#waiting.splice(0).forEach((wake) => wake());
    this.#controller = new ReadableStreamDefaultController(this);
    for (const key of [queueKey, stateKey, reasonKey, wakeKey, lockKey]) {
      Object.defineProperty(this, key, { enumerable: false, writable: true, value: this[key] });
    }
    Promise.resolve(source.start?.(this.#controller)).catch((error) => this.#controller.error(error));
  }
  get locked() {
    return this[lockKey] !== null;
  }
  async [pullKey]() {
    for (;;) {
      if (this[queueKey].length > 0) {
        return { value: this[queueKey].shift(), done: false };
      }
      if (this[stateKey] === 'errored') {
        throw this[reasonKey];
      }
      if (this[stateKey] !== 'readable') {
        this[stateKey] = 'closed';
        return { value: undefined, done: true };
      }
      const woken = new Promise((resolve) => this.#waiting.push(resolve));
      if (this.#source.pull && !this.#pulling) {
        this.#pulling = true;
        try {
          await this.#source.pull(this.#controller);
        } catch (error) {
          this.#controller.error(error);
        }
        this.#pulling = false;
        if (this[queueKey].length > 0 || this[stateKey] !== 'readable') {
          continue;
        }
      }
      await woken;
    }
  }
  getReader() {
    if (this.locked) {
      throw new TypeError('ReadableStream is locked');
    }
    return new ReadableStreamDefaultReader(this);
  }
  async cancel(reason) {
    this[stateKey] = 'closed';
    this[queueKey].length = 0;
    this[wakeKey]();
    await this.#source.cancel?.(reason);
  }
  async *values() {
    const reader = this.getReader();
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) {
          return;
        }
        yield value;
      }
    } finally {
      reader.releaseLock();
    }
  }
  [Symbol.asyncIterator]() {
    return this.values();
  }
  pipeThrough({ readable, writable }) {
    this.pipeTo(writable).catch(() => {});
    return readable;
  }
  async pipeTo(target) {
    const writer = target.getWriter();
    try {
      for await (const chunk of this) {
        await writer.write(chunk);
      }
      await writer.close();
    } catch (error) {
      await writer.abort(error);
      throw error;
    }
  }
  tee() {
    const reader = this.getReader();
    const branches = [];
    const pull = async () => {
      const { value, done } = await reader.read();
      for (const branch of branches) {
        if (done) {
          branch.close();
        } else {
          branch.enqueue(value);
        }
      }
    };
    const make = () => new ReadableStream({ start: (controller) => void branches.push(controller), pull });
    return [make(), make()];
  }
  static from(iterable) {
    const iterator = (iterable[Symbol.asyncIterator] ?? iterable[Symbol.iterator]).call(iterable);
    return new ReadableStream({
      async pull(controller) {
        const { value, done } = await iterator.next();
        if (done) {
          controller.close();
        } else {
          controller.enqueue(value);
        }
      },
    });
  }
}

class ReadableStreamDefaultReader {
  #stream;
  constructor(stream) {
    this.#stream = stream;
    stream[lockKey] = this;
  }
  read() {
    return this.#stream[pullKey]();
  }
  releaseLock() {
    this.#stream[lockKey] = null;
  }
  cancel(reason) {
    return this.#stream.cancel(reason);
  }
}

class WritableStream {
  #sink;
  #locked = false;
  #last = Promise.resolve();
  constructor(sink = {}) {
    this.#sink = sink;
    this.#last = Promise.resolve(sink.start?.({ error: (reason) => this.#fail(reason) }));
  }
  #fail(reason) {
    this.#last = Promise.reject(reason);
    this.#last.catch(() => {});
  }
  #then(action) {
    this.#last = this.#last.then(action);
    this.#last.catch(() => {});
    return this.#last;
  }
  get locked() {
    return this.#locked;
  }
  getWriter() {
    if (this.#locked) {
      throw new TypeError('WritableStream is locked');
    }
    this.#locked = true;
    const sink = this.#sink;
    return {
      ready: Promise.resolve(),
      desiredSize: 1,
      write: (chunk) => this.#then(() => sink.write?.(chunk)),
      close: () => this.#then(() => sink.close?.()),
      abort: async (reason) => sink.abort?.(reason),
      releaseLock: () => {
        this.#locked = false;
      },
    };
  }
}

class TransformStream {
  constructor(transformer = {}) {
    let output;
    this.readable = new ReadableStream({
      start(controller) {
        output = controller;
      },
    });
    this.writable = new WritableStream({
      start: () => transformer.start?.(output),
      write: (chunk) =>
        transformer.transform ? transformer.transform(chunk, output) : output.enqueue(chunk),
      async close() {
        await transformer.flush?.(output);
        output.close();
      },
      abort: (reason) => output.error(reason),
    });
  }
}

module.exports = { ReadableStream, TransformStream, WritableStream };
