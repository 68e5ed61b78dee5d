"""Imports: the SDK's own modules, the user's modules beside the entry file, and stand-ins.

The host serves sources by module name, so nothing of the project is visible as files unless it was
granted. Some standard modules get what a sandbox lacks right after they were loaded.
"""

import binascii
import marshal
import sys

_Spec = type(sys.__spec__)
_path_finder = next(f for f in sys.meta_path if getattr(f, "__name__", "") == "PathFinder")

# What the interpreter lacks (ssl) or what needs the host's help once it is loaded.
_REPLACED = {"ssl": "capsule._ssl"}
_PATCHED = {
    "asyncio": ("capsule._loop", "install"),
    "select": ("capsule._sockets", "install_select"),
    "selectors": ("capsule._sockets", "install_selectors"),
    "socket": ("capsule._sockets", "install"),
}


class Sources:
    """Finder and loader of modules whose sources come from the host."""

    def __init__(self, device):
        self._device = device
        self.top_level = frozenset()
        self.namespaces = frozenset()
        self.texts = {}

    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top == "capsule" or top in self.top_level or (path and top in self.namespaces):
            return self._spec(name, name)
        if name in _REPLACED:
            return self._spec(name, _REPLACED[name])
        if name in _PATCHED:
            spec = _path_finder.find_spec(name, path, target) or _builtin(name)
            if spec is not None:
                spec.loader = _Patching(spec.loader, *_PATCHED[name])
            return spec
        return None

    def _spec(self, name, source_name):
        found = self._device.request({"op": "module", "name": source_name})
        if found is None:
            return None
        spec = _Spec(name, self, origin=found["path"], is_package=found["package"])
        spec.has_location = True
        spec.loader_state = found
        if found["package"]:
            spec.submodule_search_locations = [found["path"].rpartition("/")[0]]
        return spec

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        spec = module.__spec__
        found, spec.loader_state = spec.loader_state, None
        if "code" in found:
            code = marshal.loads(binascii.a2b_base64(found["code"]))
        else:
            source = self.texts[module.__name__] = found["source"]
            code = compile(source, spec.origin, "exec", dont_inherit=True)
        exec(code, module.__dict__)

    def get_source(self, name):
        return self.texts.get(name)

    def is_package(self, name):
        return sys.modules[name].__spec__.submodule_search_locations is not None

    def get_filename(self, name):
        return sys.modules[name].__spec__.origin

    def get_data(self, path):
        """A file of the project that belongs to a package (pkgutil, importlib.resources)."""
        data = self._device.request({"op": "data", "path": path})
        if data is None:
            raise FileNotFoundError(44, "No such file or directory", path)
        return binascii.a2b_base64(data)


class _Patching:
    """Loads a standard module as usual, then lets the SDK add the sandbox's parts."""

    def __init__(self, loader, module, function):
        self._loader = loader
        self._module = module
        self._function = function

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        self._loader.exec_module(module)
        __import__(self._module)
        getattr(sys.modules[self._module], self._function)(module)


def _builtin(name):
    for finder in sys.meta_path:
        if getattr(finder, "__name__", "") == "BuiltinImporter":
            return finder.find_spec(name)
    return None


class _Namespaces:
    """Folders without __init__.py: found only where nothing else has the name."""

    def __init__(self, sources):
        self._sources = sources

    def find_spec(self, name, path=None, target=None):
        if name in self._sources.namespaces:
            return self._sources._spec(name, name)
        return None


def install(device):
    """Puts the finder in front of the others; returns it."""
    sources = Sources(device)
    sys.meta_path.insert(0, sources)
    sys.meta_path.append(_Namespaces(sources))
    return sources
