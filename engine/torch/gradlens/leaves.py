"""Declares parameters: by their module's path, or, without a module, by the variable that holds them."""

import weakref

from . import codec
from .sites import as_json, named_values, user_file, user_frames


class Leaves:
    """Holds no tensor alive. A tensor made anew at every step stays one parameter: same file, scope and name."""

    def __init__(self, put, modules, sources, tell_source):
        self._put = put
        self._modules = modules
        self._sources = sources
        self._tell_source = tell_source
        #: id of a tensor -> (weak reference, parameter's id)
        self._ids = {}
        self._known = {}
        self._names = {}
        self.references = []
        self._requires = []

    def id_of(self, tensor):
        """The id of a parameter that has been declared, or None."""
        known = self._ids.get(id(tensor))
        return known[1] if known is not None and known[0]() is tensor else None

    def declare(self, tensors, frame):
        """Declares what hasn't been: modules' parameters as they are met, others by the names in `frame` and outwards."""
        fresh = [tensor for tensor in tensors if self.id_of(tensor) is None]
        loose = []
        owned = []
        for tensor in fresh:
            owner = self._modules.owner(tensor)
            if owner is None:
                loose.append(tensor)
            else:
                owned.append((owner[0], owner[2], owner[1], tensor))
        for layer, _order, name, tensor in sorted(owned, key=lambda item: item[:2]):
            self._assign(tensor, (layer, name), name, layer, None)
        if loose:
            self._declare_loose(loose, frame)

    def _declare_loose(self, tensors, frame):
        found = {}
        if frame is not None:
            for user in user_frames(frame):
                self._search(user, tensors, found)
                if len(found) == len(tensors):
                    break
        unnamed = (None, (1 << 30, 0), "tensor", None)
        entries = [(found.get(id(tensor), unnamed), i, tensor) for i, tensor in enumerate(tensors)]
        for (key, _place, name, site), _i, tensor in sorted(entries, key=lambda entry: (entry[0][1], entry[1])):
            shape = tuple(tensor.shape)
            self._assign(tensor, (key, name, shape) if key else None, name, None, site)

    def _search(self, frame, tensors, found):
        file = user_file(frame.f_code.co_filename)
        values = named_values(frame)
        wanted = {id(tensor) for tensor in tensors if id(tensor) not in found}
        named = []
        for name, value in values.items():
            if name.startswith("__"):
                continue
            if id(value) in wanted:
                named.append((name, value))
            elif isinstance(value, (list, tuple)) and len(value) < 4096:
                named.extend(("%s[%d]" % (name, i), item) for i, item in enumerate(value) if id(item) in wanted)
            elif isinstance(value, dict) and len(value) < 4096 and value is not values:
                named.extend(("%s[%r]" % (name, key), item) for key, item in list(value.items()) if id(item) in wanted)
            elif hasattr(value, "__dict__") and not isinstance(value, type) and type(value).__name__ != "module":
                owned = list(vars(value).items())[:256]
                named.extend(("%s.%s" % (name, key), item) for key, item in owned if id(item) in wanted)
        # A name that an expression was given to goes before a loop's variable or an argument.
        for given in (True, False):
            for name, value in named:
                place = self._sources.assignment(file, frame.f_code, name.partition("[")[0])
                if id(value) not in found and (place is not None) == given:
                    site = place and (file, place[0], place[1])
                    scope = (file, frame.f_code.co_name)
                    found[id(value)] = (scope, place or (1 << 30, 0), name, site)

    def _assign(self, tensor, key, name, layer, site):
        known = self._known.get(key) if key else None
        if known is not None and (layer is not None or known[1]() is None):
            parameter = known[0]
            self.references[parameter] = weakref.ref(tensor)
        else:
            parameter = len(self.references)
            self.references.append(weakref.ref(tensor))
            if site:
                self._tell_source(site[0])
            if layer is not None:
                site = self._modules.site_of_layer(layer)
            self._put(
                codec.encode(
                    "parameter",
                    id=parameter,
                    name=self._unique(name),
                    shape=list(tensor.shape),
                    dtype=str(tensor.dtype).replace("torch.", ""),
                    layer=layer,
                    site=as_json(site),
                    requiresGrad=bool(tensor.requires_grad),
                )
            )
        if key:
            self._known[key] = (parameter, weakref.ref(tensor))
        self._ids[id(tensor)] = (weakref.ref(tensor), parameter)
        if len(self._ids) > 4 * len(self.references) + 1024:  # ids of tensors that are gone
            self._ids = {k: v for k, v in self._ids.items() if v[0]() is not None}

    def _unique(self, name):
        count = self._names.get(name, 0)
        self._names[name] = count + 1
        return "%s.%d" % (name, count) if count else name
