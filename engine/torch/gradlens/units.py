"""What activations make of their units: dead ones of ReLU, saturated ones of sigmoid and tanh."""

import torch

from . import saved
from .graph import leaf_of, operation_of
from .measure import is_measurable, sample
from .record import DEAD, NAN, SATURATED

#: So many samples in a row a unit must be 0 before it's called dead: ReLU's natural zeros don't last.
SAMPLES_TO_BE_DEAD = 256
#: Saturated: the derivative is below this share of its greatest.
_SATURATED = 0.01
#: The derivative by the output, as a share of its greatest.
_SLOPES = {"sigmoid": lambda y: 4 * y * (1 - y), "tanh": lambda y: 1 - y * y}
#: Elements in which most units show that they live.
_FEW = 2**15
#: Nodes between an activation and the weights before it.
_NEAR = 8


class Units:
    def __init__(self):
        #: Operation -> (for how many samples in a row each unit has been 0, samples measured)
        self._quiet = {}

    def measure(self, record, nodes):
        """Of nodes that have been declared, before their backward frees what they have saved."""
        with torch.no_grad():
            for node in nodes:
                name = operation_of(node) if node.id is not None else None
                if name != "relu" and name not in _SLOPES:
                    continue
                result = saved.value_of(node.fn, "result")
                if result is None or not is_measurable(result) or result.layout is not torch.strided:
                    continue
                result = result.detach()
                record.results[node.id] = (sample(result).to("cpu", torch.float32, copy=True), result.numel())
                if name == "relu":
                    record.operation(node.id)[DEAD] = self._dead_share(node, result)
                else:
                    slope = _SLOPES[name](record.results[node.id][0])
                    record.operation(node.id)[SATURATED] = float((slope < _SATURATED).float().mean())

    def _dead_share(self, node, result):
        axis = 1 if result.dim() >= 4 or result.dim() == 3 and _is_convolved(node) else result.dim() - 1
        count = result.shape[axis] if result.dim() else 1
        samples = result.shape[0] if axis == 1 and result.dim() > 2 else result.numel() // count
        quiet, seen = self._quiet.get(node.id, (None, 0))
        if quiet is None or quiet.numel() != count:
            quiet, seen = torch.zeros(count, dtype=torch.int64), 0
        living = _living(result, axis) if result.dim() else (result != 0).reshape(1)
        quiet = torch.where(living.cpu(), torch.zeros_like(quiet), quiet + samples)
        self._quiet[node.id] = (quiet, seen + samples)
        if seen + samples < SAMPLES_TO_BE_DEAD:
            return NAN
        return float((quiet >= SAMPLES_TO_BE_DEAD).float().mean())


def _living(result, axis):
    """Which units aren't 0 throughout. Nearly always the first few samples tell; of the others, all are looked at."""
    others = [d for d in range(result.dim()) if d != axis]
    if not others:
        return result != 0
    few = max(1, _FEW * result.shape[0] // result.numel())
    living = result[:few].amax(others) != 0 if axis else result.amax(others) != 0
    if axis and few < result.shape[0] and not bool(living.all()):
        rest = (~living).nonzero().reshape(-1)
        living[rest] = result[few:].index_select(axis, rest).amax(others) != 0
    return living


def _is_convolved(node):
    """True if the weights that an activation of rank 3 follows are a convolution's."""
    fn = node.fn
    for _ in range(_NEAR):
        fn = next((child for child, _ in fn.next_functions if child is not None and leaf_of(child) is None), None)
        if fn is None:
            return False
        name = fn.name()
        if "onvolution" in name or name.startswith(("Addmm", "Mm", "Bmm")):
            return "onvolution" in name
    return False
