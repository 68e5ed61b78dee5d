"""Finds the place in a value that JSON cannot carry."""

import math

_DEEPEST = 200


def problem(value, path):
    """One sentence that names the first offending place."""
    found = _search(value, path, [], 0)
    return found or "%s cannot be carried by JSON" % path


def check(value, path):
    """TypeError or ValueError with a clear path if the value cannot be carried."""
    found = _search(value, path, [], 0)
    if found:
        raise TypeError(found)


def _search(value, path, above, depth):
    if value is None or isinstance(value, (str, bool, int)):
        return None
    if isinstance(value, float):
        if math.isfinite(value):
            return None
        return "%s: %r has no JSON form" % (path, value)
    if depth > _DEEPEST:
        return "%s: nested deeper than %d levels" % (path[:200] + "…", _DEEPEST)
    if isinstance(value, (list, tuple)):
        items = (("%s[%d]" % (path, i), item) for i, item in enumerate(value))
    elif isinstance(value, dict):
        for key in value:
            if not (key is None or isinstance(key, (str, int, float, bool))):
                return "%s: a key is %s, JSON keys are strings" % (path, _name(key))
        items = ((_member(path, key), item) for key, item in value.items())
    else:
        return "%s: %s has no JSON form%s" % (path, _name(value), _advice(value))
    if any(value is outer for outer in above):
        return "%s: refers back to a value that contains it" % path
    above.append(value)
    for place, item in items:
        found = _search(item, place, above, depth + 1)
        if found:
            return found
    above.pop()
    return None


def _member(path, key):
    if isinstance(key, str) and key.isidentifier():
        return "%s.%s" % (path, key)
    return "%s[%r]" % (path, key)


def _name(value):
    return type(value).__qualname__


def _advice(value):
    if isinstance(value, (bytes, bytearray, memoryview)):
        return " (use base64 or .decode())"
    if isinstance(value, (set, frozenset)):
        return " (use sorted() or list())"
    if hasattr(value, "__dataclass_fields__"):
        return " (use dataclasses.asdict())"
    if hasattr(value, "isoformat"):
        return " (use .isoformat())"
    if hasattr(value, "__next__"):
        return " (use list())"
    return ""
