"""Tracebacks look exactly as they would without us: our frames are unlinked from them."""

import dis
import linecache
import os
import sys
import types

_PACKAGE = os.path.dirname(os.path.abspath(__file__)) + os.sep


def _is_ours(traceback):
    return traceback.tb_frame.f_code.co_filename.startswith(_PACKAGE)


def unlink(error):
    """For an `except` clause that ends in a bare `raise`, which adds no entry of its own: takes ours out."""
    error.__traceback__ = without_us(error.__traceback__)


def without_us(traceback):
    while traceback is not None and _is_ours(traceback):
        traceback = traceback.tb_next
    at = traceback
    while at is not None:
        while at.tb_next is not None and _is_ours(at.tb_next):
            at.tb_next = at.tb_next.tb_next
        at = at.tb_next
    return traceback


def clean(error):
    """The whole chain of errors."""
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        error.__traceback__ = unhooked(without_us(error.__traceback__))
        error = error.__cause__ or error.__context__


def unhooked(traceback):
    """
    With hooks on modules (there at steps that are measured), torch's `Module._call_impl` takes another way to the same
    call. The entries that tell of it are made to say what they would have said without hooks.
    """
    module = sys.modules.get("torch.nn.modules.module")
    code = getattr(getattr(getattr(module, "Module", None), "_call_impl", None), "__code__", None)
    plain = code and _plain_call(code)
    entries = []
    while traceback is not None:
        entries.append(traceback)
        traceback = traceback.tb_next
    result = None
    for i in range(len(entries) - 1, -1, -1):
        entry = entries[i]
        before = entries[i - 1].tb_frame.f_code if i else None
        if plain and before is code and entry.tb_frame.f_code.co_name == "inner":
            continue  # `_call_impl`'s own helper
        if plain and entry.tb_frame.f_code is code:
            result = types.TracebackType(result, entry.tb_frame, *plain)
        else:
            entry.tb_next = result
            result = entry
    return result


def _plain_call(code):
    """(offset, line) of the call that a module without hooks makes."""
    wanted, line = None, None
    for number in range(code.co_firstlineno, code.co_firstlineno + 40):
        if linecache.getline(code.co_filename, number).strip().startswith("return forward_call("):
            wanted = number
            break
    for instruction in dis.get_instructions(code):
        starts = getattr(instruction, "line_number", None) or instruction.starts_line
        line = starts if isinstance(starts, int) and not isinstance(starts, bool) else line
        if wanted is not None and line == wanted and instruction.opname.startswith("CALL"):
            return instruction.offset, wanted
    return None
