"""Records what real PyTorch answers to thousands of small cases, for sweep.test.ts: python sweep.py > sweep.jsonl.gz

Inputs aren't recorded: both sides make them from the same formula. A case is a line
{"op", "in": [[shape, dtype, layout, seed, low, high] …], "args", "out", "grad", "second"}; numbers are float64 in base64.
`grad` are the gradients of sum(output * weights), weights cos(1 + 2.4 i); `second` those of the sum of all `grad` * weights.
With --seed N the inputs are others, for the live comparison.
"""

import base64
import gzip
import itertools
import json
import math
import sys

import sweep_nn
import torch
import torch.nn.functional as F

GOLDEN = (math.sqrt(5) - 1) / 2
SPECIAL = [math.nan, math.inf, -math.inf, 0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 1e-30, 1e30, 3.0]
SHIFT = int(sys.argv[sys.argv.index("--seed") + 1]) if "--seed" in sys.argv else 0
DTYPES = {"float64": torch.float64, "float32": torch.float32, "int32": torch.int32, "bool": torch.bool}
NAMES = {v: k for k, v in DTYPES.items()} | {torch.int64: "int32"}
lines = []
skipped = []


def t(*shape, d="float64", l="c", s=0, lo=-2.0, hi=2.0):
    """An input, as plain data."""
    return [list(shape), d, l, s + SHIFT, lo, hi]


