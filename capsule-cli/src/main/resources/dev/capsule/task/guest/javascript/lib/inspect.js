// How console and util.inspect show values: like Node, without colours.
const custom = Symbol.for('nodejs.util.inspect.custom');
const { hasOwn } = Object;
const lineWidth = 72;

function inspect(value, options = {}) {
  const given = typeof options === 'object' && options !== null ? options : {};
  return show(value, { depth: 2, maxArrayLength: 100, maxStringLength: 10000, ...given }, 0, []);
}
inspect.custom = custom;
inspect.defaultOptions = {};

function quoted(text) {
  const quote = !text.includes("'") ? "'" : !text.includes('"') ? '"' : text.includes('`') ? "'" : '`';
  const escaped = text.replace(/[\\\u0000-\u001f\u007f]/g, (c) => {
    const known = { '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\r': '\\r', '\b': '\\b' }[c];
    return known ?? `\\x${c.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`;
  });
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

function primitive(value, options) {
  switch (typeof value) {
    case 'string':
      return value.length > options.maxStringLength
        ? `${quoted(value.slice(0, options.maxStringLength))}... ${value.length - options.maxStringLength} more characters`
        : quoted(value);
    case 'bigint':
      return `${value}n`;
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    default:
      return String(value);
  }
}

function show(value, options, depth, above) {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) {
    return primitive(value, options);
  }
  if (typeof value[custom] === 'function' && value[custom] !== inspect) {
    const shown = value[custom](options.depth - depth, options, inspect);
    return typeof shown === 'string' ? shown : show(shown, options, depth, above);
  }
  if (above.includes(value)) {
    return '[Circular *1]';
  }
  const name = className(value);
  const isEmpty = typeof value === 'object' && Reflect.ownKeys(value).length === 0;
  if (depth > (options.depth ?? Infinity) && !isEmpty) {
    return Array.isArray(value) ? '[Array]' : `[${name || 'Object: null prototype'}]`;
  }
  above.push(value);
  const shown = object(value, name, options, depth, above);
  above.pop();
  return shown;
}

function className(value) {
  for (let it = value; it !== null; it = Object.getPrototypeOf(it)) {
    if (hasOwn(it, 'constructor') && typeof it.constructor === 'function' && it.constructor.name) {
      return it.constructor.name;
    }
  }
  return '';
}

function object(value, name, options, depth, above) {
  const item = (it) => show(it, options, depth + 1, above);
  let prefix = '';
  let brackets = ['{', '}'];
  let entries = [];
  let hidden = (key) => false;
  const tag = value[Symbol.toStringTag];
  const named = tag && tag !== name ? `${name} [${tag}]` : name;
  if (Array.isArray(value)) {
    brackets = ['[', ']'];
    prefix = name === 'Array' ? '' : `${name}(${value.length})`;
    entries = elements(value, options, item);
    hidden = isIndex;
  } else if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    prefix = `${name}(${value.length})`;
    brackets = ['[', ']'];
    entries = elements(value, options, item);
    hidden = isIndex;
  } else if (value instanceof Map) {
    prefix = `${name}(${value.size})`;
    entries = [...value].map(([key, it]) => `${item(key)} => ${item(it)}`);
  } else if (value instanceof Set) {
    prefix = `${name}(${value.size})`;
    entries = [...value].map(item);
  } else if (value instanceof Error) {
    prefix = errorText(value);
    hidden = (key) => ['stack', 'message'].includes(key);
    if (hasOwn(value, 'cause')) {
      entries.push(`[cause]: ${item(value.cause)}`);
    }
    if (hasOwn(value, 'errors')) {
      entries.push(`[errors]: ${item(value.errors)}`);
    }
    hidden = (key) => ['stack', 'message', 'cause', 'errors'].includes(key);
  } else if (value instanceof Date) {
    prefix = Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  } else if (value instanceof RegExp) {
    prefix = String(value);
    hidden = (key) => key === 'lastIndex';
  } else if (typeof value === 'function') {
    const isClass = /^class\b/.test(Function.prototype.toString.call(value));
    const kind = isClass ? 'class' : name || 'Function';
    prefix = `[${kind}${isClass || !value.name ? ' ' : ': '}${value.name || '(anonymous)'}]`;
  } else if (value instanceof Promise) {
    prefix = 'Promise';
  } else if (value instanceof String || value instanceof Number || value instanceof Boolean) {
    prefix = `[${name}: ${primitive(value.valueOf(), options)}]`;
    hidden = isIndex;
  } else if (value instanceof ArrayBuffer) {
    prefix = `ArrayBuffer { byteLength: ${value.byteLength} }`;
  } else if (value instanceof WeakMap || value instanceof WeakSet) {
    prefix = `${name} { <items unknown> }`;
  } else if (name === '') {
    prefix = '[Object: null prototype]';
  } else if (name !== 'Object' || named !== name) {
    prefix = named;
  }
  for (const key of Reflect.ownKeys(value)) {
    const property = Object.getOwnPropertyDescriptor(value, key);
    if (!property?.enumerable || hidden(key)) {
      continue;
    }
    const label =
      typeof key === 'symbol' ? `[${String(key)}]` : /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key);
    let text;
    if (property.get) {
      text = property.set ? '[Getter/Setter]' : '[Getter]';
    } else if (property.set) {
      text = '[Setter]';
    } else {
      text = item(property.value);
    }
    entries.push(`${label}: ${text}`);
  }
  return joined(prefix, entries, brackets, value, options);
}

