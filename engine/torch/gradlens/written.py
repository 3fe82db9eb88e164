"""
Loss functions that a script writes itself, recognised in the graph behind a loss: squares and magnitudes of what differs from
data, Σ t·ln p and what picks ln p. Of which kind they are the nodes show and what they have saved, and of probabilities their
values: those sum to 1.
"""

import collections

import torch

from . import graph, saved
from .differences import MOST_ELEMENTS, note_of

#: One of them, as if the library's function had been called. `answers`: the node of what `input` is, or was computed from;
#: `site`: where it's known from the operation itself; `around`: the nodes from it to the loss. `pairs`: answers and targets had
#: other shapes, and each was held against each.
Written = collections.namedtuple("Written", "loss input target answers pairs site around")

#: Nodes walked.
_MOST_NODES = 32
#: By how much probabilities may miss 1: who writes ln p by hand adds a little to p, or clamps it.
_TOLERANCE = 1e-3
#: Logarithms of what is nothing.
_LEAST = 1e-12

#: They change shapes and nothing else, rows staying rows.
_SHAPES = {"View", "UnsafeView", "ReshapeAlias", "Squeeze", "Unsqueeze", "Alias", "ToCopy", "Clone"}
#: What neither picks nor joins: reductions, signs, shapes.
_PASSED = _SHAPES | {"Sum", "Mean", "Neg", "Sqrt", "Transpose", "Permute", "T", "Expand"}
_JOINING = {"Add", "Sub"}
_SCALING = {"Mul", "Div"}
#: What keeps a logarithm finite.
_GUARDING = {"Clamp", "ClampMin", "Add", "Maximum"}
_OPERANDS = ("self", "other")


def written_losses(root):
    """The losses of which `root` is the sum, those that are recognised; in the order in which they are summed."""
    try:
        with torch.no_grad():
            return _losses_of(root)
    except Exception:
        return []  # tensors that can't be read, or can't be computed with as these are


def _losses_of(root):
    terms = _terms_of(root)
    if len(terms) == 2:
        two = _of_two(*terms)
        if two is not None:
            return [two]
    return [loss for loss in map(_recognised, terms) if loss is not None]


def _terms_of(root):
    """Of what a sum is made, behind all that sums up, scales and changes signs: nodes, each with those above it."""
    terms = []
    near = [] if root.grad_fn is None else [(root.grad_fn, (), root.numel() == 1)]
    for _ in range(_MOST_NODES):
        if not near:
            break
        fn, above, is_single = near.pop()
        around = (fn, *above)
        if _is_passed(fn, is_single):
            is_single = is_single and graph.stem(fn) not in ("Sum", "Mean")
            near += [(child, around, is_single) for child in reversed(_producers(fn))]
        else:
            terms.append(around)
    return terms


def _is_passed(fn, is_single):
    name = graph.stem(fn)
    if name in _JOINING:
        note = note_of(fn)
        return note is None or note.data is None
    if name in _SCALING and len(_producers(fn)) == 1:
        operands = [_operand(fn, i) for i, (child, _) in enumerate(fn.next_functions) if child is None]
        return is_single or all(operand is not None and operand.numel() == 1 for operand in operands)
    return name in _PASSED or name == "Rsub" or name == "Pow" and _exponent(fn) == 0.5


def _producers(fn):
    """The nodes that made what an operation was given; neither data nor leaves."""
    return [child for child, _ in fn.next_functions if child is not None and graph.leaf_of(child) is None]


def _operand(fn, i):
    """What a product or quotient has saved of one of its operands."""
    return saved.value_of(fn, _OPERANDS[i])


def _exponent(fn):
    exponent = getattr(fn, "_saved_exponent", None)
    return None if isinstance(exponent, torch.Tensor) and exponent.numel() != 1 or exponent is None else float(exponent)


def _recognised(around):
    fn = around[0]
    name = graph.stem(fn)
    if name == "Pow" and _exponent(fn) == 2 or name == "Mul" and len(set(fn.next_functions)) == 1:
        return _of_difference("mseLoss", around)
    if name == "Abs":
        return _of_difference("l1Loss", around)
    if name in _JOINING:
        return _differing("difference", fn, around)
    if name in ("Gather", "Index"):
        return _picked(around)
    if name == "Log":
        return _picked_before(around)
    return _weighed(around) if name == "Mul" else None


