"""Operations: declared as they are met, with the gradient that came to each and how much it was multiplied."""

import math

import torch

from . import births, codec, saved
from .graph import leaf_of, only_parameters, operation_of
from .measure import sample
from .record import NAN
from .sites import as_json

#: Declared at the most.
MOST_OPERATIONS = 4096
#: Tensors with more elements are measured on a sample.
_LARGE = 16384


def norm_of(tensor):
    """L2 norm: a number, or, not to wait for a device, a tensor there."""
    if tensor.is_sparse:
        tensor = tensor._values()
    numel = tensor.numel()
    part, scale = (sample(tensor), 0.0) if numel > _LARGE else (tensor.detach(), 1.0)
    if scale == 0.0:
        scale = (numel / part.numel()) ** 0.5
    if part.dtype in (torch.float16, torch.bfloat16):
        part = part.float()
    norm = torch.linalg.vector_norm(part) if numel else torch.zeros(())
    return norm.item() * scale if norm.device.type == "cpu" else norm * scale


class Entry:
    """What the hook on a node has seen of one backward pass."""

    __slots__ = ("node", "came", "on", "crossing", "outs", "looked", "birth")

    def __init__(self, node):
        self.node = node
        #: Norms of what came in; of what was passed on towards the model's input; the part of that leaving the layer.
        self.came = self.on = self.crossing = ()
        #: (layer, norm of what came back to its output)
        self.outs = ()
        #: Its elements have been looked at: a norm overflows before they do.
        self.looked = False
        #: (value, ranges of the operation's inputs) if it made what isn't finite from what was.
        self.birth = None

    def is_origin(self):
        if self.looked:
            return self.birth is not None
        return all(map(math.isfinite, self.came)) and not all(map(math.isfinite, self.on))


class Operations:
    def __init__(self, observer):
        self._put = observer.stream.put
        self._modules = observer.modules
        self._births = observer.births
        self._known = {}
        self._entries = []
        self._handles = []
        #: A hook refers to its node. Held by nobody else, both would be garbage to Python, though not to torch: the
        #: collector, coming by during a backward pass, would take the hooks away (torch 1.13).
        self._nodes = []

    def watch(self, record, nodes, seen, sites):
        """Hooks the nodes of a walk for the one backward pass to come. `sites`: of nodes that variables stand for."""
        occurrences = {}
        self._nodes += nodes
        for node in nodes:
            if len(self._handles) > MOST_OPERATIONS:
                break
            name = operation_of(node)
            if name is not None:
                layer = node.layer
                if layer is None and node.follows is not None:
                    layer = self._modules.parent_of_layer(node.follows)
                key = (name, layer, node.follows)
                occurrence = occurrences[key] = occurrences.get(key, -1) + 1
                node.id = self._id(name, layer, node, occurrence, sites.get(node.fn))
                record.ends.update((l, node.id) for l, _, is_leaf in node.output if is_leaf and node.id is not None)
            onward = [i for i, (child, _) in enumerate(node.edges) if self._leads(child, seen)] if node.leads else []
            crossing = [i for i in onward if seen[node.edges[i][0]].layer != node.layer] if node.layer is not None else []
            if node.id is not None or node.output or crossing:
                self._hook(node, onward, crossing)

    def _leads(self, child, seen):
        node = seen.get(child)
        return node is not None and leaf_of(child) is None and not only_parameters(node, seen)

    def _id(self, name, layer, node, occurrence, site):
        key = (name, layer, node.follows, occurrence)
        known = self._known.get(key)
        if known is None and len(self._known) < MOST_OPERATIONS:
            known = self._known[key] = len(self._known)
            content = dict(operation=name, occurrence=occurrence, layer=layer, follows=node.follows)
            shape = [int(n) for n in _shape_of(node)]
            dtype = _dtype_of(node.fn)
            self._put(codec.encode("operation", id=known, shape=shape, dtype=dtype, site=as_json(site), **content))
        return known

    def _hook(self, node, onward, crossing):
        entries = self._entries

        def measured(passed_on, came_in):
            entry = Entry(node)
            norms = [None if g is None else norm_of(g) for g in came_in]
            entry.came = [norm for norm in norms if norm is not None]
            if not entry.came:
                return
            on = [(i, norm_of(passed_on[i])) for i in onward if i < len(passed_on) and passed_on[i] is not None]
            entry.on = [norm for _, norm in on]
            entry.crossing = [norm for i, norm in on if i in crossing]
            entry.outs = [(l, norms[i]) for l, i, _ in node.output if i < len(norms) and norms[i] is not None]
            entries.append(entry)
            if not self._births.told and isinstance(entry.came[0], float) and entry.is_origin():
                self._look_for_birth(entry, passed_on)

        def hook(passed_on, came_in):
            try:
                measured(passed_on, came_in)
            except Exception:
                pass  # a kind of tensor that can't be measured

        self._handles.append(node.fn.register_hook(hook))

    def _look_for_birth(self, entry, passed_on):
        """What the operation had been given is still there at this moment."""
        entry.looked = True
        found = [value for value in (births.value_of(g) for g in passed_on if g is not None) if value]
        if found:
            inputs, results = saved.values_of(entry.node.fn)
            entry.birth = found[0], births.ranges_of(inputs or results)

    def unhook(self):
        if not self._nodes:
            return
        for handle in self._handles:
            handle.remove()
        self._handles = []
        self._nodes = []

    def take(self):
        """What the hooks have seen, in the order of the way back; norms are numbers now."""
        entries, self._entries[:] = list(self._entries), []
        waiting = [n for e in entries for n in (*e.came, *e.on, *e.crossing, *(n for _, n in e.outs)) if not isinstance(n, float)]
        if waiting:
            numbers = iter(torch.stack([norm.reshape(()).to("cpu", torch.float64) for norm in waiting]).tolist())
            known = lambda norm: norm if isinstance(norm, float) else next(numbers)  # noqa: E731
            for entry in entries:
                entry.came, entry.on, entry.crossing = (
                    [known(norm) for norm in norms] for norms in (entry.came, entry.on, entry.crossing)
                )
                entry.outs = [(layer, known(norm)) for layer, norm in entry.outs]
        return entries