const isIndex = (key) => typeof key === 'string' && /^\d+$/.test(key);

function elements(array, options, item) {
  const result = [];
  const most = Math.min(array.length, options.maxArrayLength ?? Infinity);
  for (let i = 0; i < most; i++) {
    if (Array.isArray(array) && !hasOwn(array, i)) {
      let end = i;
      while (end < array.length && !hasOwn(array, end)) {
        end++;
      }
      result.push(`<${end - i} empty item${end - i > 1 ? 's' : ''}>`);
      i = end - 1;
    } else {
      result.push(item(array[i]));
    }
  }
  if (array.length > most) {
    const rest = array.length - most;
    result.push(`... ${rest} more item${rest > 1 ? 's' : ''}`);
  }
  return result;
}

function errorText(error) {
  const head = error.message ? `${error.name}: ${error.message}` : String(error.name);
  const frames = String(error.stack ?? '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.includes('(capsule:'));
  return frames.length > 0 ? `${head}\n${frames.join('\n')}` : `[${head}]`;
}

function joined(prefix, entries, [open, close], value, options) {
  if (entries.length === 0) {
    const plain = ['{', '['].includes(open) && !isAtom(value);
    if (prefix === '') {
      return open + close;
    }
    return plain ? `${prefix} ${open}${close}` : prefix;
  }
  const start = prefix === '' ? open : `${prefix} ${open}`;
  const flat = `${start} ${entries.join(', ')} ${close}`;
  const multiline = entries.some((entry) => entry.includes('\n'));
  if (!multiline && flat.length <= lineWidth && (entries.length <= 6 || open === '{')) {
    return flat;
  }
  if (options.compact === true || options.breakLength === Infinity) {
    return flat;
  }
  const rows = open === '[' && !multiline && entries.length > 6 ? grid(entries) : entries;
  return `${start}\n${rows.map((row) => indent(row)).join(',\n')}\n${close}`;
}

function isAtom(value) {
  return (
    value instanceof Error ||
    value instanceof Date ||
    value instanceof RegExp ||
    value instanceof ArrayBuffer ||
    value instanceof String ||
    value instanceof Number ||
    value instanceof Boolean ||
    value instanceof WeakMap ||
    value instanceof WeakSet ||
    typeof value === 'function'
  );
}

/** Many short items share lines, in columns. */
function grid(entries) {
  const width = Math.max(...entries.map((it) => it.length)) + 2;
  const columns = Math.max(1, Math.min(16, Math.floor(lineWidth / width), Math.ceil(Math.sqrt(entries.length * 2.5))));
  if (columns < 2) {
    return entries;
  }
  const numeric = entries.every((it) => /^-?[\d.]+n?$/.test(it));
  const rows = [];
  for (let i = 0; i < entries.length; i += columns) {
    const row = entries.slice(i, i + columns);
    const cells = row.map((it, place) => {
      if (numeric) {
        return it.padStart(width - 2);
      }
      return place === row.length - 1 ? it : `${it},`.padEnd(width - 1);
    });
    rows.push(numeric ? cells.join(', ') : cells.join(' '));
  }
  return rows;
}

function indent(text) {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

/** printf-like: %s %d %i %f %j %o %O %c %%. */
function format(first, ...rest) {
  if (typeof first !== 'string') {
    return [first, ...rest].map((it) => (typeof it === 'string' ? it : inspect(it))).join(' ');
  }
  let place = 0;
  let text = first;
  if (rest.length > 0 && first.includes('%')) {
    text = first.replace(/%[sdifjoOc%]/g, (spec) => {
      if (spec === '%%') {
        return '%';
      }
      if (place >= rest.length) {
        return spec;
      }
      const value = rest[place++];
      switch (spec) {
        case '%s':
          return typeof value === 'object' && value !== null ? inspect(value, { depth: 0 }) : primitiveText(value);
        case '%d':
          return typeof value === 'bigint' ? `${value}n` : String(Number(value));
        case '%i':
          return String(Number.parseInt(value, 10));
        case '%f':
          return String(Number.parseFloat(value));
        case '%j':
          return JSON.stringify(value);
        case '%c':
          return '';
        default:
          return inspect(value, { depth: 4 });
      }
    });
  }
  for (const value of rest.slice(place)) {
    text += ` ${typeof value === 'string' ? value : inspect(value)}`;
  }
  return text;
}

function primitiveText(value) {
  return typeof value === 'bigint' ? `${value}n` : Object.is(value, -0) ? '-0' : String(value);
}

module.exports = { format, inspect };
