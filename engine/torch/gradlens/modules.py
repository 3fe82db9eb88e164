"""Names the modules of a script and declares them as layers, in the order in which they are first executed."""

import weakref

import torch

from . import codec
from .identity import ByIdentity
from .sites import as_json, call_site, named_values, user_frames

#: Wrappers that are no layers of their own: what they wrap goes by their name.
_WRAPPERS = ("DistributedDataParallel", "DataParallel", "OptimizedModule", "FullyShardedDataParallel")
_WRAPPED = ("module", "_orig_mod", "_fsdp_wrapped_module")
#: Modules are looked at for new children until there are so many.
_MOST = 20000


class Modules:
    """
    A model is a module that is nobody's child; its name is its variable's. Children have their path within the model,
    preceded by the model's name only if the script has several models with parameters. Holds no module alive.
    """

    def __init__(self, put, sources, tell_source):
        self._put = put
        self._sources = sources
        self._tell_source = tell_source
        self._sites = ByIdentity()
        self._parents = ByIdentity()
        self._layers = ByIdentity()
        self._root_names = ByIdentity()
        #: id of a parameter -> (weak reference, layer's id, its full name, order of registration)
        self._owners = {}
        self._looked_at = 0
        #: (name, class, site) -> (layer's id, weak reference to the module)
        self._known = {}
        self._paths = {}
        self._names = {}
        self._layer_sites = {}
        self._layer_parents = {}
        self.count = 0
        #: Set while layers are declared of which it is known that they were not executed.
        self.unexecuted = False
        #: Weak reference to the first model with parameters.
        self._main = None

    def is_evaluating(self):
        """True if the model is in evaluation mode."""
        main = None if self._main is None else self._main()
        return main is not None and not main.training

    def created(self, module, frame):
        """Remembers where a module is being made; its own constructors are not that place."""
        own = {vars(c)["__init__"].__code__ for c in type(module).__mro__ if hasattr(vars(c).get("__init__"), "__code__")}
        self._sites[module] = call_site(frame, own)

    def find_names(self, frame):
        """Looks for the variables that hold models, before a frame that has them is gone."""
        roots = list(self._unnamed_roots())
        if not roots:
            return
        for user in user_frames(frame):
            values = named_values(user)
            for module in roots:
                name = _name_of(module, values)
                if name:
                    self._root_names[module] = name
            roots = [module for module in roots if module not in self._root_names]
            if not roots:
                return

    def _unnamed_roots(self):
        self._look_at_trees()
        for module in list(self._sites.keys()):
            if module not in self._parents and module not in self._root_names and module not in self._layers:
                yield module

    def _look_at_trees(self):
        """Who is whose child, as it is now."""
        if len(self._sites) > _MOST and self._looked_at:
            return
        self._looked_at = len(self._sites)
        for module in list(self._sites.keys()):
            self._adopt(module)

    def _adopt(self, module):
        for key, child in _items(module, "_modules"):
            if child is not None and child is not module and child not in self._parents:
                self._parents[child] = (weakref.ref(module), key)
                if child not in self._sites:  # a deep copy: made without its constructor
                    self._sites[child] = self._sites.get(module)
                    self._adopt(child)
        for key, child in _listed(module):
            # Executed as a part of it all the same, though its parameters are nobody's: a plain list registers nothing.
            if child in self._sites and child is not module and child not in self._parents and child not in self._root_names:
                self._parents[child] = (weakref.ref(module), key)

    def layer_of(self, module):
        """The id of a module's layer, declared now if it hasn't been; None for a wrapper around nothing."""
        known = self._layers.get(module)
        if known is not None:
            return known
        if module not in self._sites:
            self._sites[module] = None
            self._adopt(module)
        if module not in self._parents:
            self._look_at_trees()
        return self._declare(module)

    @property
    def known_layers(self):
        return self._layers

    def forward_code(self, layer):
        """The code of a layer's `forward`; None if it's gone, or none of Python's."""
        for (_name, _kind, _parent, _site), (known, reference) in self._known.items():
            if known == layer:
                return getattr(getattr(type(reference()), "forward", None), "__code__", None)
        return None

    def site_of_layer(self, layer):
        return self._layer_sites.get(layer)

    def parent_of_layer(self, layer):
        return self._layer_parents.get(layer)

    def root_of_layer(self, layer):
        while self._layer_parents.get(layer) is not None:
            layer = self._layer_parents[layer]
        return layer

    def _parent(self, module):
        reference, key = self._parents.get(module, (lambda: None, None))
        return reference(), key

    def _declare(self, module):
        known = self._layers.get(module)
        if known is not None:
            return known
        if type(module).__name__ in _WRAPPERS:
            for attribute in _WRAPPED:
                inner = module.__dict__.get("_modules", {}).get(attribute)
                if inner is not None:
                    self._layers[module] = self._declare(inner)
                    return self._layers[module]
        parent, key = self._parent(module)
        outer = None  # what wraps a root, outermost
        while parent is not None and type(parent).__name__ in _WRAPPERS:
            outer = parent
            parent, key = self._parent(parent)
        site = self._sites.get(module)
        kind = type(module).__name__
        if parent is None:
            parent_id = None
            name = self._name_root(module, outer, site)
            path = name + "." if self._several() else ""
        else:
            parent_id = self._declare(parent)
            name = self._paths[parent_id] + key
            path = name + "."
        has_own = bool(_items(module, "_parameters")) or bool(_items(module, "_modules"))
        alike = (name if has_own else None, kind, parent_id, site)
        layer, earlier = self._known.get(alike, (None, None))
        if layer is None or (has_own and earlier() is not None):
            layer = self.count
            self.count += 1
            if site:
                self._tell_source(site[0])
            content = dict(id=layer, name=self._unique(name), type=kind, description=_description(module, kind))
            if self.unexecuted and not _items(module, "_modules"):
                content["ran"] = False
            frozen = _frozen_in(module)
            if frozen:
                content["frozen"] = frozen
            self._put(codec.encode("layer", parent=parent_id, site=as_json(site), **content))
            self._paths[layer] = path
            self._layer_sites[layer] = site
            self._layer_parents[layer] = parent_id
        self._known[alike] = (layer, weakref.ref(module))
        self._layers[module] = layer
        if self._main is None and parent is None and _has_parameters(module):
            self._main = weakref.ref(module)
        for key, parameter in _items(module, "_parameters"):
            if parameter is not None:
                self._own(parameter, layer, path + key)
        # Attention's output projection, say, is never called, but stands here in the order of depth.
        if "Script" in kind or module.__dict__.get("_parameters"):
            for _, child in _items(module, "_modules"):
                if child is not None and child in self._sites:
                    self._declare(child)
        return layer

    def _own(self, parameter, layer, name):
        known = self._owners.get(id(parameter))
        if known is None or known[0]() is not parameter:  # shared by two modules: the first names it
            self._owners[id(parameter)] = (weakref.ref(parameter), layer, name, len(self._owners))

    def owner(self, parameter):
        """(layer's id, full name, order of registration) of a module's parameter; None for a tensor without a module."""
        for attempt in (0, 1):
            known = self._owners.get(id(parameter))
            if known is not None and known[0]() is parameter:
                return known[1:]
            if attempt == 0 and parameter is not None:
                self._declare_holder(parameter)
        return None

    def _declare_holder(self, parameter):
        """Of a module that was never called, or that got this parameter late."""
        self._look_at_trees()
        holders = []
        for module in list(self._sites.keys()):
            for key, own in _items(module, "_parameters"):
                if own is parameter:
                    holders.append((module, key))
        # A part of what is trained goes before a copy or a model that was never run.
        holders.sort(key=lambda holder: self._root(holder[0]) not in self._layers)
        for module, key in holders[:1]:
            layer = self._declare(module)
            self._own(parameter, layer, self._paths[layer] + key)

    def _root(self, module):
        parent, _ = self._parent(module)
        return module if parent is None else self._root(parent)

    def _several(self):
        candidates = [m for m in list(self._sites.keys()) if m not in self._parents and "Script" not in type(m).__name__]
        roots = [m for m in candidates if _has_parameters(m)]
        return len(roots) > 1

    def _name_root(self, module, outer, site):
        for candidate in (outer, module):
            if candidate is not None and candidate in self._root_names:
                return self._root_names[candidate]
        named = site and self._sources.name_at(*site)
        return named or type(module).__name__

    def _unique(self, name):
        count = self._names[name] = self._names.get(name, 0) + 1
        return name if count == 1 else self._unique("%s#%d" % (name, count))


