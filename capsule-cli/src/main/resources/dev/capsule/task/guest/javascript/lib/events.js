// node:events, and the web's Event, EventTarget and AbortController.
const table = Symbol('listeners');

/** A function and not a class, because old libraries call it on objects of their own. */
function EventEmitter() {
  listenersOf(this);
}

function listenersOf(emitter) {
  if (!Object.hasOwn(emitter, table)) {
    Object.defineProperty(emitter, table, { value: new Map() });
  }
  return emitter[table];
}

function add(emitter, event, listener, first) {
  if (typeof listener !== 'function') {
    throw new TypeError('The "listener" argument must be of type function');
  }
  const all = listenersOf(emitter);
  if (all.has('newListener')) {
    emitter.emit('newListener', event, listener.listener ?? listener);
  }
  const before = all.get(event) ?? [];
  all.set(event, first ? [listener, ...before] : [...before, listener]);
  return emitter;
}

function onlyOnce(emitter, event, listener) {
  if (typeof listener !== 'function') {
    throw new TypeError('The "listener" argument must be of type function');
  }
  const wrapper = (...args) => {
    emitter.off(event, wrapper);
    return listener.apply(emitter, args);
  };
  wrapper.listener = listener;
  return wrapper;
}

const methods = {
  on(event, listener) {
    return add(this, event, listener, false);
  },
  addListener(event, listener) {
    return add(this, event, listener, false);
  },
  prependListener(event, listener) {
    return add(this, event, listener, true);
  },
  once(event, listener) {
    return add(this, event, onlyOnce(this, event, listener), false);
  },
  prependOnceListener(event, listener) {
    return add(this, event, onlyOnce(this, event, listener), true);
  },
  off(event, listener) {
    const all = listenersOf(this);
    const before = all.get(event) ?? [];
    const place = before.findLastIndex((it) => it === listener || it.listener === listener);
    if (place >= 0) {
      all.set(event, before.toSpliced(place, 1));
    }
    return this;
  },
  removeListener(event, listener) {
    return this.off(event, listener);
  },
  removeAllListeners(event) {
    if (event === undefined) {
      listenersOf(this).clear();
    } else {
      listenersOf(this).delete(event);
    }
    return this;
  },
  emit(event, ...args) {
    const listeners = listenersOf(this).get(event) ?? [];
    if (listeners.length === 0) {
      if (event === 'error') {
        throw args[0] instanceof Error ? args[0] : new Error(`Unhandled error. (${args[0]})`);
      }
      return false;
    }
    for (const listener of listeners) {
      listener.apply(this, args);
    }
    return true;
  },
  listeners(event) {
    return (listenersOf(this).get(event) ?? []).map((it) => it.listener ?? it);
  },
  rawListeners(event) {
    return [...(listenersOf(this).get(event) ?? [])];
  },
  listenerCount(event) {
    return (listenersOf(this).get(event) ?? []).length;
  },
  eventNames() {
    return [...listenersOf(this)].filter(([, all]) => all.length > 0).map(([name]) => name);
  },
  setMaxListeners() {
    return this;
  },
  getMaxListeners() {
    return EventEmitter.defaultMaxListeners;
  },
};
for (const [name, value] of Object.entries(methods)) {
  Object.defineProperty(EventEmitter.prototype, name, { value, writable: true, configurable: true });
}
EventEmitter.defaultMaxListeners = 10;

/** A promise of the arguments of the next `event`. */
function once(emitter, event) {
  return new Promise((resolve, reject) => {
    if (emitter instanceof EventTarget) {
      emitter.addEventListener(event, (value) => resolve([value]), { once: true });
      return;
    }
    const failed = (error) => {
      emitter.off(event, arrived);
      reject(error);
    };
    const arrived = (...args) => {
      emitter.off('error', failed);
      resolve(args);
    };
    emitter.once(event, arrived);
    if (event !== 'error') {
      emitter.once('error', failed);
    }
  });
}

