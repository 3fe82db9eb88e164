"""Records what real PyTorch answers, for engine.test.ts: python make.py > answers.jsonl

Every case is a function of some tensors, with options. Recorded are its inputs, its output, and the gradients of
sum(output * weights), with the weights cos(1 + 2.4 i) that tell the elements of the output apart. All in float64.
"""

import json
import math

import torch
import torch.nn.functional as F

torch.manual_seed(0)
cases = []
trajectories = []


def numbers(tensor):
    return [float(f"{v:.14g}") if math.isfinite(v) else str(v) for v in tensor.detach().reshape(-1).tolist()]


def recorded(tensor):
    kind = "int32" if tensor.dtype == torch.int64 else "bool" if tensor.dtype == torch.bool else "float64"
    return {"shape": list(tensor.shape), "dtype": kind, "values": numbers(tensor)}


def randn(*shape):
    return torch.randn(*shape, dtype=torch.float64)


def case(name, f, inputs, **options):
    """`options` are the engine's; `f` has PyTorch's already in it."""
    leaves = [t.clone().requires_grad_(t.is_floating_point()) for t in inputs]
    output = f(*leaves)
    weights = torch.cos(1 + 2.4 * torch.arange(output.numel(), dtype=torch.float64)).reshape(output.shape)
    (output * weights).sum().backward()
    gradients = [recorded(t.grad) if t.grad is not None else None for t in leaves]
    cases.append({"name": name, "options": options, "inputs": [recorded(t) for t in inputs],
                  "output": recorded(output), "gradients": gradients})


# convolutions and pooling
case("conv2d", lambda x, w, b: F.conv2d(x, w, b), [randn(2, 3, 6, 5), randn(4, 3, 3, 2), randn(4)])
case("conv2d", lambda x, w, b: F.conv2d(x, w, b, stride=(2, 1), padding=(1, 2), dilation=(1, 2)),
     [randn(2, 3, 7, 6), randn(4, 3, 3, 2), randn(4)], stride=[2, 1], padding=[1, 2], dilation=[1, 2])
case("conv2d", lambda x, w, b: F.conv2d(x, w, b, padding="same", groups=2),
     [randn(1, 4, 5, 5), randn(6, 2, 3, 3), randn(6)], padding="same", groups=2)
case("conv1d", lambda x, w, b: F.conv1d(x, w, b, stride=2, padding=1, dilation=2),
     [randn(2, 3, 9), randn(4, 3, 3), randn(4)], stride=2, padding=1, dilation=2)
case("convTranspose2d", lambda x, w, b: F.conv_transpose2d(x, w, b, stride=2, padding=1, output_padding=1),
     [randn(2, 3, 4, 4), randn(3, 2, 3, 3), randn(2)], stride=2, padding=1, outputPadding=1)
case("convTranspose2d", lambda x, w, b: F.conv_transpose2d(x, w, b, groups=2, dilation=2),
     [randn(1, 4, 4, 4), randn(4, 3, 2, 2), randn(6)], groups=2, dilation=2)
case("maxPool2d", lambda x: F.max_pool2d(x, 2), [randn(2, 2, 5, 6)], kernelSize=2)
case("maxPool2d", lambda x: F.max_pool2d(x, 3, stride=1, padding=1), [randn(2, 2, 5, 6)], kernelSize=3, stride=1, padding=1)
case("avgPool2d", lambda x: F.avg_pool2d(x, 3, stride=2, padding=1), [randn(2, 2, 5, 6)], kernelSize=3, stride=2, padding=1)
case("adaptiveAvgPool2d", lambda x: F.adaptive_avg_pool2d(x, (3, 2)), [randn(2, 2, 7, 5)], size=[3, 2])

# normalization
case("batchNorm", lambda x, w, b: F.batch_norm(x, None, None, w, b, training=True), [randn(4, 3, 2, 2), randn(3), randn(3)], training=True)
case("batchNormEval", lambda x, w, b, m, v: F.batch_norm(x, m.detach(), v.detach().exp(), w, b, training=False),
     [randn(4, 3, 2, 2), randn(3), randn(3), randn(3), randn(3)])
