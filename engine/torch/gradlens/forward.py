"""The forward pass at steps that are measured: what layers put out, and where they stand in the graph."""

import sys

import torch

from . import graph, measure
from .record import FORWARD
from .sites import named_values, user_file, user_frames

#: Names that Python code has for operations whose nodes are called otherwise.
_SPELLINGS = {"linear": ("linear", "matmul", "mm", "addmm"), "conv2d": ("conv2d", "conv1d", "conv3d"), "matmul": ("matmul", "bmm")}


class Forward:
    """
    Hooks on all modules, there only while a step is measured. They write into the nodes' own metadata which layer a
    node ends or feeds, so that nothing here keeps a graph alive.
    """

    def __init__(self, observer):
        self._observer = observer
        self._handles = []
        #: False where hooks would change what runs: torch.compile.
        self.able = True

    def attach(self, wanted):
        if wanted and self.able and not self._handles:
            module = torch.nn.modules.module
            self._handles = [
                module.register_module_forward_pre_hook(self._enter),
                module.register_module_forward_hook(self._exit),
            ]
        elif not (wanted and self.able) and self._handles:
            for handle in self._handles:
                handle.remove()
            self._handles = []

    def give_up(self, topic, message):
        """No activations any more, from now on."""
        self.able = False
        self.attach(False)
        self._observer.differences.attach(False)
        self._observer.note(topic, message)

    def _is_silent(self, trains=False):
        observer = self._observer
        return (
            not observer.on
            or not (trains or torch.is_grad_enabled())
            or torch._C._get_tracing_state() is not None
            or not observer.collecting.activations
            or observer.is_elsewhere_now()
        )

    def _enter(self, module, inputs):
        # Without gradients there is nothing to measure, but checkpointing runs so, too: the order of layers shows here.
        if not self._is_silent(module.training):
            self._observer.forward_enter(module, inputs)

    def _exit(self, module, inputs, output):
        if not self._is_silent():
            self._observer.forward_exit(module, inputs, output)

    def enter(self, module, inputs):
        observer = self._observer
        if module not in observer.modules.known_layers:
            observer.modules.find_names(sys._getframe(3))
        layer = observer.modules.layer_of(module)
        if module._modules or not torch.is_grad_enabled():
            return
        observer.inputs.entering(module, layer, inputs)
        # Now, because a module that works in place leaves its input with a node of its own.
        for value in inputs:
            if isinstance(value, torch.Tensor) and value.grad_fn is not None:
                metadata = value.grad_fn.metadata
                metadata[graph.INPUT_OF] = metadata.get(graph.INPUT_OF, ()) + (layer,)

    def exit(self, module, inputs, output):
        observer = self._observer
        output = _first_tensor(output)
        if output is None or output.grad_fn is None:
            return
        layer = observer.modules.layer_of(module)
        observer.inputs.made(layer, output)
        record = observer.collecting
        if observer.is_differentiating and layer in record.outputs:
            return  # checkpointing computes it again
        is_leaf = not module._modules
        try:
            marks = output.grad_fn.metadata
        except Exception:
            marks = {}
        marks[graph.SHAPE] = tuple(output.shape)
        marks[graph.OUTPUT_OF] = marks.get(graph.OUTPUT_OF, ()) + ((layer, output.output_nr, is_leaf),)
        if not observer.control.quiet:
            observer.kept[layer] = (output.detach(), output._version)
        if measure.is_measurable(output) and not output.is_sparse:
            with torch.no_grad():
                copy = measure.sample(output).to("cpu", torch.float32, copy=True)
            record.outputs[layer] = (copy, output.numel())

    def measure(self, record):
        """The rows of layers' outputs, and of activations'."""
        outputs = [(record.layer(layer), *output) for layer, output in record.outputs.items()]
        outputs += [(record.operation(operation), *output) for operation, output in record.results.items()]
        if outputs:
            flat, lengths = measure.gather([sample for _, sample, _ in outputs])
            rows = measure.measure(flat, lengths, [numel for _, _, numel in outputs])
            for (row, _, _), measured in zip(outputs, rows):
                row[:FORWARD] = measured
        for layer, operation in record.ends.items():
            if operation not in record.results and layer in record.outputs:
                record.operation(operation)[:FORWARD] = record.layer(layer)[:FORWARD]
        record.outputs, record.results = {}, {}

    # Places of operations ----------------------------------------------------------------------------------------------

    def sites_of(self, nodes, frame):
        """Sites of the operations that variables of the calling frames stand for: `h` of `h = w * x`."""
        wanted = {node.fn for node in nodes if node.layer is None}
        found = {}
        sources = self._observer.sources
        for user in user_frames(frame):
            file = user_file(user.f_code.co_filename)
            for name, value in named_values(user).items():
                if not isinstance(value, torch.Tensor) or value.grad_fn is None or value.grad_fn not in wanted:
                    continue
                place = sources.assignment(file, user.f_code, name)
                if place is not None:
                    self._observer.tell_source(file)
                    found.setdefault(value.grad_fn, (file,) + place)
            break  # the innermost of the user's frames has the loss
        self._by_name(nodes, found)
        return found

    def _by_name(self, nodes, found):
        """Functions called in a module's `forward`, by their names, where there is no doubt which call is meant."""
        groups = {}
        for node in nodes:
            name = graph.operation_of(node)
            if node.layer is None and name and node.fn not in found and node.follows is not None:
                layer = self._observer.modules.parent_of_layer(node.follows)
                if layer is not None:
                    groups.setdefault((layer, name), []).append(node)
        for (layer, name), group in groups.items():
            sites = self._calls(layer, name)
            if len(sites) == 1 or len(sites) == len(group):
                for i, node in enumerate(group):
                    found[node.fn] = sites[i if len(sites) > 1 else 0]

    def _calls(self, layer, name):
        code = self._observer.modules.forward_code(layer)
        file = code and user_file(code.co_filename)
        if not file:
            return []
        snake = "".join("_" + c.lower() if c.isupper() else c for c in name)
        names = _SPELLINGS.get(name, (snake, snake + "_"))
        return [(file,) + place for place in self._observer.sources.calls(file, code, names)]

    def only_call(self, name, follows):
        """(layer, site) of the call of an operation in a module's `forward`, where the text leaves no doubt."""
        modules = self._observer.modules
        layers = [modules.parent_of_layer(follows)] if follows is not None else range(modules.count)
        found = {site: layer for layer in layers if layer is not None for site in self._calls(layer, name)}
        if len(found) != 1:
            return (layers[0] if follows is not None else None), None
        return next((layer, site) for site, layer in found.items())


def _first_tensor(value, depth=0):
    """Modules put out tensors, or tuples, lists and dicts of them."""
    if isinstance(value, torch.Tensor):
        return value
    if depth < 3:
        items = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
        for item in items:
            found = _first_tensor(item, depth + 1)
            if found is not None:
                return found
    return None
