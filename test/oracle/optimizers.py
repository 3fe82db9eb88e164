"""Records fifty steps of every optimizer and schedule of real PyTorch: python optimizers.py | gzip -9n > optimizers.jsonl.gz

Everything in float64, the default type included, so that PyTorch keeps its own constants in float64, too. After half of the
steps an optimizer's state is recorded as PyTorch saves it. Options are PyTorch's, in camelCase.
"""

import json
import re

import torch

torch.set_default_dtype(torch.float64)
STEPS = 50
HALF = 25
optim = torch.optim
lr_scheduler = optim.lr_scheduler


class Lion(optim.Optimizer):
    """Not in PyTorch. Written after algorithm 2 of Chen et al. 2023, "Symbolic discovery of optimization algorithms"."""

    def __init__(self, params, lr, betas=(0.9, 0.99), weight_decay=0.0, maximize=False):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay, maximize=maximize))

    @torch.no_grad()
    def step(self, closure):
        with torch.enable_grad():
            loss = closure()
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                g = -p.grad if group["maximize"] else p.grad
                m = self.state[p].setdefault("exp_avg", torch.zeros_like(p))
                c = b1 * m + (1 - b1) * g
                p.sub_(group["lr"] * (torch.sign(c) + group["weight_decay"] * p))
                m.copy_(b2 * m + (1 - b2) * g)
        return loss


def camel(name):
    words = re.sub(r"_([a-z0-9])", lambda m: m[1].upper(), name)
    return words[:1].lower() + words[1:]


def short(numbers):
    return [float(f"{v:.13g}") for v in numbers]


def plain(value, spell=True):
    """As JSON; names and strings in camelCase if they are options, as they are if they are a state."""
    if isinstance(value, torch.Tensor):
        return value.tolist()
    if isinstance(value, dict):
        return {camel(k) if spell and isinstance(k, str) else k: plain(v, spell) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v, spell) for v in value]
    return camel(value) if spell and isinstance(value, str) and value != "exp_range" else value


# The parameters are numbered through, one after the other.
def quadratic(x):
    weights = torch.tensor([1.0, 10.0, 0.1]).repeat(x.numel())[: x.numel()]
    return (weights * (x - 3) ** 2).sum()


def valley(x):
    """Rosenbrock's, less steep."""
    return (10 * (x[1:] - x[:-1] ** 2) ** 2 + 0.1 * (1 - x[:-1]) ** 2).sum()


def bowl(x):
    """Convex and far from quadratic, so that a quasi-Newton method takes its time and rounding errors don't grow."""
    weights = 1 + torch.arange(x.numel())
    return (weights * (torch.cosh(x - 0.5) - 1)).sum() + (x.sum() ** 4) / 8


objectives = {"quadratic": quadratic, "ascent": lambda x: -quadratic(x), "valley": valley, "bowl": bowl}


def record(name, options, make_optimizer, make_schedule=None, shapes=((3,),), groups=None, objective="quadratic", **more):
    count = sum(torch.Size(shape).numel() for shape in shapes)
    start = torch.tensor([1.0, -2.0, 0.5]).repeat(count)[:count]
    parts = start.split([torch.Size(shape).numel() for shape in shapes])
    params = [part.reshape(shape).clone().requires_grad_() for part, shape in zip(parts, shapes)]
    places = groups or [{"params": list(range(len(shapes)))}]
    given = [{**group, "params": [params[i] for i in group["params"]]} for group in places]
    optimizer = make_optimizer(given)
    schedule = make_schedule(optimizer) if make_schedule else None
    path = []
    middle = None

    def closure():
        optimizer.zero_grad()
        loss = objectives[objective](torch.cat([p.reshape(-1) for p in params]))
        loss.backward()
        return loss

    for step in range(1, STEPS + 1):
        loss = optimizer.step(closure)
        if schedule:
            schedule.step(*([loss.item()] if isinstance(schedule, lr_scheduler.ReduceLROnPlateau) else []))
        path.append({
            "parameters": short(torch.cat([p.detach().reshape(-1) for p in params]).tolist()),
            "lr": [group["lr"] for group in optimizer.param_groups],
            "momentum": [group["betas"][0] if "betas" in group else group.get("momentum") for group in optimizer.param_groups],
        })
        if step == HALF and not schedule:
            middle = {"parameters": torch.cat([p.detach().reshape(-1) for p in params]).tolist(),
                      "state": plain(optimizer.state_dict(), spell=False)}
    print(json.dumps({
        "name": name, "options": plain(options), **more, "objective": objective, "shapes": shapes, "start": start.tolist(),
        "groups": plain(places), "path": path, "middle": middle,
    }, separators=(",", ":")))