case("layerNorm", lambda x, w, b: F.layer_norm(x, (3, 4), w, b), [randn(2, 3, 4), randn(3, 4), randn(3, 4)], shape=[3, 4])
case("groupNorm", lambda x, w, b: F.group_norm(x, 2, w, b), [randn(2, 4, 3, 3), randn(4), randn(4)], groups=2)
case("instanceNorm", lambda x: F.instance_norm(x), [randn(2, 3, 4, 4)])
case("rmsNorm", lambda x, w: F.rms_norm(x, (4,), w, eps=1e-5), [randn(2, 3, 4), randn(4)], shape=[4])
case("normalize", lambda x: F.normalize(x, dim=1), [randn(3, 4)])

# activations
for name, f in {
    "gelu": F.gelu, "silu": F.silu, "mish": F.mish, "softplus": F.softplus, "softsign": F.softsign, "selu": F.selu,
    "elu": F.elu, "relu6": F.relu6, "leakyRelu": F.leaky_relu, "hardswish": F.hardswish, "hardsigmoid": F.hardsigmoid,
    "logSigmoid": F.logsigmoid, "hardtanh": F.hardtanh, "tanh": torch.tanh, "sigmoid": torch.sigmoid,
}.items():
    case(name, f, [torch.tensor([-30, -4, -1.1, -0.3, 0.2, 1.7, 5, 40], dtype=torch.float64)])
case("geluTanh", lambda x: F.gelu(x, approximate="tanh"), [randn(6)])
case("prelu", F.prelu, [randn(2, 3, 4), randn(3)])
case("glu", lambda x: F.glu(x, dim=1), [randn(2, 6)])
case("softmax", lambda x: F.softmax(x, 1), [randn(3, 4, 2) * 5])
case("logSoftmax", lambda x: F.log_softmax(x, 1), [randn(3, 4, 2) * 50])
case("attention", lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True),
     [randn(2, 2, 4, 3), randn(2, 2, 4, 3), randn(2, 2, 4, 5)], isCausal=True)

# losses
classes = torch.tensor([2, 0, 1, 4])
probabilities = F.softmax(randn(4, 5), 1)
weight = randn(5).abs()
case("crossEntropy", F.cross_entropy, [randn(4, 5), classes])
case("crossEntropy", lambda x, y: F.cross_entropy(x, y, reduction="none"), [randn(4, 5), classes], reduction="none")
case("crossEntropy", lambda x, y: F.cross_entropy(x, y, reduction="sum"), [randn(4, 5, 2), torch.stack([classes, classes], 1)], reduction="sum")
case("crossEntropy", lambda x, y: F.cross_entropy(x, y, ignore_index=4, label_smoothing=0.1), [randn(4, 5), classes],
     ignoreIndex=4, labelSmoothing=0.1)
case("crossEntropy", lambda x, y: F.cross_entropy(x, y, label_smoothing=0.2), [randn(4, 5), probabilities], labelSmoothing=0.2)
case("crossEntropyWeighted", lambda x, y, w: F.cross_entropy(x, y, weight=w.detach()), [randn(4, 5), classes, weight])
case("nllLoss", F.nll_loss, [F.log_softmax(randn(4, 5), 1), classes])
case("binaryCrossEntropyWithLogits", F.binary_cross_entropy_with_logits, [randn(3, 2) * 20, torch.rand(3, 2, dtype=torch.float64)])
case("bcePosWeight", lambda x, y, w: F.binary_cross_entropy_with_logits(x, y, pos_weight=w.detach()),
     [randn(3, 2), torch.rand(3, 2, dtype=torch.float64), torch.tensor([2.0, 0.5], dtype=torch.float64)])
