"""
Users' own functions (torch.autograd.Function), checked once: does the backward give the forward's derivative?

A check runs forward and backward on copies, in double precision, along a fixed direction: nothing of the training takes
part. Only functions that depend on nothing but their arguments are checked, by what `purity` sees in their code.
What is done on purpose is no fault: a straight-through estimator (the forward is flat where the backward isn't), a
gradient reversed or scaled (the forward is the identity), a forward that draws random numbers.
"""

import sys

import torch

from . import codec, purity, sites

#: Elements of an argument that are checked; larger ones cost too much.
MOST_ELEMENTS = 2**16
#: Functions checked in one run, and calls of one function looked at for arguments that can be checked.
MOST_FUNCTIONS = 32
_CALLS = 8
#: Half the distance of the two points of a difference.
_EPSILON = 1e-4
#: Between two differences, and between the difference and the backward.
_SMOOTH = 0.01
_TOLERANCE = 0.05
_DIRECTIONS = 3
#: Along a direction, terms cancel so far that the two derivatives can't be told apart.
_CANCELS = object()
_PLAIN = (bool, int, float, str, type(None), torch.Size, torch.dtype, torch.device)


class Functions:
    def __init__(self, observer):
        self._observer = observer
        #: Class -> calls that are still to be looked at.
        self._left = {}
        self._waiting = []

    def is_done(self, function):
        """Nearly free: asked at every call."""
        return self._left.get(function, _CALLS) == 0

    def applied(self, function, args):
        """A function is about to be applied: what it's given is copied, to be looked at before the backward pass."""
        left = self._left.get(function)
        if left is None:
            wanted = len(self._left) < MOST_FUNCTIONS and purity.is_pure(function)
            left = self._left[function] = _CALLS if wanted else 0
        if left == 0:
            return
        self._left[function] -= 1
        if not torch.is_grad_enabled() or torch.is_autocast_enabled() or not all(map(_is_simple, args)):
            return
        tensors = [arg for arg in args if isinstance(arg, torch.Tensor)]
        if not any(t.requires_grad for t in tensors) or any(t.numel() > MOST_ELEMENTS for t in tensors):
            return
        self._left[function] = 0
        self._waiting.append((function, [_copy(arg) for arg in args], sites.call_site(sys._getframe(2))))
        self._observer.unmeasured.look()

    def check(self):
        """Before a backward pass: those that wait."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        for function, args, site in waiting:
            try:
                with torch.random.fork_rng(devices=[]), torch.enable_grad():
                    wrong = _compare(function, args)
            except Exception:
                continue  # a forward that can't be run once more (in other numbers, say) isn't judged
            if wrong is not None:
                if site is not None:
                    self._observer.tell_source(site[0])
                content = dict(step=self._observer.step_ahead, function=function.__name__, layer=None, site=sites.as_json(site))
                self._observer.stream.put(codec.encode("gradient-check", **content, **wrong))


def _is_simple(arg):
    if isinstance(arg, torch.Tensor):
        return type(arg) in (torch.Tensor, torch.nn.Parameter) and arg.layout is torch.strided and arg.device.type == "cpu"
    return isinstance(arg, _PLAIN) or isinstance(arg, (tuple, list)) and all(isinstance(item, _PLAIN) for item in arg)


def _copy(arg):
    if not isinstance(arg, torch.Tensor):
        return arg
    copy = arg.detach().to(torch.float64 if arg.is_floating_point() else arg.dtype, copy=True)
    return copy.requires_grad_(arg.requires_grad and arg.is_floating_point())


def _compare(function, args):
    """What is wrong: of the first argument for which the two don't agree; None if they do."""

    def evaluate(moved=None, point=None):
        given = [
            arg if not isinstance(arg, torch.Tensor) else (point if i == moved else arg).detach().clone()
            for i, arg in enumerate(args)
        ]
        with torch.no_grad():
            return _first(function.apply(*given))

    given = [arg.detach().clone().requires_grad_(arg.requires_grad) if isinstance(arg, torch.Tensor) else arg for arg in args]
    # Not leaves themselves, so that a function may change them in place.
    output = _first(function.apply(*[arg.clone() if isinstance(arg, torch.Tensor) else arg for arg in given]))
    if output is None or output.dtype != torch.float64 or output.grad_fn is None:
        return None
    weights = torch.sin(0.5 + 1.7 * torch.arange(output.numel(), dtype=torch.float64)).reshape(output.shape)
    wanted = [i for i, arg in enumerate(given) if isinstance(arg, torch.Tensor) and arg.requires_grad]
    answers = torch.autograd.grad(output, [given[i] for i in wanted], weights, allow_unused=True)
    tensors = [i for i, arg in enumerate(args) if isinstance(arg, torch.Tensor)]
    for i, answer in zip(wanted, answers):
        if answer is None:
            continue
        x = args[i].detach()
        here, again = evaluate(), evaluate()
        if here is None or here.shape != output.shape or not torch.equal(here, again):
            return None  # it draws random numbers
        if here.shape == x.shape and torch.equal(here, x):
            continue  # the identity: the backward is the point
        wrong = None
        for direction in range(_DIRECTIONS):
            wrong_here = _along(x, answer, weights, lambda point: evaluate(i, point), direction)
            if wrong_here is None:
                wrong = None
                break
            if wrong_here is not _CANCELS:
                wrong = wrong or wrong_here
        if wrong is not None:
            return dict(argument=tensors.index(i), analytic=wrong[0], numeric=wrong[1])
    return None


def _along(x, slope, weights, evaluate, direction):
    """
    (analytic, numeric) derivative along a direction if they don't agree; None if they do, or if it can't be said;
    _CANCELS if this direction alone says nothing.
    """
    v = torch.cos(1 + 2.4 * torch.arange(x.numel(), dtype=torch.float64) + direction).reshape(x.shape)
    scale = _EPSILON * max(1e-3, float(x.square().mean().sqrt()))

    def difference(epsilon):
        return (evaluate(x + epsilon * v) - evaluate(x - epsilon * v)) / (2 * epsilon)

    change = difference(scale)
    numeric, finer = float((weights * change).sum()), float((weights * difference(scale / 4)).sum())
    terms = slope * v
    analytic, size = float(terms.sum()), float(terms.abs().sum())
    if not abs(numeric - finer) <= _SMOOTH * max(abs(numeric), 1e-3 * size) or numeric == 0:
        return None  # at a kink; or flat, a straight-through estimator
    if change.shape == v.shape and torch.equal(slope, weights):
        each = change / v
        if bool((torch.minimum(each.abs(), (each - 1).abs()) < 1e-3).all()):
            return None  # clamped here, the identity there, and the gradient goes straight through
    difference = abs(numeric - analytic)
    if difference <= _TOLERANCE * max(abs(numeric), abs(analytic)):
        return None
    return _CANCELS if difference <= _TOLERANCE * 0.05 * size else (analytic, numeric)


def _first(output):
    """The first result that is a tensor of floating-point numbers."""
    for item in output if isinstance(output, (tuple, list)) else (output,):
        if isinstance(item, torch.Tensor) and item.is_floating_point():
            return item
    return None
