// node:path for POSIX paths.
function check(value) {
  if (typeof value !== 'string') {
    throw new TypeError(`The "path" argument must be of type string. Received ${typeof value}`);
  }
}

/** Removes empty, `.` and `..` parts. */
function simplified(path, absolute) {
  const parts = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') {
      continue;
    }
    if (part !== '..') {
      parts.push(part);
    } else if (parts.length > 0 && parts[parts.length - 1] !== '..') {
      parts.pop();
    } else if (!absolute) {
      parts.push('..');
    }
  }
  return parts.join('/');
}

const path = {
  sep: '/',
  delimiter: ':',
  normalize(value) {
    check(value);
    if (value === '') {
      return '.';
    }
    const absolute = value.startsWith('/');
    let result = simplified(value, absolute);
    if (result === '' && !absolute) {
      result = '.';
    }
    if (value.endsWith('/') && result !== '') {
      result += '/';
    }
    return absolute ? `/${result}` : result;
  },
  isAbsolute(value) {
    check(value);
    return value.startsWith('/');
  },
  join(...parts) {
    parts.forEach(check);
    const joined = parts.filter((part) => part !== '').join('/');
    return joined === '' ? '.' : path.normalize(joined);
  },
  resolve(...parts) {
    let result = '';
    for (let i = parts.length - 1; i >= 0 && !result.startsWith('/'); i--) {
      check(parts[i]);
      if (parts[i] !== '') {
        result = result === '' ? parts[i] : `${parts[i]}/${result}`;
      }
    }
    if (!result.startsWith('/')) {
      result = `${process.cwd()}/${result}`;
    }
    return `/${simplified(result, true)}`;
  },
  relative(from, to) {
    const source = path.resolve(from).split('/').filter(Boolean);
    const target = path.resolve(to).split('/').filter(Boolean);
    let same = 0;
    while (same < source.length && same < target.length && source[same] === target[same]) {
      same++;
    }
    return [...source.slice(same).map(() => '..'), ...target.slice(same)].join('/');
  },
  dirname(value) {
    check(value);
    const trimmed = value.replace(/(.)\/+$/, '$1');
    const slash = trimmed.lastIndexOf('/');
    if (slash < 0) {
      return '.';
    }
    return trimmed.slice(0, slash).replace(/(.)\/+$/, '$1') || '/';
  },
  basename(value, suffix) {
    check(value);
    const trimmed = value.replace(/\/+$/, '');
    const base = trimmed.slice(trimmed.lastIndexOf('/') + 1);
    return suffix !== undefined && base !== suffix && base.endsWith(suffix)
      ? base.slice(0, -suffix.length)
      : base;
  },
  extname(value) {
    const base = path.basename(value);
    const dot = base.lastIndexOf('.');
    return dot <= 0 || base === '..' ? '' : base.slice(dot);
  },
  parse(value) {
    check(value);
    const root = value.startsWith('/') ? '/' : '';
    const base = path.basename(value);
    const ext = path.extname(value);
    const trimmed = value.replace(/(.)\/+$/, '$1');
    const slash = trimmed.lastIndexOf('/');
    const dir = slash < 0 ? '' : slash === 0 ? '/' : trimmed.slice(0, slash);
    return { root, dir, base, ext, name: base.slice(0, base.length - ext.length) };
  },
  format({ root = '', dir, base, name = '', ext = '' }) {
    const file = base ?? name + (ext && !ext.startsWith('.') ? `.${ext}` : ext);
    if (!dir) {
      return root + file;
    }
    return dir === root ? dir + file : `${dir}/${file}`;
  },
  toNamespacedPath: (value) => value,
  matchesGlob() {
    throw new Error('path.matchesGlob is not available inside a Capsule sandbox');
  },
};
path.posix = path;
module.exports = path;
