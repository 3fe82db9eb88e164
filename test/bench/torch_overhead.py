"""
What observing real PyTorch costs: the same training, unwatched and watched at a budget, in turns within one process.
Reports medians of paired ratios of the training thread's own processor time, so that what else the machine does counts
as little as can be; and the observer's own time, by the clock, as a share of the watched training's. Asserts nothing.

    python test/bench/torch_overhead.py [--budget 5] [--rounds 7] [--seconds 1.5] [mlp resnet18 transformer]

Beside it, hooks as they are often written by hand: one on each module, three statistics of each gradient at each step;
and TensorBoard's histograms and wandb.watch, where they are installed.
"""
import argparse
import importlib
import os
import statistics
import sys
import tempfile
import time

folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "engine", "torch")
sys.path.insert(0, folder)
parser = argparse.ArgumentParser()
parser.add_argument("workloads", nargs="*")
parser.add_argument("--budget", type=float, default=5)
parser.add_argument("--rounds", type=int, default=7)
parser.add_argument("--seconds", type=float, default=1.5)
options = parser.parse_args()

log = tempfile.mktemp(suffix=".gradlens")
os.environ.update(GRADLENS_LOG=log, GRADLENS_OPTIONS='{"budget": %g}' % options.budget)

import torch  # noqa: E402
from torch import nn  # noqa: E402

from gradlens.arm import arm  # noqa: E402
from gradlens.sampler import START_STEPS  # noqa: E402

torch.set_num_threads(1)
plain_init = nn.Module.__init__
startup = arm()  # torch is here already, so it is watched from now on
observer = startup.observer


class Block(nn.Module):
    """ResNet's basic block."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        same = stride == 1 and inputs == outputs
        self.down = None if same else nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(y + (x if self.down is None else self.down(x)))


def resnet18():
    """ResNet-18 with the stem for 32 × 32 pixels."""
    widths = (64, 128, 256, 512)
    layers = [nn.Conv2d(3, widths[0], 3, 1, 1, bias=False), nn.BatchNorm2d(widths[0]), nn.ReLU(inplace=True)]
    for before, width, stride in zip((widths[0], *widths), widths, (1, 2, 2, 2)):
        layers += [Block(before, width, stride), Block(width, width, 1)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(widths[-1], 10))


def mlp():
    return nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(1000, 128)
        layer = nn.TransformerEncoderLayer(128, 4, 512, batch_first=True, dropout=0.0)
        self.encoder = nn.TransformerEncoder(layer, 4)
        self.head = nn.Linear(128, 10)

    def forward(self, x):
        return self.head(self.encoder(self.embed(x)).mean(1))


WORKLOADS = {
    "mlp": (mlp, lambda: torch.randn(64, 64)),
    "resnet18": (resnet18, lambda: torch.randn(8, 3, 32, 32)),
    "transformer": (Transformer, lambda: torch.randint(0, 1000, (16, 32))),
}


def training(name):
    model, data = WORKLOADS[name]
    torch.manual_seed(0)
    model, x = model(), data()
    y = torch.randint(0, 10, (x.shape[0],))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)

    def step():
        optimizer.zero_grad(set_to_none=True)
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()

    return model, step


def timed(step, seconds):
    """(milliseconds of this thread's processor time, of the clock) of a step."""
    began, worked, count = time.perf_counter(), time.thread_time(), 0
    while time.perf_counter() - began < seconds or count < 2:
        step()
        count += 1
    return 1000 * (time.thread_time() - worked) / count, 1000 * (time.perf_counter() - began) / count, count


def naive(model):
    """Statistics of every gradient at every step, as hooks written by hand have them."""
    handles = []

    def of(tensor):
        if tensor is not None:
            tensor.norm().item(), tensor.mean().item(), tensor.std().item(), tensor.abs().max().item()

    for parameter in model.parameters():
        handles.append(parameter.register_hook(lambda g: of(g)))
    for module in model.modules():
        if not list(module.children()):
            handles.append(module.register_forward_hook(lambda m, i, o: of(o.detach()) if torch.is_tensor(o) else None))
    return lambda: [handle.remove() for handle in handles]


def watched(_model):
    observer.on = True
    return unwatch


def unwatch():
    observer.on = False
    observer.forward.attach(False)
    # What the pair's other half takes is none of the watched training's time.


def histograms(model):
    from torch.utils.tensorboard import SummaryWriter

    writer = SummaryWriter(tempfile.mkdtemp())
    handles = [p.register_hook(lambda g, n=n: writer.add_histogram(n, g)) for n, p in model.named_parameters()]
    return lambda: [handle.remove() for handle in handles]


def wandb_watch(model):
    import wandb

    run = wandb.init(mode="offline", dir=tempfile.mkdtemp())
    wandb.watch(model, log="all", log_freq=1)
    return lambda: run.finish(quiet=True)


rivals = {"GradLens": watched, "naive hooks": naive}
for package, rival, attach in (("tensorboard", "TensorBoard", histograms), ("wandb", "wandb.watch", wandb_watch)):
    try:
        importlib.import_module(package)
        rivals[rival] = attach
    except ImportError as missing:
        print("without %s: %s" % (rival, missing))

unwatch()
print("torch %s, budget %g %%" % (torch.__version__, options.budget))
for name in options.workloads or WORKLOADS:
    for rival, attach in rivals.items():
        observer.on = rival == "GradLens"
        model, step = training(name)
        detach = attach(model)
        # Beyond the first steps, which are measured whatever they cost: that is paid once a run, and left out here.
        for _ in range(START_STEPS + 5):
            step()
        sampler = observer.sampler
        sampler.spent, sampler._sampled, sampler._began = 0.0, 0.0, time.perf_counter()
        detach()
        pairs, own, watching = [], 0.0, 0.0
        for _ in range(options.rounds):
            paused = time.perf_counter()
            plain, _, _ = timed(step, options.seconds)
            observer.sampler.forgive(time.perf_counter() - paused)
            detach, before = attach(model), observer.sampler.spent
            more, clock, count = timed(step, options.seconds)
            pairs.append((plain, more))
            watching += clock * count / 1000
            own += observer.sampler.spent - before
            detach()
        more = sorted(100 * (b / a - 1) for a, b in pairs)
        plain = statistics.median(a for a, _ in pairs)
        text = "%-12s %-12s %7.2f ms a step  %+6.1f %%  (from %+.1f to %+.1f)"
        share = "  own time %.1f %%" % (100 * own / watching) if own else ""
        print(text % (name, rival, plain, statistics.median(more), more[0], more[-1]) + share, flush=True)
observer.stream.close()
os.remove(log)
