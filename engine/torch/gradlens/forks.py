"""
`python -m gradlens.forks` runs scripts in processes that have torch already: a fork takes milliseconds, and importing torch
seconds. For many short runs of scripts that nobody else sees; each is watched as its environment says.

Reads requests, one JSON object a line: `id`, `script`, `arguments`, `cwd`, `environment`, `errors` (a file for what the
script writes to stderr). Answers the same way: `ready` first (false where forks of torch aren't safe), then of each
request its `pid`, and its `status` once it's gone (negative: the signal that killed it). Ends with its input.
"""

import gc
import json
import os
import select
import signal
import sys

#: What a GPU's driver has open doesn't survive a fork: CUDA, ROCm, and Windows' GPU below WSL.
_DEVICES = ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg")
#: How often children are asked after, in seconds.
_PATIENCE = 0.02


def main():
    ready = sys.platform.startswith("linux") and not any(map(os.path.exists, _DEVICES)) and _import_torch()
    _tell(ready=ready)
    request = _serve() if ready else None
    if request is not None:
        _become(request)


def _import_torch():
    try:
        import torch  # noqa: F401

        from . import __main__, observer, patches  # noqa: F401
    except ImportError:
        return False
    try:
        import torch._dynamo  # noqa: F401  optimizers import it at their first use
    except Exception:
        pass  # not in this torch
    gc.freeze()
    return True


def _tell(**message):
    os.write(1, (json.dumps(message) + "\n").encode())


def _serve():
    """None at the end of the input; in each new process, the request that it's for."""
    waiting, running = b"", {}
    while True:
        readable, _, _ = select.select([0], [], [], _PATIENCE if running else None)
        if readable:
            read = os.read(0, 65536)
            if not read:
                return None
            *lines, waiting = (waiting + read).split(b"\n")
            for line in lines:
                request = json.loads(line)
                pid = os.fork()
                if pid == 0:
                    return request
                running[pid] = request["id"]
                _tell(id=request["id"], pid=pid)
        for pid in list(running):
            gone, status = os.waitpid(pid, os.WNOHANG)
            if gone:
                code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
                _tell(id=running.pop(pid), status=code)


def _become(request):
    """As if Python had just been started for the script."""
    nothing = os.open(os.devnull, os.O_RDWR)
    errors = os.open(request["errors"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for of, fd in ((nothing, 0), (nothing, 1), (errors, 2)):
        os.dup2(of, fd)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["cwd"])
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path[1:] = [entry for entry in sys.path[1:] if os.path.abspath(entry) != package]
    sys.argv = [sys.argv[0], request["script"]] + request["arguments"]
    from .__main__ import main as run

    run()


if __name__ == "__main__":
    main()
