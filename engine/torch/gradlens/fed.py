"""What a loss function was given, in numbers, and what it makes of it: computed here, because reductions differ."""

import math

import torch

from . import elements

#: Elements looked at in one call.
MOST_ELEMENTS = 2**18

#: Functions of torch.nn.functional by the names that frames have for them.
NAMES = {
    "cross_entropy": "crossEntropy",
    "nll_loss": "nllLoss",
    "binary_cross_entropy": "binaryCrossEntropy",
    "binary_cross_entropy_with_logits": "binaryCrossEntropyWithLogits",
    "mse_loss": "mseLoss",
    "l1_loss": "l1Loss",
    "smooth_l1_loss": "smoothL1Loss",
    "huber_loss": "huberLoss",
    "poisson_nll_loss": "poissonNllLoss",
    "soft_margin_loss": "softMarginLoss",
    "kl_div": "klDiv",
}
#: Those whose input is a row of scores for classes; of the others, but kl_div, every element is for itself.
_OF_CLASSES = ("crossEntropy", "nllLoss")
_TARGETS = (("leastTarget", min), ("greatestTarget", max))
_is_wrapped = getattr(getattr(torch._C, "_functorch", None), "is_functorch_wrapped_tensor", None)


def bind(function, args, kwargs):
    """The arguments by name, as far as they matter; None for tensors with a meaning of their own."""
    options = dict(zip(function.__code__.co_varnames, args), **kwargs)
    pair = [options.get("input"), options.get("target")]
    for tensor in pair:
        if type(tensor) not in (torch.Tensor, torch.nn.Parameter) or tensor.layout is not torch.strided:
            return None
        if tensor.device.type in ("meta", "xla") or tensor.numel() == 0 or _is_wrapped is not None and _is_wrapped(tensor):
            return None
    return options if pair[0].is_floating_point() else None


