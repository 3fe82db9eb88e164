"""Tells whether running a user's function once more could change anything but what it returns, by its code."""

import builtins
import dis
import math
import types

import torch

from .sites import user_file

#: Whatever they are given, they change nothing.
_BUILTINS = {
    getattr(builtins, name)
    for name in (
        "abs all any bool dict divmod enumerate filter float int isinstance len list map max min pow range reversed round set "
        "slice sorted str sum super tuple type zip ValueError RuntimeError TypeError AssertionError NotImplementedError"
    ).split()
}
_NUMBERS = (bool, int, float, complex, str, type(None), torch.dtype, torch.device, torch.Size)
#: Parts of modules that have a state of their own, and methods that change what they belong to.
_IMPURE = {
    "random", "manual_seed", "seed", "set_rng_state", "cuda", "distributed", "backward", "register_hook", "register_buffer",
    "save", "load", "append", "extend", "insert", "remove", "update", "setdefault", "write", "print", "open", "exec", "eval",
    "set_grad_enabled", "set_default_dtype", "set_num_threads", "use_deterministic_algorithms", "cpp_extension", "ops", "jit",
    "_C", "grad", "send", "recv", "step",
}  # fmt: skip
_STORES = ("STORE_GLOBAL", "DELETE_GLOBAL", "STORE_DEREF", "IMPORT_NAME", "IMPORT_FROM", "IMPORT_STAR", "YIELD_VALUE")
_PARTS = ("forward", "backward", "setup_context")


def is_pure(function):
    """True if the forward and backward of a class of functions use nothing but their arguments and pure functions."""
    try:
        parts = [getattr(function, name) for name in _PARTS if name in _owners(function)]
        own = all(isinstance(part, types.FunctionType) and user_file(part.__code__.co_filename) for part in parts)
        return own and "backward" in _owners(function) and all(_is_pure(part, {function}) for part in parts)
    except Exception:
        return False


def _owners(function):
    """Names that a class defines, or one of the user's classes above it."""
    return {name for c in function.__mro__ if user_file(getattr(_code(c), "co_filename", "<")) for name in vars(c)}


def _code(c):
    for name in _PARTS:
        method = vars(c).get(name)
        code = getattr(getattr(method, "__func__", method), "__code__", None)
        if code is not None:
            return code
    return None


def _is_pure(function, known):
    if function in known:
        return True
    known.add(function)
    if function.__closure__ and not all(_is_harmless(cell.cell_contents, known) for cell in function.__closure__):
        return False
    first = function.__code__.co_varnames[:1]  # the context: it's made for each call
    return _is_pure_code(function.__code__, function.__globals__, first, known)


def _is_pure_code(code, names, context, known):
    before = None
    for instruction in dis.get_instructions(code):
        operation, name = instruction.opname, instruction.argval
        if operation in _STORES:
            return False
        if operation == "STORE_ATTR" and not _loads(before, context):
            return False
        if operation in ("LOAD_GLOBAL", "LOAD_NAME"):
            if name in names:
                if not _is_harmless(names[name], known):
                    return False
            elif getattr(builtins, name, None) not in _BUILTINS:
                return False
        if operation in ("LOAD_ATTR", "LOAD_METHOD") and name in _IMPURE:
            return False
        before = instruction
    # Comprehensions and lambdas are code of their own.
    return all(_is_pure_code(c, names, context, known) for c in code.co_consts if isinstance(c, types.CodeType))


def _loads(instruction, names):
    """True if what an instruction loads last is a variable of one of these names; Python 3.13 loads two at once."""
    if instruction is None or not instruction.opname.startswith("LOAD_FAST"):
        return False
    loaded = instruction.argval
    return (loaded[-1] if isinstance(loaded, tuple) else loaded) in names


def _is_harmless(value, known):
    """What a function may use besides its arguments."""
    if isinstance(value, types.ModuleType):
        root = value.__name__.partition(".")[0]
        return value is math or root == "torch" and not _IMPURE & set(value.__name__.split("."))
    if isinstance(value, _NUMBERS) or value in known:
        return True
    if isinstance(value, (tuple, frozenset)):
        return all(_is_harmless(item, known) for item in value)
    if isinstance(value, types.FunctionType):
        if (value.__module__ or "").partition(".")[0] == "torch":
            return value.__name__ not in _IMPURE
        return _is_pure(value, known)
    if isinstance(value, types.BuiltinFunctionType):
        return value in _BUILTINS or (value.__module__ or "").partition(".")[0] in ("torch", "math")
    return isinstance(value, type) and (value is torch.Tensor or value in _BUILTINS)
