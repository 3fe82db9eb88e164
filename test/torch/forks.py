"""
Runs scripts as `python SCRIPT ARGS…` would, watched or not, in forks of a process that has imported torch.

Reads requests, one JSON object a line: `id`, `script`, `arguments`, `cwd`, `environment`, and the files for what it
writes, `stdout` and `stderr`. Says `ready` first (false where it can't fork), then of each request its `status` once it's
gone (negative: the signal that killed it). Ends with its input.
"""
import builtins
import gc
import importlib.machinery
import json
import os
import select
import site
import sys
import types

import torch

try:
    import torch._dynamo  # optimizers import it at their first use
except ImportError:
    pass  # not in this torch


def serve():
    """None at the end of the input; in each new process, the request that it's for."""
    waiting, running = b"", {}
    while True:
        readable, _, _ = select.select([0, *running], [], [])
        for descriptor in readable:
            if descriptor in running:
                tell(**ended(descriptor, *running.pop(descriptor)))
        if 0 in readable:
            read = os.read(0, 65536)
            if not read:
                return None
            *lines, waiting = (waiting + read).split(b"\n")
            for line in lines:
                request = json.loads(line)
                pid = os.fork()
                if pid == 0:
                    for descriptor in running:
                        os.close(descriptor)
                    return request
                running[os.pidfd_open(pid)] = pid, request["id"]


def ended(descriptor, pid, id):
    os.close(descriptor)
    _, status = os.waitpid(pid, 0)
    return dict(id=id, status=-os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))


def tell(**message):
    os.write(1, (json.dumps(message) + "\n").encode())


def become(request):
    """Makes this process what Python makes of itself at its start; gives the module that the script is."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    for file, standard in ((os.devnull, 0), (request["stdout"], 1), (request["stderr"], 2)):
        opened = os.open(file, flags if standard else os.O_RDONLY, 0o600)
        os.dup2(opened, standard)
        os.close(opened)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["cwd"])
    path = os.environ.get("PYTHONPATH", "")
    sys.path[:1] = [os.path.abspath(entry) for entry in path.split(os.pathsep)] if path else []
    script = request["script"]
    sys.argv = [script] + request["arguments"]
    module = types.ModuleType("__main__")
    vars(module).update(__annotations__={}, __builtins__=builtins, __file__=script, __cached__=None)
    module.__loader__ = importlib.machinery.SourceFileLoader("__main__", script)
    sys.modules["__main__"] = module
    unimport(torch)
    sys.modules.pop("sitecustomize", None)
    site.execsitecustomize()
    sys.path.insert(0, os.path.dirname(os.path.realpath(script)))
    return module


def unimport(package):
    """Whoever imports it next finds it and loads it, as far as that can be seen."""
    spec = package.__spec__
    spec.loader.create_module = lambda _spec: package
    spec.loader.exec_module = lambda _module: None
    finder = sys.path_importer_cache[os.path.dirname(os.path.dirname(spec.origin))]
    find = finder.find_spec
    finder.find_spec = lambda name, target=None: spec if name == spec.name else find(name, target)
    del sys.modules[spec.name]


if __name__ == "__main__":
    able = hasattr(os, "pidfd_open")
    tell(ready=able)
    gc.freeze()
    request = serve() if able else None
    if request is not None:
        module = become(request)
        with open(module.__file__, "rb") as text:
            code = compile(text.read(), module.__file__, "exec", dont_inherit=True)
        exec(code, vars(module))
