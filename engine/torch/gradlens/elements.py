"""The loss functions that take every element for itself: what they make of it, and of the constant that is best for all.

Each is given options by name, and gives two functions: the losses of answers and targets, and the mean loss of the constant
that is best for each column of targets; of a single row that is the least there can be."""

import math

import torch

#: Halvings of the interval in which the best constant lies.
_HALVINGS = 30


def _option(options, name, default):
    value = options.get(name)
    return default if value is None else value


def _squared(_):
    return (lambda x, y: (x - y) ** 2), (lambda y: (y - y.mean(0)).square().mean(0))


def _difference(_):
    """No loss, though scripts minimize it: nothing is the least of it."""
    return (lambda x, y: x - y), (lambda y: y.new_full(y.shape[1:], -math.inf))


def _absolute(_):
    def constant(y):
        best = y.sort(0).values[len(y) // 2]
        return (best - y).abs().mean(0)

    return (lambda x, y: (x - y).abs()), constant


def _huber(delta, divisor):
    def of(x, y):
        distance = (x - y).abs()
        near = distance.clamp(max=delta)
        return near * (distance - near / 2) / divisor

    def constant(y):
        low, high = y.min(0).values, y.max(0).values
        for _ in range(_HALVINGS):
            answer = (low + high) / 2
            above = (answer - y).clamp(-delta, delta).sum(0) > 0
            low, high = torch.where(above, low, answer), torch.where(above, answer, high)
        return of((low + high) / 2, y).mean(0)

    return of, constant


def _smooth(options):
    beta = _option(options, "beta", 1.0)
    return _huber(beta, beta) if beta > 0 else _absolute(options)


def _of_probability(p):
    p = p.clamp(0, 1)
    return -torch.special.xlogy(p, p) - torch.special.xlogy(1 - p, 1 - p)


def _of_mean(y):
    """For probabilities, and for logits: the best is what has the mean of the targets as its probability."""
    return _of_probability(y.mean(0))


def _logistic(x):
    return x.clamp(min=0) + torch.log1p(torch.exp(-x.abs()))


def _poisson(options):
    log_input, full, eps = (_option(options, *pair) for pair in (("log_input", True), ("full", False), ("eps", 1e-8)))

    def more(y):
        """Stirling's approximation of ln y!"""
        above = y.clamp(min=1)
        terms = torch.special.xlogy(above, above) - above + (2 * math.pi * above).log() / 2
        return terms.masked_fill(y <= 1, 0) if full else torch.zeros_like(y)

    def of(x, y):
        return (x.exp() - y * x if log_input else x - y * (x + eps).log()) + more(y)

    def constant(y):
        rate = y.mean(0)
        return rate - torch.special.xlogy(rate, rate) + more(y).mean(0)

    return of, constant


#: By the names that frames have for them.
LOSSES = {
    "mseLoss": _squared,
    "l1Loss": _absolute,
    "difference": _difference,
    "huberLoss": lambda options: _huber(_option(options, "delta", 1.0), 1),
    "smoothL1Loss": _smooth,
    # Logarithms as in torch, at least -100.
    "binaryCrossEntropy": lambda _: (
        lambda x, y: -y * x.log().clamp(min=-100) - (1 - y) * (1 - x).log().clamp(min=-100),
        _of_mean,
    ),
    "binaryCrossEntropyWithLogits": lambda _: (lambda x, y: _logistic(x) - x * y, _of_mean),
    "poissonNllLoss": _poisson,
    # Targets of ±1.
    "softMarginLoss": lambda _: (lambda x, y: _logistic(-x * y), lambda y: _of_probability((1 + y.mean(0)) / 2)),
}
