"""What loss functions are given: the first calls at each place in training, those of some later steps, all of an evaluation at once."""

import sys
import time
import weakref

import torch

from . import codec, fed, graph, sites
from .later import Later

#: Calls told at one place, and in all.
MOST_AT_A_PLACE = 8
MOST = 64
#: Evaluations told in any case; later ones no more often than every so many seconds.
FIRST_EVALUATIONS = 64
EVERY_SECONDS = 0.2
#: Calls of one evaluation that are looked at in full; of the others the loss itself counts.
IN_FULL = 8
#: Nodes walked in search of what made an input, and in search of a loss.
_NEAR = 64


class Losses:
    def __init__(self, observer):
        self._observer = observer
        self._told = {}
        self._count = 0
        self._later = Later()
        #: The evaluation under way: [content of its frame, calls]; and when one was told last, of how many.
        self._evaluation = None
        self._evaluated_at = -1.0
        self._evaluations = 0
        #: Losses of a model that is in evaluation mode, with gradients: training if they are backpropagated.
        self._undecided = []

    def is_wanted(self):
        """Nearly free: asked at every call."""
        observer = self._observer
        if torch.is_grad_enabled() and not observer.modules.is_evaluating():
            if observer.unmeasured.ready or not observer.collecting.sampled:
                return False
            return self._count < MOST or self._later.has(observer.step_ahead)
        return True

    def given(self, loss, function, args, kwargs, result):
        """`function` was called and gave `result`; called in the frame of whoever called it."""
        options = fed.bind(function, args, kwargs)
        if options is None:
            return
        observer = self._observer
        if not torch.is_grad_enabled():
            self._evaluate(loss, options, result)
        elif not options["input"].requires_grad:
            return
        elif observer.modules.is_evaluating():
            content = self._content(loss, options, result, True)
            if content is not None and len(self._undecided) < MOST_AT_A_PLACE:
                self._undecided.append((weakref.ref(result), content))
                observer.unmeasured.look()
        else:
            content = self._content(loss, options, result, False)
            if content is not None:
                self._put(content)

    def _content(self, loss, options, result, evaluation):
        """What a frame says; None where the place has been told often enough."""
        site = sites.call_site(sys._getframe(3))
        step = self._observer.step_ahead
        again = not evaluation and self._later.has(step)
        if again:
            if not self._later.takes(step):
                return None
        elif not evaluation:
            place = (loss, site)
            if self._count >= MOST or self._told.get(place, 0) >= MOST_AT_A_PLACE:
                return None
            self._told[place] = self._told.get(place, 0) + 1
            self._count += 1
        numbers = fed.numbers(loss, options, result, True)
        if numbers is None:
            return None
        layer, operation = _origin(options["input"].grad_fn)
        head = dict(step=step, loss=loss, evaluation=evaluation, site=site)
        if again:
            head["again"] = True
        return dict(head, layer=layer, operation=operation, **numbers)

    def _evaluate(self, loss, options, result):
        under_way = self._evaluation
        if under_way is None:
            now = time.perf_counter()
            if self._evaluations >= FIRST_EVALUATIONS and now - self._evaluated_at < EVERY_SECONDS:
                return
            self._evaluated_at = now
            content = self._content(loss, options, result, True)
            if content is not None:
                self._evaluation = [content, 1]
                self._observer.unmeasured.look()
        elif under_way[0]["loss"] == loss:  # the first loss of an evaluation stands for it
            numbers = fed.numbers(loss, options, result, under_way[1] < IN_FULL)
            if numbers is not None:
                under_way[1] += 1
                fed.add(under_way[0], numbers)

    def backward(self, roots):
        """A backward pass begins: evaluation is over, and what is backpropagated was training."""
        if self._evaluation is None and not self._undecided:
            return
        undecided, self._undecided = self._undecided, []
        for reference, content in undecided:
            result = reference()
            if result is not None and _leads_to(roots, result):
                if self._count < MOST:
                    self._count += 1
                    self._put(dict(content, evaluation=False))
            elif self._evaluation is None:
                self._evaluation = [content, 1]
            elif self._evaluation[0]["loss"] == content["loss"]:
                fed.add(self._evaluation[0], content)
        self.evaluated()

    def evaluated(self):
        """Training goes on, or the script has ended."""
        if self._evaluation is not None:
            self._evaluations += 1
            self._put(self._evaluation[0])
        self._evaluation = None

    def _put(self, content):
        site = content["site"]
        if site is not None:
            self._observer.tell_source(site[0])
        self._observer.stream.put(codec.encode("loss", **dict(content, site=sites.as_json(site))))


def _origin(fn):
    """(layer that made this, or whose output came into it; operation that made it), as far as that is known."""
    layer = operation = None
    for _ in range(_NEAR):
        if fn is None or layer is not None and operation is not None:
            break
        operation = operation or graph.operation_name(fn.name())
        if layer is None:
            marks = fn.metadata.get(graph.OUTPUT_OF, ())
            layer = next((layer for layer, _, is_leaf in marks if is_leaf), None)
        fn = next((child for child, _ in fn.next_functions if child is not None and graph.leaf_of(child) is None), None)
    return layer, operation


def _leads_to(roots, result):
    """True if a loss is one of the roots of a backward pass, or a term of one."""
    near = [root.grad_fn for root in roots]
    for fn in near:
        if fn is None:
            continue
        if fn is result.grad_fn:
            return True
        if len(near) < _NEAR:
            near.extend(child for child, _ in fn.next_functions)
    return False
