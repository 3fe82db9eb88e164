"""`python speed.py NAME SECONDS THREADS [START]`: the timing of one workload in PyTorch, as JSON."""

import copy
import json
import sys

import torch

from clock import peak_megabytes, rate, resident_megabytes, warm
from workloads import training, workload

name, seconds, threads = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
before = resident_megabytes()
torch.set_num_threads(threads)
given = workload(name, *sys.argv[4:])

# As somebody who cares for speed would have it: of the ways this torch knows, the fastest on this workload.
settings = [()]
if int(torch.__version__.split(".")[0]) >= 2:
    settings.append(("fused",))
if any(isinstance(module, torch.nn.Conv2d) for module in given[0].modules()):
    settings += [(*setting, "channels_last") for setting in settings]
steps, losses, tried = {}, {}, {}
for setting in settings:
    steps[setting] = training((copy.deepcopy(given[0]), *given[1:]), setting)
    losses[setting] = warm(steps[setting], seconds / len(settings))
    if setting == ():
        megabytes = peak_megabytes()
    tried[setting] = rate(steps[setting], seconds / 4)[0]
best = max(tried, key=tried.get)

steps_per_second, cpu = rate(steps[best], seconds)
print(
    json.dumps(
        {
            "rate": steps_per_second,
            "cpu": cpu,
            "megabytes": megabytes,
            "stepMegabytes": megabytes - before,
            "losses": losses[best],
            "version": torch.__version__,
            "setting": ", ".join(best) or "as it comes",
        }
    )
)
