"""
What loss functions are given: the first calls at each place in training, those of some later steps, all of an evaluation at
once. Where a loss comes of no call, those that the script writes itself are told.
"""

import sys
import time
import weakref

import torch

from . import codec, fed, graph, sites
from .later import Later
from .written import written_losses

#: Calls told at one place, and in all.
MOST_AT_A_PLACE = 8
MOST = 64
#: Steps in which losses that a script writes itself are looked for; further on only where there are some.
_FIRST_WRITTEN = 3
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
        #: A loss function was called since the last backward pass.
        self._called = False
        #: The script writes losses itself.
        self._has_written = False

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
        self._called = self._called or torch.is_grad_enabled()
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
        if not evaluation and not self._takes(loss, site, step, again):
            return None
        numbers = fed.numbers(loss, options, result, True)
        if numbers is None:
            return None
        head = dict(step=step, loss=loss, evaluation=evaluation, site=site)
        if again:
            head["again"] = True
        return _frame(head, options["input"].grad_fn, numbers)

    def _takes(self, loss, site, step, again):
        """Whether one more call at a place is told."""
        if again:
            return self._later.takes(step)
        place = (loss, site)
        if self._count >= MOST or self._told.get(place, 0) >= MOST_AT_A_PLACE:
            return False
        self._told[place] = self._told.get(place, 0) + 1
        self._count += 1
        return True

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

    def backward(self, roots, frame=None):
        """A backward pass begins: evaluation is over, and what is backpropagated was training. `frame`: where it is called."""
        called, self._called = self._called, False
        if self._evaluation is not None or self._undecided:
            self._decide(roots)
        observer = self._observer
        if not called and observer.record.sampled and self.looks_for_written(observer.step):
            for root in roots:
                for written in written_losses(root):
                    self._tell_written(written, frame)
        observer.differences.forget()

    def looks_for_written(self, step):
        """Whether losses that a script writes itself are looked for in a step that is measured."""
        return step < _FIRST_WRITTEN or self._has_written and (step < MOST_AT_A_PLACE or self._later.has(step))

    def _tell_written(self, written, frame):
        self._has_written = True
        step = self._observer.step
        site = written.site or self._site_around(written.around, frame)
        again = self._later.has(step)
        if not self._takes(written.loss, site, step, again):
            return
        options = {"input": written.input, "target": written.target}
        numbers = fed.numbers(written.loss, options, None, True)
        head = dict(step=step, loss=written.loss, evaluation=False, site=site, written=True)
        head.update({name: True for name, told in (("pairs", written.pairs), ("again", again)) if told})
        self._put(_frame(head, written.answers, numbers))

    def _site_around(self, fns, frame):
        """Where a variable gets its value that is this loss, or is the sum it's a term of; else where that is differentiated."""
        named = self._observer.forward.sites_of([graph.Node(fn) for fn in fns], frame)
        own = next((i for i, fn in enumerate(fns) if sum(child is not None for child, _ in fn.next_functions) > 1), len(fns))
        around = [named[fn] for fn in (*reversed(fns[:own]), *fns[own:]) if fn in named]
        return around[0] if around else sites.call_site(frame)

    def _decide(self, roots):
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


def _frame(head, answers, numbers):
    """`answers`: the node of what the loss was given."""
    layer, operation = _origin(answers)
    return dict(head, layer=layer, operation=operation, **numbers)


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
