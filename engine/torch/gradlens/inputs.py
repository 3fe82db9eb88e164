"""
Data as they enter the first weights: tensors without a history that ask for no gradient; where several players are trained, at some
later steps, also what one model has made and another is given.
"""

import torch

from . import codec, graph, saved
from .later import Later
from .measure import is_measurable
from .samples import Samples
from .sites import as_json

#: Steps that are told of, and places.
FIRST_STEPS = 3
MOST = 16
#: Elements looked at.
_MOST_ELEMENTS = 2**20
#: Features of which mean and deviation are told.
_MOST_FEATURES = 64
#: Products of tensors without a module, and the names by which their nodes save what was multiplied.
_PRODUCTS = {"MmBackward0": "self", "AddmmBackward0": "mat1"}


class Inputs:
    def __init__(self, observer):
        self._observer = observer
        self._count = 0
        self._later = Later()
        self._samples = Samples(observer)
        #: What models have put out in a later step that is told of, kept until that is over: (root, tensor).
        self._made = []

    @property
    def _is_first(self):
        return self._count < MOST and self._observer.step_ahead < FIRST_STEPS

    @property
    def _is_later(self):
        """Where several players are trained, some later steps are told of."""
        return len(self._observer.updates.optimizers) > 1 and self._later.has(self._observer.step_ahead)

    def entering(self, module, layer, inputs):
        """A module that isn't made of others is about to be executed."""
        if not inputs or "Embedding" in type(module).__name__:
            return
        again = self._is_later
        if not (again or self._is_first) and self._samples.done:
            return
        weights = module.__dict__.get("_parameters") or {}
        if not any(weight is not None and weight.dim() > 1 for weight in weights.values()):
            return
        data = inputs[0]
        if not _can_be_data(data):
            return
        if not data.requires_grad:
            self._samples.enter(data, layer)
        generated = again and self._is_generated(data, layer)
        if generated or not data.requires_grad and (again or self._is_first):
            features = 1 if "Conv" in type(module).__name__ else -1
            self._tell(data, features, layer, self._observer.modules.site_of_layer(layer), again, generated)

    def made(self, layer, output):
        """A module has put out something."""
        if self._is_later and self._observer.modules.parent_of_layer(layer) is None:
            if len(self._made) < MOST and _is_plain(output):
                self._made.append((layer, output.detach()))  # which keeps its memory from being given to other data

    def step_ended(self):
        self._made.clear()

    def _is_generated(self, data, layer):
        """Another model's, of this step or of one before it."""
        modules = self._observer.modules
        if data.grad_fn is None:
            root, at = modules.root_of_layer(layer), data.data_ptr()
            return any(maker != root and at == other.data_ptr() for maker, other in self._made)
        marks = data.grad_fn.metadata.get(graph.OUTPUT_OF, ())
        return any(modules.root_of_layer(maker) != modules.root_of_layer(layer) for maker, _, _ in marks)

    def look_at_products(self, nodes, named):
        """Data that are multiplied by tensors without a module."""
        for node in nodes:
            if not self._is_first:
                return
            name = _PRODUCTS.get(node.name) if node.layer is None else None
            data = None if name is None else saved.value_of(node.fn, name)
            if _can_be_data(data) and not data.requires_grad:
                self._tell(data, -1, None, named.get(node.fn))

    def _tell(self, data, features, layer, site, again=False, generated=False):
        step = self._observer.step_ahead
        if again and not self._later.takes(step):
            return
        with torch.no_grad():
            few = max(1, _MOST_ELEMENTS * data.shape[0] // data.numel())
            x = data.detach()[:few].to("cpu", torch.float64)
            low, high, mean, std = torch.stack((x.min(), x.max(), x.mean(), x.std(unbiased=False))).tolist()
            if not low > -float("inf") or not high < float("inf") or not (std > 0 or generated):
                return  # a state that begins with zeros is no data
            others = [d for d in range(x.dim()) if d != features % x.dim()]
            sizes = x.square().mean(others).sqrt()
            sizes = sizes[sizes > 0]
            least, greatest = (float(sizes.min()), float(sizes.max())) if len(sizes) else (0.0, 0.0)
            content = dict(step=step, layer=layer, site=as_json(site), shape=list(data.shape))
            if generated:
                content["generated"] = True
            if again:
                content["again"] = True
                content["means"] = x.mean(others)[:_MOST_FEATURES].tolist()
                content["deviations"] = x.std(others, unbiased=False)[:_MOST_FEATURES].tolist()
        self._count += not again
        content.update(min=low, max=high, mean=mean, std=std, leastFeature=least, greatestFeature=greatest)
        self._observer.stream.put(codec.encode("input", **content))


def _can_be_data(value):
    return isinstance(value, torch.Tensor) and value.dim() > 1 and _is_plain(value)


def _is_plain(tensor):
    return is_measurable(tensor) and not tensor.is_sparse
