"""Measures parameters: gradients as the optimizer is about to use them, weights before the update, the update."""

import math
import weakref

import torch

from . import births, measure
from .measure import exact_norms, gather, is_measurable, sample, sparse_row, values_of
from .operations import norm_of
from .record import NAN, UPDATE


class Parameters:
    def __init__(self, leaves):
        self._leaves = leaves

    def note_before(self, record, leaves):
        """Norms right after the backward pass, to be compared with those at the update. Gives which aren't finite."""
        tensors = [leaf for leaf in leaves if _has_gradient(leaf)]
        norms = exact_norms([values_of(leaf.grad)[0].detach() for leaf in tensors])
        for leaf, norm in zip(tensors, norms):
            id = self._leaves.id_of(leaf)
            if id is not None:
                record.before[id] = (norm, leaf.grad._version)
        odd = [leaf for leaf, norm in zip(tensors, norms) if not math.isfinite(norm)]
        values = [(builtin_id(leaf), births.value_of(values_of(leaf.grad)[0])) for leaf in odd]
        return {leaf: value for leaf, value in values if value}

    def measure_gradients(self, record, tensors, optimizer):
        """Rows of these parameters; keeps samples of their weights until the update (by `optimizer`)."""
        measured = []
        for tensor in tensors:
            id = self._leaves.id_of(tensor)
            if id is not None and _has_gradient(tensor) and is_measurable(tensor):
                measured.append((id, tensor))
        if not measured:
            return
        gradients = [values_of(tensor.grad) for _, tensor in measured]
        changed = [
            i
            for i, (id, tensor) in enumerate(measured)
            if record.before.get(id, (0, -1))[1] != tensor.grad._version or tensor.grad.is_sparse
        ]
        norms = [record.before.get(id, (NAN, 0))[0] for id, _ in measured]
        weights = [tensor.detach() for _, tensor in measured]
        fresh = exact_norms([gradients[i][0].detach() for i in changed])
        for i, norm in zip(changed, fresh):
            norms[i] = norm
        weight_norms = exact_norms(weights)
        g_rows = self._rows(gradients, [id for id, _ in measured], record.histograms)
        views = [sample(weight) for weight in weights]
        flat, lengths = gather(views)
        numels = [weight.numel() for weight in weights]
        w_rows = measure.measure(flat, lengths, numels)
        alike = same_units(weights)
        for i, (id, tensor) in enumerate(measured):
            g, w = g_rows[i], w_rows[i]
            g[0] = norms[i]
            bad = _non_finite(g[6], norms[i], gradients[i][0])
            before = record.before.get(id, (NAN, 0))[0] if i in changed else NAN
            same = before == norms[i]
            local = record.local.get(id)
            local = float(local) if local is not None else NAN
            row = g[:6] + [bad, weight_norms[i]] + w[1:5] + [NAN, NAN if same else before, local]
            row += [record.stale.get(id, 0.0), alike[i]]
            record.parameters[id] = row
        # Views of the weights, not copies, would see the update; `gather` has copied.
        kept = [(id, weakref.ref(tensor)) for id, tensor in measured]
        key = None if optimizer is None else builtin_id(optimizer)
        record.pending[key] = (kept, flat, lengths, numels, [t._version for _, t in measured])

    def _rows(self, gradients, ids, histograms):
        """Statistics of gradients; of sparse ones over all elements, and without a histogram."""
        filled = [i for i, (values, _) in enumerate(gradients) if values.numel() > 0]
        rows = [[0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0] for _ in gradients]
        if filled:
            flat, lengths = gather([sample(gradients[i][0]) for i in filled])
            measured = measure.measure(flat, lengths, [gradients[i][0].numel() for i in filled])
            counts = measure.exponents(flat, lengths)
            for place, (i, row) in enumerate(zip(filled, measured)):
                values, numel = gradients[i]
                rows[i] = row if values.numel() == numel else sparse_row(row, values.numel(), numel)
                if counts is not None and values.numel() == numel:
                    histograms[ids[i]] = counts[place]
        return rows

    def measure_update(self, record, optimizer):
        """‖weight after − weight before‖, from the same sample."""
        pending = record.pending.pop(None if optimizer is None else builtin_id(optimizer), None)
        if pending is None:
            return
        kept, before, lengths, numels, versions = pending
        tensors = [reference() for _, reference in kept]
        if any(tensor is None for tensor in tensors):
            return
        now, _ = gather([sample(tensor) for tensor in tensors])
        if now.numel() != before.numel():
            return  # given other data of another size
        distances = measure.distances(now, before, lengths, numels)
        for (id, _), distance, tensor, version in zip(kept, distances, tensors, versions):
            # a change through `.data` isn't counted, but seen
            if id in record.parameters and (optimizer is not None or tensor._version != version or distance > 0):
                record.parameters[id][UPDATE] = distance

    def measure_rest(self, record, leaves, optimizers):
        """Leaves with a gradient that no optimizer has: left out by mistake, or the script updates them itself."""
        owned = {builtin_id(p) for optimizer in list(optimizers) for group in optimizer.param_groups for p in group["params"]}
        rest = [
            leaf
            for leaf in leaves
            if builtin_id(leaf) not in owned and self._leaves.id_of(leaf) not in record.parameters and _has_gradient(leaf)
        ]
        if rest and optimizers:
            self.measure_gradients(record, rest, object)
            record.pending.pop(builtin_id(object), None)

    def watch_local(self, record, leaves):
        """Of several ranks: the norm of this one's own gradient, before it is averaged with the others'."""
        for leaf, node in leaves:
            id = self._leaves.id_of(leaf)
            if id is not None and node is not None and is_measurable(leaf):
                _watch_leaf(record, id, node.fn)


builtin_id = id


def _watch_leaf(record, id, fn):
    handle = []

    def hook(_nothing, came_in):
        handle.pop().remove() if handle else None
        try:
            if came_in and came_in[0] is not None:
                record.local[id] = norm_of(came_in[0])
        except Exception:
            pass  # a kind of tensor that can't be measured

    handle.append(fn.register_hook(hook))


def _has_gradient(leaf):
    return leaf.grad is not None and is_measurable(leaf.grad)


def _non_finite(counted, norm, gradient):
    """How many elements aren't finite: what the sample says, and at least one where the exact norm says so."""
    if counted or math.isfinite(norm):
        return counted
    if math.isnan(norm):
        return 1
    # A sum of squares overflows in float32 long before its elements do.
    return int((~torch.isfinite(gradient)).sum())


def same_units(weights):
    """Of each weight, 1 if all its units (the indices of its first dimension) are the same, 0 if not; NaN without any."""
    alike = [NAN if weight.dim() < 2 or weight.shape[0] < 2 else 1.0 for weight in weights]
    units = [i for i, share in enumerate(alike) if share == 1.0 and weights[i].numel()]
    # One element of the first two units nearly always tells.
    pairs = [weights[i][(slice(0, 2),) + (0,) * (weights[i].dim() - 1)] for i in units]
    if len({(pair.dtype, pair.device) for pair in pairs}) == 1:
        pairs = torch.stack(pairs).tolist()  # one transfer
    for i, (a, b) in zip(units, pairs):
        alike[i] = float(bool(a == b) and bool((weights[i][1:] == weights[i][:-1]).all()))
    return alike