def optimizer(name, shapes=((3,),), groups=None, objective="quadratic", **options):
    kind = Lion if name == "Lion" else getattr(optim, name)
    record(name, options, lambda given: kind(given, **options), shapes=shapes, groups=groups, objective=objective)


print(json.dumps({"torch": torch.__version__, "half": HALF}))

optimizer("SGD", lr=0.01)
optimizer("SGD", lr=0.01, momentum=0.9, weight_decay=0.1)
optimizer("SGD", lr=0.01, momentum=0.9, nesterov=True)
optimizer("SGD", lr=0.01, momentum=0.9, dampening=0.5)
optimizer("Adam", lr=0.1)
optimizer("Adam", lr=0.1, betas=(0.8, 0.95), weight_decay=0.1, amsgrad=True)
optimizer("AdamW", lr=0.1)
optimizer("AdamW", lr=0.1, amsgrad=True, weight_decay=0.2)
optimizer("NAdam", lr=0.1, weight_decay=0.1)
optimizer("NAdam", lr=0.1, weight_decay=0.1, decoupled_weight_decay=True)
optimizer("RAdam", lr=0.1)
optimizer("RAdam", lr=0.1, weight_decay=0.1)
optimizer("RAdam", lr=0.1, weight_decay=0.1, decoupled_weight_decay=True, betas=(0.8, 0.9))
optimizer("Adamax", lr=0.1, weight_decay=0.1)
optimizer("RMSprop", lr=0.01)
optimizer("RMSprop", lr=0.01, momentum=0.9, centered=True, weight_decay=0.1)
optimizer("Adagrad", lr=0.1, lr_decay=0.1, weight_decay=0.1)
optimizer("Adagrad", lr=0.1, initial_accumulator_value=0.5)
optimizer("Adadelta", lr=1.0, weight_decay=0.1)
optimizer("Lion", lr=0.05, weight_decay=0.1)
optimizer("Rprop", lr=0.01)
optimizer("Rprop", lr=0.1, etas=(0.6, 1.3), step_sizes=(1e-3, 0.5))
optimizer("ASGD", lr=0.01, weight_decay=0.1)
optimizer("ASGD", lr=0.01, lambd=0.5, alpha=0.6, t0=10)
optimizer("Adafactor", lr=0.1)
optimizer("Adafactor", shapes=((2, 3), (3,), (2, 3, 2)), lr=0.5, weight_decay=0.01, d=1.5, beta2_decay=-0.6)
optimizer("Muon", shapes=((1, 3),), lr=0.1)
optimizer("Muon", shapes=((3, 1),), lr=0.1, nesterov=False, weight_decay=0, adjust_lr_fn="match_rms_adamw")
optimizer("Muon", shapes=((3, 5), (6, 2)), lr=0.1)
optimizer("Muon", shapes=((8, 8),), lr=0.05, ns_steps=3, ns_coefficients=(3.0, -3.2, 1.2))
optimizer("LBFGS", objective="bowl", shapes=((3,), (2, 2)), lr=0.1, max_iter=1)
optimizer("LBFGS", objective="bowl", shapes=((3,), (2, 2)), lr=0.2, max_iter=2, history_size=5)
optimizer("LBFGS", objective="bowl", shapes=((3,), (2, 2)), max_iter=1, history_size=3, line_search_fn="strong_wolfe")
optimizer("LBFGS", objective="valley", max_iter=3, lr=0.5)
optimizer("LBFGS", objective="valley", max_iter=4, history_size=2, line_search_fn="strong_wolfe")

# Up instead of down; and groups with options of their own.
two = ((3,), (2,), (2, 2))
for name, own, other in [
    ("SGD", {"lr": 0.01, "momentum": 0.9}, {"lr": 0.002, "weight_decay": 0.3}), ("Adam", {"lr": 0.1}, {"lr": 0.05, "betas": (0.7, 0.9)}),
    ("AdamW", {"lr": 0.1}, {"weight_decay": 0.5}), ("NAdam", {"lr": 0.1}, {"momentum_decay": 0.01}), ("RAdam", {"lr": 0.1}, {"betas": (0.5, 0.9)}),
    ("Adamax", {"lr": 0.1}, {"eps": 1e-2}), ("RMSprop", {"lr": 0.01}, {"alpha": 0.5}), ("Adagrad", {"lr": 0.1}, {"lr_decay": 0.5}),
    ("Adadelta", {"lr": 1.0}, {"rho": 0.5}), ("Lion", {"lr": 0.05}, {"betas": (0.5, 0.5)}), ("Rprop", {"lr": 0.01}, {"etas": (0.3, 1.1)}),
    ("ASGD", {"lr": 0.01}, {"lambd": 0.1}), ("Adafactor", {"lr": 0.1}, {"d": 2.0}),
]:
    optimizer(name, shapes=two, groups=[{"params": [0, 2]}, {"params": [1], **other}], objective="ascent", maximize=True, **own)


