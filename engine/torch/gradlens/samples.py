"""How many different samples a run is trained on, where they are few: of the data that enter first in a step."""

import torch

from . import codec

#: More than so many different samples aren't few: nobody looks any further.
_FEW = 100
#: Elements of a sample that tell it from others: all of a short one.
_MOST_ELEMENTS = 128
#: They are told once each has been seen so often on average, and once more when it is so many times as often.
_TOLD_AFTER = 4
_TOLD_AGAIN = 4


class Samples:
    def __init__(self, observer):
        self._observer = observer
        #: There are many, or all has been told.
        self.done = False
        self._different = set()
        self._seen = self._tell_at = self._told = 0
        self._step = -1

    def enter(self, data, layer):
        """Data [samples, ...] enter a layer; only the first ones of a step count."""
        step = self._observer.step_ahead
        if self.done or step == self._step or data.numel() == 0:
            return
        self._step = step
        rows = data.shape[0]
        features = data.numel() // rows
        with torch.no_grad():
            few = data.detach()[:: -(-rows // (2 * _FEW))]
            few = few.reshape(len(few), -1)
            few = few[:, :: -(-features // _MOST_ELEMENTS)].to("cpu", torch.float32, copy=True).contiguous()
            self._different.update(tuple(row) for row in few.view(torch.int32).tolist())
        self._seen += rows
        distinct = len(self._different)
        self.done = distinct > _FEW
        if self.done or self._seen < max(self._tell_at, _TOLD_AFTER * distinct):
            return
        content = dict(step=step, layer=layer, features=features, distinct=distinct, seen=self._seen)
        self._observer.stream.put(codec.encode("samples", **content))
        self._tell_at = _TOLD_AGAIN * self._seen
        self._told += 1
        self.done = self._told > _TOLD_AGAIN

