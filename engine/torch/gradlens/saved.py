"""What the nodes of a graph have saved for the way back, read without changing anything."""

import torch

#: What nodes save of their outputs; anything else they save is an input.
_RESULTS = ("result", "output", "out")
#: A node can be asked whether what it saved has to be unpacked by somebody's function.
_TELLS = hasattr(getattr(torch._C._autograd, "SavedTensor", None), "unpack_hook")

#: Set where that can't be asked, once functions to pack and unpack are in use: checkpointing would compute again.
packing = False


def value_of(fn, name):
    """The tensor saved by this name; None if it can't be read as it is: packed away, freed, or changed in place since."""
    if packing and not _TELLS:
        return None
    try:
        if getattr(getattr(fn, "_raw_saved_" + name), "unpack_hook", None) is not None:
            return None
        tensor = getattr(fn, "_saved_" + name)
    except Exception:
        return None
    return tensor if isinstance(tensor, torch.Tensor) else None


def values_of(fn):
    """(inputs, results) that are floating-point numbers."""
    inputs, results = [], []
    for attribute in dir(fn):
        if attribute.startswith("_raw_saved_"):
            name = attribute[len("_raw_saved_") :]
            tensor = value_of(fn, name)
            if tensor is not None and tensor.is_floating_point():
                (results if name in _RESULTS else inputs).append(tensor.detach())
    return inputs, results


def watch_packing():
    """Notices that functions to pack and unpack are put to use, where nodes can't be asked about them."""
    if _TELLS:
        return
    hooks = torch.autograd.graph.saved_tensors_hooks
    original = hooks.__enter__

    def enter(self):
        global packing
        packing = True
        return original(self)

    hooks.__enter__ = enter
