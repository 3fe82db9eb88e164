"""
`python overhead.py WORKLOAD SECONDS BLOCKS ENOUGH START`: what statistics of every gradient at every step cost in PyTorch, as
JSON: the steps without, with hooks as they are written by hand, and with histograms as wandb.watch takes them, and the
milliseconds of processor time that they took, in blocks by turns.
"""

import json
import random
import sys
import time

import torch

from workloads import training, workload

name, seconds, blocks, enough, start = sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), sys.argv[5]
LEAST_STEPS = 3
torch.set_num_threads(1)
given = workload(name, start)
model = given[0]
step = training(given)


def hook_written_by_hand(gradient):
    gradient.norm().item(), gradient.mean().item(), gradient.std().item(), gradient.abs().max().item()


def histogram(gradient):
    """What wandb's TorchHistory does with a gradient: the finite ones' range and 64 bins, as lists."""
    flat = gradient.detach().reshape(-1)
    if not torch.isfinite(flat).all():
        flat = flat[torch.isfinite(flat)]
    low, high = flat.min().item(), flat.max().item()
    flat.histc(bins=64, min=low, max=high).tolist()
    torch.linspace(low, high, steps=65).tolist()


def block():
    began, used, steps = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - began < seconds / 3 or steps < LEAST_STEPS:
        step()
        steps += 1
    return {"steps": steps, "milliseconds": 1000 * (time.process_time() - used)}


def hooked(hook):
    handles = [parameter.register_hook(lambda gradient: hook(gradient)) for parameter in model.parameters()]
    try:
        return block()
    finally:
        for handle in handles:
            handle.remove()


ways = {"without": block, "naive hooks": lambda: hooked(hook_written_by_hand), "histograms": lambda: hooked(histogram)}


def round_of():
    order = list(ways)
    random.shuffle(order)
    return {way: ways[way]() for way in order}


round_of()
end, rounds = time.perf_counter() + enough, []
while len(rounds) < blocks and time.perf_counter() < end:
    rounds.append(round_of())
print(json.dumps({"rounds": rounds}))
