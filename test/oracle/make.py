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

for line in [{"torch": torch.__version__}, *cases]:
    print(json.dumps(line, separators=(",", ":")))
