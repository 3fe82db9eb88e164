"""Statistics of tensors, many at a time, from at most SAMPLE elements of each."""

import math

import torch

try:
    import numpy
except Exception:
    numpy = None

#: Tensors with more elements are measured on so many of them.
SAMPLE = 4096

#: What `measure` gives of each tensor, in order. The norm is extrapolated from the sample.
NORM, MEAN, STD, MIN, MAX, ZERO_SHARE, NON_FINITE = range(7)
_NAN = float("nan")


def stride_for(numel):
    """The distance of samples: shares no factor with the usual widths of layers, or it would lock onto one column."""
    if numel <= SAMPLE:
        return 1
    stride = -(-numel // SAMPLE)
    while any(stride % prime == 0 for prime in (2, 3, 5, 7)):
        stride += 1
    return stride


def _is_dense(tensor):
    """Its elements fill their memory without gaps or overlap, whatever their order."""
    if tensor.is_contiguous():
        return True
    expected = 1
    for size, stride in sorted(zip(tensor.shape, tensor.stride()), key=lambda pair: pair[1]):
        if size != 1:
            if stride != expected:
                return False
            expected *= size
    return True


def sample(tensor):
    """At most SAMPLE elements of a dense tensor, as a view in one dimension."""
    tensor = tensor.detach()
    numel = tensor.numel()
    if not _is_dense(tensor):
        return tensor.reshape(-1)[:: stride_for(numel)]
    stride = stride_for(numel)
    return tensor.as_strided(((numel + stride - 1) // stride,), (stride,), tensor.storage_offset())


def is_measurable(tensor):
    """Plain tensors of real numbers with elements of their own; not a subclass with a meaning of its own."""
    return (
        type(tensor) in (torch.Tensor, torch.nn.Parameter)
        and tensor.is_floating_point()
        and tensor.numel() > 0
        and tensor.layout in (torch.strided, torch.sparse_coo)
        and tensor.device.type not in ("meta", "xla")
    )


def values_of(tensor):
    """(values, numel): of a sparse tensor those that are there, as they add up."""
    if tensor.is_sparse:
        return tensor.detach().coalesce().values(), tensor.numel()
    return tensor, tensor.numel()


def exact_norms(tensors):
    """L2 norms over all elements; one transfer for all of them."""
    if not tensors:
        return []
    half = any(tensor.dtype in (torch.float16, torch.bfloat16) for tensor in tensors)
    same = len({(tensor.dtype, tensor.device) for tensor in tensors}) == 1
    if same and not half and hasattr(torch, "_foreach_norm"):
        return torch.stack(torch._foreach_norm(tensors)).tolist()
    norms = [torch.linalg.vector_norm(tensor, dtype=_wide(tensor.dtype)) for tensor in tensors]
    return torch.stack([norm.to("cpu", torch.float64) for norm in norms]).tolist()


def _wide(dtype):
    return torch.float64 if dtype == torch.float64 else torch.float32


def gather(views):
    """Several samples as one flat array in memory of its own, and their lengths."""
    lengths = [view.numel() for view in views]
    # Small updates of numbers in double precision would be lost in single precision.
    dtype = torch.float64 if any(view.dtype == torch.float64 for view in views) else torch.float32
    if any(view.dtype != dtype or view.device.type != "cpu" for view in views):
        views = [view.to("cpu", dtype) for view in views]
    return torch.cat(views), lengths


def measure(flat, lengths, numels):
    """Seven numbers of each of the tensors whose samples `flat` holds one after another."""
    if numpy is not None:
        try:
            return _by_numpy(flat.numpy(), lengths, numels)
        except (RuntimeError, TypeError):
            pass  # torch was built for another numpy
    return [_by_torch(part, numel) for part, numel in zip(flat.split(lengths), numels)]


def _by_numpy(x, lengths, numels):
    counts = numpy.asarray(lengths)
    ends = numpy.cumsum(counts)
    starts = ends - counts
    with numpy.errstate(all="ignore"):
        wide = x.astype(numpy.float64, copy=False)
        squares = _squares(wide, lengths)
        # A sum of squares of finite single-precision numbers is finite: then nothing has to be looked at closely.
        finite = bool(numpy.isfinite(squares).all())
        sums = numpy.add.reduceat(wide, starts)
        low = (numpy.minimum if finite else numpy.fmin).reduceat(x, starts)
        high = (numpy.maximum if finite else numpy.fmax).reduceat(x, starts)
        at_zeros = numpy.flatnonzero(x == 0)
        zeros = numpy.searchsorted(at_zeros, ends) - numpy.searchsorted(at_zeros, starts)
        bad = 0.0 * squares if finite else numpy.add.reduceat((~numpy.isfinite(x)).astype(numpy.float64), starts)
        share = 1.0 / counts
        mean = sums * share
        std = numpy.sqrt(numpy.maximum(0.0, squares * share - mean * mean))
        scale = numpy.asarray(numels, dtype=numpy.float64) * share
        columns = (numpy.sqrt(squares * scale), mean, std, low, high, zeros * share, numpy.ceil(bad * scale))
        return numpy.stack(columns, axis=1).tolist()


def exponents(flat, lengths):
    """How many elements of each sample have each exponent of single precision: rows of 256. None without numpy."""
    if numpy is None:
        return None
    try:
        x = flat.numpy()
    except (RuntimeError, TypeError):
        return None
    with numpy.errstate(all="ignore"):
        single = x.astype(numpy.float32, copy=False)
    index = (single.view(numpy.uint32) >> 23) & 255
    index += numpy.repeat(numpy.arange(0, 256 * len(lengths), 256, dtype=numpy.uint32), lengths)
    return numpy.bincount(index, minlength=256 * len(lengths)).reshape(-1, 256)


def _squares(wide, lengths):
    """The sum of squares of each part."""
    squares, start = numpy.empty(len(lengths)), 0
    for i, length in enumerate(lengths):
        part = wide[start : start + length]
        squares[i] = part.dot(part)
        start += length
    return squares


def _by_torch(x, numel):
    x = x.double()
    n = x.numel()
    finite = torch.isfinite(x)
    mean = x.sum() / n
    square = (x * x).sum() / n
    real = x[~torch.isnan(x)]
    low, high = (real.min(), real.max()) if real.numel() else (torch.tensor(_NAN), torch.tensor(_NAN))
    bad = n - int(finite.sum())
    zeros = int((x == 0).sum())
    std = torch.sqrt(torch.clamp(square - mean * mean, min=0))
    return [
        math.sqrt(float(square) * numel) if float(square) >= 0 else _NAN,
        float(mean),
        float(std),
        float(low),
        float(high),
        zeros / n,
        math.ceil(bad * numel / n),
    ]


def distances(flat, before, lengths, numels):
    """‖now − before‖ of each tensor, extrapolated from its sample."""
    difference = (flat - before).double()
    try:
        squares = _squares(difference.numpy(), lengths).tolist()
    except (AttributeError, RuntimeError, TypeError):  # no numpy, or one that torch wasn't built for
        squares = [float(part.square().sum()) for part in difference.split(lengths)]
    return [math.sqrt(square * numel / length) for square, numel, length in zip(squares, numels, lengths)]


def sparse_row(row, stored, numel):
    """Statistics of a sparse tensor's stored values become those of all its elements, most of which are 0."""
    share = stored / numel
    mean = row[MEAN] * share
    square = (row[STD] ** 2 + row[MEAN] ** 2) * share
    full = list(row)
    full[MEAN] = mean
    full[STD] = math.sqrt(max(0.0, square - mean * mean)) if square == square else _NAN
    if stored < numel:
        full[MIN], full[MAX] = min(row[MIN], 0.0), max(row[MAX], 0.0)
    full[ZERO_SHARE] = 1 - share * (1 - row[ZERO_SHARE])
    return full
