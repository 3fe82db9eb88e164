"""What is gathered of one step until it is told."""

PARAMETER_STATISTICS = (
    "gradientNorm", "gradientMean", "gradientStd", "gradientMin", "gradientMax", "gradientZeroShare",
    "gradientNonFinite", "weightNorm", "weightMean", "weightStd", "weightMin", "weightMax", "updateNorm",
    "gradientNormBefore", "localGradientNorm",
)  # fmt: skip
ACTIVATION_STATISTICS = (
    "norm", "mean", "std", "min", "max", "zeroShare", "nonFinite", "gradientNorm", "gain",
)  # fmt: skip
#: Measured on all elements however large a tensor is.
EXACT = ("gradientNorm", "weightNorm", "gradientNormBefore", "localGradientNorm")

NAN = float("nan")
UPDATE = PARAMETER_STATISTICS.index("updateNorm")
BEFORE = PARAMETER_STATISTICS.index("gradientNormBefore")
LOCAL = PARAMETER_STATISTICS.index("localGradientNorm")


class Record:
    """A step being taken. `sampled`: its parameters are measured; `activations`: its layers and operations too."""

    __slots__ = (
        "sampled", "activations", "loss", "learning_rate", "differentiated", "updated", "parameters", "layers",
        "operations", "outputs", "pending", "before", "local", "seconds",
    )  # fmt: skip

    def __init__(self, sampled, activations):
        self.sampled = sampled
        self.activations = activations
        self.loss = NAN
        self.learning_rate = NAN
        self.differentiated = False
        self.updated = False
        #: Rows by id.
        self.parameters = {}
        self.layers = {}
        self.operations = {}
        #: Samples of layers' outputs by id: (sample, number of elements).
        self.outputs = {}
        #: Weights before the update, by optimizer.
        self.pending = {}
        #: Norms right after the last backward pass, by parameter: (norm, version of the gradient).
        self.before = {}
        self.local = {}
        #: What measuring has cost.
        self.seconds = 0.0
