"""Watches torch: the one place that knows what a step is. Never changes training, never raises into it."""

import functools
import math
import os
import sys
import threading
import time
import weakref

import torch

from . import birth, codec, graph, ranks, sites, tracebacks
from .control import Control
from .forward import Forward
from .graph import Operations
from .inspect import inspect
from .leaves import Leaves
from .measure import SAMPLE
from .modules import Modules
from .parameters import Parameters
from .record import ACTIVATION_STATISTICS, EXACT, NAN, PARAMETER_STATISTICS, Record
from .sampler import Sampler
from .source import Sources
from .stream import Stream, complain

SCALED = (
    "The loss is scaled (GradScaler). Losses and gradients of parameters are shown unscaled; "
    "gradients of layers' outputs and of operations are shown as they are, scaled."
)
#: Leaves looked at to tell whether a step is over.
_WATCHED = 4


def guarded(method):
    """An error of the observer's own switches the observer off. What it takes counts as its own time."""

    @functools.wraps(method)
    def call(self, *args):
        if not self.on:
            return None
        began = time.perf_counter()
        try:
            return method(self, *args)
        except Exception as error:
            self.fail(error)
            return None
        finally:
            seconds = time.perf_counter() - began
            self.sampler.spent += seconds
            self.record.seconds += seconds

    return call


class Observer:
    def __init__(self, settings, startup):
        self.settings = settings
        self.on = True
        self.stream = Stream()
        self.sampler = Sampler(settings.budget)
        self.sources = Sources()
        self._told_sources = set()
        self.modules = Modules(self.stream.put, self.sources, self.tell_source)
        self.leaves = Leaves(self.stream.put, self.modules, self.sources, self.tell_source)
        self.operations = Operations(self.stream.put, self.modules)
        self.parameters = Parameters(self.leaves)
        self.forward = Forward(self)
        self.control = Control(None, False, None)
        self.step = 0
        self._startup = startup
        self._clock = time.perf_counter()
        self._started_at = time.time()
        self._paused = 0.0
        self._thread = None
        self._nest = 0
        self._in_step = 0
        self._optimizers = weakref.WeakSet()
        self._optimized = False
        self._watched = []
        self._scaled = None
        self._notes = set()
        self._broken = False
        self._norms = {}
        self._ended = False
        self._stop_message = None
        #: Ids of the optimizers that have updated in this step.
        self._stepped = set()
        self._versions = []
        self.record = Record(*self.sampler.plan(0, True, False))
        self._upcoming = None
        self.forward.attach(self.record.activations)

    # What is told -----------------------------------------------------------------------------------------------------

    def seconds(self):
        return time.perf_counter() - self._clock - self._paused

    def open(self):
        """Connects, and says what this is; called when there is something to tell."""
        if self.stream.opened:
            return
        settings, startup = self.settings, self._startup
        rank, world = ranks.rank_and_world()
        script = startup.script
        start = dict(
            script=script,
            cwd=settings.cwd,
            arguments=startup.arguments,
            engine="torch",
            engineVersion=str(torch.__version__),
            pid=os.getpid(),
            startedAt=int(self._started_at * 1000),
            sampling=dict(elements=SAMPLE, exact=list(EXACT), budget=settings.budget),
            parameterStatistics=PARAMETER_STATISTICS,
            activationStatistics=ACTIVATION_STATISTICS,
        )
        if world is not None:
            start.update(rank=rank, worldSize=world)
        log = settings.log and ranks.log_path(settings.log, script, rank, time.localtime())
        connection = self.stream.open(codec.encode("start", **start), settings.link, settings.token, log)
        self.control = Control(connection, settings.owned, self.abort)
        self.tell_source(script)

    def tell_source(self, file):
        if file in self._told_sources:
            return
        self._told_sources.add(file)
        text = self.sources.text(file)
        if text:
            self.stream.put(codec.encode("source", file=file, text=text))

    def note(self, topic, message):
        """Said once."""
        if topic not in self._notes:
            self._notes.add(topic)
            self.stream.put(codec.encode("note", topic=topic, message=message, step=self.step))

    def fail(self, error):
        """Switches the observer off and says so. Training goes on."""
        self.on = False
        self._release()
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = place and "%s:%d" % (os.path.basename(place.tb_frame.f_code.co_filename), place.tb_lineno)
        text = "GradLens no longer watches this run, because of an error of its own: %r (%s)." % (error, where)
        if os.environ.get("GRADLENS_DEBUG"):
            import traceback

            traceback.print_exc()
        complain(text[len("GradLens ") :])
        try:
            self.note("observer", text + " Training goes on.")
            self.stream.flush()
        except Exception:
            pass

    def _release(self):
        for release in (self.operations.unhook, functools.partial(self.forward.attach, False)):
            try:
                release()
            except Exception:
                pass

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
        self._upcoming = Record(*self.sampler.plan(len(self._optimizers), able, self.stream.backed_up))
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
            self._stop_message = "Stopped after %d steps, as asked." % self.step

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

    # Control ----------------------------------------------------------------------------------------------------------

    def boundary(self, phase):
        """Between phases: holds the run while it is paused, and doesn't return from a stop."""
        control = self.control
        if control.quiet or not self.on:
            return
        if control.command == "stop":
            self.stop()
        if not control.pauses_before(phase):
            return
        began = time.perf_counter()
        control.hold()
        if phase == "forward" and self.record.updated:
            self._end_step_now()
        place = self._phase_frame(phase)
        self._put_phase("paused", place)
        control.wait(self._answer)
        self._paused += time.perf_counter() - began
        self.sampler.forgive(time.perf_counter() - began)
        self._put_phase("resumed", place)
        if control.command == "stop":
            self.stop()

    @guarded
    def _end_step_now(self):
        self.end_step()

    def _phase_frame(self, phase):
        site = sites.call_site(sys._getframe(1))
        return dict(phase=phase, step=self.step, site=sites.as_json(site))

    @guarded
    def _put_phase(self, state, place):
        self.stream.put(codec.encode("phase", state=state, **place), now=True)

    @guarded
    def _answer(self, request):
        self.stream.put(inspect(self.leaves, request), now=True)

    def stop(self):
        """As asked: leaves through the script's own `finally` clauses, without a traceback."""
        site = sites.call_site(sys._getframe(1))
        message, self._stop_message = self._stop_message, None
        self.end(self.control.reason, 0, message, site)
        raise SystemExit(0)

    def abort(self, message):
        """From the listening thread: the script doesn't answer. Says where it is, and ends the process."""
        frame = sys._current_frames().get(threading.main_thread().ident)
        site = sites.call_site(frame)
        where = " The script was busy at line %d and did not answer." % site[1] if site else ""
        text = "Stopped.%s" % where if site else message.get("message")
        try:
            self.end(message.get("reason") or "stopped", None, text, site)
        finally:
            os._exit(1)

    def end(self, ended, code, message, site, error=None):
        """The last words; only the first ones count."""
        if self._ended or self.stream.closed:
            return
        self._ended = self.control.ending = True
        try:
            if self.on and (self.record.differentiated or self.record.updated):
                self._tell_step()
        except Exception as trouble:
            self.fail(trouble)
        self.on = False
        self._release()
        if error is not None:
            self.stream.put(codec.encode("error", **error))
        content = dict(ended=ended, exitCode=code, message=message, site=sites.as_json(site), time=self.seconds())
        self.stream.put(codec.encode("end", **content))
        self.stream.close()


def _learning_rate(optimizer):
    try:
        return float(optimizer.param_groups[0].get("lr", NAN))
    except (IndexError, TypeError, ValueError):
        return NAN
