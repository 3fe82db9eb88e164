"""What is told of the first steps is told again at some later ones, ever further apart: the last time is never long ago."""

FIRST = 12
_FURTHER = 1.5
#: Where two players take turns, one step is one player's and the next the other's.
_IN_A_ROW = 2
#: Of one of these, no more than so many are told.
_MOST = 16


class Later:
    """As the embedded engine's, but that only steps that are measured can be told of: the next of those stands for one that isn't."""

    def __init__(self):
        self._next = FIRST
        self._until = 0
        #: The step of which something was told last, and how much.
        self._told = (-1, 0)

    def has(self, step):
        """Whether a step that is measured is told again. Steps are asked for in order."""
        if step >= self._next:
            self._until = step + _IN_A_ROW
            self._next = int(max(step, self._next) * _FURTHER) + 1
        return step < self._until

    def takes(self, step):
        """Whether one more is told of such a step."""
        last, count = self._told
        self._told = (step, count + 1 if step == last else 1)
        return self._told[1] <= _MOST
