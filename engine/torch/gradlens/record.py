"""What is gathered of one step until it is told."""

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


class Record:
    """A step being taken. `sampled`: its parameters are measured; `activations`: its layers and operations too."""

    __slots__ = (
        "sampled", "activations", "loss", "learning_rate", "differentiated", "updated", "scaled", "parameters", "layers",
        "operations", "outputs", "results", "ends", "pending", "before", "local", "stale", "seconds",
    )  # fmt: skip

    def __init__(self, sampled, activations):
        self.sampled = sampled
        self.activations = activations
        self.loss = NAN
        self.learning_rate = NAN
        self.differentiated = False
        self.updated = False
        #: A GradScaler has multiplied its loss.
        self.scaled = False
        #: Rows by id.
        self.parameters = {}
        self.layers = {}
        self.operations = {}
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
        #: What measuring has cost.
        self.seconds = 0.0

    def layer(self, id):
        return _row(self.layers, id)

    def operation(self, id):
        return _row(self.operations, id)


def _row(rows, id):
    row = rows.get(id)
    if row is None:
        row = rows[id] = [NAN] * len(ACTIVATION_STATISTICS)
    return row
