"""Where in the user's source something was made: file, line and column, taken from the call stack."""

import linecache
import os
import sys
import sysconfig
from itertools import islice

_PACKAGE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_LIBRARIES = tuple(
    {os.path.join(path, "") for path in map(sysconfig.get_path, ("stdlib", "platstdlib", "purelib", "platlib")) if path}
)
_PACKAGES = (os.sep + "site-packages" + os.sep, os.sep + "dist-packages" + os.sep)
#: Frames looked at: a model nests a few calls deep above torch's own.
_DEPTH = 200

_user_files = {}
cwd = os.getcwd()


def user_file(name):
    """Absolute path of a user's source file; None for Python's own, a package's, or what is no file."""
    known = _user_files.get(name, "")
    if known != "":
        return known
    path = os.path.normpath(os.path.join(cwd, name))
    foreign = (
        name.startswith("<")
        or path.startswith(_PACKAGE)
        or any(part in path for part in _PACKAGES)
        or path.startswith(_LIBRARIES)
    )
    _user_files[name] = None if foreign else path
    return _user_files[name]


def user_frames(frame):
    """The user's frames from `frame` on outwards."""
    for _ in range(_DEPTH):
        if frame is None:
            return
        if user_file(frame.f_code.co_filename):
            yield frame
        frame = frame.f_back


def site_of(frame, lasti=None, line=None):
    """(file, line, column) of the call that a frame is in; columns count from 1, and are 1 before Python 3.11."""
    code = frame.f_code
    positions = getattr(code, "co_positions", None)
    column = None
    if positions is not None:
        found = next(islice(positions(), (frame.f_lasti if lasti is None else lasti) // 2, None), None)
        if found and found[0] is not None:
            line, column = found[0], found[2]
    line = line or frame.f_lineno or code.co_firstlineno
    return user_file(code.co_filename) or code.co_filename, line, _characters(code.co_filename, line, column) + 1


def _characters(file, line, column):
    """Columns are told in bytes of UTF-8."""
    if not column:
        return 0
    text = linecache.getline(file, line)
    return column if text.isascii() else len(text.encode("utf-8")[:column].decode("utf-8", "ignore"))


def call_site(frame, skip=()):
    """Site of the innermost of the user's frames, passing over those that run code in `skip`."""
    for user in user_frames(frame):
        if user.f_code not in skip:
            return site_of(user)
    return None


def camel(name):
    """`weight_decay` is `weightDecay`."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def as_json(site):
    return None if site is None else {"file": site[0], "line": site[1], "column": site[2]}


def site_of_traceback(traceback):
    """The user's innermost place in a traceback."""
    found = None
    while traceback is not None:
        if user_file(traceback.tb_frame.f_code.co_filename):
            found = traceback
        traceback = traceback.tb_next
    return found and site_of(found.tb_frame, found.tb_lasti, found.tb_lineno)


def named_values(frame):
    """
    Copies of what the names of a frame stand for. On Python before 3.13, a function's `f_locals` stays with the frame
    and would keep what it holds alive.
    """
    is_function = frame.f_code.co_flags & 3 == 3  # optimized, with locals of its own
    values = dict(frame.f_locals)
    if is_function and sys.version_info < (3, 13):
        frame.f_locals.clear()
    return values
