"""How a step is timed and what a process weighs; clock.ts does the same."""

import resource
import time

CHECKED = 3


def resident_megabytes():
    """Of this process now; its peak where the system doesn't say."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize() / 2**20
    except OSError:
        return peak_megabytes()


def peak_megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def rate(step, seconds):
    """(steps per second, milliseconds of processor time per step), over `seconds` or one step."""
    used, began, count = time.process_time(), time.perf_counter(), 0
    while True:
        step()
        count += 1
        elapsed = time.perf_counter() - began
        if elapsed >= seconds:
            return count / elapsed, 1000 * (time.process_time() - used) / count


def warm(step, seconds):
    """Runs for `seconds`; gives the first losses."""
    began = time.perf_counter()
    losses = [step().item() for _ in range(CHECKED)]
    while time.perf_counter() - began < seconds:
        step()
    return losses