def numbers(loss, options, result, in_full):
    """Rows, classes, ranges, value and baseline; None where the shapes say nothing. Not `in_full`: rows and value."""
    x, y = options["input"].detach(), options["target"].detach()
    of_classes = loss in _OF_CLASSES
    plain = options.get("reduction", "mean") == "mean" and options.get("weight") is None and not options.get("label_smoothing")
    plain = plain and options.get("pos_weight") is None and options.get("size_average") is None and options.get("reduce") is None
    if not in_full and plain and result.numel() == 1 and loss != "klDiv":
        classes = (x.shape[0] if x.dim() == 1 else x.shape[1]) if of_classes else 1
        return {"rows": x.numel() // classes, "value": float(result.detach())}
    with torch.no_grad():
        if of_classes:
            return _of_classes(loss, x, y, options)
        return _of_distributions(x, y, options) if loss == "klDiv" else _of_elements(loss, x, y, options)


def add(content, more):
    """Two calls together, in the first one's content."""
    a, b = content["rows"], more["rows"]
    for name, choose in (("min", min), ("max", max), ("leastSum", min), ("greatestSum", max), *_TARGETS):
        if more.get(name) is not None and content.get(name) is not None:
            content[name] = choose(content[name], more[name])
    for name in ("value", "baseline", "least"):
        if name in more:
            known = content[name] is not None and more[name] is not None
            content[name] = (content[name] * a + more[name] * b) / (a + b) if known else None
    content["rows"] = a + b


def _of_classes(loss, x, y, options):
    """Scores [n, c, …] or [c], and classes [n, …] or probabilities of the scores' shape."""
    if x.dim() == 1:
        x, y = x[None], y[None]
    soft = y.dim() == x.dim()
    classes = x.shape[1]
    few = max(1, MOST_ELEMENTS // max(1, x[0].numel()))
    x = _rows(x[:few], classes)
    y = _rows(y[:few], classes) if soft else y[:few].reshape(-1).to("cpu", torch.int64)
    most = max(1, MOST_ELEMENTS // classes)
    x, y = x[:most], y[:most]
    ranges, rows = _of_rows(x), len(x)
    smoothing = options.get("label_smoothing") or 0
    weight = options.get("weight")
    weight = x.new_ones(classes) if weight is None else weight.detach().to("cpu", torch.float64)
    counted = rows
    if not soft:
        if len(y) != len(x):
            return None
        valid = (y >= 0) & (y < classes) & (y != options.get("ignore_index", -100))
        x, y = x[valid], y[valid]
        counted = float(weight[y].sum())
        y = torch.nn.functional.one_hot(y, classes).double()
    # How much each class counts in each row.
    counts = weight * ((1 - smoothing) * y + smoothing / classes)
    scores = torch.log_softmax(x, 1) if loss == "crossEntropy" else x
    if counted <= 0:
        return _frame(rows, classes, ranges, None, None, None)
    value = -float((counts * scores).masked_fill(counts == 0, 0).sum()) / counted
    baseline = float(_entropy(counts.sum(0, keepdim=True)).sum()) / counted
    least = float(_entropy(counts).sum()) / counted if soft or smoothing else 0.0
    return _frame(rows, classes, ranges, value, baseline, least)


def _entropy(counts):
    """In nats, of what the rows are in proportion to, times their sums."""
    sums = counts.sum(1, keepdim=True)
    return (torch.special.xlogy(counts, sums) - torch.special.xlogy(counts, counts)).sum(1)


def _of_rows(x):
    sums = x.sum(1)
    return _numbers(x.min(), x.max(), sums.min(), sums.max())


def _of_distributions(x, y, options):
    """Logarithms of probabilities along the last dimension, and probabilities (or their logarithms)."""
    if x.shape != y.shape:
        return None
    classes = x.shape[-1] if x.dim() > 0 else 1
    most = max(1, MOST_ELEMENTS // classes)
    x, y = (t.reshape(-1, classes)[:most].to("cpu", torch.float64) for t in (x, y))
    if options.get("log_target"):
        y = y.exp()
    own = float(torch.special.xlogy(y, y).sum())
    value = (own - float((y * x).sum())) / len(x)
    baseline = (own + float(_entropy(y.sum(0, keepdim=True)).sum())) / len(x)
    return _frame(len(x), classes, _of_rows(x), value, baseline, 0.0)


def _rows(x, classes):
    return x.reshape(x.shape[0], classes, -1).transpose(1, 2).reshape(-1, classes).to("cpu", torch.float64)


def _of_elements(loss, x, y, options):
    """The best constant answer is one for each column (the last dimension)."""
    columns = x.shape[-1] if x.dim() > 1 else 1
    same = x.shape == y.shape
    most = max(columns, MOST_ELEMENTS - MOST_ELEMENTS % columns)
    x, y = (t.reshape(-1)[:most].to("cpu", torch.float64) for t in (x, y))
    value = baseline = least = None
    if same:
        of, constant = elements.LOSSES[loss](options)
        value = float(of(x, y).mean())
        baseline = float(constant(y.reshape(-1, columns)).mean())
        least = float(constant(y.reshape(1, -1)).mean())
    low, high, least_target, greatest_target = _numbers(x.min(), x.max(), y.min(), y.max())
    found = _frame(len(x), 1, (low, high, low, high), value, baseline, least)
    if math.isfinite(least_target) and math.isfinite(greatest_target):
        found.update(leastTarget=least_target, greatestTarget=greatest_target)
    return found


def _frame(rows, classes, ranges, *scores):
    names = ("min", "max", "leastSum", "greatestSum")
    found = dict(zip(names, ranges), rows=rows, classes=classes)
    return dict(found, **{name: _finite(x) for name, x in zip(("value", "baseline", "least"), scores)})


def _numbers(*tensors):
    return torch.stack(tensors).tolist()


def _finite(x):
    return x if x is not None and math.isfinite(x) else None