case("binaryCrossEntropy", F.binary_cross_entropy, [torch.rand(3, 2, dtype=torch.float64), torch.tensor([[1.0, 0.0]] * 3, dtype=torch.float64)])
case("mseLoss", F.mse_loss, [randn(3, 2), randn(3, 2)])
case("l1Loss", lambda x, y: F.l1_loss(x, y, reduction="sum"), [randn(3, 2), randn(3, 2)], reduction="sum")
case("smoothL1Loss", lambda x, y: F.smooth_l1_loss(x, y, beta=0.7), [randn(3, 2), randn(3, 2)], beta=0.7)
case("huberLoss", lambda x, y: F.huber_loss(x, y, delta=0.7), [randn(3, 2), randn(3, 2)], delta=0.7)
case("klDiv", lambda x, y: F.kl_div(x, y, reduction="batchmean"), [F.log_softmax(randn(3, 4), 1), F.softmax(randn(3, 4), 1)], reduction="batchMean")
case("poissonNllLoss", F.poisson_nll_loss, [randn(3), randn(3).abs()])
case("cosineSimilarity", F.cosine_similarity, [randn(3, 4), randn(3, 4)])
signs = torch.tensor([1.0, -1, 1], dtype=torch.float64)
case("tripletMarginLoss", F.triplet_margin_loss, [randn(3, 4), randn(3, 4), randn(3, 4)])
case("cosineEmbeddingLoss", lambda x, y, t: F.cosine_embedding_loss(x, y, t.detach(), margin=0.1), [randn(3, 4), randn(3, 4), signs], margin=0.1)
case("marginRankingLoss", lambda x, y, t: F.margin_ranking_loss(x, y, t.detach(), margin=0.1), [randn(3), randn(3), signs], margin=0.1)
case("maxPool1d", lambda x: F.max_pool1d(x, 3, stride=2, padding=1), [randn(2, 2, 8)], kernelSize=3, stride=2, padding=1)
case("upsampleNearest", lambda x: F.interpolate(x, scale_factor=2), [randn(2, 2, 3, 2)], scale=2)

# tensor methods
case("std", lambda x: x.std(1), [randn(3, 4)])
case("norm", lambda x: x.norm(dim=1), [randn(3, 4)])
case("logSumExp", lambda x: x.logsumexp(1), [randn(3, 4) * 300])
case("prod", lambda x: x.prod(1), [torch.tensor([[0.0, 2, 3], [0, 0, 4], [1, 2, 3]], dtype=torch.float64)])
case("amax", lambda x: x.amax(1), [torch.tensor([[1.0, 3, 3], [2, 1, 0]], dtype=torch.float64)])
case("max", lambda x: x.max(1).values, [torch.tensor([[1.0, 3, 3], [2, 1, 0]], dtype=torch.float64)])
case("sort", lambda x: x.sort(1).values, [randn(3, 5)])
case("cumsum", lambda x: x.cumsum(1), [randn(3, 4)])
case("pow", lambda x, y: x.abs().pow(y), [randn(3, 4), randn(4)])
case("clamp", lambda x: x.clamp(-0.5, 0.5), [torch.tensor([-1.0, -0.5, 0, 0.5, 1], dtype=torch.float64)])
case("atan2", torch.atan2, [randn(5), randn(5)])
case("embedding", lambda w, i: F.embedding(i, w), [randn(5, 3), torch.tensor([[0, 4], [4, 1]])])
case("bilinear", F.bilinear, [randn(2, 3), randn(2, 4), randn(5, 3, 4), randn(5)])


def module_case(name, module, inputs):
    module = module.double()
    for p in module.parameters():
        torch.nn.init.normal_(p, std=0.5)
    names = [n for n, _ in module.named_parameters()]
    case(name, lambda *ts: torch.func.functional_call(module, dict(zip(names, ts)), tuple(ts[len(names):])),
         [p.detach() for p in module.parameters()] + inputs, names=[n.removeprefix("inner.") for n in names])


class First(torch.nn.Module):
    """The first of a module's answers: the engine's modules return one tensor where that is what people use."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, *inputs):
        return self.inner(*inputs)[0]


class Attention(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = torch.nn.MultiheadAttention(6, 2, batch_first=True)

    def forward(self, x):
        mask = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
        return self.inner(x, x, x, attn_mask=mask, need_weights=False)[0]


module_case("MultiheadAttention", Attention(), [randn(2, 4, 6)])
module_case("RNN", First(torch.nn.RNN(3, 4, num_layers=2, batch_first=True)), [randn(2, 5, 3)])
module_case("LSTM", First(torch.nn.LSTM(3, 4, num_layers=2, batch_first=True)), [randn(2, 5, 3)])
module_case("GRU", First(torch.nn.GRU(3, 4, num_layers=2, batch_first=True)), [randn(2, 5, 3)])
module_case("LSTMBidirectional", First(torch.nn.LSTM(3, 4, bidirectional=True)), [randn(5, 2, 3)])
module_case("TransformerEncoderLayer", torch.nn.TransformerEncoderLayer(6, 2, 8, dropout=0.0, batch_first=True), [randn(2, 4, 6)])


class MaskedAttention(torch.nn.Module):
    """Output and weights beside each other, under both of PyTorch's masks."""

    def __init__(self):
        super().__init__()
        self.inner = torch.nn.MultiheadAttention(6, 2)

    def forward(self, query, memory):
        blocked = torch.tensor([[False, True, False], [False, False, True]])
        padding = torch.tensor([[False, False, False], [True, False, False]])
        output, weights = self.inner(query, memory, memory, attn_mask=blocked, key_padding_mask=padding)
        return torch.cat([output.transpose(0, 1), weights], 2)


