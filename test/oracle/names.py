"""Records which names of the table in docs/engine.md PyTorch has, for test/engine/surface.test.ts: python names.py > names.json

--tensors-only: for a torchvision of another build than torch, whose compiled operators are not there.
"""

import json
import pathlib
import re
import sys
import types

import torch
import torch.optim.lr_scheduler
import torch.utils.checkpoint
import torch.utils.data

# Registers shapes of the compiled operators, which may not be there.
if "--tensors-only" in sys.argv:
    sys.modules["torchvision._meta_registrations"] = types.ModuleType("torchvision._meta_registrations")

import torchvision
import torchvision.transforms.v2

ROOTS = {"torch": torch, "torchvision": torchvision, "Tensor": torch.Tensor, "Optimizer": torch.optim.Optimizer, "nn": torch.nn}


def has(path):
    first, *rest = path.split(".")
    found = ROOTS[first]
    for name in rest:
        if not hasattr(found, name):
            # `named_parameters` and the like are on the class; fields of instances are in its annotations
            return name in getattr(found, "__annotations__", {})
        found = getattr(found, name)
    return True


page = (pathlib.Path(__file__).parent / "../../docs/engine.md").read_text()
names = re.findall(r"^\| `([\w.]+)` \|", page, re.M)
print(json.dumps({"torch": torch.__version__, "torchvision": torchvision.__version__, "has": {n: has(n) for n in dict.fromkeys(names)}}, indent=2))