def summary(entries):
    """(operations' gradient norm and gain by id; layers' gradient norm by id; layers' gain by id)."""
    operations, layers, crossed, came_out = {}, {}, {}, {}
    for entry in entries:
        came = _hypot(entry.came)
        for layer, norm in entry.outs:
            layers.setdefault(layer, norm)  # of a layer that is applied repeatedly, the last time: the first on the way back
            came_out[layer] = _hypot([came_out.get(layer, 0.0), norm])
        if entry.node.id is not None:
            operations[entry.node.id] = (came, _hypot(entry.on) / came if entry.on and came > 0 else NAN)
        if entry.crossing and entry.node.layer is not None:
            crossed[entry.node.layer] = _hypot([crossed.get(entry.node.layer, 0.0), *entry.crossing])
    gains = {l: norm / came_out[l] for l, norm in crossed.items() if came_out.get(l, 0) > 0}
    return operations, layers, gains


def origin(entries, bad):
    """
    (the first on the way back that made what isn't finite from what is, value, ranges of its inputs); None if none did.
    `bad`: by identity of a leaf, the value in its gradient that isn't finite.
    """
    for entry in entries:
        if entry.is_origin():
            return (entry, *(entry.birth or (next(iter(bad.values())), [])))
    for entry in entries:
        values = [bad.get(id(leaf_of(child))) for child, _ in entry.node.edges if child is not None]
        found = [value for value in values if value]
        if found and all(map(math.isfinite, entry.came)):
            return entry, found[0], []
    return None


def _hypot(numbers):
    return math.sqrt(sum(n * n for n in numbers))


def _shape_of(node):
    """The shape of an operation's output: the node knows it (torch 2), or a hook on its layer does."""
    try:
        return tuple(node.fn._input_metadata[0].shape)
    except Exception:
        return node.shape


def _dtype_of(fn):
    try:
        return str(fn._input_metadata[0].dtype).replace("torch.", "")
    except Exception:
        return "unknown"
