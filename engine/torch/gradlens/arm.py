"""Makes a Python process ready: nothing happens until torch is imported, and nothing is sent until it trains."""

import atexit
import importlib.abc
import importlib.machinery
import os
import sys

from . import sites, tracebacks
from .ranks import PARENT
from .settings import Settings

_armed = None


class Startup:
    """What this process was started as, and how it ends."""

    def __init__(self, settings):
        self.settings = settings
        self.observer = None
        self.error = None
        self.exit_code = None

    @property
    def script(self):
        main = sys.modules.get("__main__")
        file = getattr(main, "__file__", None)
        if file is None:
            return self.settings.script or "<python>"
        return os.path.normpath(os.path.join(self.settings.cwd, file))

    @property
    def arguments(self):
        return [str(argument) for argument in sys.argv[1:]]

    def is_main(self):
        """True for the script that was meant; not for launchers, loaders' workers and other processes beside it."""
        multiprocessing = sys.modules.get("multiprocessing.process")
        if multiprocessing is not None and multiprocessing.parent_process() is not None:
            return False
        wanted = self.settings.script
        return sites.user_file(self.script) is not None and (wanted is None or os.path.normpath(wanted) == self.script)

    # Called by Python -------------------------------------------------------------------------------------------------

    def torch_imported(self):
        from . import patches
        from .observer import Observer

        self.observer = Observer(self.settings, self)
        patches.install(self.observer)

    def failed(self, kind, error, traceback):
        site = sites.site_of_traceback(traceback)
        if isinstance(error, SyntaxError) and error.filename and sites.user_file(error.filename):
            site = (sites.user_file(error.filename), error.lineno or 1, error.offset or 1)
        import traceback as text

        stack = "".join(text.format_exception(kind, error, traceback))
        if site:
            self.tell_source(site[0])
        self.error = dict(name=kind.__name__, message=str(error), stack=stack, site=sites.as_json(site)), site

    def tell_source(self, file):
        if self.observer is not None:
            self.observer.tell_source(file)

    def ended(self):
        """At the very end: how the run went."""
        observer = self.observer
        if observer is None or not observer.stream.opened and not self.is_main():
            return
        try:
            observer.open()
            self._say_end(observer)
        except Exception as error:
            observer.fail(error)

    def _say_end(self, observer):
        error, site = self.error or (None, None)
        stopping = observer.control.command == "stop"
        if error is not None and error["name"] == "KeyboardInterrupt":
            observer.end(observer.control.reason if stopping else "stopped", None, "Interrupted.", site)
        elif stopping:
            observer.end(observer.control.reason, self.exit_code, None, site)
        elif error is not None:
            observer.end("failed", 1, None, site, error)
        elif self.exit_code:
            observer.end("failed", self.exit_code, "The script ended itself with exit code %d." % self.exit_code, None)
        else:
            observer.end("completed", 0, None, None)

    def forked(self):
        if self.observer is not None:
            self.observer.on = False
            self.observer.differences.attach(False)
            self.observer.stream.abandon()
        self.observer = None


def arm(settings=None):
    """Once a process. Gives what it is armed with."""
    global _armed
    if _armed is not None:
        return _armed
    settings = settings or Settings()
    sites.cwd = os.getcwd()
    _armed = startup = Startup(settings)
    if not settings.wanted:
        return startup
    os.environ.setdefault(PARENT, str(os.getpid()))
    _watch_errors(startup)
    _watch_exit(startup)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=startup.forked)
    if "torch" in sys.modules:
        startup.torch_imported()
    else:
        sys.meta_path.insert(0, _Finder(startup))
    # Last to be registered is first to run: torch's own and the script's come before.
    atexit.register(startup.ended)
    return startup


def _watch_errors(startup):
    earlier = sys.excepthook

    def excepthook(kind, error, traceback):
        try:
            error.__traceback__ = traceback
            tracebacks.clean(error)
            traceback = sys.last_traceback = error.__traceback__
        except Exception:
            pass  # then it shows a frame or two of ours
        try:
            startup.failed(kind, error, traceback)
        except Exception:
            pass  # the error itself is what matters
        earlier(kind, error, traceback)

    sys.excepthook = excepthook


def _watch_exit(startup):
    """The exit code that a script gives itself isn't told to anybody inside; it's remembered on its way."""
    original = sys.exit

    def exit(status=None):
        startup.exit_code = status if isinstance(status, int) else 0 if status is None else 1
        original(status)

    exit.__doc__ = original.__doc__
    sys.exit = exit


class _Finder(importlib.abc.MetaPathFinder):
    """Sees torch being imported, and steps in when it is complete."""

    def __init__(self, startup):
        self._startup = startup

    def find_spec(self, name, path=None, target=None):
        if name != "torch":
            return None
        sys.meta_path.remove(self)
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader.exec_module = self._then(spec.loader.exec_module)
        return spec

    def _then(self, exec_module):
        def run(module):
            exec_module(module)
            try:
                self._startup.torch_imported()
            except Exception as error:
                sys.stderr.write("GradLens: can't watch this torch: %r\n" % (error,))

        return run