def make(spec):
    """A leaf, and the view of it that the operation sees."""
    shape, dtype, layout, seed, low, high = spec
    stored = list(reversed(shape)) if layout == "t" else shape[:-1] + [2 * shape[-1]] if layout == "s" and shape else list(shape)
    n = math.prod(stored)
    if low is None:
        values = [SPECIAL[(i * (1 + high) + i // 12 * high) % 12] for i in range(n)]
    else:
        values = [low + (high - low) * math.fmod((i + 1 + seed * 17.3) * GOLDEN, 1) for i in range(n)]
        if dtype in ("int32", "bool"):
            values = [math.floor(v) for v in values]
    leaf = torch.tensor(values, dtype=torch.float64).to(DTYPES[dtype]).reshape(stored)
    if leaf.is_floating_point():
        leaf.requires_grad_()
    view = leaf
    if layout == "t":
        view = leaf.permute(*reversed(range(len(shape)))) if shape else leaf
    if layout == "s" and shape:
        view = leaf[..., ::2]
    return leaf, view


def pack(tensor):
    data = tensor.detach().to(torch.float64).contiguous().numpy().tobytes()
    return [list(tensor.shape), NAMES[tensor.dtype], base64.b64encode(data).decode()]


def weigh(x):
    w = torch.cos(1 + 2.4 * torch.arange(x.numel(), dtype=torch.float64)).reshape(x.shape)
    return (x.to(torch.float64) * w).sum()


def longs(x):
    return x.long() if x.dtype == torch.int32 else x


def case(op, f, inputs, *args, second=None):
    made = [make(spec) for spec in inputs]
    try:
        output = f(*[longs(view) for _, view in made])
    except RuntimeError as error:
        skipped.append(f"{op} {inputs} {args}: {str(error).splitlines()[0]}")  # PyTorch doesn't do this
        return
    line = {"op": op, "in": inputs, "args": list(args), "out": pack(output)}
    leaves = [leaf for leaf, _ in made if leaf.requires_grad]
    if output.requires_grad and leaves:
        twice = inputs[0][1] == "float64" and all(i[2] == "c" for i in inputs) if second is None else second
        try:
            grads = torch.autograd.grad(weigh(output), leaves, create_graph=twice, allow_unused=True)
        except RuntimeError as error:
            skipped.append(f"{op} {inputs} {args}: {str(error).splitlines()[0]}")
            return
        line["grad"] = [None if g is None else pack(g)[2] for g in grads]
        live = [g for g in grads if g is not None and g.requires_grad]
        if twice and live:
            try:
                again = torch.autograd.grad(sum(weigh(g) for g in live), leaves, allow_unused=True)
                line["second"] = [None if g is None else pack(g)[2] for g in again]
            except RuntimeError:
                pass  # PyTorch has no second derivative here
    lines.append(line)


SHAPES = [(), (3,), (2, 3), (2, 0), (2, 1, 3)]
LAYOUTS = ["c", "t", "s"]
snake = {"logSigmoid": "logsigmoid"}

# functions of one element
ranges = {
    "log": (0.2, 3), "log2": (0.2, 3), "log10": (0.2, 3), "sqrt": (0.2, 3), "rsqrt": (0.2, 3), "log1p": (-0.8, 3),
    "erfinv": (-0.95, 0.95), "lgamma": (0.2, 5), "digamma": (0.2, 5),
    "asin": (-0.9, 0.9), "acos": (-0.9, 0.9), "atanh": (-0.9, 0.9), "acosh": (1.1, 4), "tan": (-1.2, 1.2), "reciprocal": (0.3, 2),
}
unary = {name: getattr(torch, name) for name in [
    "neg", "abs", "sign", "square", "reciprocal", "exp", "expm1", "log", "log1p", "log2", "log10", "sqrt", "rsqrt", "sin", "cos",
    "tan", "asin", "acos", "atan", "sinh", "cosh", "asinh", "acosh", "atanh", "tanh", "erf", "erfinv", "lgamma", "digamma", "frac", "sigmoid", "relu", "floor", "ceil",
    "round", "trunc", "isnan", "isinf", "isfinite"]}
activations = {"gelu": F.gelu, "silu": F.silu, "softplus": F.softplus, "mish": F.mish, "softsign": F.softsign, "selu": F.selu,
               "elu": F.elu, "relu6": F.relu6, "leakyRelu": F.leaky_relu, "hardswish": F.hardswish, "logSigmoid": F.logsigmoid,
               "hardsigmoid": F.hardsigmoid, "hardtanh": F.hardtanh, "tanhshrink": F.tanhshrink}
for name, f in unary.items():
    lo, hi = ranges.get(name, (-2, 2))
    for i, (shape, layout) in enumerate(itertools.product(SHAPES, LAYOUTS)):
        case(name, f, [t(*shape, l=layout, s=i, lo=lo, hi=hi)])
    case(name, f, [t(2, 3, d="float32", lo=lo, hi=hi)])
    case(name, f, [t(4, 3, d="float32", l="t", s=3, lo=lo, hi=hi)])
    if name != "digamma":  # its gradient at a pole is a rounding error in PyTorch, ∞ here
        case(name, f, [t(12, lo=None, hi=0)], second=False)
    if name not in ("isnan", "isinf", "isfinite", "floor", "ceil", "round", "trunc"):
        case(name, f, [t(5, d="int32", lo=1, hi=5)]) if name not in ("asin", "acos", "atanh") else None
for name, f in activations.items():
    for i, layout in enumerate(LAYOUTS):
        case("F." + name, f, [t(2, 4, l=layout, s=i, lo=-4, hi=4)])
    case("F." + name, f, [t(2, 4, d="float32", s=4, lo=-8, hi=8)])
    if name not in ("mish", "softsign", "gelu", "silu", "hardswish", "tanhshrink", "hardsigmoid"):
        case("F." + name, f, [t(12, lo=None, hi=0)], second=False)
for lo, hi in [(-1, 1), (-0.5, None), (None, 0.5)]:
    args = {k: v for k, v in (("min", lo), ("max", hi)) if v is not None}
    for layout in LAYOUTS:
        case("clamp", lambda x: x.clamp(lo, hi), [t(3, 4, l=layout)], args)
    case("clamp", lambda x: x.clamp(lo, hi), [t(12, lo=None, hi=0)], args, second=False)

# functions of two elements
PAIRS = [((2, 3), (2, 3)), ((2, 3), ()), ((), (2, 3)), ((2, 3), (3,)), ((2, 1), (3,)), ((2, 1, 3), (4, 1)), ((1,), (1, 1)),
         ((0, 3), (3,)), ((2, 3), (1, 1))]
binary = {"add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div, "pow": torch.pow, "remainder": torch.remainder, "fmod": torch.fmod,
          "maximum": torch.maximum, "minimum": torch.minimum, "atan2": torch.atan2}
compare = {name: getattr(torch, name) for name in ["eq", "ne", "lt", "le", "gt", "ge"]} | {
    "logicalAnd": torch.logical_and, "logicalOr": torch.logical_or, "logicalXor": torch.logical_xor}
for name, f in (binary | compare).items():
    lo, hi = {"pow": (0.3, 2), "div": (0.5, 3), "remainder": (0.5, 3), "fmod": (0.5, 3)}.get(name, (-2, 2))
    for i, ((a, b), layout) in enumerate(itertools.product(PAIRS, LAYOUTS)):
        case(name, f, [t(*a, l=layout, s=i, lo=lo, hi=hi), t(*b, l=layout, s=i + 1, lo=lo, hi=hi)])
    for da, db in itertools.product(DTYPES, DTYPES):
        small = {"bool": (0, 2), "int32": (1, 5)}
        if {da, db} <= {"bool", "int32"} and name in ("pow", "remainder", "fmod", "sub", "maximum", "minimum") and "bool" in (da, db):
            continue
        la, ha = small.get(da, (0.5, 3))
        lb, hb = (1, 2) if db == "bool" else small.get(db, (0.5, 3))
        for sa, sb in [((2, 2), (2,)), ((), (2,))]:
            case(name, f, [t(*sa, d=da, lo=la, hi=ha), t(*sb, d=db, s=1, lo=lb, hi=hb)], second=False)
    if name not in ("remainder",):
        case(name, f, [t(12, 1, lo=None, hi=0), t(12, lo=None, hi=0)], second=False) if name in compare else case(
            name, f, [t(12, 12, lo=None, hi=0), t(12, 12, lo=None, hi=4)], second=False) if name not in ("pow", "maximum", "minimum", "atan2", "div") else None
case("lerp", lambda a, b, w: torch.lerp(a, b, w), [t(2, 3), t(2, 3, s=1), t(3, s=2)])
for v in (1, -0.5):
    case("addcmul", lambda x, a, b: torch.addcmul(x, a, b, value=v), [t(2, 3), t(3, s=1), t(2, 1, s=2)], {"value": v})
    case("addcdiv", lambda x, a, b: torch.addcdiv(x, a, b, value=v), [t(2, 3), t(3, s=1), t(2, 1, s=2, lo=0.5)], {"value": v})
case("logaddexp", torch.logaddexp, [t(2, 3, lo=-50, hi=50), t(3, s=1, lo=-50, hi=50)])
for a, b, c in [((2, 3), (2, 3), (2, 3)), ((3,), (2, 1), ()), ((2, 1), (), (3,))]:
    case("where", torch.where, [t(*a, d="bool", lo=0, hi=2), t(*b), t(*c, s=1)])

# reductions
def dims_of(shape):
    n = len(shape)
    return [None] + ([0, -1] if n else []) + ([[0, n - 1]] if n > 1 else [])

many = {"sum": torch.sum, "mean": torch.mean, "amax": torch.amax, "amin": torch.amin, "var": torch.var, "std": torch.std,
        "norm": torch.linalg.vector_norm, "logsumexp": torch.logsumexp, "prod": torch.prod, "any": torch.any, "all": torch.all}
for name, f in many.items():
    for i, (shape, layout) in enumerate(itertools.product([(4,), (2, 3), (2, 3, 2), (3, 1, 2)], LAYOUTS)):
        for dim in dims_of(shape):
            if isinstance(dim, list) and name in ("prod", "logsumexp") or dim is None and name == "logsumexp":
                continue
            if name in ("var", "std") and dim is not None and not isinstance(dim, list) and shape[dim] < 2:
                continue
            for keep in (False, True):
                if dim is None and keep:
                    continue
                spec = t(*shape, l=layout, s=i, lo=0.2 if name in ("std", "norm") else -2)
                if dim is None:
                    case(name, lambda x: f(x) if name not in ("amax", "amin") else f(x, dim=tuple(range(x.dim()))), [spec])
                else:
                    case(name, lambda x: f(x, dim=dim, keepdim=keep), [spec], dim, {"keepdim": keep})
    if name not in ("mean", "var", "std", "norm", "logsumexp"):
        for d in ("int32", "bool"):
            if d == "bool" and name in ("amax", "amin", "prod"):
                continue
            case(name, lambda x: f(x, dim=0) if name not in ("any", "all") else f(x, dim=0), [t(3, 2, d=d, lo=0, hi=2)], 0)
for p in (0, 1, 1.5, 3, math.inf, -math.inf):
    for layout in LAYOUTS:
        case("norm", lambda x: torch.linalg.vector_norm(x, p, dim=1), [t(3, 4, l=layout)],
             1, {"p": p if math.isfinite(p) else "Infinity" if p > 0 else "-Infinity"}, second=p not in (0, math.inf, -math.inf))
for corr in (0, 1, 2):
    case("var", lambda x: x.var(1, correction=corr), [t(3, 4)], 1, {"correction": corr})
for shape, layout, dim in itertools.product([(4,), (2, 3), (2, 3, 2)], LAYOUTS, (0, -1)):
    for name, f in {"max": torch.max, "min": torch.min, "median": torch.median}.items():
        case("values." + name, lambda x: f(x, dim).values, [t(*shape, l=layout)], dim)
        case("indices." + name, lambda x: f(x, dim).indices, [t(*shape, l=layout)], dim)
    for name, f in {"argmax": torch.argmax, "argmin": torch.argmin}.items():
        case(name, lambda x: f(x, dim), [t(*shape, l=layout)], dim)
    for name, f in {"softmax": torch.softmax, "logSoftmax": torch.log_softmax, "cumsum": torch.cumsum, "cumprod": torch.cumprod}.items():
        case(name, lambda x: f(x, dim), [t(*shape, l=layout)], dim)
        case(name, lambda x: f(x, dim), [t(*shape, l=layout, d="float32", s=2, lo=-4, hi=4)], dim)
    for down in (False, True):
        case("values.sort", lambda x: x.sort(dim, descending=down).values, [t(*shape, l=layout)], dim, {"descending": down})
        case("argsort", lambda x: x.argsort(dim, descending=down), [t(*shape, l=layout)], dim, {"descending": down})
        case("values.topk", lambda x: x.topk(2, dim, largest=down).values, [t(*shape, l=layout)], 2, dim, {"largest": down})
    case("values.kthvalue", lambda x: x.kthvalue(2, dim).values, [t(*shape, l=layout)], 2, dim)
case("median", torch.median, [t(5)])
case("median", torch.median, [t(2, 3, l="t")])
case("median", torch.median, [t(12, lo=None, hi=0)], second=False)
case("values.median", lambda x: x.median(1).values, [t(3, 4, lo=None, hi=0)], 1, second=False)
for name, f in {"cosineSimilarity": F.cosine_similarity, "scaledDotProductAttention": F.scaled_dot_product_attention}.items():
    for layout in LAYOUTS:
        case("F." + name, f, [t(2, 3, l=layout, s=i) for i in range(2)] + ([t(2, 3, s=3)] if "Attention" in name else []))
for layout in LAYOUTS:
    case("F.glu", lambda x: F.glu(x, 1), [t(2, 4, l=layout)], 1)
    case("F.embedding", F.embedding, [t(2, 3, d="int32", lo=0, hi=4), t(4, 2, l=layout)])
    case("F.prelu", F.prelu, [t(2, 3, l=layout), t(3, s=1, lo=0, hi=1)])
case("cumprod", lambda x: x.cumprod(0), [t(6, d="int32", lo=0, hi=3)], 0)
case("values.sort", lambda x: x.sort(0).values, [t(12, lo=None, hi=0)], 0, {}, second=False)

# views and copies
views = [
    ("reshape", lambda x: x.reshape(3, 4), [[3, 4]]), ("reshape", lambda x: x.reshape(-1), [[-1]]), ("reshape", lambda x: x.reshape(2, 1, -1, 3), [[2, 1, -1, 3]]),
    ("permute", lambda x: x.permute(2, 0, 1), [[2, 0, 1]]), ("transpose", lambda x: x.transpose(0, -1), [0, -1]),
    ("flatten", lambda x: x.flatten(1), [1]), ("unsqueeze", lambda x: x.unsqueeze(1), [1]), ("slice", lambda x: x[:, 1:], [1, 1]),
    ("slice", lambda x: x[..., ::2], [-1, 0, 3, 2]), ("select", lambda x: x.select(1, -1), [1, -1]), ("narrow", lambda x: x.narrow(2, 1, 2), [2, 1, 2]),
    ("flip", lambda x: x.flip(0), [0]), ("flip", lambda x: x.flip(0, 2), [[0, 2]]), ("roll", lambda x: x.roll(1, 2), [1, 2]),
    ("roll", lambda x: x.roll((1, -2), (0, 2)), [[1, -2], [0, 2]]), ("roll", lambda x: x.roll(5), [5]), ("tril", lambda x: x.tril(), []),
    ("triu", lambda x: x.triu(1), [1]), ("tril", lambda x: x.tril(-1), [-1]), ("diagonal", lambda x: x.diagonal(1, 1, 2), [{"offset": 1, "dim1": 1, "dim2": 2}]),
    ("diagonal", lambda x: x.diagonal(0, 0, 2), [{"dim1": 0, "dim2": 2}]), ("repeat", lambda x: x.repeat(2, 1, 2), [[2, 1, 2]]), ("tile", lambda x: x.tile(2), [[2]]),
    ("repeatInterleave", lambda x: x.repeat_interleave(2, 1), [2, 1]), ("repeatInterleave", lambda x: x.repeat_interleave(3), [3]),
    ("movedim", lambda x: x.movedim(0, 2), [0, 2]), ("unflatten", lambda x: x.unflatten(2, (3, 1)), [2, [3, 1]]), ("expand", lambda x: x.unsqueeze(0).expand(2, -1, -1, -1), [[2, -1, -1, -1]]),
    ("squeeze", lambda x: x.squeeze(), []), ("diagEmbed", lambda x: x.diag_embed(1), [1]), ("clone", lambda x: x.clone(), []),
]
for (name, f, args), layout in itertools.product(views, LAYOUTS):
    case(name, f, [t(2, 2, 3, l=layout)], *args)
for i, layout in itertools.product(range(3), LAYOUTS):
    if i < 2:
        case("chunk", lambda x: x.chunk(2, 1)[i], [t(2, 5, l=layout)], 2, 1, i)
        case("unbind", lambda x: x.unbind(0)[i], [t(2, 3, l=layout)], 0, i)
    case("split", lambda x: x.split(2, 1)[i], [t(2, 5, l=layout)], 2, 1, i)
for dim, la, lb in itertools.product((0, 1), LAYOUTS, LAYOUTS):
    case("cat", lambda a, b: torch.cat([a, b], dim), [t(2, 2, l=la), t(2, 2, s=1, l=lb)], dim)
    case("stack", lambda a, b: torch.stack([a, b], dim), [t(2, 2, l=la), t(2, 2, s=1, l=lb)], dim)

# indexing; indices are floor(low … high)
for layout in LAYOUTS:
    x = t(3, 4, l=layout)
    case("gather", lambda x, i: x.gather(1, i), [x, t(3, 2, d="int32", lo=0, hi=4)], 1)
    case("gather", lambda x, i: x.gather(0, i), [x, t(2, 4, d="int32", lo=0, hi=3)], 0)
    case("gather", lambda x, i: x.gather(1, i), [x, t(2, 3, d="int32", lo=0, hi=4)], 1)
    case("scatterAdd", lambda x, i, y: x.scatter_add(1, i, y), [x, t(3, 2, d="int32", lo=0, hi=4), t(3, 2, s=1)], 1)
    case("scatter", lambda x, i, y: x.scatter(1, i, y), [x, t(3, 1, d="int32", lo=0, hi=4), t(3, 1, s=1)], 1)
    case("indexSelect", lambda x, i: x.index_select(1, i), [x, t(5, d="int32", lo=0, hi=4)], 1)
    case("indexAdd", lambda x, i, y: x.index_add(0, i, y), [x, t(2, d="int32", lo=0, hi=3), t(2, 4, s=1)], 0)
    case("take", lambda x, i: x.take(i), [x, t(2, 3, d="int32", lo=0, hi=12)])
    case("index", lambda x, i: x[i], [x, t(2, 2, d="int32", lo=-3, hi=3)])
    case("index", lambda x, i, j: x[i, j], [x, t(2, 1, d="int32", lo=0, hi=3), t(3, d="int32", s=1, lo=0, hi=4)])
    case("maskedSelect", lambda x, m: x.masked_select(m), [x, t(3, 4, d="bool", lo=0, hi=2)])
    case("index", lambda x, m: x[m], [x, t(3, 4, d="bool", lo=0, hi=2)])
    case("maskedFill", lambda x, m: x.masked_fill(m, 2.5), [x, t(4, d="bool", lo=0, hi=2)], 2.5)
    case("takeAlongDim", lambda x, i: x.take_along_dim(i, 1), [x, t(3, 2, d="int32", lo=0, hi=4)], 1)
    case("indexCopy", lambda x, i, y: x.index_copy(1, i[0], y), [x, t(1, 1, d="int32", lo=0, hi=4), t(3, 1, s=1)], 1)
    case("maskedScatter", lambda x, m, y: x.masked_scatter(m, y), [x, t(3, 4, d="bool", lo=0, hi=2), t(3, 4, s=1, l=layout)])
    case("maskedScatter", lambda x, m, y: x.masked_scatter(m, y), [x, t(4, d="bool", lo=0, hi=2), t(12, s=1)])
    case("indexPut", lambda x, i, y: x.index_put((i,), y, accumulate=True), [x, t(2, 2, d="int32", lo=-3, hi=3), t(2, 1, 4, s=1)], {"accumulate": True})
    case("indexPut", lambda x, i, j, y: x.index_put((i, j), y, accumulate=True),
         [x, t(2, 1, d="int32", lo=0, hi=3), t(3, d="int32", s=1, lo=0, hi=4), t(2, 3, s=1)], {"accumulate": True})
    case("indexPut", lambda x, i, y: x.index_put((i,), y), [x, t(1, d="int32", lo=0, hi=3), t(4, s=1)], {})
    case("indexPut", lambda x, m, y: x.index_put((m,), y), [x, t(3, 4, d="bool", lo=0, hi=2), t(s=1)], {})
    case("unfold", lambda x: x.unfold(1, 2, 1), [x], 1, 2, 1)
    case("unfold", lambda x: x.unfold(0, 2, 2), [t(5, 3, l=layout)], 0, 2, 2)
    case("unfold", lambda x: x.unfold(-1, 3, 2).unfold(0, 2, 1), [t(3, 7, l=layout)], -1, 3, 2, 0, 2, 1)

# counting
for layout in LAYOUTS:
    for dim, keep in itertools.product((0, -1), (False, True)):
        case("values.mode", lambda x: x.mode(dim, keep).values, [t(4, 5, l=layout)], dim, {"keepdim": keep})
        case("values.mode", lambda x: x.mode(dim, keep).values, [t(4, 6, l=layout, d="int32", lo=0, hi=3)], dim, {"keepdim": keep})
    case("unique", lambda x: x.unique(), [t(3, 5, l=layout, d="int32", lo=-2, hi=4)])
    case("unique", lambda x: x.unique(dim=0), [t(6, 2, l=layout, d="int32", lo=0, hi=2)], {"dim": 0})
    case("unique", lambda x: x.unique(dim=1), [t(2, 6, l=layout, d="int32", lo=0, hi=2)], {"dim": 1})
    for part, i in (("inverse", 1), ("counts", 2)):
        case(part + ".unique", lambda x: x.unique(return_inverse=True, return_counts=True)[i], [t(3, 5, l=layout, d="int32", lo=-2, hi=4)],
             {"returnInverse": True, "returnCounts": True})
        case(part + ".unique", lambda x: x.unique(dim=1, return_inverse=True, return_counts=True)[i], [t(2, 6, l=layout, d="int32", lo=0, hi=2)],
             {"dim": 1, "returnInverse": True, "returnCounts": True})
    for d in ("float32", "float64"):
        case("weighted.bincount", lambda x, w: torch.bincount(x, w.detach()), [t(6, d="int32", l=layout, lo=0, hi=4), t(6, d=d, s=1)])
    case("bincount", lambda x: torch.bincount(x, minlength=7), [t(6, d="int32", l=layout, lo=0, hi=4)], {"minlength": 7})
case("values.mode", lambda x: x.mode(0).values, [t(12, lo=None, hi=0)], 0, second=False)
for order, layout in itertools.product((0, 1, 2, 3), LAYOUTS):
    case("polygamma", lambda x: torch.polygamma(order, x), [t(2, 3, l=layout, lo=0.2, hi=5)], order)
    case("polygamma", lambda x: torch.polygamma(order, x), [t(3, l=layout, lo=-2.8, hi=-2.2)], order, second=order < 2)

# products
def apart(x):
    """With singular values and eigenvalues far from each other and from 0, whatever the seed."""
    m, n = x.shape[-2:]
    return x + torch.diag(10 * torch.arange(1, max(m, n) + 1, dtype=x.dtype))[:m, :n]

RANKS = [((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4)), ((2, 2, 3), (3, 4)), ((2, 3), (2, 3, 2)), ((2, 1, 2, 3), (3, 3, 2)),
         ((3,), (2, 3, 2)), ((2, 2, 3), (3,)), ((2, 0), (0, 3)), ((5, 7), (7, 9)), ((1, 3), (3, 1))]
for (a, b), la, lb in itertools.product(RANKS, LAYOUTS, LAYOUTS):
    case("matmul", torch.matmul, [t(*a, l=la), t(*b, s=1, l=lb)])
for layout in LAYOUTS:
    case("mm", torch.mm, [t(2, 3, l=layout), t(3, 2, s=1, l=layout)])
    case("bmm", torch.bmm, [t(2, 2, 3, l=layout), t(2, 3, 2, s=1, l=layout)])
    case("mv", torch.mv, [t(2, 3, l=layout), t(3, s=1, l=layout)])
    case("dot", torch.dot, [t(3, l=layout), t(3, s=1, l=layout)])
    case("outer", torch.outer, [t(3, l=layout), t(2, s=1, l=layout)])
    case("addmm", lambda m, a, b: torch.addmm(m, a, b, beta=0.5, alpha=2), [t(2, 2, l=layout), t(2, 3, s=1, l=layout), t(3, 2, s=2)], {"beta": 0.5, "alpha": 2})
    case("trace", torch.trace, [t(3, 4, l=layout)])
    case("F.linear", F.linear, [t(2, 2, 3, l=layout), t(4, 3, s=1, l=layout), t(4, s=2)])
    eye = 5 * torch.eye(3, dtype=torch.float64)  # far from singular, whatever the seed
    case("linalg.inv", lambda x: torch.linalg.inv(x + eye), [t(2, 3, 3, l=layout)])
    case("linalg.det", lambda x: torch.linalg.det(x + eye), [t(2, 3, 3, l=layout)])
    case("linalg.solve", lambda x, y: torch.linalg.solve(x + eye, y), [t(3, 3, l=layout), t(3, 2, s=1)])
    case("linalg.solve", lambda x, y: torch.linalg.solve(x + eye, y), [t(3, 3, l=layout, s=2), t(3, s=1)])
    for shape in [(3, 3), (4, 2), (2, 4), (2, 3, 2)]:
        x = t(*shape, l=layout)
        case("svdvals", lambda x: torch.linalg.svdvals(apart(x)), [x], second=shape != (2, 4))
        case("qrAbsolute", lambda x: torch.linalg.qr(apart(x))[1].abs(), [x], second=False)
        case("pinv", lambda x: torch.linalg.pinv(apart(x)), [x])
        case("lstsq", lambda x, y: torch.linalg.lstsq(apart(x), y)[0], [x, t(*shape[:-1], 2, s=1)])
    case("choleskyOfGram", lambda x: torch.linalg.cholesky(x @ x.mT + torch.eye(3, dtype=x.dtype)), [t(3, 3, l=layout)])
    case("eigvalsh", lambda x: torch.linalg.eigvalsh(apart(x + x.mT)), [t(2, 3, 3, l=layout)])
    case("lower.eigvalsh", lambda x: torch.linalg.eigvalsh(apart(x)), [t(2, 3, 3, l=layout, s=2)], second=False)
    case("eighAbsolute", lambda x: torch.linalg.eigh(apart(x + x.mT))[1].abs(), [t(2, 3, 3, l=layout, s=2)])
    case("lstsq", lambda x, y: torch.linalg.lstsq(apart(x), y, driver="gelsd")[1], [t(4, 2, l=layout), t(4, 2, s=1)], "residuals")
    case("matrixRank", lambda x: torch.linalg.matrix_rank(x @ x.mT), [t(3, 2, l=layout)])
EINSUMS = [("ij,jk->ik", (2, 3), (3, 4)), ("bij,bjk->bik", (2, 2, 3), (2, 3, 2)), ("ij,ij->", (2, 3), (2, 3)), ("i,j->ij", (2,), (3,)), ("ii->i", (3, 3)),
           ("ii", (3, 3)), ("ij->ji", (2, 3)), ("...ij,...jk->...ik", (2, 1, 2, 3), (3, 3, 2)), ("bhqd,bhkd->bhqk", (1, 2, 2, 3), (1, 2, 3, 3)),
           ("ij,jk", (2, 3), (3, 2)), ("ijk->j", (2, 3, 2)), ("ij,jk,kl->il", (2, 2), (2, 3), (3, 2)), ("b...,b...->...", (2, 3), (2, 3)), ("ij,kj->ik", (2, 3), (4, 3))]
for (eq, *shapes), layout in itertools.product(EINSUMS, LAYOUTS):
    case("einsum", lambda *x: torch.einsum(eq, *x), [t(*s, s=i, l=layout) for i, s in enumerate(shapes)], eq)
for dims in (0, 1, 2, [[0], [1]], [[0, 1], [1, 0]]):
    case("tensordot", lambda a, b: torch.tensordot(a, b, dims), [t(3, 3), t(3, 3, s=1)], dims)

# convolutions
for stride, padding, dilation, groups, layout in itertools.product((1, 2), (0, 1, 2), (1, 2), (1, 2), ("c", "t")):
    o = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    case("F.conv1d", lambda x, w, b: F.conv1d(x, w, b, **o), [t(2, 2, 6, l=layout), t(2, 2 // groups, 3, s=1), t(2, s=2)], o)
    case("F.conv2d", lambda x, w, b: F.conv2d(x, w, b, **o), [t(1, 2, 5, 5, l=layout), t(2, 2 // groups, 2, 3, s=1), t(2, s=2)], o)
    case("F.convTranspose2d", lambda x, w, b: F.conv_transpose2d(x, w, b, **o), [t(1, 2, 3, 4, l=layout), t(2, 1, 2, 3, s=1), t(groups, s=2)], o)
    case("F.convTranspose1d", lambda x, w, b: F.conv_transpose1d(x, w, b, **o), [t(1, 2, 4, l=layout), t(2, 1, 3, s=1), t(groups, s=2)], o)
    if layout == "c":
        case("F.conv3d", lambda x, w, b: F.conv3d(x, w, b, **o), [t(1, 2, 4, 4, 5), t(2, 2 // groups, 2, 1, 2, s=1), t(2, s=2)], o)
for kernel, dilation in itertools.product((2, 3, 4), (1, 2)):
    o = {"padding": "same", "dilation": dilation}
    case("F.conv1d", lambda x, w: F.conv1d(x, w, **o), [t(2, 2, 6), t(2, 2, kernel, s=1)], None, o)
    case("F.conv2d", lambda x, w: F.conv2d(x, w, **o), [t(1, 2, 5, 5), t(2, 2, kernel, 3, s=1)], None, o)
for k, stride, padding, layout in itertools.product((2, 3), (1, 2), (0, 1), LAYOUTS):
    o = {"stride": stride, "padding": padding}
    case("F.maxPool2d", lambda x: F.max_pool2d(x, k, **o), [t(1, 2, 5, 4, l=layout)], k, o)
    case("F.maxPool1d", lambda x: F.max_pool1d(x, k, **o), [t(2, 2, 6, l=layout)], k, o)
    case("F.avgPool1d", lambda x: F.avg_pool1d(x, k, **o), [t(2, 2, 6, l=layout)], k, o)
    for count in (False, True):
        case("F.avgPool2d", lambda x: F.avg_pool2d(x, k, **o, count_include_pad=count), [t(1, 2, 5, 4, l=layout)], k, o | {"countIncludePad": count})
for size, layout in itertools.product((1, 2, 3), LAYOUTS):
    case("F.adaptiveAvgPool2d", lambda x: F.adaptive_avg_pool2d(x, size), [t(1, 2, 5, 4, l=layout)], size)
    case("F.adaptiveMaxPool2d", lambda x: F.adaptive_max_pool2d(x, size), [t(1, 2, 5, 4, l=layout)], size)
    case("F.adaptiveAvgPool1d", lambda x: F.adaptive_avg_pool1d(x, size), [t(2, 2, 5, l=layout)], size)
    case("F.adaptiveMaxPool1d", lambda x: F.adaptive_max_pool1d(x, size), [t(2, 2, 5, l=layout)], size)
for mode, size in itertools.product(("nearest", "bilinear"), (2, 3, (5, 7))):
    case("F.interpolate", lambda x: F.interpolate(x, size=size, mode=mode), [t(1, 2, 3, 4)], {"size": size, "mode": mode})
case("F.interpolate", lambda x: F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=True), [t(1, 2, 3, 4)], {"scaleFactor": 2, "mode": "bilinear", "alignCorners": True})
case("F.interpolate", lambda x: F.interpolate(x, scale_factor=2.5, mode="bilinear"), [t(1, 2, 3, 4)], {"scaleFactor": 2.5, "mode": "bilinear"})
case("F.interpolate", lambda x: F.interpolate(x, scale_factor=1.5), [t(1, 2, 3, 4)], {"scaleFactor": 1.5})
case("F.pixelShuffle", lambda x: F.pixel_shuffle(x, 2), [t(2, 8, 2, 3)], 2)
case("F.pixelUnshuffle", lambda x: F.pixel_unshuffle(x, 2), [t(2, 2, 4, 6)], 2)
for mode, amounts in itertools.product(("constant", "reflect", "replicate", "circular"), ((1, 2), (1, 0, 2, 1))):
    case("F.pad", lambda x: F.pad(x, amounts, mode=mode), [t(1, 2, 4, 4) if len(amounts) == 4 else t(1, 2, 4)], list(amounts), {"mode": mode})
case("F.pad", lambda x: F.pad(x, (-1, 1), value=3), [t(2, 4)], [-1, 1], {"value": 3})
for kernel, stride, padding, dilation, layout in itertools.product((2, (1, 3)), (1, (2, 1)), (0, (1, 2)), (1, (2, 1)), ("c", "t")):
    o = {"stride": stride, "padding": padding, "dilation": dilation}
    columns = F.unfold(torch.zeros(1, 2, 5, 6), kernel, **o).shape[1:]
    case("F.unfold", lambda x: F.unfold(x, kernel, **o), [t(1, 2, 5, 6, l=layout)], kernel, o)
    case("F.fold", lambda x: F.fold(x, (5, 6), kernel, **o), [t(1, *columns, l=layout)], [5, 6], kernel, o)
case("F.unfold", lambda x: F.unfold(x, 2), [t(2, 3, 4)], 2)
case("F.fold", lambda x: F.fold(x, 3, 2), [t(8, 4)], 3, 2)
for mode, padding, align, layout in itertools.product(("bilinear", "nearest"), ("zeros", "border", "reflection"), (False, True), LAYOUTS):
    case("F.gridSample", lambda x, g: F.grid_sample(x, g, mode, padding, align), [t(2, 2, 4, 3, l=layout), t(2, 3, 2, 2, l=layout, s=1, lo=-2.5, hi=2.5)],
         {"mode": mode, "paddingMode": padding, "alignCorners": align})
    case("F.gridSample", lambda x, g: F.grid_sample(x, g, mode, padding, align), [t(1, 2, 1, 5, l=layout, d="float32"), t(1, 3, 2, 2, l=layout, s=1, lo=-1, hi=1, d="float32")],
         {"mode": mode, "paddingMode": padding, "alignCorners": align})
for align in (False, True):
    case("F.affineGrid", lambda x: F.affine_grid(x, (2, 1, 3, 4), align), [t(2, 2, 3)], [2, 1, 3, 4], {"alignCorners": align})

# normalization
for layout in LAYOUTS:
    case("F.layerNorm", lambda x: F.layer_norm(x, (3,)), [t(2, 2, 3, l=layout)], [3])
    case("F.groupNorm", lambda x: F.group_norm(x, 2), [t(2, 4, 3, l=layout)], 2)
    case("F.instanceNorm", lambda x: F.instance_norm(x), [t(2, 2, 3, 2, l=layout)])
    case("batchNorm", lambda x: F.batch_norm(x, None, None, training=True), [t(4, 2, l=layout)])
    case("batchNorm", lambda x: F.batch_norm(x, None, None, training=True), [t(3, 2, 2, 2, l=layout)])
    case("F.normalize", lambda x: F.normalize(x), [t(3, 4, l=layout)])
    case("F.rmsNorm", lambda x: F.rms_norm(x, (3,)), [t(2, 2, 3, l=layout)], [3])

# losses
for red in ("mean", "sum", "none"):
    o = {"reduction": red}
    for layout in LAYOUTS:
        x, y = t(3, 4, l=layout), t(3, 4, s=1)
        for name, f in {"mseLoss": F.mse_loss, "l1Loss": F.l1_loss, "smoothL1Loss": F.smooth_l1_loss, "huberLoss": F.huber_loss,
                        "poissonNllLoss": F.poisson_nll_loss, "klDiv": F.kl_div, "softMarginLoss": F.soft_margin_loss,
                        "binaryCrossEntropyWithLogits": F.binary_cross_entropy_with_logits}.items():
            case("F." + name, lambda a, b: f(a, b.detach() if name == "softMarginLoss" else b, **o), [x, t(3, 4, s=1, lo=0.1, hi=0.9)], o)
        case("F.binaryCrossEntropy", lambda a, b: F.binary_cross_entropy(a, b, **o), [t(3, 4, l=layout, lo=0.1, hi=0.9), t(3, 4, s=1, lo=0.1, hi=0.9)], o)
        case("F.gaussianNllLoss", lambda a, b, v: F.gaussian_nll_loss(a, b, v, **o), [x, y, t(3, 4, s=2, lo=0.2)], o)
        for smoothing, ignore in itertools.product((0, 0.1), (-100, 2)):
            c = o | {"labelSmoothing": smoothing, "ignoreIndex": ignore}
            for cx, cy in [(t(4, 5, l=layout), t(4, d="int32", lo=0, hi=5)), (t(2, 3, 2, l=layout), t(2, 2, d="int32", lo=0, hi=3))]:
                case("F.crossEntropy", lambda a, b: F.cross_entropy(a, b, reduction=red, label_smoothing=smoothing, ignore_index=ignore), [cx, cy], c)
            case("weighted.crossEntropy", lambda a, b, w: F.cross_entropy(a, b, w.detach(), reduction=red, label_smoothing=smoothing, ignore_index=ignore),
                 [t(4, 5, l=layout), t(4, d="int32", lo=0, hi=5), t(5, s=3, lo=0.2)], c)
        case("F.nllLoss", lambda a, b: F.nll_loss(a, b, **o), [t(4, 5, l=layout), t(4, d="int32", lo=0, hi=5)], o)
        case("F.tripletMarginLoss", lambda a, b, c: F.triplet_margin_loss(a, b, c, **o), [x, y, t(3, 4, s=2)], o)
        sign = lambda b: (b.to(torch.float64) * 2 - 1)
        case("signed.cosineEmbeddingLoss", lambda b, x, y: F.cosine_embedding_loss(x, y, sign(b), margin=0.2, **o), [t(3, d="bool", lo=0, hi=2), x, y], o | {"margin": 0.2})
        case("signed.marginRankingLoss", lambda b, x, y: F.margin_ranking_loss(x, y, sign(b), margin=0.2, **o), [t(3, 4, d="bool", lo=0, hi=2), x, y], o | {"margin": 0.2})
        case("signed.hingeEmbeddingLoss", lambda b, x: F.hinge_embedding_loss(x, sign(b), margin=0.7, **o), [t(3, 4, d="bool", lo=0, hi=2), x], o | {"margin": 0.7})
    for blank in (0, 2):
        labels = (1, 3) if blank == 0 else (0, 2)
        case("ctc", lambda x, y: F.ctc_loss(x.log_softmax(2), y, (6, 5), (3, 2), blank=blank, reduction=red),
             [t(6, 2, 4, lo=-3, hi=3), t(2, 3, d="int32", lo=labels[0], hi=labels[1])], [6, 5], [3, 2], {"blank": blank, "reduction": red}, second=False)

sweep_nn.add(case, t)

output = gzip.compress("\n".join(json.dumps(line, separators=(",", ":")) for line in [{"torch": torch.__version__}, *lines]).encode(), mtime=0)
sys.stdout.buffer.write(output)
print(len(lines), "cases", len(output), "bytes; refused by PyTorch:", *skipped, sep="\n", file=sys.stderr)
