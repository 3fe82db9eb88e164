"""The backward pass: the loss it starts from, what it reaches, and whether what it left behind has been used."""

import math
import weakref

import torch

from . import graph, ranks
from .operations import origin, summary
from .record import FORWARD, NAN

SCALED = (
    "The loss is scaled (GradScaler). Losses and gradients of parameters are shown unscaled; "
    "gradients of layers' outputs and of operations are shown as they are, scaled."
)
#: Leaves looked at to tell whether a step is over.
_WATCHED = 4


class Backward:
    def __init__(self, observer):
        self._observer = observer
        #: Weak references to the leaves that were reached last.
        self._watched = []
        self._scaled = None
        #: Of some leaves after the last backward pass: (weak reference, version, that of its gradient); None if not noted.
        self.versions = []

    def leaves(self):
        return [leaf for leaf in (reference() for reference in self._watched) if leaf is not None]

    def scaled(self, result, outputs):
        """A GradScaler has multiplied a loss: the loss that is meant is what it was."""
        if isinstance(result, torch.Tensor) and isinstance(outputs, torch.Tensor):
            self._scaled = (weakref.ref(result), outputs.detach())
            self._observer.unmeasured.look()

    def begin(self, roots, frame, outermost):
        if isinstance(roots, torch.Tensor):
            roots = (roots,)
        else:
            roots = tuple(roots) if isinstance(roots, (list, tuple)) else ()
        observer = self._observer
        record = observer.record
        broken = False
        record.passes += outermost
        if outermost and not (observer.in_step and record.differentiated):
            loss = self._add_loss(roots)
            broken = loss is not None and not math.isfinite(loss) and not observer.births.told
        if outermost:
            observer.losses.backward(roots, frame)
            observer.functions.check()
            if record.sampled and not record.differentiated:
                observer.updates.find_stale(record)
        if not record.sampled and not broken:
            if not self._watched:
                self._watch(graph.walk([root.grad_fn for root in roots])[1])
            return
        if not record.activations and observer.updates.any and self._watched and not broken:
            return
        nodes, leaves, seen = graph.walk([root.grad_fn for root in roots])
        leaves += [(root, None) for root in roots if root.grad_fn is None and root.requires_grad]
        if outermost:
            observer.modules.find_names(frame)
            observer.leaves.declare([leaf for leaf, _ in reversed(leaves)], frame)
            self._watch(leaves)
        if record.activations or broken:
            graph.place(nodes, seen)
        if broken:
            observer.births.tell_forward(nodes, seen, frame)
        if record.activations:
            named = observer.forward.sites_of(nodes, frame) if outermost else {}
            observer.operations.watch(record, nodes, seen, named)
            observer.units.measure(record, nodes)
            if outermost:
                observer.inputs.look_at_products(nodes, named)
            if ranks.rank_and_world()[1]:
                observer.parameters.watch_local(record, leaves)

    def _watch(self, leaves):
        self._watched = [weakref.ref(leaf) for leaf, _ in leaves]

    def _add_loss(self, roots):
        record = self._observer.record
        for root in roots:
            if root.numel() != 1 or not root.is_cpu and not record.sampled:
                return None
        if not roots:
            return None
        losses = roots  # of several tasks, say: what is differentiated is their sum
        scaled, self._scaled = self._scaled, None
        if scaled is not None and len(roots) == 1 and scaled[0]() is roots[0]:
            losses = [scaled[1]]
            record.scaled = True
            self._observer.note("scaled-loss", SCALED)
        value = sum([loss.item() for loss in losses])
        # Gradients of several backward passes add up, so the loss they belong to is the sum.
        record.loss = value if record.loss != record.loss else record.loss + value
        return value

    def end(self, failed):
        observer = self._observer
        observer.operations.unhook()
        record = observer.record
        if failed:
            observer.operations.take()
            return
        record.differentiated = True
        observer.updates.backward_done()
        # Once optimizers say when they update, two leaves tell whether gradients were taken away instead.
        self._note_versions(2 if observer.updates.any else _WATCHED)
        if not record.sampled:
            if not observer.updates.any:
                observer.plan(observer.step + 1)
            return
        leaves = self.leaves()
        entries = observer.operations.take() if record.activations else []
        if entries:
            self._take_gains(record, entries)
        bad = observer.parameters.note_before(record, leaves)
        if bad and entries:
            observer.births.tell_backward(origin(entries, bad))
        if not observer.updates.any:
            observer.parameters.measure_gradients(record, leaves, None)
            observer.plan(observer.step + 1)

    def _take_gains(self, record, entries):
        operations, layers, gains = summary(entries)
        for id, (norm, gain) in operations.items():
            record.operation(id)[FORWARD : FORWARD + 2] = norm, gain
        for id, norm in layers.items():
            record.layer(id)[FORWARD : FORWARD + 2] = norm, gains.get(id, NAN)

    def _note_versions(self, most):
        self.versions = versions = []
        for reference in self._watched:
            leaf = reference()
            if leaf is not None:
                gradient = leaf.grad
                versions.append((reference, leaf._version, -1 if gradient is None else gradient._version))
                if len(versions) == most:
                    return

    def is_over(self):
        """A step is over once its gradients were used: by an optimizer, by hand, or taken away."""
        record = self._observer.record
        if record.updated:
            return True
        if not record.differentiated:
            return False
        versions = self.versions
        if versions is None:  # they may be any
            versions = [(reference, 0, NAN) for reference in self._watched[:2]]
        for reference, version, gradient in versions:
            leaf = reference()
            if leaf is None or leaf.grad is None and not gradient < 0:
                return True
            if not self._observer.updates.any and leaf._version != version:
                return True
            if leaf.grad is not None and leaf.grad._version != gradient and not leaf.grad.is_sparse:
                if not bool(leaf.grad.any()):
                    return True
        return False
