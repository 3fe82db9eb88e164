"""Watches torch: the one place that knows what a step is. Never changes training, never raises into it."""

import functools
import math
import threading
import weakref

import torch

from . import birth, codec, graph, ranks, sites, tracebacks
from .forward import Forward
from .graph import Operations
from .leaves import Leaves
from .modules import Modules
from .parameters import Parameters
from .record import NAN, Record
from .sampler import Sampler
from .watching import Watching, guarded

SCALED = (
    "The loss is scaled (GradScaler). Losses and gradients of parameters are shown unscaled; "
    "gradients of layers' outputs and of operations are shown as they are, scaled."
)
#: Leaves looked at to tell whether a step is over.
_WATCHED = 4


class Observer(Watching):
    def __init__(self, settings, startup):
        super().__init__(settings, startup)
        self.sampler = Sampler(settings.budget)
        self.modules = Modules(self.stream.put, self.sources, self.tell_source)
        self.leaves = Leaves(self.stream.put, self.modules, self.sources, self.tell_source)
        self.operations = Operations(self.stream.put, self.modules)
        self.parameters = Parameters(self.leaves)
        self.forward = Forward(self)
        self._thread = None
        self._nest = 0
        self._in_step = 0
        self._optimizers = weakref.WeakSet()
        self._optimized = False
        self._watched = []
        self._scaled = None
        self._broken = False
        self._norms = {}
        #: Ids of the optimizers that have updated in this step.
        self._stepped = set()
        self._versions = []
        self.record = Record(*self.sampler.plan(0, True, False))
        self._upcoming = None
        #: While somebody looks on step by step: layers' outputs of this step, and their versions.
        self.kept = {}
        self.forward.attach(self.record.activations)

    def release(self):
        for release in (self.operations.unhook, functools.partial(self.forward.attach, False)):
            try:
                release()
            except Exception:
                pass  # it wasn't there

    def is_between(self):
        return self.record.updated

    def find(self, request):
        index = request.get("id")
        if request.get("of") == "output":
            tensor, version = self.kept.get(index, (None, 0))
            if tensor is None:
                return "This output is not in memory. Outputs are kept while stepping: take a step, then look again."
            return tensor if tensor._version == version else "This output has been overwritten in place since."
        known = self.leaves.references
        tensor = known[index]() if isinstance(index, int) and 0 <= index < len(known) else None
        if tensor is None:
            return "This tensor is not in memory now."
        if request.get("of") != "gradient":
            return tensor
        return "There is no gradient at this moment." if tensor.grad is None else tensor.grad

    def looked_at(self, at_forward):
        if at_forward or self.control.quiet:
            self.kept.clear()
        record = self.collecting
        if at_forward and not self.control.quiet and not (record.differentiated or record.updated):
            # Step by step, every step is measured.
            record.sampled, record.activations = True, self.forward.able
            self.forward.attach(record.activations)

    def last_step(self):
        if self.record.differentiated or self.record.updated:
            self._tell_step()

    # The forward pass -------------------------------------------------------------------------------------------------

    @guarded
    def module_created(self, module, frame):
        self.modules.created(module, frame)

    @guarded
    def forward_enter(self, module, inputs):
        self.forward.enter(module, inputs)

    @guarded
    def forward_exit(self, module, inputs, output):
        self.forward.exit(module, inputs, output)

    @property
    def is_differentiating(self):
        return self._nest > 0

    def is_elsewhere_now(self):
        """As `is_elsewhere`, for a forward pass, which may come before the first backward pass."""
        return self._thread is not None and threading.get_ident() != self._thread and self._nest == 0

    # The backward pass ------------------------------------------------------------------------------------------------

    def is_elsewhere(self):
        """Training is watched in one thread, the first that differentiates."""
        me = threading.get_ident()
        if self._thread is None:
            self._thread = me
        return me != self._thread

    def backward_begin(self, roots, frame):
        self._nest += 1
        if self._nest == 1:
            self._prepare()
            self.boundary("backward")
        self._backward_begin(roots, frame)

    @guarded
    def _prepare(self):
        self.open()
        if self._in_step == 0 and self._is_over():
            self.end_step()

    @guarded
    def _backward_begin(self, roots, frame):
        if isinstance(roots, torch.Tensor):
            roots = (roots,)
        else:
            roots = tuple(roots) if isinstance(roots, (list, tuple)) else ()
        outermost = self._nest == 1
        record = self.record
        broken = False
        if outermost and not (self._in_step and record.differentiated):
            loss = self._add_loss(roots)
            broken = loss is not None and not math.isfinite(loss) and not self._broken
        if not record.sampled and not broken:
            return
        if not record.activations and self._optimized and self._watched and not broken:
            return
        nodes, leaves, seen = graph.walk([root.grad_fn for root in roots])
        leaves += [(root, None) for root in roots if root.grad_fn is None and root.requires_grad]
        if outermost:
            self.modules.find_names(frame)
            self.leaves.declare([leaf for leaf, _ in reversed(leaves)], frame)
            self._watched = [weakref.ref(leaf) for leaf, _ in leaves]
        if record.activations or broken:
            graph.place(nodes, seen, self.modules.parent_of_layer)
        if broken:
            self._tell_birth(nodes, seen)
        if record.activations:
            named = self.forward.sites_of(nodes, frame) if outermost else {}
            self.operations.watch(nodes, seen, named)
            if ranks.rank_and_world()[1]:
                self.parameters.watch_local(record, leaves)

    def _add_loss(self, roots):
        root = roots[0] if len(roots) == 1 else None
        if root is None or root.numel() != 1 or root.device.type != "cpu" and not self.record.sampled:
            return None
        loss = root
        scaled, self._scaled = self._scaled, None
        if scaled is not None and scaled[0]() is root:
            loss = scaled[1]
            self.note("scaled-loss", SCALED)
        value = float(loss.detach())
        record = self.record
        # Gradients of several backward passes add up, so the loss they belong to is the sum.
        record.loss = value if record.loss != record.loss else record.loss + value
        return value

    def scaled(self, result, outputs):
        """A GradScaler has multiplied a loss: the loss that is meant is what it was."""
        if isinstance(result, torch.Tensor) and isinstance(outputs, torch.Tensor):
            self._scaled = (weakref.ref(result), outputs.detach())

    def _tell_birth(self, nodes, seen):
        self._broken = True
        self.sampler.suspect()
        found = birth.birth_of(nodes, seen)
        if found is None:
            return
        node, operation, value, inputs = found
        layer = node.layer
        leaf = graph.leaf_behind(node, seen) if layer is None else None
        if leaf is not None and self.modules.owner(leaf) is not None:
            layer = self.modules.owner(leaf)[0]
        if layer is not None:
            site = self.modules.site_of_layer(layer)
        else:
            layer, site = self.forward.only_call(operation, node.follows)
        content = dict(step=self.step, operation=operation, layer=layer, site=sites.as_json(site), value=value)
        self.stream.put(codec.encode("non-finite", inputs=inputs, **content))

    def backward_end(self, failed=False):
        self._nest -= 1
        if self._nest == 0:
            self._backward_end(failed)

    @guarded
    def _backward_end(self, failed):
        self.operations.unhook()
        record = self.record
        if failed:
            self.operations.take()
            return
        record.differentiated = True
        leaves = [leaf for leaf in (reference() for reference in self._watched) if leaf is not None]
        if record.activations:
            self._take_gains(record)
        if record.sampled:
            self.parameters.note_before(record, leaves)
            if not self._optimized:
                self.parameters.measure_gradients(record, leaves, None)
        self._note_versions(leaves)
        if not self._optimized and self._upcoming is None:
            self._plan()

    def _take_gains(self, record):
        operations, layers, gains = self.operations.take()
        for id, (norm, gain) in operations.items():
            record.operations[id] = [NAN] * 7 + [norm, gain]
        for id, norm in layers.items():
            row = record.layers.setdefault(id, [NAN] * 9)
            row[7], row[8] = norm, gains.get(id, NAN)

    def _note_versions(self, leaves):
        self._versions = [
            (weakref.ref(leaf), leaf._version, leaf.grad._version if leaf.grad is not None else -1)
            for leaf in leaves[:_WATCHED]
        ]

    def _is_over(self):
        """A step is over once its gradients were used: by an optimizer, by hand, or taken away."""
        record = self.record
        if record.updated:
            return True
        if not record.differentiated:
            return False
        for reference, version, gradient in self._versions:
            leaf = reference()
            if leaf is None or leaf.grad is None and gradient >= 0:
                return True
            if not self._optimized and leaf._version != version:
                return True
            if leaf.grad is not None and leaf.grad._version != gradient and not leaf.grad.is_sparse:
                if not bool(leaf.grad.any()):
                    return True
        return False

    # The update -------------------------------------------------------------------------------------------------------

    def update_begin(self, optimizer, args, kwargs):
        """Before an optimizer's step; gives the arguments to use instead, if any."""
        self._in_step += 1
        if self._in_step > 1:
            return None
        closure = args[0] if args and callable(args[0]) else kwargs.get("closure")
        if callable(closure):
            self._prepare_closure()
            wrapped = self._closure(optimizer, closure)
            return ((wrapped,) + tuple(args[1:]), kwargs) if args else (args, dict(kwargs, closure=wrapped))
        self.boundary("update")
        self._update_begin(optimizer)
        return None

    @guarded
    def _prepare_closure(self):
        if self.record.updated:
            self.end_step()

    def _closure(self, optimizer, closure):
        """Backward runs within the update: what it leaves is measured after the first evaluation."""
        first = [True]

        @functools.wraps(closure)
        def evaluate(*args, **kwargs):
            try:
                result = closure(*args, **kwargs)
            except BaseException as error:
                tracebacks.unlink(error)
                raise
            if first[0]:
                first[0] = False
                self._update_begin(optimizer)
            return result

        return evaluate

    @guarded
    def _update_begin(self, optimizer):
        self.open()
        if id(optimizer) in self._stepped:
            self.end_step()  # an update without a backward pass of its own
        self._optimizers.add(optimizer)
        self._optimized = True
        record = self.record
        record.learning_rate = _learning_rate(optimizer)
        if not record.sampled:
            return
        tensors = [p for group in optimizer.param_groups for p in group["params"]]
        self.leaves.declare(tensors, None)
        self.parameters.measure_gradients(record, [p for p in tensors if p.grad is not None], optimizer)

    def update_failed(self):
        self._in_step -= 1

    def update_end(self, optimizer):
        self._in_step -= 1
        if self._in_step > 0:
            return
        self._update_end(optimizer)
        self.boundary("forward")

    @guarded
    def _update_end(self, optimizer):
        record = self.record
        record.updated = True
        if record.sampled:
            self.parameters.measure_update(record, optimizer)
        self._stepped.add(id(optimizer))
        if self._upcoming is None:
            self._plan()
        # With several optimizers the next one may still belong to this step.
        if len(self._optimizers) == 1 and self.step > 0:
            self.end_step()

    # Steps ------------------------------------------------------------------------------------------------------------

    def _plan(self):
        """Decides about the step to come before its forward pass."""
        able = self.forward.able
        plan = self.sampler.plan(len(self._optimizers), able, self.stream.backed_up)
        self._upcoming = Record(*plan) if self.control.quiet else Record(True, able)
        self.forward.attach(self._upcoming.activations)

    @property
    def collecting(self):
        """The step that a forward pass belongs to."""
        return self._upcoming or self.record

    def end_step(self):
        self._tell_step()
        if self._upcoming is None:
            self._plan()
        self.record, self._upcoming = self._upcoming, None
        self._stepped.clear()
        if self.settings.steps is not None and self.step >= self.settings.steps:
            self.control.command = "stop"
            self.stop_message = "Stopped after %d steps, as asked." % self.step

    def _tell_step(self):
        record = self.record
        if record.sampled:
            rest = [leaf for leaf in (reference() for reference in self._watched) if leaf is not None]
            self.parameters.measure_rest(record, rest, self._optimizers)
            if not self._optimized:
                self.parameters.measure_update(record, None)
            self.forward.measure(record)
            self._look_for_trouble(record)
            self.sampler.learn(record.activations, record.seconds)
        self.stream.put(
            codec.encode_step(
                self.step,
                self.seconds(),
                record.loss,
                record.learning_rate,
                record.parameters,
                record.layers,
                record.operations,
            ),
            is_step=True,
            now=record.sampled,
        )
        self.step += 1

    @guarded
    def between(self):
        """A notebook's cell has ended: what it did is told, without waiting for the next."""
        if self.stream.opened and self._nest == 0 and self._in_step == 0:
            if self._is_over():
                self.end_step()
            self.stream.flush()

    def _look_for_trouble(self, record):
        """A gradient that isn't finite, or ten times larger than it was: worth a closer look."""
        for id, row in record.parameters.items():
            norm = row[0]
            usual = self._norms.get(id)
            if not norm < float("inf") or usual is not None and norm > 10 * usual > 0:
                self.sampler.suspect()
            if norm < float("inf"):
                self._norms[id] = norm if usual is None else 0.8 * usual + 0.2 * norm


def _learning_rate(optimizer):
    try:
        return float(optimizer.param_groups[0].get("lr", NAN))
    except (IndexError, TypeError, ValueError):
        return NAN
