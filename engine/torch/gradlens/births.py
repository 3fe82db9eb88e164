"""
Where a value that isn't finite came from. On the way forward: the first node whose output isn't, while its inputs are,
by what nodes have saved. On the way back: the first node that passed on what isn't, while what came to it was.
"""

import math

import torch

from . import codec, graph, saved
from .graph import leaf_of, only_parameters, operation_name
from .sites import as_json


class Births:
    """Told once a run."""

    def __init__(self, observer):
        self._observer = observer
        self.told = False

    def tell_forward(self, nodes, seen, frame):
        """The loss isn't finite. `frame`: where its backward pass was called."""
        self.told = True
        observer = self._observer
        observer.sampler.suspect()
        found = birth_of(nodes, seen)
        if found is None:
            return
        node, operation, value, inputs, bad = found
        parameter = None if bad is None or not bad.requires_grad else observer.leaves.id_of(bad)
        masked = bad is None and operation == "softmax" and _is_masked(node, seen)
        layer = node.layer
        leaf = graph.leaf_behind(node, seen) if layer is None else None
        owner = None if leaf is None else observer.modules.owner(leaf)
        if owner is not None:
            layer = owner[0]
        content = {} if parameter is None else {"parameter": parameter}
        if masked:
            content["masked"] = True
        if inputs is None:
            content["unseen"] = True
        named = observer.forward.sites_of(nodes, frame) if layer is None and frame is not None else {}
        # `log` in `loss = -x.log().mean()` is where `loss` is
        around = next((named[after.fn] for after in nodes[nodes.index(node) :] if after.fn in named), None)
        self._tell(operation, layer, node.follows, value, inputs or [], content, around)

    def tell_backward(self, origin):
        """The loss is finite and gradients aren't; `origin`: as operations.origin gives it."""
        observer = self._observer
        if origin is None or self.told or observer.record.scaled or not math.isfinite(observer.record.loss):
            return  # a scaled gradient may overflow: that is how its scaler finds the scale
        self.told = True
        entry, value, ranges = origin
        node = entry.node
        self._tell(graph.operation_of(node) or node.name, node.layer, node.follows, value, ranges, {"backward": True})

    def _tell(self, operation, layer, follows, value, inputs, content, around=None):
        observer = self._observer
        if layer is not None:
            site = observer.modules.site_of_layer(layer)
        else:
            layer, site = observer.forward.only_call(operation, follows)
            site = site or around
        content.update(step=observer.step, operation=operation, layer=layer, site=as_json(site), value=value)
        observer.stream.put(codec.encode("non-finite", inputs=inputs, **content))


def birth_of(nodes, seen):
    """
    (node, operation, value, ranges of its inputs, leaf) of the first that isn't finite; None if all are. Of data and leaves there
    are no inputs; they are None where the operation had some and has kept none.
    """
    for node in nodes:
        leaf = _bad_leaf(node, seen)
        if leaf is not None:
            return node, operation_name(node.name) or node.name, value_of(leaf.detach()), [], leaf
        inputs, results = saved.values_of(node.fn)
        bad = [tensor for tensor in inputs if value_of(tensor)]
        if bad:
            producer = _producer(node, seen)
            if producer is None:
                return node, operation_name(node.name) or node.name, value_of(bad[0]), [], None
            name = operation_name(producer.name) or producer.name
            return producer, name, value_of(bad[0]), ranges_of(saved.values_of(producer.fn)[0]) or None, None
        results = results or _computed_again(node, inputs)
        born = [tensor for tensor in results if value_of(tensor)]
        if born:
            return node, operation_name(node.name) or node.name, value_of(born[0]), ranges_of(inputs) or None, None
    return None


#: Functions of so many tensors that have an end of what they are defined for, or grow large, and save what they were given,
#: not what they made.
_ENDS = {
    "log": (torch.log, 1),
    "log2": (torch.log2, 1),
    "log10": (torch.log10, 1),
    "log1p": (torch.log1p, 1),
    "acos": (torch.acos, 1),
    "asin": (torch.asin, 1),
    "atanh": (torch.atanh, 1),
    "acosh": (torch.acosh, 1),
    "mm": (torch.mm, 2),
}


def _computed_again(node, inputs):
    """What a node made, of what it has saved."""
    function, count = _ENDS.get(operation_name(node.name), (None, None))
    if len(inputs) != count:
        return []
    try:
        return [function(*inputs)]
    except Exception:
        return []


#: What puts −∞ where a mask says so, and saves nothing of it.
_MASKING = {"maskedFill", "where", "add", "sub"}


def _is_masked(node, seen):
    """What came to a softmax was masked: where it made NaN, a mask left nothing of a row."""
    producer = _producer(node, seen)
    return producer is not None and operation_name(producer.name) in _MASKING


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
        if leaf is not None and value_of(leaf.detach()):
            return leaf
    return None


def value_of(tensor):
    """`NaN` or `Infinity` if a tensor holds one, else None."""
    try:
        if bool(torch.isfinite(tensor).all()):
            return None
        return "NaN" if bool(torch.isnan(tensor).any()) else "Infinity"
    except Exception:
        return None


def ranges_of(tensors):
    return [{"min": float(t.min()), "max": float(t.max())} for t in tensors if t.numel()]
