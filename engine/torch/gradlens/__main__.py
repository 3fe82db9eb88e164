"""`python -m gradlens SCRIPT ARGS…` runs a script as `python SCRIPT ARGS…` does, watched."""

import importlib.machinery
import os
import sys
import types

from .arm import arm
from .tracebacks import without_us


def main():
    if len(sys.argv) < 2:
        sys.stderr.write("usage: python -m gradlens SCRIPT [ARGS…]\n")
        raise SystemExit(64)
    del sys.argv[0]
    script = sys.argv[0]
    _let_children_in()
    arm()
    if not getattr(sys.flags, "safe_path", False):
        sys.path[0] = os.path.dirname(os.path.realpath(script))
    file = os.path.abspath(script) if sys.version_info >= (3, 9) else script
    module = types.ModuleType("__main__")
    module.__file__ = file
    module.__builtins__ = sys.modules["builtins"]
    module.__loader__ = importlib.machinery.SourceFileLoader("__main__", file)
    module.__cached__ = None
    sys.modules["__main__"] = module
    _strip_ours()
    try:
        with open(script, "rb") as text:
            source = text.read()
    except OSError as error:
        sys.stderr.write("%s: can't open file '%s': [Errno %s] %s\n" % (sys.executable, file, error.errno, error.strerror))
        raise SystemExit(2)
    exec(compile(source, file, "exec"), module.__dict__)


def _let_children_in():
    """Processes that the script starts are watched, too."""
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "inject")
    others = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry and entry != folder]
    os.environ["PYTHONPATH"] = os.pathsep.join([folder] + others)
    os.environ["GRADLENS"] = "1"


def _strip_ours():
    """Python's own way to run a module leaves frames in tracebacks that a script wouldn't have."""
    earlier = sys.excepthook

    def excepthook(kind, error, traceback):
        while traceback is not None and traceback.tb_frame.f_globals.get("__name__") in ("runpy", "gradlens.__main__"):
            traceback = traceback.tb_next
        traceback = without_us(traceback)
        if error is not None:
            error.__traceback__ = traceback
        earlier(kind, error, traceback)

    sys.excepthook = excepthook


if __name__ == "__main__":
    main()