class Event {
  #stopped = false;
  constructor(type, options = {}) {
    this.type = String(type);
    this.bubbles = Boolean(options.bubbles);
    this.cancelable = Boolean(options.cancelable);
    this.defaultPrevented = false;
    this.target = null;
    this.currentTarget = null;
    this.timeStamp = performance.now();
  }
  preventDefault() {
    if (this.cancelable) {
      this.defaultPrevented = true;
    }
  }
  stopPropagation() {}
  stopImmediatePropagation() {
    this.#stopped = true;
  }
  static stopped(event) {
    return event.#stopped;
  }
}

class CustomEvent extends Event {
  constructor(type, options = {}) {
    super(type, options);
    this.detail = options.detail ?? null;
  }
}

class EventTarget {
  #listeners = [];
  addEventListener(type, callback, options) {
    if (callback === null || callback === undefined) {
      return;
    }
    const once = typeof options === 'object' && Boolean(options?.once);
    const same = (it) => it.type === type && it.callback === callback;
    if (!this.#listeners.some(same)) {
      this.#listeners.push({ type, callback, once });
      options?.signal?.addEventListener('abort', () => this.removeEventListener(type, callback));
    }
  }
  removeEventListener(type, callback) {
    this.#listeners = this.#listeners.filter(
      (it) => it.type !== type || it.callback !== callback
    );
  }
  dispatchEvent(event) {
    event.target = event.currentTarget = this;
    const handler = this[`on${event.type}`];
    const called = this.#listeners.filter((it) => it.type === event.type);
    if (typeof handler === 'function') {
      called.unshift({ callback: handler });
    }
    for (const { callback, once } of called) {
      if (once) {
        this.removeEventListener(event.type, callback);
      }
      try {
        if (typeof callback === 'function') {
          callback.call(this, event);
        } else {
          callback.handleEvent(event);
        }
      } catch (error) {
        internal.uncaught(error, 'uncaughtException');
      }
      if (Event.stopped(event)) {
        break;
      }
    }
    return !event.defaultPrevented;
  }
}

const key = Symbol('AbortSignal');

class AbortSignal extends EventTarget {
  #reason;
  #aborted = false;
  constructor(token) {
    super();
    if (token !== key) {
      throw new TypeError('Illegal constructor');
    }
    this.onabort = null;
  }
  get aborted() {
    return this.#aborted;
  }
  get reason() {
    return this.#reason;
  }
  throwIfAborted() {
    if (this.#aborted) {
      throw this.#reason;
    }
  }
  static raise(signal, reason = new DOMException('This operation was aborted', 'AbortError')) {
    if (!signal.#aborted) {
      signal.#aborted = true;
      signal.#reason = reason;
      signal.dispatchEvent(new Event('abort'));
    }
  }
  static abort(reason) {
    const signal = new AbortSignal(key);
    raise(signal, reason);
    return signal;
  }
  static timeout(milliseconds) {
    const signal = new AbortSignal(key);
    const expired = () =>
      raise(signal, new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    internal.clock.setTimeout(expired, milliseconds);
    return signal;
  }
  static any(signals) {
    const signal = new AbortSignal(key);
    for (const source of signals) {
      if (source.aborted) {
        raise(signal, source.reason);
      } else {
        source.addEventListener('abort', () => raise(signal, source.reason), { once: true });
      }
    }
    return signal;
  }
}
const { raise } = AbortSignal;
delete AbortSignal.raise;

class AbortController {
  #signal = new AbortSignal(key);
  get signal() {
    return this.#signal;
  }
  abort(reason) {
    raise(this.#signal, reason);
  }
}

module.exports = EventEmitter;
Object.assign(EventEmitter, {
  EventEmitter,
  once,
  listenerCount: (emitter, event) => emitter.listenerCount(event),
  setMaxListeners() {},
  AbortController,
  AbortSignal,
  CustomEvent,
  Event,
  EventTarget,
});
