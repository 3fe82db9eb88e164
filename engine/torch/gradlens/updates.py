"""The update: what an optimizer does to the parameters it holds, and what is said of the optimizer itself."""

import functools
import sys
import weakref

import torch

from . import codec, sites, tracebacks
from .measure import exact_norms, is_measurable, values_of
from .record import NAN

#: The step after which optimizers that haven't updated anything are told of; those of which there is nothing to tell yet, whenever
#: twice as many steps are over.
_STEPS_IDLE = 9
UNMEASURED = (
    "Parameters that are no plain tensors of real numbers (%s) are trained here. They are named and not measured; the loss "
    "is shown, and of layers what they put out where that is a plain tensor."
)


class Updates:
    """Holds no optimizer and no parameter alive."""

    def __init__(self, observer):
        self._observer = observer
        #: Those that have updated.
        self.optimizers = weakref.WeakSet()
        #: Those that haven't, and haven't been told of.
        self._idle = weakref.WeakSet()
        self._look_after = _STEPS_IDLE
        #: Backward passes, as long as no optimizer has updated.
        self.passes = 0
        #: An update by an optimizer has been seen.
        self.any = False
        #: Ids of the optimizers that have updated in this step.
        self._stepped = set()
        self._sites = weakref.WeakKeyDictionary()
        #: Optimizer -> (its id, how many parameters it held when that was told)
        self._told = weakref.WeakKeyDictionary()
        #: (class, where it was made) -> [id, weak reference, what was told last]: one made anew is the same, once that is gone.
        self._made = {}
        self._count = 0
        #: Gradients as updates left them, by optimizer: (weak reference to the parameter, identity, version).
        self._used = weakref.WeakKeyDictionary()
        #: A closure is being evaluated, within an update.
        self.evaluating = False

    def created(self, optimizer, frame):
        own = {vars(c)["__init__"].__code__ for c in type(optimizer).__mro__ if hasattr(vars(c).get("__init__"), "__code__")}
        self._sites[optimizer] = sites.call_site(frame, own)
        self._idle.add(optimizer)

    def begin(self, optimizer):
        observer = self._observer
        observer.open()
        if id(optimizer) in self._stepped:
            observer.end_step()  # an update without a backward pass of its own
        self.optimizers.add(optimizer)
        self._idle.discard(optimizer)
        self.any = True
        record = observer.record
        record.learning_rate = learning_rate_of(optimizer)
        if not record.sampled:
            return
        tensors = [p for group in optimizer.param_groups for p in group["params"]]
        if self._told.get(optimizer, (0, -1))[1] != len(tensors):
            self._tell(optimizer, sys._getframe(1))
        observer.leaves.declare(tensors, None)
        observer.parameters.measure_gradients(record, [p for p in tensors if p.grad is not None], optimizer)

    def backward_done(self):
        if not self.any:
            self.passes += 1

    def tell_idle(self):
        """Steps have been taken without those that are still idle, though what they hold was given gradients."""
        for optimizer in [idle for idle in self._idle if self._has_been_reached(idle)]:
            self._idle.discard(optimizer)
            self._tell(optimizer, None)
            self._told[optimizer] = (self._told[optimizer][0], -1)  # told again when it updates

    def _has_been_reached(self, optimizer):
        """False for one that is used in another thread, which isn't watched, or not at all."""
        held = (p for group in optimizer.param_groups for p in group["params"])
        return any(self._observer.leaves.id_of(parameter) is not None for parameter in held)

    def _tell(self, optimizer, frame):
        """`frame`: where it's told to update; None if it isn't."""
        observer = self._observer
        trained = [p for group in optimizer.param_groups for p in group["params"] if p.requires_grad]
        # What is declared only now was not reached by the backward pass, and where layers are watched, not executed.
        observer.modules.unexecuted = observer.record.activations
        observer.leaves.declare(trained, frame)
        observer.modules.unexecuted = False
        strange = {_kind(parameter) for parameter in trained if parameter.numel() > 0 and not is_measurable(parameter)}
        if strange:
            observer.note("unmeasured", UNMEASURED % ", ".join(sorted(strange)))
        made, told = self._sites.get(optimizer), None if frame is None else sites.call_site(frame)
        for site in (made, told):
            if site is not None:
                observer.tell_source(site[0])
        ids = [observer.leaves.id_of(parameter) for parameter in trained]
        settings = _settings(optimizer.param_groups[0]) if optimizer.param_groups else {}
        content = dict(type=type(optimizer).__name__, site=sites.as_json(made), parameters=ids, settings=settings)
        content.update(dict(backwardPasses=self.passes) if frame is None else dict(updatedAt=sites.as_json(told)))
        encoded = codec.encode("optimizer", id=self._id(optimizer, made), **content)
        known = self._made[type(optimizer), made]
        if known[2] != encoded:
            known[2] = encoded
            observer.stream.put(encoded)

    def _id(self, optimizer, made):
        known = self._told.get(optimizer)
        earlier = self._made.get((type(optimizer), made))
        if known is None and earlier is not None and earlier[1]() is None:
            known = earlier
        if known is None:
            known = (self._count,)
            self._count += 1
        if earlier is None or earlier[0] != known[0] or earlier[1]() is not optimizer:
            last = earlier[2] if earlier is not None and earlier[0] == known[0] else None
            self._made[type(optimizer), made] = [known[0], weakref.ref(optimizer), last]
        held = sum(len(group["params"]) for group in optimizer.param_groups)
        self._told[optimizer] = (known[0], held)
        return known[0]

    def end(self, optimizer):
        observer = self._observer
        record = observer.record
        record.updated = True
        if record.sampled:
            observer.parameters.measure_update(record, optimizer)
        self._stepped.add(id(optimizer))
        if observer.plan(observer.step + 1).sampled:
            self._note_used(optimizer)
        # With several optimizers the next one may still belong to this step.
        if len(self.optimizers) == 1 and observer.step > 0:
            observer.end_step()

    def step_ended(self):
        self._stepped.clear()
        if self._idle and self._observer.step > self._look_after:
            self._look_after = 2 * self._observer.step
            self.tell_idle()

    def closure(self, optimizer, closure):
        """Backward runs within the update: what it leaves is measured after the first evaluation."""
        first = [True]

        @functools.wraps(closure)
        def evaluate(*args, **kwargs):
            self.evaluating = True
            try:
                result = closure(*args, **kwargs)
            except BaseException as error:
                tracebacks.unlink(error)
                raise
            finally:
                self.evaluating = False
            if first[0]:
                first[0] = False
                self._observer.update_ready(optimizer)
            return result

        return evaluate

    # Gradients that nobody zeroed --------------------------------------------------------------------------------------

    def _note_used(self, optimizer):
        self._used[optimizer] = [
            (weakref.ref(parameter), id(gradient), gradient._version)
            for group in optimizer.param_groups
            for parameter, gradient in ((p, p.grad) for p in group["params"])
            if gradient is not None and is_measurable(gradient)
        ]

    def find_stale(self, record):
        """
        The first backward pass of a step is about to add to gradients: does it find any that have been used? Whatever it doesn't add
        to, another player's, is as old in the next one.
        """
        stale = []
        for optimizer, entries in list(self._used.items()):
            self._used[optimizer] = unchanged = [entry for entry in entries if _is_unchanged(*entry)]
            stale.extend(reference() for reference, _, _ in unchanged)
        for parameter, norm in zip(stale, exact_norms([values_of(p.grad)[0].detach() for p in stale])):
            record.stale[self._observer.leaves.id_of(parameter)] = norm


def _is_unchanged(reference, identity, version):
    """Whether a parameter has the very gradient that an update left."""
    parameter = reference()
    gradient = None if parameter is None else parameter.grad
    return gradient is not None and id(gradient) == identity and gradient._version == version


def _kind(tensor):
    return type(tensor).__name__ if type(tensor) is not torch.nn.Parameter else str(tensor.dtype).replace("torch.", "")


def learning_rate_of(optimizer):
    try:
        return float(optimizer.param_groups[0].get("lr", NAN))
    except (IndexError, TypeError, ValueError):
        return NAN


def _settings(group):
    """The numbers among a group's options, and a 1 for what is switched on, by camelCase names."""
    found = {}
    for name, value in group.items():
        if isinstance(value, torch.Tensor):
            value = float(value) if value.numel() == 1 else None
        several = isinstance(value, (list, tuple)) and len(value) > 0
        numbers = list(value) if several else [value]
        if value is True:
            found[sites.camel(name)] = 1
        if name != "params" and all(isinstance(x, (int, float)) and not isinstance(x, bool) for x in numbers):
            found[sites.camel(name)] = numbers if several else value
    return found
