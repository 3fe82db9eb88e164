"""Where a value that isn't finite came from: the first node whose output isn't, while its inputs are."""

import torch

from .graph import leaf_of, only_parameters, operation_name

#: What nodes save of their outputs; anything else they save is an input.
_RESULTS = ("result", "output", "out")


def birth_of(nodes, seen):
    """(node or None, operation, value, [(min, max) of each input]) of the first that isn't finite; None if all are."""
    for node in nodes:
        leaf = _bad_leaf(node, seen)
        if leaf is not None:
            return node, operation_name(node.name) or node.name, _value(leaf), []
        inputs, results = _saved(node.fn)
        bad = [tensor for tensor in inputs if _value(tensor)]
        if bad:
            producer = _producer(node, seen)
            if producer is None:
                return node, operation_name(node.name) or node.name, _value(bad[0]), []
            name = operation_name(producer.name) or producer.name
            return producer, name, _value(bad[0]), _ranges(_saved(producer.fn)[0])
        born = [tensor for tensor in results if _value(tensor)]
        if born:
            return node, operation_name(node.name) or node.name, _value(born[0]), _ranges(inputs)
    return None


def _producer(node, seen):
    """The node that made what came in; None if that was data."""
    for child, _ in node.edges:
        inner = seen.get(child)
        if inner is not None and leaf_of(child) is None and not only_parameters(inner, seen):
            return inner
    return None


def _bad_leaf(node, seen):
    for child, _ in node.edges:
        leaf = leaf_of(child) if child is not None else None
        if leaf is not None and _value(leaf.detach()):
            return leaf.detach()
    return None


def _saved(fn):
    """What a node saved, (inputs, results), as far as that can be seen without changing anything."""
    inputs, results = [], []
    for attribute in dir(fn):
        if not attribute.startswith("_raw_saved_"):
            continue
        name = attribute[len("_raw_saved_") :]
        try:
            raw = getattr(fn, attribute)
            # Where hooks were registered (checkpointing), unpacking would compute again.
            if getattr(raw, "unpack_hook", None) is not None:
                continue
            tensor = getattr(fn, "_saved_" + name)
        except Exception:
            continue  # freed, or changed in place since
        if isinstance(tensor, torch.Tensor) and tensor.is_floating_point():
            (results if name in _RESULTS else inputs).append(tensor.detach())
    return inputs, results


def _value(tensor):
    """`NaN` or `Infinity` if a tensor holds one, else None."""
    try:
        if bool(torch.isfinite(tensor).all()):
            return None
        return "NaN" if bool(torch.isnan(tensor).any()) else "Infinity"
    except Exception:
        return None


def _ranges(tensors):
    ranges = []
    for tensor in tensors:
        if tensor.numel():
            ranges.append({"min": float(tensor.min()), "max": float(tensor.max())})
    return ranges
