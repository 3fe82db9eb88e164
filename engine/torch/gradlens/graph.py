"""The graph of a backward pass: its leaves, its operations, and where layers end in it."""

import functools
import re

#: Nodes walked at the most.
MOST_NODES = 50000
#: What forward hooks write into a node's own metadata: the node keeps it, we keep no node.
OUTPUT_OF = "gradlens.output"
INPUT_OF = "gradlens.input"
SHAPE = "gradlens.shape"

#: The embedded engine's names for the operations whose nodes are called otherwise.
_NAMES = {
    "addmm": "linear",
    "convolution": "conv2d",
    "mkldnnConvolution": "conv2d",
    "nativeBatchNorm": "batchNorm",
    "cudnnBatchNorm": "batchNorm",
    "miopenBatchNorm": "batchNorm",
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

    __slots__ = ("fn", "name", "edges", "leads", "layer", "output", "follows", "id", "shape")

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
        #: Of the operation it stands for, once that is declared.
        self.id = None
        self.shape = ()


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


def place(nodes, seen):
    """Says of each node to which layer it belongs, what it follows, and whether its gradient leads on."""
    for node in reversed(nodes):  # what uses a node comes before it
        try:
            metadata = node.fn.metadata
        except Exception:
            metadata = {}
        marks = metadata.get(OUTPUT_OF, ())
        bounds = metadata.get(INPUT_OF, ())
        node.output = marks
        node.shape = metadata.get(SHAPE, ())
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


def operation_of(node):
    """As `operation_name`; by running statistics, a batch normalization only scales its channels."""
    name = operation_name(node.name)
    return "affine" if name == "batchNorm" and getattr(node.fn, "_saved_training", True) is False else name


@functools.lru_cache(maxsize=None)
def operation_name(name):
    """`AddmmBackward0` is `linear`, `SigmoidBackward0` is `sigmoid`; None for what only moves numbers."""
    stem = _stem_of(name)
    if stem in _MOVES or not stem:
        return None
    short = stem[0].lower() + stem[1:]
    return _NAMES.get(short, short)


def stem(fn):
    """torch's own name of a node's operation: `Addmm`."""
    return _stem_of(fn.name())


@functools.lru_cache(maxsize=None)
def _stem_of(name):
    return _SUFFIX.sub("", name.rpartition("::")[2])
