"""Watches torch: the one place that knows what a step is. Never changes training, never raises into it."""

import functools
import threading
import time

from . import codec, measure
from .backward import Backward
from .births import Births
from .differences import Differences
from .forward import Forward
from .functions import Functions
from .inputs import Inputs
from .leaves import Leaves
from .losses import Losses
from .modules import Modules
from .operations import Operations
from .parameters import Parameters
from .record import NAN, Record
from .sampler import Sampler
from .units import Units
from .unmeasured import Unmeasured
from .updates import Updates
from .watching import Watching, guarded


class Observer(Watching):
    def __init__(self, settings, startup):
        super().__init__(settings, startup)
        self.sampler = Sampler(settings.budget)
        self.modules = Modules(self.stream.put, self.sources, self.tell_source)
        self.leaves = Leaves(self.stream.put, self.modules, self.sources, self.tell_source)
        self.births = Births(self)
        self.operations = Operations(self)
        self.parameters = Parameters(self.leaves)
        self.forward = Forward(self)
        self.backward = Backward(self)
        self.updates = Updates(self)
        self.losses = Losses(self)
        self.differences = Differences(self)
        self.inputs = Inputs(self)
        self.functions = Functions(self)
        self.units = Units()
        self.unmeasured = Unmeasured(self)
        #: The thread that trains; None until one does.
        self.thread = None
        #: Which thread that is, for who asks first: `setdefault` lets one of them win, and needs no lock.
        self._claim = {}
        #: Backward passes, one within the other.
        self.nest = 0
        #: Updates, one within the other: of an optimizer that wraps another.
        self.in_step = 0
        self._norms = {}
        self.record = Record(*self.sampler.plan(0, True, False))
        self._upcoming = None
        #: While somebody looks on step by step: layers' outputs of this step, and their versions.
        self.kept = {}
        self.forward.attach(self.record.activations)

    def release(self):
        attached = (functools.partial(of.attach, False) for of in (self.forward, self.differences))
        for release in (self.operations.unhook, *attached):
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
            record.measure(self.forward.able)
            self.unmeasured.look()
            self.forward.attach(record.activations)

    def last_step(self):
        if self.record.differentiated or self.record.updated:
            self._tell_step()
            self.updates.tell_idle()
        self.losses.backward(())  # there will be none

    def is_elsewhere(self):
        """Training is watched in one thread, the first that differentiates."""
        me = threading.get_ident()
        if self.thread is None:
            self.thread = self._claim.setdefault("thread", me)
        return me != self.thread

    def is_elsewhere_now(self):
        """As `is_elsewhere`, for a forward pass, which may come before the first backward pass."""
        return self.thread is not None and threading.get_ident() != self.thread and self.nest == 0

    # The forward pass -------------------------------------------------------------------------------------------------

    @property
    def collecting(self):
        """The step that a forward pass belongs to."""
        return self._upcoming or self.record

    @property
    def step_ahead(self):
        """Its number."""
        return self.step + (1 if self._upcoming is not None and self.record.differentiated else 0)

    @property
    def is_differentiating(self):
        return self.nest > 0

    @guarded
    def module_created(self, module, frame):
        self.modules.created(module, frame)

    @guarded
    def optimizer_created(self, optimizer, frame):
        self.updates.created(optimizer, frame)
        # Not before: what is imported may take note of torch's methods as they are.
        self._watch_differences(self.step_ahead, self.collecting)

    @guarded
    def forward_enter(self, module, inputs):
        self.forward.enter(module, inputs)

    @guarded
    def forward_exit(self, module, inputs, output):
        self.forward.exit(module, inputs, output)

    @guarded
    def loss_given(self, loss, function, args, kwargs, result):
        self.losses.given(loss, function, args, kwargs, result)

    @guarded
    def difference_made(self, operands, sign, result):
        self.differences.made(operands, sign, result)

    @guarded
    def function_applied(self, function, args):
        self.functions.applied(function, args)

    # The backward pass ------------------------------------------------------------------------------------------------

    def backward_begin(self, roots, frame):
        self.unmeasured.look()
        self.nest += 1
        outermost = self.nest == 1
        if outermost:
            if self._prepare(roots, frame):
                return
            self.boundary("backward")
        self._backward_begin(roots, frame, outermost)

    @guarded
    def _prepare(self, roots, frame):
        """True if it has begun already, because nobody asks the run to be held: at most steps."""
        self.open()
        if self.in_step and not self.updates.evaluating:
            self.update_failed()  # and whoever trains goes on
        if self.in_step == 0 and self.backward.is_over():
            self.end_step()
        if self.control.quiet:
            self.backward.begin(roots, frame, True)
            return True
        return False

    @guarded
    def _backward_begin(self, roots, frame, outermost):
        self.backward.begin(roots, frame, outermost)

    def backward_end(self, failed=False):
        self.nest -= 1
        if self.nest == 0:
            self._backward_end(failed)

    @guarded
    def _backward_end(self, failed):
        self.backward.end(failed)

    # The update -------------------------------------------------------------------------------------------------------

    def update_begin(self, optimizer, args, kwargs):
        """Before an optimizer's step; gives the arguments to use instead, if any."""
        self.in_step += 1
        if self.in_step > 1:
            return None
        self.unmeasured.look()
        closure = args[0] if args and callable(args[0]) else kwargs.get("closure")
        if callable(closure):
            self._prepare_closure()
            wrapped = self.updates.closure(optimizer, closure)
            return ((wrapped,) + tuple(args[1:]), kwargs) if args else (args, dict(kwargs, closure=wrapped))
        self.boundary("update")
        self.update_ready(optimizer)
        return None

    @guarded
    def _prepare_closure(self):
        if self.record.updated:
            self.end_step()

    @guarded
    def update_ready(self, optimizer):
        self.updates.begin(optimizer)

    def update_failed(self):
        self.in_step = 0
        self.record.learning_rate = NAN

    def update_end(self, optimizer):
        self.in_step = max(0, self.in_step - 1)
        if self.in_step > 0:
            return
        self._update_end(optimizer)
        self.boundary("forward")

    @guarded
    def _update_end(self, optimizer):
        self.updates.end(optimizer)

    # Steps ------------------------------------------------------------------------------------------------------------

    def plan(self, step):
        """Decides about the step to come, this one, before its forward pass; gives its record."""
        if self._upcoming is None:
            able = self.forward.able
            plan = self.sampler.plan(len(self.updates.optimizers), able, self.stream.backed_up)
            self._upcoming = Record(*plan) if self.control.quiet else Record(True, able)
            self.forward.attach(self._upcoming.activations)
            self._watch_differences(step, self._upcoming)
        return self._upcoming

    def _watch_differences(self, step, record):
        self.differences.attach(record.sampled and self.losses.looks_for_written(step))

    def end_step(self):
        self._tell_step()
        ended = self.record
        self.record, self._upcoming = self.plan(self.step), None
        self.updates.step_ended()
        self.inputs.step_ended()
        self.unmeasured.expect(ended)
        if self.settings.steps is not None and self.step >= self.settings.steps:
            self.control.command = "stop"
            self.stop_message = "Stopped after %d steps, as asked." % self.step

    def _tell_step(self):
        record = self.record
        head = (self.step, self.seconds(), record.loss, record.learning_rate)
        if not record.sampled:
            self.stream.put_step(time.perf_counter(), head)
            self.step += 1
            return
        self.parameters.measure_rest(record, self.backward.leaves(), self.updates.optimizers)
        if not self.updates.any:
            self.parameters.measure_update(record, None)
        self.forward.measure(record)
        self._look_for_trouble(record)
        self.sampler.learn(record.activations, record.seconds)
        frame = codec.encode_step(*head, record.parameters, record.layers, record.operations, record.histograms)
        self.stream.put(frame, is_step=True, now=True)
        self.step += 1

    @guarded
    def between(self):
        """A notebook's cell has ended: what it did is told, without waiting for the next."""
        if self.stream.opened and self.nest == 0 and self.in_step == 0:
            if self.backward.is_over():
                self.end_step()
            self.losses.evaluated()
            self.stream.flush()

    def _look_for_trouble(self, record):
        """A gradient that isn't finite, or ten times larger than it was: worth a closer look."""
        for id, row in record.parameters.items():
            norm = row[measure.NORM]
            usual = self._norms.get(id)
            if not norm < float("inf") or usual is not None and norm > 10 * usual > 0:
                self.sampler.suspect()
            if norm < float("inf"):
                self._norms[id] = norm if usual is None else 0.8 * usual + 0.2 * norm
