"""Where torch is listened to: the smallest set of places that works on torch 1.13 and on 2.x alike."""

import functools
import sys
import types

import torch

from . import fed, saved, tracebacks

COMPILED = (
    "torch.compile is used: parameters are measured as ever; activations and gains are not, because hooks on modules "
    "would break up what is compiled."
)


def install(observer):
    _wrap_backward(observer)
    _wrap_optimizers(observer)
    _wrap_modules(observer)
    _wrap_compile(observer)
    _wrap_scaler(observer)
    _wrap_losses(observer)
    _wrap_functions(observer)
    saved.watch_packing()
    if observer.settings.seed is not None:
        _fix_seed(int(observer.settings.seed))


def _wrap_backward(observer):
    original = torch.autograd.backward
    unmeasured = observer.unmeasured

    @functools.wraps(original)
    def backward(*args, **kwargs):
        if unmeasured.ready and observer.on and unmeasured.begins(args):
            try:
                result = original(*args, **kwargs)
            except BaseException as error:
                observer.backward_end(True)
                tracebacks.unlink(error)
                raise
            unmeasured.ended()
            return result
        roots = args[0] if args else kwargs.get("tensors")
        if not observer.on or observer.is_elsewhere() or _has_no_numbers(roots):
            return original(*args, **kwargs)
        observer.backward_begin(roots, sys._getframe(1))
        try:
            result = original(*args, **kwargs)
        except BaseException as error:
            observer.backward_end(True)
            tracebacks.unlink(error)
            raise
        observer.backward_end()
        return result

    torch.autograd.backward = backward


def _has_no_numbers(roots):
    """On the meta device, shapes are all there is."""
    first = roots[0] if isinstance(roots, (list, tuple)) and roots else roots
    return isinstance(first, torch.Tensor) and first.device.type == "meta"


def _wrap_optimizers(observer):
    module = sys.modules["torch.optim.optimizer"]
    hooks = hasattr(module, "register_optimizer_step_pre_hook")
    if hooks:
        _hook_optimizers(observer, module)
    base = module.Optimizer
    original = base.__init__

    @functools.wraps(original)
    def init(self, *args, **kwargs):
        try:
            original(self, *args, **kwargs)
        except BaseException as error:
            tracebacks.unlink(error)
            raise
        if observer.on:
            observer.optimizer_created(self, sys._getframe(1))
        step = type(self).step
        if not hooks and not getattr(step, "_gradlens", False):  # torch 1.13: the step of each class
            type(self).step = _watched_step(observer, step)

    base.__init__ = init


def _hook_optimizers(observer, optimizer):
    """torch 2: hooks for all optimizers."""

    unmeasured = observer.unmeasured

    def before(self, args, kwargs):
        if not observer.on or unmeasured.ready and len(args) == 1 and not kwargs and unmeasured.updates(self):
            return None
        if observer.is_elsewhere():
            return None
        changed = observer.update_begin(self, args[1:] if args and args[0] is self else args, kwargs)
        if changed is None:
            return None
        # The optimizer itself is among the arguments that come in, and has to be among those that go out.
        return ((self,) + changed[0] if args and args[0] is self else changed[0]), changed[1]

    def after(self, args, kwargs):
        if unmeasured.ready and observer.on and unmeasured.updated(self):
            return
        if observer.on and not observer.is_elsewhere():
            observer.update_end(self)

    optimizer.register_optimizer_step_pre_hook(before)
    optimizer.register_optimizer_step_post_hook(after)


def _watched_step(observer, original):
    unmeasured = observer.unmeasured

    @functools.wraps(original)
    def step(self, *args, **kwargs):
        if not observer.on or observer.is_elsewhere():
            return original(self, *args, **kwargs)
        if args or kwargs or not unmeasured.ready or not unmeasured.updates(self):
            changed = observer.update_begin(self, args, kwargs)
            if changed is not None:
                args, kwargs = changed
        try:
            result = original(self, *args, **kwargs)
        except BaseException as error:
            observer.update_failed()
            tracebacks.unlink(error)
            raise
        if not unmeasured.ready or not unmeasured.updated(self):
            observer.update_end(self)
        return result

    step._gradlens = True
    return step


