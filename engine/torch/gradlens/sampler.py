"""Decides which steps are measured, so that measuring stays within its share of training time."""

import time

#: These first steps are measured always, as long as that takes no more than START_SECONDS together.
START_STEPS = 20
START_SECONDS = 1.0
#: Samples a second at the most: nobody sees more.
MOST_PER_SECOND = 10.0
#: A sample now and then runs with cold caches.
CAUTION = 1.5
#: Where something looks wrong, so many steps are measured on credit.
SUSPICIOUS_STEPS = 10
#: Seconds of own time beyond the budget.
OVERDRAFT = 0.1


class Sampler:
    """
    A bucket of time: own time spent, against the budget's share of time passed. Two kinds of samples have prices of
    their own, learned as they go: parameters only, and with activations and gains.
    """

    def __init__(self, budget):
        self._share = budget / 100.0
        self._began = None
        self.spent = 0.0
        #: Of that, on steps that were measured.
        self._sampled = 0.0
        self._steps = 0
        self._last = -1.0
        self._credit = 0
        self._in_a_row = 0
        self._price = {False: 0.0, True: 0.0}
        self._since_activations = 0
        #: Until then (by the clock of `time.perf_counter`) no step will be measured: nobody has to ask.
        self.quiet_until = 0.0

    @property
    def measuring(self):
        """Share of the time since the first step that observing took; None before it."""
        if self._began is None:
            return None
        return self.spent / max(1e-6, time.perf_counter() - self._began)

    def plan(self, optimizers, can_see_activations, backed_up):
        """(measure the parameters, measure activations too) for the step that comes next."""
        now = time.perf_counter()
        if self._began is None:
            self._began = now
        self._steps += 1
        if self._share == 0.0:
            self.quiet_until = float("inf")
            return False, False
        if backed_up:
            return False, False
        if self._share >= 1.0:
            return True, can_see_activations
        if self._steps <= START_STEPS and self.spent < START_SECONDS:
            return True, can_see_activations
        if self._in_a_row > 0:  # a cycle of several optimizers is measured whole
            self._in_a_row -= 1
            return True, False
        # What steps cost that aren't measured is known; what samples cost varies.
        room = self._share * (now - self._began) - self.spent - (CAUTION - 1) * self._sampled
        if self._credit > 0 and self.spent < self._share * (now - self._began) + OVERDRAFT:
            self._credit -= 1
            return True, can_see_activations
        if now - self._last < 1.0 / MOST_PER_SECOND:
            self._wait(self._last + 1.0 / MOST_PER_SECOND)
            return False, False
        price = CAUTION * self._price[False] * max(1, optimizers)
        if room < price:
            self._wait(now + (price - room) / self._share)
            return False, False
        self._last = now
        self._in_a_row = optimizers - 1 if optimizers > 1 else 0
        self._since_activations += 1
        # Activations cost more; every other sample has them if there's room, every eighth at least saves up for them.
        dear = CAUTION * self._price[True]
        rich = room >= dear
        if can_see_activations and (rich and self._since_activations >= 2 or self._since_activations >= 8):
            if not rich:
                self._wait(now + (dear - room) / self._share)
                return False, False
            self._since_activations = 0
            return True, True
        return True, False

    def _wait(self, until):
        """Nothing is measured until then, unless something looks wrong; on credit, as soon as that is paid for."""
        if self._credit > 0:
            until = min(until, self._began + (self.spent - OVERDRAFT) / self._share)
        self.quiet_until = until

    def suspect(self):
        """Something looks wrong: looks more closely for a while, if earlier suspicions have been paid for."""
        began = time.perf_counter() if self._began is None else self._began
        if self._credit == 0 and self.spent <= self._share * (time.perf_counter() - began):
            self._credit = SUSPICIOUS_STEPS
            self.quiet_until = 0.0

    def forgive(self, seconds):
        """A pause is no training time."""
        if self._began is not None:
            self._began += seconds

    def learn(self, activations, seconds):
        """What a sample has cost; the first ones, which run cold, count less and less."""
        self._sampled += seconds
        old = self._price[activations]
        self._price[activations] = seconds if old == 0.0 else 0.7 * old + 0.3 * seconds
