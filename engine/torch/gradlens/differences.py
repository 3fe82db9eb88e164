"""
What is subtracted: torch's nodes save nothing of it, and a loss that a script writes itself begins with it. So methods of
tensors are watched, but only before steps in which such losses are looked for.
"""

import functools
import sys
import weakref
from collections import deque

import torch

from . import sites, tracebacks

#: Elements of what is noted, and how many of the last differences are.
MOST_ELEMENTS = 2**16
_MOST = 16
#: Where a node's own metadata has its note.
_NOTE = "gradlens.difference"
#: Methods, and what the second operand is multiplied by. `torch.sub` itself stays as it is: TorchScript knows it by its identity.
_METHODS = {"__sub__": 1, "sub": 1, "subtract": 1, "__add__": -1, "add": -1}
_DEVICES = ("cpu", "cuda", "mps")
_dispatching = getattr(torch._C, "_len_torch_dispatch_stack", lambda: 0)
_is_wrapped = getattr(getattr(torch._C, "_functorch", None), "is_functorch_wrapped_tensor", lambda _: False)


class Note:
    """Copies of what was subtracted: answers that are learned, less data. Of two that are learned there is the result alone."""

    __slots__ = ("answers", "data", "at", "sign", "result", "site", "__weakref__")

    def __init__(self, operands, at, sign, result, site):
        self.answers = None if at is None else _copy(operands[at])
        self.data = None if at is None else _copy(operands[1 - at])
        #: Which operand is learned.
        self.at = at
        self.sign = sign
        self.result = _copy(result) if at is None else None
        self.site = site


class Differences:
    """Keeps copies of few elements with the node of each difference, until the backward pass has begun."""

    def __init__(self, observer):
        self._observer = observer
        self._attached = {}
        self._able = True
        self._notes = deque()
        compiler = getattr(torch, "compiler", None)
        self._is_compiling = getattr(compiler, "is_compiling", None) or (lambda: False)

    def attach(self, wanted):
        wanted = wanted and self._able and self._observer.forward.able
        if wanted and not self._attached:
            for name, sign in _METHODS.items():
                own = vars(torch.Tensor).get(name)
                watched = _watched(self._observer, getattr(torch.Tensor, name), sign, self._is_compiling)
                self._attached[name] = watched, own
                setattr(torch.Tensor, name, watched)
        elif self._attached and not wanted:
            for name, (watched, own) in self._attached.items():
                if vars(torch.Tensor).get(name) is not watched:
                    self._able = False  # somebody else has put something around it
                elif own is None:
                    delattr(torch.Tensor, name)
                else:
                    setattr(torch.Tensor, name, own)
            self._attached = {}
            self.forget()

    def made(self, operands, sign, result):
        """`result` is the sum or difference of two operands."""
        observer = self._observer
        if not self._attached or observer.is_differentiating or torch._C._get_tracing_state() is not None:
            return
        if observer.is_elsewhere_now() or _dispatching() or result.numel() > MOST_ELEMENTS:
            return
        if not all(map(_is_plain, (*operands, result))):
            return
        a, b = operands
        at = None if a.requires_grad and b.requires_grad else 0 if a.requires_grad else 1
        if at is None:
            if sign < 0 or b.numel() >= a.numel() or result.shape != a.shape:
                return  # no row is normalized by this
        elif operands[1 - at].numel() < 2 or operands[at].grad_fn is None:
            return
        with torch.no_grad():
            note = Note(operands, at, sign, result, sites.call_site(sys._getframe(1)))
        result.grad_fn.metadata[_NOTE] = note
        self._notes.append(weakref.ref(note))
        if len(self._notes) > _MOST:
            _empty(self._notes.popleft())

    def forget(self):
        """The graph may stay; what was noted goes."""
        while self._notes:
            _empty(self._notes.popleft())


def note_of(fn):
    """What is known of a sum or difference; None if nothing is."""
    note = fn.metadata.get(_NOTE)
    return note if note is not None and (note.data is not None or note.result is not None) else None


def _empty(reference):
    note = reference()
    if note is not None:
        note.answers = note.data = note.result = None


def _copy(tensor):
    return tensor.detach().clone()


def _is_plain(tensor):
    return (
        type(tensor) in (torch.Tensor, torch.nn.Parameter)
        and tensor.layout is torch.strided
        and tensor.device.type in _DEVICES
        and not tensor.is_complex()
        and not _is_wrapped(tensor)
    )


def _watched(observer, original, sign, is_compiling):
    @functools.wraps(original)
    def watched(*args, **kwargs):
        if is_compiling():
            return original(*args, **kwargs)
        try:
            result = original(*args, **kwargs)
        except BaseException as error:
            tracebacks.unlink(error)
            raise
        if observer.on and len(args) == 2 and not kwargs and type(result) is torch.Tensor and result.requires_grad:
            observer.difference_made(args, sign, result)
        return result

    return watched