module_case("MaskedAttention", MaskedAttention(), [randn(2, 2, 6), randn(3, 2, 6)])
module_case("TransformerDecoderLayer", torch.nn.TransformerDecoderLayer(6, 2, 8, dropout=0.0, batch_first=True), [randn(2, 4, 6), randn(2, 3, 6)])
module_case("TransformerEncoder", torch.nn.TransformerEncoder(torch.nn.TransformerEncoderLayer(4, 2, 5, dropout=0.0, norm_first=True),
                                                             2, norm=torch.nn.LayerNorm(4), enable_nested_tensor=False), [randn(3, 2, 4)])
module_case("Conv3d", torch.nn.Conv3d(2, 4, (2, 3, 1), stride=(1, 2, 1), padding=1, groups=2), [randn(1, 2, 4, 5, 3)])


# optimizers: minimize sum(scale * (p - 3)^2) for 50 steps; what a matrix optimizer trains is a row of it
def quadratic(p):
    return (torch.tensor([1.0, 10.0, 0.1], dtype=torch.float64) * (p - 3) ** 2).sum()


def valley(p):
    """Rosenbrock's function in three variables, a tenth of it."""
    return (10 * (p[1:] - p[:-1] ** 2) ** 2 + 0.1 * (1 - p[:-1]) ** 2).sum()


def trajectory(name, make, schedule=None, steps=50, objective="quadratic", metric=False, shape=(3,), **options):
    p = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64).reshape(shape).requires_grad_()
    loss_of = {"quadratic": quadratic, "valley": valley, "ascent": lambda p: -quadratic(p)}[objective]
    optimizer = make([p])
    scheduler = schedule(optimizer) if schedule else None
    path = []

    def closure():
        optimizer.zero_grad()
        loss = loss_of(p)
        loss.backward()
        return loss

    for _ in range(steps):
        loss = optimizer.step(closure)
        if scheduler:
            scheduler.step(*([loss.item()] if metric else []))
        path.append({"parameter": numbers(p), "lr": optimizer.param_groups[0]["lr"]})
    trajectories.append({"name": name, "options": options, "objective": objective, "shape": list(shape), "path": path})


