"""Data as they enter the first weights: tensors without a history that ask for no gradient."""

import torch

from . import codec, saved
from .measure import is_measurable
from .sites import as_json

#: Steps that are told of, and places.
FIRST_STEPS = 3
MOST = 16
#: Elements looked at.
_MOST_ELEMENTS = 2**20
#: Products of tensors without a module, and the names by which their nodes save what was multiplied.
_PRODUCTS = {"MmBackward0": "self", "AddmmBackward0": "mat1"}


class Inputs:
    def __init__(self, observer):
        self._observer = observer
        self._count = 0

    @property
    def _wanted(self):
        return self._count < MOST and self._observer.step_ahead < FIRST_STEPS

    def entering(self, module, layer, inputs):
        """A module that isn't made of others is about to be executed."""
        if not self._wanted or not inputs or "Embedding" in type(module).__name__:
            return
        weights = module.__dict__.get("_parameters") or {}
        if any(weight is not None and weight.dim() > 1 for weight in weights.values()):
            features = 1 if "Conv" in type(module).__name__ else -1
            self._tell(inputs[0], features, layer, self._observer.modules.site_of_layer(layer))

    def look_at_products(self, nodes, named):
        """Data that are multiplied by tensors without a module."""
        if not self._wanted:
            return
        for node in nodes:
            name = _PRODUCTS.get(node.name) if node.layer is None else None
            data = None if name is None else saved.value_of(node.fn, name)
            if data is not None:
                self._tell(data, -1, None, named.get(node.fn))

    def _tell(self, data, features, layer, site):
        if not isinstance(data, torch.Tensor) or data.requires_grad or not is_measurable(data) or data.is_sparse:
            return
        if data.dim() < 2 or self._count >= MOST:
            return
        with torch.no_grad():
            few = max(1, _MOST_ELEMENTS * data.shape[0] // data.numel())
            x = data.detach()[:few].to("cpu", torch.float64)
            low, high, mean, std = torch.stack((x.min(), x.max(), x.mean(), x.std(unbiased=False))).tolist()
            if not low > -float("inf") or not high < float("inf") or not std > 0:
                return  # a state that begins with zeros is no data
            others = [d for d in range(x.dim()) if d != features % x.dim()]
            sizes = x.square().mean(others).sqrt()
            sizes = sizes[sizes > 0]
            least, greatest = float(sizes.min()), float(sizes.max())
        self._count += 1
        content = dict(step=self._observer.step_ahead, layer=layer, site=as_json(site), shape=list(data.shape))
        content.update(min=low, max=high, mean=mean, std=std, leastFeature=least, greatestFeature=greatest)
        self._observer.stream.put(codec.encode("input", **content))
