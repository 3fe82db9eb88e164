"""What is gathered of one step until it is told."""

import types

PARAMETER_STATISTICS = (
    "gradientNorm", "gradientMean", "gradientStd", "gradientMin", "gradientMax", "gradientZeroShare",
    "gradientNonFinite", "weightNorm", "weightMean", "weightStd", "weightMin", "weightMax", "updateNorm",
    "gradientNormBefore", "localGradientNorm", "staleNorm", "sameUnits",
)  # fmt: skip
ACTIVATION_STATISTICS = (
    "norm", "mean", "std", "min", "max", "zeroShare", "nonFinite", "gradientNorm", "gain",
    "deadShare", "saturatedShare",
)  # fmt: skip
#: Measured on all elements however large a tensor is.
EXACT = ("gradientNorm", "weightNorm", "gradientNormBefore", "localGradientNorm", "staleNorm", "sameUnits")

NAN = float("nan")
UPDATE = PARAMETER_STATISTICS.index("updateNorm")
#: Columns of activations that the way forward fills, and the way back.
FORWARD = ACTIVATION_STATISTICS.index("gradientNorm")
DEAD = ACTIVATION_STATISTICS.index("deadShare")
SATURATED = ACTIVATION_STATISTICS.index("saturatedShare")


_NO_ROWS = types.MappingProxyType({})


class Record:
    """A step being taken. `sampled`: its parameters are measured; `activations`: its layers and operations too."""

    sampled = activations = False
    loss = learning_rate = NAN
    differentiated = updated = False
    #: Backward passes so far.
    passes = 0
    #: A GradScaler has multiplied its loss.
    scaled = False
    #: Seconds that measuring has cost.
    seconds = 0.0
    #: Rows by id.
    parameters = layers = operations = _NO_ROWS
    #: How many elements of a gradient's sample have each exponent, by the parameter's id.
    histograms = _NO_ROWS

    def __init__(self, sampled, activations):
        if sampled:  # most steps aren't, so they have to be quick
            self.measure(activations)

    def measure(self, activations):
        """From now on it's a step that is measured."""
        self.sampled = True
        self.activations = activations
        self.parameters = {}
        self.layers = {}
        self.operations = {}
        self.histograms = {}
        #: Samples of layers' outputs by id: (sample, number of elements).
        self.outputs = {}
        #: The same of operations' outputs, of activations.
        self.results = {}
        #: Layer -> the operation that ends it.
        self.ends = {}
        #: Weights before the update, by optimizer.
        self.pending = {}
        #: Norms right after the last backward pass, by parameter: (norm, version of the gradient).
        self.before = {}
        self.local = {}
        #: Norms of used gradients that were still there as the first backward pass added to them, by parameter.
        self.stale = {}

    def layer(self, id):
        return _row(self.layers, id)

    def operation(self, id):
        return _row(self.operations, id)


def _row(rows, id):
    row = rows.get(id)
    if row is None:
        row = rows[id] = [NAN] * len(ACTIVATION_STATISTICS)
    return row
