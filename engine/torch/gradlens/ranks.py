"""Which of several processes this is."""

import os
import sys


def rank_and_world():
    """(rank, number of ranks), or (None, None) for one process alone. Read late: a process group is made by the script."""
    distributed = sys.modules.get("torch.distributed")
    try:
        if distributed is not None and distributed.is_available() and distributed.is_initialized():
            return distributed.get_rank(), distributed.get_world_size()
        if int(os.environ.get("WORLD_SIZE", "1")) > 1:
            return int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
    except Exception:
        pass  # a variable of another meaning
    return None, None


#: The process that was armed first; those below inherit it.
PARENT = "GRADLENS_PARENT"


def log_path(log, script, rank, now):
    """Where the run log of this process goes: in a folder a name of its own, beside a file the rank in its name."""
    first = os.environ.get(PARENT, str(os.getpid())) == str(os.getpid())
    suffix = ".rank%d" % rank if rank else "" if first or rank == 0 else ".pid%d" % os.getpid()
    if os.path.isdir(log) or log.endswith(("/", os.sep)):
        name = os.path.splitext(os.path.basename(script))[0] or "run"
        moment = "-".join("%02d" % part for part in now[:3]) + "T" + "".join("%02d" % part for part in now[3:6])
        # Ranks of one run start within the same second or not, but have the same parent.
        pid = os.getppid() if rank is not None else os.getpid()
        return os.path.join(log, "%s-%s-%d%s.gradlens" % (name, moment, pid, ".rank%d" % rank if rank is not None else ""))
    stem, extension = os.path.splitext(log)
    return stem + suffix + extension
