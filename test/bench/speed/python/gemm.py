"""`python gemm.py SIZE,SIZE…`: float32 operations per second of square matrix products in PyTorch, as JSON; best values."""

import json
import sys
import time

import torch

torch.set_num_threads(1)
TURNS, TURN = 200, 0.001


def measured(size):
    a, b, out = (torch.full((size, size), 0.5) for _ in range(3))
    best = 0
    with torch.no_grad():
        for _ in range(TURNS):
            began, count = time.perf_counter(), 0
            while True:
                torch.mm(a, b, out=out)
                count += 1
                elapsed = time.perf_counter() - began
                if elapsed >= TURN:
                    break
            best = max(best, 2 * count * size**3 / elapsed)
    return {"size": size, "rate": best}


print(json.dumps([measured(int(size)) for size in sys.argv[1].split(",")]))
