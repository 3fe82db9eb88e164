"""The graph of a backward pass: its leaves, its operations, and how much each multiplies the gradient."""

import re

import torch

from . import codec
from .measure import sample
from .sites import as_json

#: Nodes walked at the most, and operations declared.
MOST_NODES = 50000
MOST_OPERATIONS = 4096
#: What forward hooks write into a node's own metadata: the node keeps it, we keep no node.
OUTPUT_OF = "gradlens.output"
INPUT_OF = "gradlens.input"

#: The embedded engine's names for the operations whose nodes are called otherwise.
_NAMES = {
    "addmm": "linear",
    "convolution": "conv2d",
    "mkldnnConvolution": "conv2d",
    "nativeBatchNorm": "batchNorm",
    "nativeLayerNorm": "layerNorm",
    "nativeGroupNorm": "groupNorm",
    "bmm": "matmul",
    "baddbmm": "matmul",
    "hardtanh": "clamp",
}
#: They move numbers and don't change them.
_MOVES = {
    "T", "View", "UnsafeView", "ReshapeAlias", "Transpose", "Permute", "Squeeze", "Unsqueeze", "Alias", "Detach",
    "Expand", "ToCopy", "Reshape", "Flatten", "AsStrided", "Clone", "ViewAs", "Contiguous",
}  # fmt: skip
_SUFFIX = re.compile(r"(Backward)?\d*$")


class Node:
    """One node of the graph during a walk."""

    __slots__ = ("fn", "name", "edges", "leads", "layer", "output", "follows")

    def __init__(self, fn):
        self.fn = fn
        self.name = fn.name()
        self.edges = fn.next_functions
        #: A gradient that reaches this node flows on to more than parameters.
        self.leads = False
        #: The innermost layer that this node belongs to, and (layer, index) of the outputs that come out of it.
        self.layer = None
        self.output = ()
        self.follows = None


def leaf_of(fn):
    """The tensor whose gradient an AccumulateGrad node adds to."""
    return getattr(fn, "variable", None)


def walk(roots):
    """(nodes, inputs before what uses them; leaves with their nodes), from the nodes of a backward pass's roots."""
    nodes, leaves, seen = [], [], {}
    stack = [(fn, None) for fn in roots if fn is not None]
    while stack:
        fn, children = stack.pop()
        if children is not None:
            nodes.append(children)
            continue
        if fn in seen or len(seen) > MOST_NODES:
            continue
        node = seen[fn] = Node(fn)
        leaf = leaf_of(fn)
        if leaf is not None:
            leaves.append((leaf, node))
            continue
        stack.append((fn, node))
        for child, _ in node.edges:
            if child is not None and child not in seen:
                stack.append((child, None))
    return nodes, leaves, seen


def place(nodes, seen, parent_of_layer):
    """Says of each node to which layer it belongs, what it follows, and whether its gradient leads on."""
    for node in reversed(nodes):  # what uses a node comes before it
        try:
            metadata = node.fn.metadata
        except Exception:
            metadata = {}
        marks = metadata.get(OUTPUT_OF, ())
        bounds = metadata.get(INPUT_OF, ())
        node.output = marks
        innermost = [layer for layer, _, is_leaf in marks if is_leaf]
        if innermost:
            node.layer = innermost[0]
        elif node.layer in bounds:
            node.layer = None
        for child, _ in node.edges:
            inner = seen.get(child)
            if inner is not None and inner.layer is None and node.layer is not None:
                inner.layer = node.layer
    for node in nodes:
        for child, _ in node.edges:
            inner = seen.get(child)
            if inner is None or leaf_of(child) is not None:
                continue
            if not only_parameters(inner, seen):
                node.leads = True
                if node.follows is None:
                    outs = [layer for layer, _, is_leaf in inner.output if is_leaf]
                    node.follows = outs[0] if outs else inner.follows if inner.layer is None else inner.layer
    return nodes


_TURNS = ("TBackward", "ViewBackward", "Transpose", "Permute", "ToCopy", "Expand", "Unsafe")


def only_parameters(node, seen):
    """A parameter that was only turned or cast, as a transposed weight is."""
    if node.leads or not node.name.startswith(_TURNS):
        return False
    inner = [(child, seen.get(child)) for child, _ in node.edges]
    return all(leaf_of(child) is not None or n is None or only_parameters(n, seen) for child, n in inner if child)


def leaf_behind(node, seen):
    """A parameter that this operation uses, turned or as it is; None if it uses none."""
    for child, _ in node.edges:
        inner = seen.get(child)
        leaf = leaf_of(child) if child is not None else None
        if leaf is None and inner is not None and only_parameters(inner, seen):
            leaf = leaf_behind(inner, seen)
        if leaf is not None:
            return leaf
    return None


def operation_name(name):
    """`AddmmBackward0` is `linear`, `SigmoidBackward0` is `sigmoid`; None for what only moves numbers."""
    stem = _SUFFIX.sub("", name.rpartition("::")[2])
    if stem in _MOVES or not stem:
        return None
    short = stem[0].lower() + stem[1:]
    return _NAMES.get(short, short)


