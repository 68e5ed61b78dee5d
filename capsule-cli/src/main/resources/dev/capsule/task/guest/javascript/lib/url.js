// node:url and the web's URL and URLSearchParams (WHATWG URL Standard).
const { TextEncoder, utf8 } = require('encoding');
const { domainToASCII } = require('punycode-domain');
const encoder = new TextEncoder();

const special = { 'http:': '80', 'https:': '443', 'ws:': '80', 'wss:': '443', 'ftp:': '21', 'file:': '' };

// Percent-encode sets, as characters beyond controls and non-ASCII.
const fragmentSet = ' "<>`';
const querySet = ' "#<>';
const specialQuerySet = `${querySet}'`;
const pathSet = `${querySet}?\`{}^`;
const userSet = `${pathSet}/:;=@[\\]|`;
const formSafe = /[A-Za-z0-9*\-._]/;

function percent(byte) {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

function encode(text, set) {
  let result = '';
  for (const character of text) {
    const code = character.codePointAt(0);
    if (code > 0x1f && code < 0x7f && !set.includes(character)) {
      result += character;
    } else {
      result += Array.from(encoder.encode(character), percent).join('');
    }
  }
  return result;
}

function decodeBytes(text) {
  const bytes = encoder.encode(text);
  const result = [];
  for (let i = 0; i < bytes.length; i++) {
    const pair = String.fromCharCode(bytes[i + 1] ?? 0, bytes[i + 2] ?? 0);
    if (bytes[i] === 0x25 && /^[0-9a-fA-F]{2}$/.test(pair)) {
      result.push(Number.parseInt(pair, 16));
      i += 2;
    } else {
      result.push(bytes[i]);
    }
  }
  return Uint8Array.from(result);
}

function invalid(input) {
  const error = new TypeError('Invalid URL');
  Object.assign(error, { code: 'ERR_INVALID_URL', input });
  return error;
}

// ---- Hosts -------------------------------------------------------------------------------------

function parseHost(text, isSpecial) {
  if (text.startsWith('[')) {
    if (!text.endsWith(']')) {
      return undefined;
    }
    const pieces = parseIPv6(text.slice(1, -1));
    return pieces && `[${formatIPv6(pieces)}]`;
  }
  if (!isSpecial) {
    return /[\0\t\n\r #/<>?@[\\\]^|]/.test(text) ? undefined : encode(text, '');
  }
  const domain = domainToASCII(utf8(decodeBytes(text), false));
  if (domain === undefined || domain === '' || /[\0-\x20"#%/:<>?@[\\\]^`{|}\x7f]/.test(domain)) {
    return undefined;
  }
  const labels = domain.split('.');
  if (labels.at(-1) === '' && labels.length > 1) {
    labels.pop();
  }
  const last = labels.at(-1);
  if (/^\d+$/.test(last) || /^0x[0-9a-f]*$/i.test(last)) {
    return parseIPv4(labels);
  }
  return domain;
}

function parseIPv4(labels) {
  if (labels.length > 4) {
    return undefined;
  }
  const numbers = [];
  for (const label of labels) {
    const form = /^0x([0-9a-f]*)$/i.exec(label) ?? /^(0[0-7]*)$/.exec(label) ?? /^(\d+)$/.exec(label);
    if (form === null) {
      return undefined;
    }
    const radix = /^0x/i.test(label) ? 16 : label.length > 1 && label.startsWith('0') ? 8 : 10;
    if (radix === 8 && !/^0[0-7]*$/.test(label)) {
      return undefined;
    }
    numbers.push(form[1] === '' ? 0 : Number.parseInt(form[1], radix));
  }
  const last = numbers.pop();
  if (numbers.some((it) => it > 255) || last >= 256 ** (4 - numbers.length)) {
    return undefined;
  }
  const address = numbers.reduce((sum, it, i) => sum + it * 256 ** (3 - i), last);
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

function parseIPv6(text) {
  const dotted = /^(.*:)(\d{1,3}(?:\.\d{1,3}){3})$/.exec(text);
  if (dotted !== null) {
    const bytes = dotted[2].split('.');
    if (bytes.some((it) => Number(it) > 255 || (it.length > 1 && it.startsWith('0')))) {
      return undefined;
    }
    const [a, b, c, d] = bytes.map(Number);
    text = `${dotted[1]}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  }
  const halves = text.split('::');
  if (halves.length > 2) {
    return undefined;
  }
  const pieces = (half) => (half === '' ? [] : half.split(':'));
  const head = pieces(halves[0]);
  const tail = halves.length === 2 ? pieces(halves[1]) : [];
  if (![...head, ...tail].every((it) => /^[0-9a-fA-F]{1,4}$/.test(it))) {
    return undefined;
  }
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) {
    return undefined;
  }
  return [...head, ...Array(missing).fill('0'), ...tail].map((it) => Number.parseInt(it, 16));
}

function formatIPv6(pieces) {
  let start = -1;
  let longest = 1;
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && pieces[i + length] === 0) {
      length++;
    }
    if (length > longest) {
      [start, longest] = [i, length];
    }
    i += length;
  }
  const text = (list) => list.map((it) => it.toString(16)).join(':');
  return start < 0 ? text(pieces) : `${text(pieces.slice(0, start))}::${text(pieces.slice(start + longest))}`;
}

// ---- Parsing -----------------------------------------------------------------------------------

const isDriveLetter = (text) => /^[A-Za-z][:|]$/.test(text);

function parse(input, base) {
  let rest = input.replace(/^[\0-\x20]+|[\0-\x20]+$/g, '').replace(/[\t\n\r]/g, '');
  const hash = rest.indexOf('#');
  const url = {
    scheme: '', user: '', password: '', host: null, port: '', path: [], opaque: null, query: null,
    fragment: null,
  };
  if (hash >= 0) {
    url.fragment = encode(rest.slice(hash + 1), fragmentSet);
    rest = rest.slice(0, hash);
  }
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(rest);
  if (scheme !== null) {
    url.scheme = `${scheme[1].toLowerCase()}:`;
    rest = rest.slice(scheme[0].length);
    if (url.scheme in special) {
      const slashes = /^[/\\]*/.exec(rest)[0];
      if (base && base.scheme === url.scheme && slashes.length < 2 && base.opaque === null) {
        return relative(rest, url, base);
      }
      return url.scheme === 'file:'
        ? fileUrl(rest, url, base)
        : authority(rest.slice(slashes.length), url);
    }
    if (rest.startsWith('//')) {
      return authority(rest.slice(2), url);
    }
    if (rest.startsWith('/')) {
      return pathAndQuery(rest, url);
    }
    const [body, query] = splitQuery(rest);
    url.opaque = encode(body, '');
    url.query = query === null ? null : encode(query, querySet);
    return url;
  }
  if (!base) {
    return undefined;
  }
  if (base.opaque !== null) {
    if (rest !== '' || hash < 0) {
      return undefined;
    }
    return { ...base, fragment: url.fragment };
  }
  url.scheme = base.scheme;
  return url.scheme === 'file:' ? fileUrl(rest, url, base) : relative(rest, url, base);
}

function splitQuery(text) {
  const mark = text.indexOf('?');
  return mark < 0 ? [text, null] : [text.slice(0, mark), text.slice(mark + 1)];
}

function relative(rest, url, base) {
  const slash = url.scheme in special ? /^[/\\]/ : /^\//;
  if (slash.test(rest) && slash.test(rest.slice(1))) {
    return authority(url.scheme in special ? rest.replace(/^[/\\]+/, '') : rest.slice(2), url);
  }
  Object.assign(url, { user: base.user, password: base.password, host: base.host, port: base.port });
  if (slash.test(rest)) {
    return pathAndQuery(rest, url);
  }
  return continued(rest, url, base);
}

/** A path that continues the base's, without a leading slash. */
function continued(rest, url, base) {
  const [path, query] = splitQuery(rest);
  if (path === '') {
    url.path = [...base.path];
    url.query = query === null ? base.query : encodeQuery(query, url);
    return url;
  }
  url.path = base.path.slice(0, -1);
  return pathAndQuery(rest, url);
}

function fileUrl(rest, url, base) {
  url.host = '';
  const slashes = /^[/\\]*/.exec(rest)[0].length;
  if (slashes >= 2) {
    const end = rest.slice(2).search(/[/\\?]/);
    const name = end < 0 ? rest.slice(2) : rest.slice(2, 2 + end);
    if (isDriveLetter(name)) {
      return pathAndQuery(`/${rest.slice(2)}`, url);
    }
    const host = name === '' ? '' : parseHost(name, true);
    if (host === undefined) {
      return undefined;
    }
    url.host = host === 'localhost' ? '' : host;
    return pathAndQuery(end < 0 ? '' : rest.slice(2 + end), url);
  }
  if (slashes === 1) {
    if (base?.scheme === 'file:') {
      url.host = base.host;
    }
    return pathAndQuery(rest, url);
  }
  if (base?.scheme === 'file:') {
    url.host = base.host;
    return continued(rest, url, base);
  }
  return pathAndQuery(rest, url);
}

function authority(rest, url) {
  const isSpecial = url.scheme in special;
  const end = rest.search(isSpecial ? /[/\\?]/ : /[/?]/);
  let text = end < 0 ? rest : rest.slice(0, end);
  const at = text.lastIndexOf('@');
  if (at >= 0) {
    const [user, ...password] = text.slice(0, at).split(':');
    url.user = encode(user, userSet);
    url.password = encode(password.join(':'), userSet);
    text = text.slice(at + 1);
  }
  const port = /:([^:\]]*)$/.exec(text);
  if (port !== null) {
    text = text.slice(0, port.index);
    if (!setPort(url, port[1])) {
      return undefined;
    }
  }
  if (text === '' && (isSpecial || at >= 0 || port !== null)) {
    return undefined;
  }
  url.host = text === '' ? '' : parseHost(text, isSpecial);
  return url.host === undefined ? undefined : pathAndQuery(end < 0 ? '' : rest.slice(end), url);
}

function setPort(url, text) {
  if (!/^\d*$/.test(text) || Number(text) > 65535) {
    return false;
  }
  const port = text === '' ? '' : String(Number(text));
  url.port = port === special[url.scheme] ? '' : port;
  return true;
}

function encodeQuery(query, url) {
  return encode(query, url.scheme in special ? specialQuerySet : querySet);
}

function pathAndQuery(rest, url) {
  const isSpecial = url.scheme in special;
  const [path, query] = splitQuery(rest);
  if (query !== null) {
    url.query = encodeQuery(query, url);
  }
  const separator = isSpecial ? /[/\\]/ : /\//;
  let parts = path.split(separator);
  if (path !== '' && separator.test(path[0])) {
    parts.shift();
  } else if (path === '' && !isSpecial) {
    return url;
  }
  parts.forEach((part, i) => {
    const last = i === parts.length - 1;
    const plain = part.replace(/%2e/gi, '.');
    if (plain === '..') {
      if (!(url.scheme === 'file:' && url.path.length === 1 && /^[A-Za-z]:$/.test(url.path[0]))) {
        url.path.pop();
      }
      if (last) {
        url.path.push('');
      }
    } else if (plain === '.') {
      if (last) {
        url.path.push('');
      }
    } else if (url.scheme === 'file:' && url.path.length === 0 && isDriveLetter(part)) {
      url.path.push(`${part[0]}:`);
    } else {
      url.path.push(encode(part, pathSet));
    }
  });
  return url;
}

function pathText(url) {
  if (url.opaque !== null) {
    return url.opaque;
  }
  return url.path.length === 0 ? '' : `/${url.path.join('/')}`;
}

class URL {
  #url;
  #params;

  constructor(input, base) {
    let parsedBase;
    if (base !== undefined) {
      parsedBase = parse(String(base));
      if (parsedBase === undefined) {
        throw invalid(String(base));
      }
    }
    this.#url = parse(String(input), parsedBase);
    if (this.#url === undefined) {
      throw invalid(String(input));
    }
  }
  static canParse(input, base) {
    return URL.parse(input, base) !== null;
  }
  static parse(input, base) {
    try {
      return new URL(input, base);
    } catch {
      return null;
    }
  }
  get href() {
    const url = this.#url;
    let text = url.scheme;
    if (url.host !== null) {
      text += '//';
      if (url.user !== '' || url.password !== '') {
        text += `${url.user}${url.password === '' ? '' : `:${url.password}`}@`;
      }
      text += this.host;
    } else if (url.opaque === null && url.path.length > 1 && url.path[0] === '') {
      text += '/.';
    }
    return text + pathText(url) + this.#queryText() + (url.fragment === null ? '' : `#${url.fragment}`);
  }
  set href(value) {
    const url = parse(String(value));
    if (url === undefined) {
      throw invalid(String(value));
    }
    this.#url = url;
    this.#reread();
  }
  #queryText() {
    return this.#url.query === null ? '' : `?${this.#url.query}`;
  }
  #reread() {
    this.#params?.[reread](this.#url.query ?? '');
  }
  get origin() {
    if (this.#url.scheme === 'blob:') {
      return URL.parse(pathText(this.#url))?.origin ?? 'null';
    }
    const named = this.#url.scheme in special && this.#url.scheme !== 'file:';
    return named ? `${this.#url.scheme}//${this.host}` : 'null';
  }
  get protocol() {
    return this.#url.scheme;
  }
  set protocol(value) {
    const name = /^([A-Za-z][A-Za-z0-9+.-]*):?/.exec(String(value));
    const scheme = name && `${name[1].toLowerCase()}:`;
    if (name && scheme in special === this.#url.scheme in special) {
      this.#url.scheme = scheme;
      setPort(this.#url, this.#url.port);
    }
  }
  get username() {
    return this.#url.user;
  }
  set username(value) {
    if (this.#url.host) {
      this.#url.user = encode(String(value), userSet);
    }
  }
  get password() {
    return this.#url.password;
  }
  set password(value) {
    if (this.#url.host) {
      this.#url.password = encode(String(value), userSet);
    }
  }
  get host() {
    const { host, port } = this.#url;
    return host === null ? '' : port === '' ? host : `${host}:${port}`;
  }
  set host(value) {
    const [, name, port] = /^(\[[^\]]*\]|[^:/?#\\]*)(?::(\d*))?/.exec(String(value));
    this.hostname = name;
    if (port) {
      this.port = port;
    }
  }
  get hostname() {
    return this.#url.host ?? '';
  }
  set hostname(value) {
    if (this.#url.opaque === null) {
      const host = parseHost(/^[^/?#\\]*/.exec(String(value))[0], this.#url.scheme in special);
      if (host !== undefined && host !== '') {
        this.#url.host = host;
      }
    }
  }
  get port() {
    return this.#url.port;
  }
  set port(value) {
    if (this.#url.host) {
      const digits = /^\d*/.exec(String(value))[0];
      if (digits !== '' || String(value) === '') {
        setPort(this.#url, digits);
      }
    }
  }
  get pathname() {
    return pathText(this.#url);
  }
  set pathname(value) {
    if (this.#url.opaque === null) {
      this.#url.path = [];
      const text = String(value).replaceAll('?', '%3F').replaceAll('#', '%23');
      const query = this.#url.query;
      pathAndQuery(text, this.#url);
      this.#url.query = query;
    }
  }
  get search() {
    return this.#url.query ? `?${this.#url.query}` : '';
  }
  set search(value) {
    const text = String(value).replace(/^\?/, '').replaceAll('#', '%23');
    this.#url.query = String(value) === '' ? null : encodeQuery(text, this.#url);
    this.#reread();
  }
  get searchParams() {
    if (this.#params === undefined) {
      this.#params = new URLSearchParams(this.#url.query ?? '');
      this.#params[owner] = (text) => {
        this.#url.query = text === '' ? null : text;
      };
    }
    return this.#params;
  }
  get hash() {
    return this.#url.fragment ? `#${this.#url.fragment}` : '';
  }
  set hash(value) {
    const text = String(value).replace(/^#/, '');
    this.#url.fragment = text === '' ? null : encode(text, fragmentSet);
  }
  toString() {
    return this.href;
  }
  toJSON() {
    return this.href;
  }
  [Symbol.for('nodejs.util.inspect.custom')]() {
    const shown = ['href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'];
    return `URL {\n${shown.map((name) => `  ${name}: '${this[name]}'`).join(',\n')}\n}`;
  }
}

// ---- Query strings -----------------------------------------------------------------------------

const owner = Symbol('owner');
const reread = Symbol('reread');
const decodeForm = (text) => utf8(decodeBytes(text.replaceAll('+', ' ')), false);

function encodeForm(text) {
  let result = '';
  for (const byte of encoder.encode(text)) {
    const character = String.fromCharCode(byte);
    result += byte === 0x20 ? '+' : formSafe.test(character) ? character : percent(byte);
  }
  return result;
}

class URLSearchParams {
  #pairs = [];
  constructor(init = '') {
    if (typeof init === 'object' && init !== null) {
      if (typeof init[Symbol.iterator] === 'function') {
        for (const pair of init) {
          const [name, value, ...more] = pair;
          if (value === undefined || more.length > 0) {
            throw new TypeError('Each query pair must be an iterable [name, value] tuple');
          }
          this.#pairs.push([String(name), String(value)]);
        }
      } else {
        for (const [name, value] of Object.entries(init)) {
          this.#pairs.push([name, String(value)]);
        }
      }
    } else {
      this[reread](String(init).replace(/^\?/, ''));
    }
  }
  [reread](text) {
    this.#pairs = text
      .split('&')
      .filter((it) => it !== '')
      .map((it) => {
        const equals = it.indexOf('=');
        return equals < 0
          ? [decodeForm(it), '']
          : [decodeForm(it.slice(0, equals)), decodeForm(it.slice(equals + 1))];
      });
  }
  #changed() {
    this[owner]?.(this.toString());
  }
  get size() {
    return this.#pairs.length;
  }
  append(name, value) {
    this.#pairs.push([String(name), String(value)]);
    this.#changed();
  }
  delete(name, value) {
    this.#pairs = this.#pairs.filter(
      ([key, it]) => key !== String(name) || (value !== undefined && it !== String(value))
    );
    this.#changed();
  }
  get(name) {
    return this.#pairs.find(([key]) => key === String(name))?.[1] ?? null;
  }
  getAll(name) {
    return this.#pairs.filter(([key]) => key === String(name)).map(([, value]) => value);
  }
  has(name, value) {
    return this.#pairs.some(([key, it]) => key === String(name) && (value === undefined || it === String(value)));
  }
  set(name, value) {
    const place = this.#pairs.findIndex(([key]) => key === String(name));
    if (place < 0) {
      this.#pairs.push([String(name), String(value)]);
    } else {
      this.#pairs[place][1] = String(value);
      this.#pairs = this.#pairs.filter(([key], i) => i <= place || key !== String(name));
    }
    this.#changed();
  }
  sort() {
    this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    this.#changed();
  }
  forEach(callback, self) {
    for (const [name, value] of this.#pairs) {
      callback.call(self, value, name, this);
    }
  }
  *entries() {
    for (const [name, value] of this.#pairs) {
      yield [name, value];
    }
  }
  *keys() {
    for (const [name] of this.#pairs) {
      yield name;
    }
  }
  *values() {
    for (const [, value] of this.#pairs) {
      yield value;
    }
  }
  [Symbol.iterator]() {
    return this.entries();
  }
  toString() {
    return this.#pairs.map(([name, value]) => `${encodeForm(name)}=${encodeForm(value)}`).join('&');
  }
  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    const shown = this.#pairs.map(([name, value]) => `${inspect(name)} => ${inspect(value)}`);
    return shown.length === 0 ? 'URLSearchParams {}' : `URLSearchParams { ${shown.join(', ')} }`;
  }
}
for (const [type, tag] of [[URL, 'URL'], [URLSearchParams, 'URLSearchParams']]) {
  Object.defineProperty(type.prototype, Symbol.toStringTag, { value: tag, configurable: true });
}

function fileURLToPath(value) {
  const url = typeof value === 'string' ? new URL(value) : value;
  if (url.protocol !== 'file:') {
    throw new TypeError('The URL must be of scheme file');
  }
  return decodeURIComponent(url.pathname);
}

module.exports = {
  URL,
  URLSearchParams,
  domainToASCII: (domain) => domainToASCII(domain) ?? '',
  fileURLToPath,
  pathToFileURL: (path) => new URL(`file://${encode(require('path').resolve(path), pathSet)}`),
  format: (url) => (typeof url === 'string' ? url : (url.href ?? new URL(`${url.protocol}//${url.host ?? url.hostname}${url.pathname ?? ''}${url.search ?? ''}`).href)),
  resolve: (from, to) => new URL(to, from).href,
  /** The legacy parser's shape, for libraries that still ask for it. */
  parse(text, withQuery) {
    const url = URL.parse(text, 'file:///');
    const absolute = URL.canParse(text);
    const query = url.search.slice(1);
    return {
      href: absolute ? url.href : text,
      protocol: absolute ? url.protocol : null,
      host: absolute ? url.host : null,
      hostname: absolute ? url.hostname : null,
      port: url.port || null,
      pathname: url.pathname,
      search: url.search || null,
      query: withQuery ? Object.fromEntries(url.searchParams) : query || null,
      hash: url.hash || null,
      auth: url.username ? `${url.username}:${url.password}` : null,
      path: url.pathname + url.search,
      slashes: absolute,
    };
  },
};