def _items(module, attribute):
    """A module's own parameters or children; scripted modules keep them elsewhere, half-made ones have none yet."""
    try:
        return list(getattr(module, attribute).items())
    except Exception:
        return []


def _listed(module):
    """Modules in a module's plain lists, with their paths."""
    try:
        attributes = list(vars(module).items())
    except TypeError:
        return []
    return [
        ("%s.%d" % (name, i), item)
        for name, value in attributes
        if type(value) in (list, tuple) and 0 < len(value) < 4096
        for i, item in enumerate(value)
        if isinstance(item, torch.nn.Module)
    ]


def _frozen_in(module):
    """Elements of a module's own matrices and filters that ask for no gradient."""
    own = [parameter for _, parameter in _items(module, "_parameters") if parameter is not None]
    return sum(p.numel() for p in own if p.dim() > 1 and not p.requires_grad)


def _has_parameters(module):
    try:
        return next(module.parameters(), None) is not None
    except Exception:
        return False


def _description(module, kind):
    try:
        return "%s(%s)" % (kind, module.extra_repr().replace("\n", ", "))
    except Exception:
        return kind


def _name_of(module, values):
    for name, value in values.items():
        if value is module and name != "self" and not name.startswith("_"):
            return name
    owner = values.get("self")
    for name, value in list(getattr(owner, "__dict__", {}).items()) if owner is not None else ():
        if value is module:
            return name
    return None
