"""Prints what Python has made of itself when a script begins, trains a little, and ends with the code 3."""
import os
import random
import sys

import numpy

print("arguments", sys.argv, "folder", os.getcwd())
print("path", sys.path)
own = ("GRADLENS_LOG", "GRADLENS_PARENT")
print("environment", sorted((name, value) for name, value in os.environ.items() if name not in own))
print("module", sorted((name, str(value).split(" object at ")[0]) for name, value in globals().items()))
print("is main", sys.modules["__main__"].__dict__ is globals())
print("flags", sys.flags, "first finder", type(sys.meta_path[0]))
print("loaded", [name in sys.modules for name in ("torch", "gradlens", "sitecustomize")])
for stream in (sys.stdout, sys.stderr):
    print("stream", stream.name, stream.mode, stream.encoding, stream.errors, stream.isatty(), stream.line_buffering)

import torch  # noqa: E402
from common import fingerprint  # noqa: E402

torch.manual_seed(0)
print("torch", torch.__spec__.name, torch.__spec__.loader.name, torch is sys.modules["torch"], torch.get_num_threads())
print("threads", len(os.listdir("/proc/self/task")), "descriptors", sorted(os.listdir("/proc/self/fd"))[:3])
net = torch.nn.Linear(3, 1)
optimizer = torch.optim.Adam(net.parameters())
for _ in range(3):
    optimizer.zero_grad()
    net(torch.rand(4, 3)).sum().backward()
    optimizer.step()
fingerprint(net)
random.seed(1)
print("numbers", random.random(), numpy.random.RandomState(1).rand())
sys.stderr.write("said\n")
sys.exit(3)
