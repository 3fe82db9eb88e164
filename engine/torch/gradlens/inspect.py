"""A part of a tensor, on request, while the run is paused."""

import math

from . import codec
from .measure import exact_norms, is_measurable, measure, sample, gather

#: Elements shown at the most.
MOST = 65536
#: Statistics are of all elements up to so many, which takes a moment; beyond, of a sample.
WHOLE = 1 << 22


def inspect(tensor, request):
    """The tensor frame that answers a request. `tensor`: a tensor, or a text that says why there is none."""
    number = int(request.get("request", 0))
    empty = dict(request=number, shape=[], dtype="", start=[], count=[], values=[], statistics={})
    if isinstance(tensor, str):
        return codec.encode("tensor", problem=tensor, **empty)
    try:
        return _answer(tensor, request, number)
    except Exception as error:  # no memory left for it, say, or a subclass that has no elements of its own
        return codec.encode("tensor", problem="This tensor can't be read: %s" % error, **empty)


def _answer(tensor, request, number):
    tensor = tensor.detach()
    if tensor.is_sparse:
        tensor = tensor.to_dense()
    start, count = _range(tensor.shape, request.get("start") or [], request.get("count") or [])
    part = tensor
    for dimension, (first, number_of) in enumerate(zip(start, count)):
        part = part.narrow(dimension, first, number_of)
    values = [_json(x) for x in part.reshape(-1).cpu().tolist()]
    statistics = {}
    sampled = {}
    if is_measurable(tensor):
        view = tensor.reshape(-1) if tensor.numel() <= WHOLE else sample(tensor)
        flat, lengths = gather([view])
        _, mean, std, low, high, zeros, bad = measure(flat, lengths, [tensor.numel()])[0]
        statistics = dict(norm=exact_norms([tensor])[0], mean=mean, std=std, min=low, max=high, zeroShare=zeros, nonFinite=bad)
    if statistics and lengths[0] < tensor.numel():
        sampled = dict(sampled=lengths[0])
    return codec.encode(
        "tensor",
        request=number,
        problem=None,
        shape=list(tensor.shape),
        dtype=str(tensor.dtype).replace("torch.", ""),
        start=start,
        count=count,
        values=values,
        statistics={name: _json(float(value)) for name, value in statistics.items()},
        **sampled,
    )


def _range(shape, start, count):
    """Within the shape, and no more than MOST elements: fewer along the first dimensions."""
    first = [min(max(0, int(start[i])) if i < len(start) else 0, max(0, size - 1)) for i, size in enumerate(shape)]
    number = [
        min(max(0, int(count[i])) if i < len(count) else size, size - first[i]) for i, size in enumerate(shape)
    ]
    for i in range(len(number)):
        inner = math.prod(number[i + 1 :])
        number[i] = min(number[i], max(1, MOST // max(1, inner)))
    return first, number


def _json(x):
    if isinstance(x, float) and not math.isfinite(x):
        return "NaN" if x != x else "Infinity" if x > 0 else "-Infinity"
    return x if isinstance(x, (int, float)) else str(x)
