// fetch, Headers, Request, Response and FormData (WHATWG Fetch) through the host's HTTP.
const { HostError, cancel, start } = internal;
const { Blob, Buffer } = require('buffer');

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

class Headers {
  #lists = new Map(); // lower-case name -> values
  constructor(init) {
    if (init === undefined || init === null) {
      return;
    }
    const pairs = typeof init[Symbol.iterator] === 'function' ? init : Object.entries(init);
    for (const [name, value] of pairs) {
      this.append(name, value);
    }
  }
  append(name, value) {
    const key = checked(name);
    this.#lists.set(key, [...(this.#lists.get(key) ?? []), normalized(name, value)]);
  }
  set(name, value) {
    this.#lists.set(checked(name), [normalized(name, value)]);
  }
  get(name) {
    return this.#lists.get(checked(name))?.join(', ') ?? null;
  }
  getSetCookie() {
    return [...(this.#lists.get('set-cookie') ?? [])];
  }
  has(name) {
    return this.#lists.has(checked(name));
  }
  delete(name) {
    this.#lists.delete(checked(name));
  }
  forEach(callback, self) {
    for (const [name, value] of this) {
      callback.call(self, value, name, this);
    }
  }
  *entries() {
    for (const name of [...this.#lists.keys()].sort()) {
      if (name === 'set-cookie') {
        for (const value of this.#lists.get(name)) {
          yield [name, value];
        }
      } else {
        yield [name, this.#lists.get(name).join(', ')];
      }
    }
  }
  *keys() {
    for (const [name] of this.entries()) {
      yield name;
    }
  }
  *values() {
    for (const [, value] of this.entries()) {
      yield value;
    }
  }
  [Symbol.iterator]() {
    return this.entries();
  }
  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    return `Headers ${inspect(Object.fromEntries(this))}`;
  }
}

function checked(name) {
  if (!token.test(String(name))) {
    throw new TypeError(`Headers: ${name} is an invalid header name`);
  }
  return String(name).toLowerCase();
}

function normalized(name, value) {
  const text = String(value).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
  if (/[\0\n\r]/.test(text)) {
    throw new TypeError(`Headers: the value of ${name} is invalid`);
  }
  return text;
}

class FormData {
  #entries = [];
  append(name, value, filename) {
    this.#entries.push([String(name), value instanceof Blob ? value : String(value), filename]);
  }
  set(name, value, filename) {
    this.delete(name);
    this.append(name, value, filename);
  }
  delete(name) {
    this.#entries = this.#entries.filter(([key]) => key !== String(name));
  }
  get(name) {
    return this.#entries.find(([key]) => key === String(name))?.[1] ?? null;
  }
  getAll(name) {
    return this.#entries.filter(([key]) => key === String(name)).map(([, value]) => value);
  }
  has(name) {
    return this.#entries.some(([key]) => key === String(name));
  }
  *entries() {
    for (const [name, value] of this.#entries) {
      yield [name, value];
    }
  }
  forEach(callback, self) {
    for (const [name, value] of this) {
      callback.call(self, value, name, this);
    }
  }
  *keys() {
    for (const [name] of this) {
      yield name;
    }
  }
  *values() {
    for (const [, value] of this) {
      yield value;
    }
  }
  [Symbol.iterator]() {
    return this.entries();
  }
  static async encode(form) {
    const boundary = `----capsule${require('crypto').randomUUID().replaceAll('-', '')}`;
    const escape = (text) => text.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22');
    const parts = [];
    for (const [name, value, filename] of form.#entries) {
      let head = `--${boundary}\r\nContent-Disposition: form-data; name="${escape(name)}"`;
      if (value instanceof Blob) {
        head += `; filename="${escape(String(filename ?? value.name ?? 'blob'))}"`;
        head += `\r\nContent-Type: ${value.type || 'application/octet-stream'}`;
      }
      parts.push(Buffer.from(`${head}\r\n\r\n`));
      parts.push(value instanceof Blob ? Buffer.from(await value.arrayBuffer()) : Buffer.from(value));
      parts.push(Buffer.from('\r\n'));
    }
    parts.push(Buffer.from(`--${boundary}--\r\n`));
    return { bytes: Buffer.concat(parts), type: `multipart/form-data; boundary=${boundary}` };
  }
}

/** The bytes of a body and the content type it implies. */
async function bodyBytes(body) {
  if (body === null || body === undefined) {
    return { bytes: null, type: null };
  }
  if (body instanceof FormData) {
    return FormData.encode(body);
  }
  if (body instanceof Blob) {
    return { bytes: new Uint8Array(await body.arrayBuffer()), type: body.type || null };
  }
  if (body instanceof URLSearchParams) {
    return { bytes: Buffer.from(String(body)), type: 'application/x-www-form-urlencoded;charset=UTF-8' };
  }
  if (body instanceof ArrayBuffer) {
    return { bytes: new Uint8Array(body.slice(0)), type: null };
  }
  if (ArrayBuffer.isView(body)) {
    return { bytes: new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice(), type: null };
  }
  if (typeof body === 'object' && typeof body[Symbol.asyncIterator] === 'function') {
    const chunks = [];
    for await (const chunk of body) {
      chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    }
    return { bytes: Buffer.concat(chunks), type: null };
  }
  return { bytes: Buffer.from(String(body)), type: 'text/plain;charset=UTF-8' };
}

/** What Request and Response have in common: a body that can be read once. */
class Body {
  #source;
  #bytes;
  #stream = null;
  #used = false;
  constructor(source) {
    this.#source = source ?? null;
  }
  get body() {
    if (this.#source === null) {
      return null;
    }
    if (this.#stream === null) {
      const read = () => this.#read();
      this.#stream = new ReadableStream({
        async start(controller) {
          try {
            const bytes = await read();
            if (bytes.length > 0) {
              controller.enqueue(Uint8Array.from(bytes));
            }
            controller.close();
          } catch (error) {
            controller.error(error);
          }
        },
      });
    }
    return this.#stream;
  }
  get bodyUsed() {
    return this.#used || Boolean(this.#stream?.locked);
  }
  async #read() {
    this.#bytes ??= (await bodyBytes(this.#source)).bytes ?? new Uint8Array(0);
    return this.#bytes;
  }
  async #consume() {
    if (this.bodyUsed) {
      throw new TypeError('Body is unusable: Body has already been read');
    }
    this.#used = this.#source !== null;
    return this.#read();
  }
  async arrayBuffer() {
    return Uint8Array.from(await this.#consume()).buffer;
  }
  async bytes() {
    return Uint8Array.from(await this.#consume());
  }
  async text() {
    return new TextDecoder().decode(await this.#consume());
  }
  async json() {
    return JSON.parse(await this.text());
  }
  async blob() {
    return new Blob([await this.#consume()], { type: this.headers.get('content-type') ?? '' });
  }
  async formData() {
    const type = this.headers.get('content-type') ?? '';
    if (!type.startsWith('application/x-www-form-urlencoded')) {
      throw new TypeError(`formData() cannot read ${type || 'a body without content type'}`);
    }
    const form = new FormData();
    for (const [name, value] of new URLSearchParams(await this.text())) {
      form.append(name, value);
    }
    return form;
  }
  static copy(from) {
    if (from.bodyUsed) {
      throw new TypeError('Body has already been consumed');
    }
    return from.#source;
  }
}

const upperMethods = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH']);

class Request extends Body {
  constructor(input, init = {}) {
    const from = input instanceof Request ? input : undefined;
    const body = init.body !== undefined ? init.body : from && Body.copy(from);
    super(body);
    const method = String(init.method ?? from?.method ?? 'GET');
    this.method = upperMethods.has(method.toUpperCase()) ? method.toUpperCase() : method;
    if (!token.test(method) || ['CONNECT', 'TRACE', 'TRACK'].includes(method.toUpperCase())) {
      throw new TypeError(`'${method}' is not a valid HTTP method`);
    }
    if (body !== undefined && body !== null && ['GET', 'HEAD'].includes(this.method)) {
      throw new TypeError('Request with GET/HEAD method cannot have body');
    }
    this.url = from ? from.url : new URL(String(input)).href;
    this.headers = new Headers(init.headers ?? from?.headers);
    this.redirect = init.redirect ?? from?.redirect ?? 'follow';
    this.signal = init.signal ?? from?.signal ?? new AbortController().signal;
    Object.assign(this, { cache: 'default', credentials: 'same-origin', mode: 'cors', referrer: '' });
    this.integrity = '';
    this.keepalive = false;
    this.duplex = 'half';
    impliedType(this, body);
  }
  clone() {
    return new Request(this);
  }
}

/** Content types that are known before the body is read. */
function impliedType(message, body) {
  if (message.headers.has('content-type') || body === undefined || body === null) {
    return;
  }
  if (body instanceof URLSearchParams) {
    message.headers.set('content-type', 'application/x-www-form-urlencoded;charset=UTF-8');
  } else if (body instanceof Blob) {
    if (body.type) {
      message.headers.set('content-type', body.type);
    }
  } else if (typeof body === 'string') {
    message.headers.set('content-type', 'text/plain;charset=UTF-8');
  }
}

class Response extends Body {
  constructor(body = null, init = {}) {
    super(body);
    const status = init.status ?? 200;
    if (!Number.isInteger(status) || status < 200 || status > 599) {
      throw new RangeError('Failed to construct Response: the status must be in the range [200, 599]');
    }
    if (body !== null && [204, 205, 304].includes(status)) {
      throw new TypeError(`Response with status ${status} cannot have body`);
    }
    this.status = status;
    this.statusText = String(init.statusText ?? '');
    this.headers = new Headers(init.headers);
    this.url = '';
    this.redirected = false;
    this.type = 'default';
    impliedType(this, body);
  }
  get ok() {
    return this.status >= 200 && this.status <= 299;
  }
  clone() {
    const copy = new Response(Body.copy(this), this);
    return Object.assign(copy, { url: this.url, redirected: this.redirected, type: this.type });
  }
  static json(data, init = {}) {
    const response = new Response(JSON.stringify(data), init);
    if (!new Headers(init.headers).has('content-type')) {
      response.headers.set('content-type', 'application/json');
    }
    return response;
  }
  static error() {
    return Object.assign(new Response(null), { type: 'error', status: 0 });
  }
  static redirect(url, status = 302) {
    return new Response(null, { status, headers: { location: new URL(url).href } });
  }
}

/** The host refused or failed; `cause` and `code` tell which. */
function fetchError(error) {
  if (!(error instanceof HostError)) {
    return error;
  }
  const failure = new TypeError(`fetch failed: ${error.message}`, { cause: error });
  failure.code = { host_denied: 'HOST_DENIED', timeout: 'UND_ERR_HEADERS_TIMEOUT' }[error.kind] ?? 'NETWORK';
  if (error.kind === 'host_denied') {
    Object.defineProperty(failure, 'capsuleKind', { value: 'host_denied' });
  }
  return failure;
}

async function fetch(input, init) {
  const request = new Request(input, init);
  const { signal } = request;
  signal.throwIfAborted();
  const source = Body.copy(request);
  const { bytes, type } = await bodyBytes(source);
  if (type !== null && !request.headers.has('content-type')) {
    request.headers.set('content-type', type);
  }
  let operation;
  try {
    operation = start({
      op: 'http',
      method: request.method,
      url: request.url,
      headers: [...request.headers],
      body: bytes === null ? null : Uint8Array.prototype.toBase64.call(bytes),
      redirect: request.redirect === 'follow' ? 'follow' : 'manual',
    });
  } catch (error) {
    throw fetchError(error);
  }
  const aborted = new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      cancel(operation.id);
      reject(signal.reason);
    });
  });
  let value;
  try {
    value = await Promise.race([operation.promise, aborted]);
  } catch (error) {
    throw fetchError(error);
  }
  if (request.redirect === 'error' && value.status >= 300 && value.status < 400) {
    throw new TypeError('fetch failed: unexpected redirect');
  }
  const empty = [204, 205, 304].includes(value.status) || request.method === 'HEAD';
  const response = new Response(empty ? null : Uint8Array.fromBase64(value.body), {
    headers: value.headers,
    statusText: statusTexts[value.status] ?? '',
  });
  return Object.assign(response, {
    status: value.status,
    url: value.url,
    redirected: value.url !== request.url,
    type: 'basic',
  });
}

const statusTexts = {
  200: 'OK', 201: 'Created', 202: 'Accepted', 204: 'No Content', 206: 'Partial Content',
  301: 'Moved Permanently', 302: 'Found', 303: 'See Other', 304: 'Not Modified',
  307: 'Temporary Redirect', 308: 'Permanent Redirect', 400: 'Bad Request', 401: 'Unauthorized',
  403: 'Forbidden', 404: 'Not Found', 405: 'Method Not Allowed', 409: 'Conflict', 410: 'Gone',
  422: 'Unprocessable Entity', 429: 'Too Many Requests', 500: 'Internal Server Error',
  501: 'Not Implemented', 502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Timeout',
};

for (const type of [FormData, Headers, Request, Response]) {
  Object.defineProperty(type.prototype, Symbol.toStringTag, { value: type.name, configurable: true });
}

module.exports = { FormData, Headers, Request, Response, fetch };
