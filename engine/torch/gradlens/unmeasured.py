"""
Most steps aren't measured: of them the loss, the learning rate and the time are told. This is the short way to learn no
more than that, for the usual step: one backward pass from one loss, one update by the one optimizer, nothing that waits,
nobody who pauses. Whatever is otherwise goes the observer's own way, wherever in the step it happens: both write the same
record.
"""

import math
import time
import weakref
from threading import get_ident

import torch

from .record import NAN
from .updates import learning_rate_of

#: How far a step has come.
_FORWARD, _BACKWARD, _DIFFERENTIATED, _UPDATE = range(4)


class Unmeasured:
    def __init__(self, observer):
        self._observer = observer
        #: The step under way is one of these so far. Whoever wants to look more closely says `look`.
        self.ready = False
        self._at = _FORWARD
        self._record = None
        self._optimizer = _nothing
        #: What doesn't change while training goes on.
        self._control = self._stream = self._sampler = None
        self._clock = 0.0

    def expect(self, ended):
        """A step begins. `ended`: the record of the one before, which it's expected to resemble."""
        observer = self._observer
        optimizers = list(observer.updates.optimizers)
        self.ready = (
            not observer.record.sampled
            and len(optimizers) == 1
            and ended.passes == 1
            and ended.updated
            and observer.stream.opened
            and observer.settings.steps is None
        )
        if not self.ready:
            return
        self._at = _FORWARD
        self._record = observer.record
        self._control, self._stream, self._sampler = observer.control, observer.stream, observer.sampler
        self._clock = observer.clock()
        if self._optimizer() is not optimizers[0]:
            self._optimizer = weakref.ref(optimizers[0])

    def look(self):
        """The step under way is to be looked at: from now on it goes the observer's own way."""
        self.ready = False

    def begins(self, args):
        """
        A backward pass begins. `args`: what torch.autograd.backward is given. True if nothing more has to be known of it.
        """
        if self._at != _FORWARD or self._control.command != "run" or not args:
            return False
        began = time.perf_counter()
        observer = self._observer
        try:
            root = args[0]
            if type(root) is not torch.Tensor or root.numel() != 1 or get_ident() != observer.thread:
                return False
            if root.is_cpu:
                loss = root.item()
                if not math.isfinite(loss):
                    return False
            elif root.is_cuda:
                loss = NAN  # to read it would be to wait for the device
            else:
                return False
        except Exception:
            return False  # no number that can be read
        self._record.loss = loss
        self._at = _BACKWARD
        observer.nest = 1
        self._sampler.spent += time.perf_counter() - began
        return True

    def ended(self):
        """The backward pass that has begun so has succeeded."""
        self._at = _DIFFERENTIATED
        record, observer = self._record, self._observer
        record.differentiated = True
        record.passes = 1
        observer.nest = 0
        observer.backward.versions = None

    def updates(self, optimizer):
        """The optimizer is about to update, without a closure. True if nothing more has to be known of it."""
        if self._at != _DIFFERENTIATED or optimizer is not self._optimizer() or self._control.command != "run":
            return False
        if get_ident() != self._observer.thread:
            return False
        self._at = _UPDATE
        self._observer.in_step = 1
        return True

    def updated(self, optimizer):
        """It has updated. True if that was all of the step, and the next one begins as one that isn't measured."""
        record, observer = self._record, self._observer
        # An optimizer that extends another one updates within its own update.
        if self._at != _UPDATE or observer.in_step != 1 or optimizer is not self._optimizer():
            return False
        now = time.perf_counter()
        rate = optimizer.param_groups[0].get("lr")
        if type(rate) is not float:
            rate = learning_rate_of(optimizer)
        if now >= self._sampler.quiet_until or self._control.command != "run":
            record.learning_rate = rate
            self.ready = False
            return False
        self._stream.put_step(now, (observer.step, now - self._clock, record.loss, rate))
        observer.step += 1
        observer.in_step = 0
        record.differentiated = False
        record.loss = NAN
        self._at = _FORWARD
        self._sampler.spent += time.perf_counter() - now
        return True


def _nothing():
    return None