def _wrap_modules(observer):
    original = torch.nn.Module.__init__

    @functools.wraps(original)
    def init(self, *args, **kwargs):
        try:
            original(self, *args, **kwargs)
        except BaseException as error:
            tracebacks.unlink(error)
            raise
        if observer.on:
            observer.module_created(self, sys._getframe(1))

    torch.nn.Module.__init__ = init


def _wrap_compile(observer):
    """torch 2: forward hooks would break the graph of what is compiled, so they go before it is."""
    for owner in (torch, torch.nn.Module):
        original = getattr(owner, "compile", None)
        if original is not None:
            setattr(owner, "compile", _noting_compile(observer, original))


def _noting_compile(observer, original):
    @functools.wraps(original)
    def compile(*args, **kwargs):
        if observer.on:
            observer.forward.give_up("compiled", COMPILED)
        try:
            return original(*args, **kwargs)
        except BaseException as error:
            tracebacks.unlink(error)
            raise

    return compile


def _wrap_scaler(observer):
    """A scaled loss isn't the loss."""
    for module, name in (("torch.amp.grad_scaler", "GradScaler"), ("torch.cuda.amp.grad_scaler", "GradScaler")):
        scaler = getattr(sys.modules.get(module), name, None)
        if scaler is None or "scale" not in vars(scaler):
            continue
        scaler.scale = _noting_scale(observer, scaler.scale)


def _noting_scale(observer, original):
    @functools.wraps(original)
    def scale(self, outputs):
        try:
            result = original(self, outputs)
        except BaseException as error:
            tracebacks.unlink(error)
            raise
        if observer.on and result is not outputs:
            observer.backward.scaled(result, outputs)
        return result

    return scale


def _wrap_losses(observer):
    functional = torch.nn.functional
    compiler = getattr(torch, "compiler", None)
    is_compiling = getattr(compiler, "is_compiling", None) or (lambda: False)
    is_tracing = torch._C._get_tracing_state
    for name, loss in fed.NAMES.items():
        original = getattr(functional, name)
        template = _watched_loss(observer, original, loss, is_compiling, is_tracing)
        # TorchScript compiles the text of the original, with the globals of what it finds by its name.
        wrapper = types.FunctionType(template.__code__, original.__globals__, name, None, template.__closure__)
        setattr(functional, name, functools.wraps(original)(wrapper))


def _watched_loss(observer, original, loss, is_compiling, is_tracing):
    # Uses nothing but its arguments and what is enclosed: its globals are not this module's.
    unlink = tracebacks.unlink

    def watched(*args, **kwargs):
        if is_compiling():
            return original(*args, **kwargs)
        try:
            result = original(*args, **kwargs)
        except BaseException as error:
            unlink(error)
            raise
        if observer.on and observer.losses.is_wanted() and is_tracing() is None and not observer.is_elsewhere_now():
            observer.loss_given(loss, original, args, kwargs, result)
        return result

    return watched


def _wrap_functions(observer):
    """Users' own functions are looked at once, as they are applied."""
    base = torch.autograd.Function
    own = vars(base).get("apply")
    original = (own or vars(torch._C._FunctionBase)["apply"]).__get__

    def apply(cls, *args, **kwargs):
        if observer.on and not observer.functions.is_done(cls) and not observer.is_elsewhere_now():
            observer.function_applied(cls, args)
        try:
            return original(None, cls)(*args, **kwargs)
        except BaseException as error:
            tracebacks.unlink(error)
            raise

    base.apply = classmethod(functools.wraps(own.__func__)(apply) if own is not None else apply)


def _fix_seed(seed):
    """The seed that was asked for goes before the script's own."""
    import random

    original = torch.manual_seed

    @functools.wraps(original)
    def manual_seed(_seed):
        return original(seed)

    torch.manual_seed = torch.random.manual_seed = manual_seed
    original(seed)
    random.seed(seed)
    try:
        import numpy

        numpy.random.seed(seed % 2**32)
    except Exception:
        pass