def norm_of(tensor):
    """L2 norm as a tensor, of the sample where the tensor is large; no transfer yet."""
    if tensor.is_sparse:
        tensor = tensor._values()
    numel = tensor.numel()
    if numel > 16384:
        part = sample(tensor)
        scale = (numel / part.numel()) ** 0.5
    else:
        part, scale = tensor.detach(), 1.0
    if part.dtype in (torch.float16, torch.bfloat16):
        part = part.float()
    return torch.linalg.vector_norm(part) * scale if part.numel() else torch.zeros(())


class Operations:
    """Declares operations and measures gradients as they pass through them, at steps that are measured."""

    def __init__(self, put, modules):
        self._put = put
        self._modules = modules
        self._known = {}
        self._pending = []
        self._handles = []

    def watch(self, nodes, seen, sites):
        """Hooks the nodes of a walk for the one backward pass to come. `sites`: of nodes that variables stand for."""
        occurrences = {}
        for node in nodes:
            if len(self._handles) > MOST_OPERATIONS:
                break
            name = operation_name(node.name)
            id = None
            if name is not None:
                layer = node.layer
                if layer is None and node.follows is not None:
                    layer = self._modules.parent_of_layer(node.follows)
                key = (name, layer, node.follows)
                occurrence = occurrences[key] = occurrences.get(key, -1) + 1
                id = self._id(name, layer, node, occurrence, sites.get(node.fn))
            onward = [i for i, (child, _) in enumerate(node.edges) if self._leads(child, seen)] if node.leads else []
            crossing = [i for i in onward if seen[node.edges[i][0]].layer != node.layer] if node.layer is not None else []
            if id is not None or node.output or crossing:
                self._hook(node.fn, id, onward, crossing, node.layer, tuple((l, i) for l, i, _ in node.output))

    def _leads(self, child, seen):
        node = seen.get(child)
        return node is not None and leaf_of(child) is None and not only_parameters(node, seen)

    def _id(self, name, layer, node, occurrence, site):
        key = (name, layer, node.follows, occurrence)
        known = self._known.get(key)
        if known is None and len(self._known) < MOST_OPERATIONS:
            known = self._known[key] = len(self._known)
            content = dict(operation=name, occurrence=occurrence, layer=layer, follows=node.follows)
            shape = [int(n) for n in _shape_of(node.fn)]
            dtype = _dtype_of(node.fn)
            self._put(codec.encode("operation", id=known, shape=shape, dtype=dtype, site=as_json(site), **content))
        return known

    def _hook(self, fn, id, onward, crossing, layer, outputs):
        pending = self._pending

        def measured(passed_on, came_in):
            came = [g for g in came_in if g is not None]
            if not came:
                return
            norms = [norm_of(g) for g in came]
            on = [(i, norm_of(passed_on[i])) for i in onward if i < len(passed_on) and passed_on[i] is not None]
            outs = [(l, norm_of(came_in[i])) for l, i in outputs if i < len(came_in) and came_in[i] is not None]
            cross = [norm for i, norm in on if i in crossing]
            pending.append((id, norms, [norm for _, norm in on], layer if cross else None, cross, outs))

        def hook(passed_on, came_in):
            try:
                measured(passed_on, came_in)
            except Exception:
                pass  # a kind of tensor that can't be measured

        self._handles.append(fn.register_hook(hook))

    def unhook(self):
        for handle in self._handles:
            handle.remove()
        self._handles = []

    def take(self):
        """(operations' gradient norm and gain by id; layers' gradient norm by id; layers' gain by id)."""
        pending, self._pending = self._pending, []
        flat = [norm for _, came, on, _, cross, outs in pending for norm in came + on + cross + [n for _, n in outs]]
        if not flat:
            return {}, {}, {}
        numbers = iter(torch.stack([norm.reshape(()).to("cpu", torch.float64) for norm in flat]).tolist())
        operations, layers, crossed, came_out = {}, {}, {}, {}
        for id, came, on, layer, cross, outs in pending:
            came = _hypot([next(numbers) for _ in came])
            on = [next(numbers) for _ in on]
            cross = _hypot([next(numbers) for _ in cross])
            for l, _ in outs:
                norm = next(numbers)
                layers.setdefault(l, norm)  # of a layer that is applied repeatedly, the last time: the first on the way back
                came_out[l] = _hypot([came_out.get(l, 0.0), norm])
            if id is not None:
                operations[id] = (came, _hypot(on) / came if on and came > 0 else float("nan"))
            if layer is not None:
                crossed[layer] = _hypot([crossed.get(layer, 0.0), cross])
        gains = {l: norm / came_out[l] for l, norm in crossed.items() if came_out.get(l, 0) > 0}
        return operations, layers, gains


def _hypot(numbers):
    return sum(n * n for n in numbers) ** 0.5


def _shape_of(fn):
    """The shape of an operation's output, where the node knows it (torch 2)."""
    try:
        return tuple(fn._input_metadata[0].shape)
    except Exception:
        return ()


def _dtype_of(fn):
    try:
        return str(fn._input_metadata[0].dtype).replace("torch.", "")
    except Exception:
        return "unknown"
