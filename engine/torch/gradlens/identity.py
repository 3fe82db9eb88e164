"""A dictionary by identity."""

import weakref


class ByIdentity:
    """
    Keeps no key alive, and asks none what it equals: modules may define equality and hashes of their own, which fail on
    those that are half made (torchmetrics' do).
    """

    def __init__(self):
        #: id of a key -> (weak reference to it, value)
        self._entries = {}

    def __setitem__(self, key, value):
        known = self._entries.get(id(key))
        reference = known[0] if known is not None and known[0]() is key else weakref.ref(key, self._forget(id(key)))
        self._entries[id(key)] = (reference, value)

    def _forget(self, number):
        entries = self._entries

        def forget(reference):
            if entries.get(number, (None,))[0] is reference:
                del entries[number]

        return forget

    def get(self, key, default=None):
        known = self._entries.get(id(key))
        return known[1] if known is not None and known[0]() is key else default

    def __getitem__(self, key):
        return self._entries[id(key)][1]

    def __contains__(self, key):
        known = self._entries.get(id(key))
        return known is not None and known[0]() is key

    def __len__(self):
        return len(self._entries)

    def keys(self):
        references = [reference for reference, _ in list(self._entries.values())]
        return [key for key in (reference() for reference in references) if key is not None]
