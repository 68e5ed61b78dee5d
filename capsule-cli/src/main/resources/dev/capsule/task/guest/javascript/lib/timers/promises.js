// node:timers/promises
const { clock } = internal;

function later(start, stop, value, signal) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const timer = start(() => resolve(value));
    signal?.addEventListener('abort', () => {
      stop(timer);
      reject(signal.reason);
    });
  });
}

const setTimeout = (delay, value, options) =>
  later((done) => clock.setTimeout(done, delay), clock.clearTimeout, value, options?.signal);
const setImmediate = (value, options) =>
  later((done) => clock.setImmediate(done), clock.clearImmediate, value, options?.signal);

async function* setInterval(delay, value, options) {
  for (;;) {
    yield await setTimeout(delay, value, options);
  }
}

module.exports = {
  setImmediate,
  setInterval,
  setTimeout,
  scheduler: { wait: (delay, options) => setTimeout(delay, undefined, options), yield: setImmediate },
};