O = torch.optim
S = O.lr_scheduler
trajectory("SGD", lambda p: O.SGD(p, lr=0.01), lr=0.01)
trajectory("SGD", lambda p: O.SGD(p, lr=0.01, momentum=0.9, weight_decay=0.1), lr=0.01, momentum=0.9, weightDecay=0.1)
trajectory("SGD", lambda p: O.SGD(p, lr=0.01, momentum=0.9, nesterov=True), lr=0.01, momentum=0.9, nesterov=True)
trajectory("SGD", lambda p: O.SGD(p, lr=0.01, momentum=0.9, dampening=0.5), lr=0.01, momentum=0.9, dampening=0.5)
trajectory("Adam", lambda p: O.Adam(p, lr=0.1), lr=0.1)
trajectory("Adam", lambda p: O.Adam(p, lr=0.1, betas=(0.8, 0.95), weight_decay=0.1, amsgrad=True), lr=0.1, betas=[0.8, 0.95], weightDecay=0.1, amsgrad=True)
trajectory("AdamW", lambda p: O.AdamW(p, lr=0.1), lr=0.1)
trajectory("NAdam", lambda p: O.NAdam(p, lr=0.1, weight_decay=0.1), lr=0.1, weightDecay=0.1)
trajectory("RAdam", lambda p: O.RAdam(p, lr=0.1), lr=0.1)
trajectory("Adamax", lambda p: O.Adamax(p, lr=0.1), lr=0.1)
trajectory("RMSprop", lambda p: O.RMSprop(p, lr=0.01), lr=0.01)
trajectory("RMSprop", lambda p: O.RMSprop(p, lr=0.01, momentum=0.9, centered=True), lr=0.01, momentum=0.9, centered=True)
trajectory("Adagrad", lambda p: O.Adagrad(p, lr=0.1, lr_decay=0.1), lr=0.1, lrDecay=0.1)
trajectory("Adadelta", lambda p: O.Adadelta(p, lr=1.0), lr=1)
trajectory("StepLR", lambda p: O.SGD(p, lr=0.01), lambda o: S.StepLR(o, 2, gamma=0.5), stepSize=2, gamma=0.5)
trajectory("MultiStepLR", lambda p: O.SGD(p, lr=0.01), lambda o: S.MultiStepLR(o, [1, 4], gamma=0.5), milestones=[1, 4], gamma=0.5)
trajectory("ExponentialLR", lambda p: O.SGD(p, lr=0.01), lambda o: S.ExponentialLR(o, 0.9), gamma=0.9)
trajectory("CosineAnnealingLR", lambda p: O.SGD(p, lr=0.01), lambda o: S.CosineAnnealingLR(o, 5, eta_min=0.001), tMax=5, etaMin=0.001)
trajectory("LinearLR", lambda p: O.SGD(p, lr=0.01), lambda o: S.LinearLR(o, 0.2, 1.0, 4), startFactor=0.2, endFactor=1, totalIters=4)
trajectory("OneCycleLR", lambda p: O.SGD(p, lr=0.01), lambda o: S.OneCycleLR(o, 0.1, total_steps=60, cycle_momentum=False), maxLr=0.1, totalSteps=60)

trajectory("SGD", lambda p: O.SGD(p, lr=0.01, maximize=True), objective="ascent", lr=0.01, maximize=True)
trajectory("AdamW", lambda p: O.AdamW(p, lr=0.1, maximize=True), objective="ascent", lr=0.1, maximize=True)
trajectory("LBFGS", lambda p: O.LBFGS(p, max_iter=3, lr=0.5), objective="valley", steps=20, maxIter=3, lr=0.5)
trajectory("LBFGS", lambda p: O.LBFGS(p, max_iter=4, history_size=2, line_search_fn="strong_wolfe"), objective="valley", steps=12,
           maxIter=4, historySize=2, lineSearchFn="strongWolfe")
trajectory("Muon", lambda p: O.Muon(p, lr=0.1), steps=5, shape=(1, 3), lr=0.1)
trajectory("Muon", lambda p: O.Muon(p, lr=0.1, nesterov=False, weight_decay=0, adjust_lr_fn="match_rms_adamw"), steps=5, shape=(3, 1), lr=0.1,
           nesterov=False, weightDecay=0, adjustLrFn="matchRmsAdamw")
sgd = lambda p: O.SGD(p, lr=0.01)
trajectory("ConstantLR", sgd, lambda o: S.ConstantLR(o, 0.5, 4), factor=0.5, totalIters=4)
trajectory("PolynomialLR", sgd, lambda o: S.PolynomialLR(o, 20, 2.0), totalIters=20, power=2)
trajectory("CosineAnnealingWarmRestarts", sgd, lambda o: S.CosineAnnealingWarmRestarts(o, 5, 2, 0.001), t0=5, tMult=2, etaMin=0.001)
trajectory("LambdaLR", sgd, lambda o: S.LambdaLR(o, lambda epoch: 1 / (1 + epoch)))
trajectory("SequentialLR", sgd, lambda o: S.SequentialLR(o, [S.LinearLR(o, 0.1, 1.0, 5), S.ExponentialLR(o, 0.9)], [5]))
trajectory("ReduceLROnPlateau", sgd, lambda o: S.ReduceLROnPlateau(o, factor=0.5, patience=2, threshold=0.1, cooldown=1), metric=True,
           factor=0.5, patience=2, threshold=0.1, cooldown=1)

for line in [{"torch": torch.__version__}, *cases, *trajectories]:
    print(json.dumps(line, separators=(",", ":")))
