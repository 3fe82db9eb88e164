"""Corners of torch, one an argument: what isn't seen there is left alone, and nothing breaks."""
import copy
import io
import os
import sys
import tempfile
import threading

import torch
from common import fingerprint
from torch import nn


def network(width=8):
    return nn.Sequential(nn.Linear(4, width), nn.ReLU(), nn.Linear(width, 1))


def train(net, steps=6, seed=0, dtype=torch.float32):
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
    generator = torch.Generator().manual_seed(seed)
    for _ in range(steps):
        optimizer.zero_grad()
        net(torch.randn(8, 4, generator=generator).to(dtype)).float().square().mean().backward()
        optimizer.step()
    return net


def threads():
    """Four that train at once, each a network of its own."""
    nets = [network() for _ in range(4)]
    workers = [threading.Thread(target=train, args=(net, 20, i)) for i, net in enumerate(nets)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    fingerprint(*nets)


def later():
    """Another thread makes its optimizer first, and trains when this one has."""
    net, other = network(), network()
    made, trained = threading.Event(), threading.Event()

    def wait():
        optimizer = torch.optim.SGD(other.parameters(), lr=0.1)
        made.set()
        trained.wait()
        other(torch.ones(2, 4)).sum().backward()
        optimizer.step()

    worker = threading.Thread(target=wait)
    worker.start()
    made.wait()
    train(net, 20)
    trained.set()
    worker.join()
    fingerprint(net, other)


def forked():
    """A child that trains on where its parent is; the parent trains on, too."""
    net = train(network())
    sys.stdout.flush()
    child = os.fork()
    train(net, 5, seed=1 if child else 2)
    if child:
        os.waitpid(child, 0)
    fingerprint(net)
    sys.stdout.flush()
    if child == 0:
        os._exit(0)


def spawned():
    """As forked, by torch.multiprocessing.spawn, with a network made here."""
    net = network()
    net.share_memory()
    torch.multiprocessing.spawn(spawned_worker, args=(net,), nprocs=1, join=True)
    fingerprint(net)


def spawned_worker(_rank, net):
    torch.set_num_threads(1)
    train(net)


def functional():
    """Gradients of functions, of each sample by itself, of gradients; and a module called with other weights."""
    net = network()
    weights = dict(net.named_parameters())
    x, y = torch.randn(16, 4), torch.randn(16, 1)
    func = getattr(torch, "func", None)
    if func is not None:

        def loss(weights, x, y):
            return (func.functional_call(net, weights, (x,)) - y).square().mean()

        per_sample = func.vmap(func.grad(loss), in_dims=(None, 0, 0))
        second = func.hessian(lambda x: net(x).sum().sin())(x[0])
        print("sizes", [tuple(g.shape) for g in per_sample(weights, x, y).values()], tuple(second.shape))
        for _ in range(5):
            gradients = func.grad(loss)(weights, x, y)
            weights = {name: (w - 0.1 * gradients[name]).detach() for name, w in weights.items()}
    jacobian = torch.autograd.functional.jacobian(lambda x: net(x).square(), x[:2])
    train(net)
    fingerprint(net, jacobian=jacobian, **{"w" + str(i): w for i, w in enumerate(weights.values())})


def meta():
    """A network that has no memory until it is given some."""
    try:
        with torch.device("meta"):
            net = network()
    except (AttributeError, TypeError, RuntimeError):  # torch 1.13
        net = network().to("meta")
    net(torch.randn(2, 4, device="meta")).sum().backward()
    net = net.to_empty(device="cpu")
    net.zero_grad(set_to_none=True)
    for parameter in net.parameters():
        nn.init.constant_(parameter, 0.1)
    fingerprint(train(net))


def half():
    """Weights in float16, and autocast on the CPU to bfloat16."""
    net = network()
    low = nn.Parameter(torch.randn(4, 4).half())
    optimizer = torch.optim.SGD([low, *net.parameters()], lr=0.01)
    for _ in range(6):
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = net(torch.randn(8, 4) * low.float().mean()).float().square().mean()
        loss.backward()
        optimizer.step()
    fingerprint(net, low=low)


def data_parallel():
    """Without GPUs it hands on to what it wraps."""
    fingerprint(train(nn.DataParallel(network())))


def inductor():
    """Compiled for real, where there is a compiler."""
    net = network()
    run = torch.compile(net) if hasattr(torch, "compile") else net
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
    for _ in range(4):
        optimizer.zero_grad()
        run(torch.randn(8, 4)).square().mean().backward()
        optimizer.step()
    fingerprint(net)


def wandering():
    """Changes its folder before, between and after; and a network that was pickled."""
    net = network()
    text = io.BytesIO()
    torch.save(net, text)
    text.seek(0)
    here = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        other = copy.deepcopy(net)
        train(other)
        os.chdir(here)
    fingerprint(train(net), other)


def progress():
    """A line that is written over and over, and standard output given to another for a while."""
    net = network()
    for step in range(4):
        train(net, 1, seed=step)
        sys.stderr.write("\r%3d%%|%-10s| %d/4" % (25 * step, "#" * step, step))
        sys.stderr.flush()
    sys.stderr.write("\n")
    own, sys.stdout = sys.stdout, io.StringIO()
    train(net)
    sys.stdout = own
    fingerprint(net)


def closed():
    """Its own standard error is gone when it trains."""
    net = network()
    sys.stderr.close()
    fingerprint(train(net))


def hooks():
    """A script's own hooks of every kind, on modules, tensors and optimizers, in their order."""
    net = network()
    order = []
    handles = [
        net[0].register_forward_pre_hook(lambda *_: order.append("pre")),
        net[0].register_forward_hook(lambda *_: order.append("forward")),
        net[0].register_full_backward_hook(lambda *_: order.append("full backward")),
        net[0].weight.register_hook(lambda gradient: gradient * 0.5),
        nn.modules.module.register_module_forward_hook(lambda *_: order.append("any") or None),
    ]
    train(net)
    for handle in handles:
        handle.remove()
    print(len(order), order[:6])
    fingerprint(train(net))


def anomaly():
    """Where torch itself looks for what isn't finite."""
    with torch.autograd.set_detect_anomaly(True):
        fingerprint(train(network()))


def inference():
    """Nothing is trained: nothing to say."""
    net = network()
    with torch.inference_mode():
        print("%.6f" % net(torch.ones(2, 4)).sum().item())


def multiple():
    """A loss for each of several tasks, backward of them together; parameters given to two groups by name."""
    net, head = network(), nn.Linear(4, 1)
    optimizer = torch.optim.Adam([{"params": net.parameters(), "lr": 1e-3}, {"params": head.parameters()}], lr=1e-2)
    for _ in range(6):
        x = torch.randn(8, 4)
        optimizer.zero_grad()
        torch.autograd.backward([net(x).square().mean(), head(x).square().mean()])
        optimizer.step()
    fingerprint(net, head)


if __name__ == "__main__":
    torch.manual_seed(0)
    globals()[sys.argv[1]]()
