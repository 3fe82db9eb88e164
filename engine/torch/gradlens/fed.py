"""What a loss function was given, in numbers, and what it makes of it: computed here, because reductions differ."""

import math

import torch

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
}
#: Those whose input is a row of scores for classes; of the others every element is for itself.
_OF_CLASSES = ("crossEntropy", "nllLoss")
_ELEMENTS = {
    "mseLoss": lambda x, y: (x - y) ** 2,
    "binaryCrossEntropyWithLogits": lambda x, y: x.clamp(min=0) - x * y + torch.log1p(torch.exp(-x.abs())),
    # Logarithms as in torch, at least -100.
    "binaryCrossEntropy": lambda x, y: -y * x.log().clamp(min=-100) - (1 - y) * (1 - x).log().clamp(min=-100),
}
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
    if not in_full and plain and result.numel() == 1:
        classes = (x.shape[0] if x.dim() == 1 else x.shape[1]) if of_classes else 1
        return {"rows": x.numel() // classes, "value": float(result.detach())}
    with torch.no_grad():
        if of_classes:
            return _of_classes(loss, x, y, options.get("ignore_index", -100))
        found = _of_elements(loss, x, y)
    if loss not in _ELEMENTS and plain and result.numel() == 1:
        found["value"] = _finite(float(result.detach()))
    return found


def add(content, more):
    """Two calls together, in the first one's content."""
    a, b = content["rows"], more["rows"]
    for name, choose in (("min", min), ("max", max), ("leastSum", min), ("greatestSum", max)):
        if more.get(name) is not None and content[name] is not None:
            content[name] = choose(content[name], more[name])
    for name in ("value", "baseline"):
        if name in more:
            known = content[name] is not None and more[name] is not None
            content[name] = (content[name] * a + more[name] * b) / (a + b) if known else None
    content["rows"] = a + b


def _of_classes(loss, x, y, ignored):
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
    scores = torch.log_softmax(x, 1) if loss == "crossEntropy" else x
    if soft:
        losses, shares, counted = -(y * scores).sum(1), y.sum(0), len(x)
    else:
        if len(y) != len(x):
            return None
        valid = (y >= 0) & (y < classes) & (y != ignored)
        y, scores = y[valid], scores[valid]
        losses, counted = -scores.gather(1, y[:, None]), len(y)
        shares = torch.bincount(y, minlength=classes).double()
    sums = x.sum(1)
    ranges = _numbers(x.min(), x.max(), sums.min(), sums.max())
    value = float(losses.sum()) / counted if counted else None
    shares = shares[shares > 0] / shares.sum()
    baseline = -float((shares * shares.log()).sum())  # the entropy of the classes, in nats
    return _frame(len(x), classes, ranges, value, baseline if counted else None)


def _rows(x, classes):
    return x.reshape(x.shape[0], classes, -1).transpose(1, 2).reshape(-1, classes).to("cpu", torch.float64)


def _of_elements(loss, x, y):
    """The best constant answer: for each column (the last dimension) its mean."""
    columns = x.shape[-1] if x.dim() > 1 else 1
    same = x.shape == y.shape
    most = max(columns, MOST_ELEMENTS - MOST_ELEMENTS % columns)
    x, y = (t.reshape(-1)[:most].to("cpu", torch.float64) for t in (x, y))
    known = loss in _ELEMENTS
    value = float(_ELEMENTS[loss](x, y).mean()) if same and known else None
    baseline = None
    if same and known:
        y = y.reshape(-1, columns)
        mean = y.mean(0)
        if loss == "mseLoss":
            baseline = float((y - mean).square().mean())
        else:
            inner = mean[(mean > 0) & (mean < 1)]
            baseline = -float((inner * inner.log() + (1 - inner) * (1 - inner).log()).sum()) / columns
    low, high = _numbers(x.min(), x.max())
    return _frame(len(x), 1, (low, high, low, high), value, baseline)


def _frame(rows, classes, ranges, value, baseline):
    names = ("min", "max", "leastSum", "greatestSum")
    return dict(zip(names, ranges), rows=rows, classes=classes, value=_finite(value), baseline=_finite(baseline))


def _numbers(*tensors):
    return torch.stack(tensors).tolist()


def _finite(x):
    return x if x is not None and math.isfinite(x) else None