def _of_difference(loss, around):
    """A distance from data."""
    fn = _behind(around[0].next_functions[0][0], _PASSED)
    return None if fn is None or graph.stem(fn) not in _JOINING else _differing(loss, fn, around)


def _behind(fn, passed):
    """The first node that isn't one of these."""
    for _ in range(_MOST_NODES):
        if fn is None or graph.stem(fn) not in passed:
            return fn
        fn = next(iter(_producers(fn)), None)
    return None


def _differing(loss, fn, around):
    """What a model answers, less data (or the data less it)."""
    note = note_of(fn)
    if note is None or note.data is None:
        return None
    answers, data = note.answers, note.data * note.sign
    pairs = _are_pairs(answers, data)
    input, target = torch.broadcast_tensors(answers, data)
    return Written(loss, input, target, fn.next_functions[note.at][0], pairs, note.site, around)


def _are_pairs(a, b):
    """Two tensors of more than one element each, of which neither has the shape of what comes of both."""
    size = torch.broadcast_tensors(a, b)[0].numel()
    return 1 < a.numel() < size and 1 < b.numel() < size


def _of_two(first, second):
    """t·ln p + (1 − t)·ln(1 − p)."""
    found = [_weighed_logarithm(first[0]), _weighed_logarithm(second[0])]
    if None in found:
        return None
    found.sort(key=lambda term: _is_rest(term[2]))
    (logarithm, target, fn), (other, rest, _) = found
    pairs = _are_pairs(logarithm, target)
    probability, target, other, rest = torch.broadcast_tensors(logarithm.exp(), target, other.exp(), rest)
    if not (_is_1(target + rest) and _is_1(probability + other)):
        return None
    return Written("binaryCrossEntropy", probability, target, fn, pairs, None, first)


def _is_rest(fn):
    """ln(1 − p), by how it's computed."""
    inner = _behind(fn, _SHAPES)
    for _ in range(4):
        if inner is None:
            return False
        if graph.stem(inner) in ("Rsub", "Neg", "Log1P") or graph.stem(inner) == "Sub" and inner.next_functions[0][0] is None:
            return True
        inner = next(iter(_producers(inner)), None)
    return False


def _weighed_logarithm(fn):
    """(logarithm, weight, node of the logarithm) of a product of data and what is at most 0 throughout."""
    if graph.stem(fn) != "Mul" or len(_producers(fn)) != 1:
        return None
    at = next((i for i, (child, _) in enumerate(fn.next_functions) if child is None), None)
    weight = None if at is None else _known(_operand(fn, at))
    made = _producers(fn)[0]
    logarithm = None if weight is None or weight.numel() < 2 else _logarithm_of(made, weight.shape)
    if logarithm is None or torch.broadcast_tensors(logarithm, weight)[0].numel() > MOST_ELEMENTS:
        return None
    return (logarithm, weight, made) if _are_logarithms(logarithm) else None


def _are_logarithms(tensor):
    return bool((tensor <= _TOLERANCE).all())


def _weighed(around):
    """Σ t·ln p, where t sums to 1 over the classes."""
    found = _weighed_logarithm(around[0])
    if found is None or found[0].shape != found[1].shape:
        return None
    logarithm, weight, fn = found
    dim = next((d for d in (weight.dim() - 1, 1) if d < weight.dim() and _is_1(weight.sum(d))), None)
    if dim is None or not _are_of(logarithm, dim):
        return None
    return _of_classes(_by_rows(logarithm, dim), _by_rows(weight, dim), fn, around)


def _picked(around):
    """The logarithm of the probability of each row's own class."""
    fn = around[0]
    made = next(iter(_producers(fn)), None)
    picked = None if made is None else _rows_and_classes(fn, lambda shape: _logarithm_of(made, shape))
    return None if picked is None or not _are_logarithms(picked[0]) else _of_classes(*picked, made, around)


def _picked_before(around):
    """The same, where the logarithm is taken of what has been picked."""
    fn = around[0]
    at = _behind(next(iter(_producers(fn)), None), _PASSED | _GUARDING)
    made = None if at is None or graph.stem(at) not in ("Gather", "Index") else next(iter(_producers(at)), None)
    if made is None:
        return None

    def logarithms(shape):
        probabilities = _probability_of(made, shape)
        return None if probabilities is None else probabilities.clamp(min=_LEAST).log()

    picked = _rows_and_classes(at, logarithms)
    taken = _known(saved.value_of(fn, "self"))
    if picked is None or taken is None or taken.numel() != len(picked[1]):
        return None
    own = picked[0].gather(1, picked[1][:, None]).exp().flatten()
    return _of_classes(*picked, fn, around) if _is_1(1 + own - taken.flatten()) else None