def schedule(name, make, given=None, optimizer="SGD", groups=None, **options):
    settings = {"SGD": dict(lr=0.01, momentum=0.5), "Adam": dict(lr=0.05)}[optimizer]
    if make is None:
        make = lambda o: getattr(lr_scheduler, name)(o, **options)
    record(name, options, lambda params: getattr(optim, optimizer)(params, **settings), make, optimizer=optimizer,
           settings=settings, shapes=((3,), (2,)), groups=groups)


pair = [{"params": [0]}, {"params": [1], "lr": 0.002}]
schedule("StepLR", None, step_size=2, gamma=0.5)
schedule("StepLR", None, step_size=7, groups=pair)
schedule("MultiStepLR", None, milestones=[1, 4, 4, 30], gamma=0.5)
schedule("ConstantLR", None, factor=0.5, total_iters=4)
schedule("LinearLR", None, start_factor=0.2, end_factor=1.0, total_iters=4, groups=pair)
schedule("LinearLR", None, start_factor=1.0, end_factor=0.0, total_iters=40)
schedule("ExponentialLR", None, gamma=0.9, groups=pair)
schedule("PolynomialLR", None, total_iters=20, power=2.0)
schedule("CosineAnnealingLR", None, T_max=5, eta_min=0.001, groups=pair)
schedule("CosineAnnealingLR", None, T_max=50)
schedule("CosineAnnealingWarmRestarts", None, T_0=5, T_mult=2, eta_min=0.001)
schedule("OneCycleLR", None, max_lr=0.1, total_steps=50)
schedule("OneCycleLR", None, max_lr=[0.1, 0.02], epochs=5, steps_per_epoch=12, anneal_strategy="linear", three_phase=True, pct_start=0.2, groups=pair)
schedule("OneCycleLR", None, optimizer="Adam", max_lr=0.1, total_steps=60, cycle_momentum=False)
schedule("OneCycleLR", None, optimizer="Adam", max_lr=0.1, total_steps=60, max_momentum=0.9, base_momentum=0.7)
schedule("CyclicLR", None, base_lr=0.001, max_lr=0.02, step_size_up=7)
schedule("CyclicLR", None, base_lr=0.001, max_lr=0.02, step_size_up=5, step_size_down=3, mode="triangular2", cycle_momentum=False)
schedule("CyclicLR", None, optimizer="Adam", base_lr=[0.001, 0.002], max_lr=[0.02, 0.01], step_size_up=4, mode="exp_range", gamma=0.97, groups=pair)
schedule("ReduceLROnPlateau", None, factor=0.5, patience=2, threshold=0.1, cooldown=1)
schedule("ReduceLROnPlateau", None, mode="max", factor=0.5, patience=1, threshold_mode="abs", min_lr=[0.001, 0.0005], groups=pair)

# These take functions or other schedules: the test has the same under these names.
schedule("LambdaLR", lambda o: lr_scheduler.LambdaLR(o, lambda epoch: 1 / (1 + epoch)))
schedule("LambdaLR of groups", lambda o: lr_scheduler.LambdaLR(o, [lambda epoch: 1 / (1 + epoch), lambda epoch: 0.9**epoch]), groups=pair)
schedule("MultiplicativeLR", lambda o: lr_scheduler.MultiplicativeLR(o, lambda epoch: 0.8 + 0.1 * (epoch % 3)))
schedule("CyclicLR of a function", lambda o: lr_scheduler.CyclicLR(o, 0.001, 0.02, step_size_up=4, scale_fn=lambda x: 1 / x))
schedule("SequentialLR", lambda o: lr_scheduler.SequentialLR(o, [
    lr_scheduler.LinearLR(o, 0.1, 1.0, 5), lr_scheduler.CosineAnnealingLR(o, 20), lr_scheduler.MultiplicativeLR(o, lambda epoch: 0.95)], [5, 30]))
schedule("ChainedScheduler", lambda o: lr_scheduler.ChainedScheduler([
    lr_scheduler.ConstantLR(o, 0.1, 10), lr_scheduler.ExponentialLR(o, 0.95), lr_scheduler.CosineAnnealingLR(o, 8, eta_min=0.0005),
    lr_scheduler.PolynomialLR(o, 60, 2.0)]), groups=pair)
