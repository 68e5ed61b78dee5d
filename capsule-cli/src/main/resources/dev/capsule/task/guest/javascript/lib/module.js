// node:module
function createRequire(from) {
  const path = String(from?.href ?? from).replace(/^file:\/\//, '');
  if (!path.startsWith('/')) {
    throw new TypeError('createRequire() wants an absolute path or a file URL');
  }
  return internal.requireFrom(path.slice(1));
}

class Module {}
Object.assign(Module, { createRequire, builtinModules: [], isBuiltin: (name) => String(name).startsWith('node:'), Module });
module.exports = Module;