def _rows_and_classes(fn, values):
    """(rows, the class of each) of a node that picks. `values`: gives what it picks from, in the shape that has."""
    if graph.stem(fn) == "Gather":
        index, dim = saved.value_of(fn, "index"), fn._saved_dim
        if index is None:
            return None
        # Negative ones are told as if they weren't.
        dim = (dim - 2**64 if dim >= 2**63 else dim) % index.dim()
        tensor = values(None)
        if tensor is None or tensor.dim() != index.dim() or index.shape[dim] != 1 or not _are_of(tensor, dim):
            return None
        index = index.detach().to("cpu", torch.int64)
        tensor = tensor[tuple(slice(None) if d == dim else slice(size) for d, size in enumerate(index.shape))]
        return _by_rows(tensor, dim), _by_rows(index, dim).flatten()
    indices = [i.detach().to("cpu") for i in fn._saved_indices if i is not None and i.dtype in (torch.int64, torch.int32)]
    shape = getattr(fn, "_saved_self_sym_sizes", None) or getattr(fn, "_saved_self_sizes", ())
    if len(shape) != 2 or len(indices) != 2 or len(fn._saved_indices) != 2:
        return None
    rows, classes = (i.flatten().long() for i in torch.broadcast_tensors(*indices))
    tensor = values(tuple(shape))
    if tensor is None or tuple(tensor.shape) != tuple(shape) or not _are_of(tensor, 1):
        return None
    return tensor[rows], classes % tensor.shape[1]


def _of_classes(input, target, fn, around):
    return None if len(input) < 2 else Written("nllLoss", input, target, fn, False, None, around)


def _by_rows(tensor, dim):
    """Classes in the last dimension, everything else in the first."""
    return tensor.transpose(dim, -1).reshape(-1, tensor.shape[dim])


def _are_of(logarithms, dim):
    """Logarithms of what sums to 1 over the classes; or over the batch, by mistake."""
    shares = logarithms.exp()
    return _is_1(shares.sum(dim)) or dim != 0 and _is_1(shares.sum(0))


def _is_1(tensor):
    return bool(((tensor - 1).abs() < _TOLERANCE).all())


def _logarithm_of(fn, shape):
    """What a node put out that may be a logarithm of probabilities, in a shape if it's known."""
    inner = _behind(fn, _SHAPES)
    name = None if inner is None else graph.stem(inner)
    if name == "LogSoftmax":
        value = _known(saved.value_of(inner, "result"))
    elif name == "Sub":
        note = note_of(inner)
        value = _known(note and note.result)
    elif name in _LOGARITHMS:
        value = _known(saved.value_of(inner, "self"))
        value = None if value is None else _LOGARITHMS[name](value)
    else:
        value = None
    return _shaped(value, shape, inner is not fn)


_LOGARITHMS = {"Log": torch.log, "Log1P": torch.log1p, "LogSigmoid": torch.nn.functional.logsigmoid}


def _probability_of(fn, shape):
    """What a node put out that may be probabilities."""
    inner = _behind(fn, _SHAPES | _GUARDING)
    name = None if inner is None else graph.stem(inner)
    if name in ("Softmax", "Exp"):
        value = _known(saved.value_of(inner, "result"))
    elif name in _SCALING:
        a, b = (_known(_operand(inner, i)) for i in range(2))
        value = None if a is None or b is None else a * b if name == "Mul" else a / b
    else:
        value = None
    return _shaped(value, shape, inner is not fn)


def _shaped(value, shape, is_moved):
    if value is None or shape is None or not is_moved or value.shape == shape:
        return value
    return value.reshape(shape) if value.numel() == torch.Size(shape).numel() else None


def _known(tensor):
    """Numbers to compute with; None if there are none, or too many."""
    if tensor is None or tensor.numel() > MOST_ELEMENTS or tensor.is_complex():
        return None
    return tensor.detach().to("cpu", torch.float64)
