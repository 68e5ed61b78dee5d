// console: log, info, debug, dir and table to standard output, the rest to standard error.
const { format, inspect } = require('inspect');

const counts = new Map();
const timers = new Map();
let margin = '';

function write(fd, text) {
  if (margin !== '') {
    text = margin + text.replaceAll('\n', `\n${margin}`);
  }
  internal.ask({ op: 'write', fd, text: `${text}\n` });
}

function elapsed(label) {
  const milliseconds = performance.now() - timers.get(label);
  return milliseconds >= 1000 ? `${(milliseconds / 1000).toFixed(3)}s` : `${milliseconds.toFixed(3)}ms`;
}

const console = {
  log: (...args) => write(1, format(...args)),
  info: (...args) => write(1, format(...args)),
  debug: (...args) => write(1, format(...args)),
  warn: (...args) => write(2, format(...args)),
  error: (...args) => write(2, format(...args)),
  dir: (value, options) => write(1, inspect(value, options)),
  dirxml: (...args) => write(1, format(...args)),
  trace(...args) {
    const stack = new Error().stack.split('\n').filter((it) => it !== '' && !it.includes('(capsule:'));
    write(2, `Trace: ${format(...args)}\n${stack.join('\n')}`.trimEnd());
  },
  assert(condition, ...args) {
    if (!condition) {
      write(2, args.length === 0 ? 'Assertion failed' : `Assertion failed: ${format(...args)}`);
    }
  },
  count(label = 'default') {
    counts.set(label, (counts.get(label) ?? 0) + 1);
    write(1, `${label}: ${counts.get(label)}`);
  },
  countReset: (label = 'default') => counts.delete(label),
  group(...args) {
    if (args.length > 0) {
      console.log(...args);
    }
    margin += '  ';
  },
  groupEnd() {
    margin = margin.slice(2);
  },
  time: (label = 'default') => timers.set(label, performance.now()),
  timeLog(label = 'default', ...args) {
    if (timers.has(label)) {
      write(1, format(`${label}: ${elapsed(label)}`, ...args));
    }
  },
  timeEnd(label = 'default') {
    if (timers.has(label)) {
      write(1, `${label}: ${elapsed(label)}`);
      timers.delete(label);
    }
  },
  table(data, columns) {
    if (data === null || typeof data !== 'object') {
      console.log(data);
      return;
    }
    const rows = Object.entries(data);
    const names = columns ?? [
      ...new Set(rows.flatMap(([, it]) => (it !== null && typeof it === 'object' ? Object.keys(it) : []))),
    ];
    const plain = rows.some(([, it]) => it === null || typeof it !== 'object');
    const head = ['(index)', ...names, ...(plain ? ['Values'] : [])];
    const body = rows.map(([index, it]) => [
      index,
      ...names.map((name) =>
        it !== null && typeof it === 'object' && name in it ? inspect(it[name], { depth: 0 }) : ''
      ),
      ...(plain ? [it !== null && typeof it === 'object' ? '' : inspect(it)] : []),
    ]);
    const widths = head.map((name, i) => Math.max(name.length, ...body.map((row) => row[i].length)));
    const rule = (left, middle, right) =>
      left + widths.map((width) => '─'.repeat(width + 2)).join(middle) + right;
    const line = (cells) => `│${cells.map((it, i) => ` ${it.padEnd(widths[i])} `).join('│')}│`;
    write(
      1,
      [rule('┌', '┬', '┐'), line(head), rule('├', '┼', '┤'), ...body.map(line), rule('└', '┴', '┘')].join('\n')
    );
  },
};
console.groupCollapsed = console.group;
console.Console = class Console {
  constructor() {
    Object.assign(this, console);
  }
};

module.exports = console;
