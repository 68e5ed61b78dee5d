// Node's modules that a sandbox cannot have. Packages import many of them for what they do elsewhere,
// so importing is free; using one fails with an error that names it. A question has its answer.
const names = {
  async_hooks: 'AsyncLocalStorage AsyncResource createHook executionAsyncId triggerAsyncId',
  child_process: 'ChildProcess exec execFile execFileSync execSync fork spawn spawnSync',
  cluster: 'Worker disconnect fork setupPrimary',
  dgram: 'Socket createSocket',
  diagnostics_channel: 'Channel channel hasSubscribers subscribe tracingChannel unsubscribe',
  dns:
    'Resolver getServers lookup lookupService resolve resolve4 resolve6 resolveCname resolveMx ' +
    'resolveNs resolveSrv resolveTxt reverse setServers',
  domain: 'Domain create createDomain',
  http:
    'Agent ClientRequest IncomingMessage OutgoingMessage Server ServerResponse createServer get ' +
    'request validateHeaderName validateHeaderValue',
  http2:
    'Http2ServerRequest Http2ServerResponse connect createSecureServer createServer ' +
    'getDefaultSettings',
  https: 'Agent Server createServer get request',
  inspector: 'Session close open url waitForDebugger',
  net: 'BlockList Server Socket SocketAddress Stream connect createConnection createServer',
  readline:
    'Interface clearLine clearScreenDown createInterface cursorTo emitKeypressEvents moveCursor',
  repl: 'REPLServer Recoverable start',
  stream:
    'Duplex PassThrough Readable Stream Transform Writable addAbortSignal compose finished ' +
    'pipeline',
  tls: 'SecureContext Server TLSSocket checkServerIdentity connect createSecureContext createServer',
  trace_events: 'createTracing getEnabledCategories',
  tty: 'ReadStream WriteStream',
  v8: 'Deserializer Serializer deserialize getHeapSnapshot getHeapStatistics serialize',
  vm:
    'Script compileFunction createContext createScript isContext runInContext runInNewContext ' +
    'runInThisContext',
  wasi: 'WASI',
  worker_threads:
    'BroadcastChannel MessageChannel MessagePort Worker getEnvironmentData markAsUntransferable ' +
    'receiveMessageOnPort setEnvironmentData',
  zlib:
    'BrotliCompress BrotliDecompress Deflate DeflateRaw Gunzip Gzip Inflate InflateRaw Unzip ' +
    'brotliCompress brotliCompressSync brotliDecompress brotliDecompressSync crc32 ' +
    'createBrotliCompress createBrotliDecompress createDeflate createDeflateRaw createGunzip ' +
    'createGzip createInflate createInflateRaw createUnzip deflate deflateRaw deflateRawSync ' +
    'deflateSync gunzip gunzipSync gzip gzipSync inflate inflateRaw inflateRawSync inflateSync ' +
    'unzip unzipSync',
  'dns/promises': 'Resolver lookup resolve resolve4 resolve6 reverse',
  'readline/promises': 'Interface createInterface',
  'stream/consumers': 'arrayBuffer blob buffer json text',
  'stream/promises': 'finished pipeline',
};

/** What can be told without having the thing. */
const answers = {
  cluster: { isMaster: true, isPrimary: true, isWorker: false },
  http: { METHODS: ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'], STATUS_CODES: {} },
  http2: { constants: {} },
  net: { isIP: ipVersion, isIPv4: (text) => ipVersion(text) === 4, isIPv6: (text) => ipVersion(text) === 6 },
  tls: { rootCertificates: [] },
  tty: { isatty: () => false },
  vm: { constants: {} },
  worker_threads: { isMainThread: true, parentPort: null, threadId: 0, workerData: null },
  zlib: { codes: {}, constants: {} },
};

function ipVersion(text) {
  const parts = String(text).split('.');
  if (parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) {
    return 4;
  }
  try {
    return String(text).includes(':') && new URL(`http://[${text}]/`) ? 6 : 0;
  } catch {
    return 0;
  }
}

function absent(module, name) {
  const missing = function () {
    throw new Error(`${module}.${name} is not available inside a Capsule sandbox`);
  };
  Object.defineProperty(missing, 'name', { value: name });
  return missing;
}

/** The module of that name, without what it is for. */
exports.make = (module) => {
  let made = {};
  if (module === 'stream') {
    // Itself a class, of which old packages inherit.
    made = absent(module, 'Stream');
  }
  for (const name of (names[module] ?? '').split(' ').filter(Boolean)) {
    made[name] = absent(module, name);
  }
  Object.assign(made, answers[module]);
  for (const part of ['promises', 'consumers']) {
    if (`${module}/${part}` in names) {
      made[part] = exports.make(`${module}/${part}`);
    }
  }
  return made;
};
