"""Records what layers of real PyTorch answer, for layers.test.ts: python layers.py > layers.jsonl

Each line is a layer: its parameters and inputs (made here, in float64), all its outputs in one row, and the gradients of
sum(outputs * weights), weights cos(1 + 2.4 i), with respect to parameters and inputs. The reparametrized ones are trained: of
those the parameters after every step, and the output in evaluation mode.
"""

import json

import torch
from torch import nn

torch.manual_seed(0)


def randn(*shape):
    return torch.randn(*shape, dtype=torch.float64)


def flat(outputs):
    if isinstance(outputs, torch.Tensor):
        return outputs.reshape(-1)
    return torch.cat([flat(o) for o in outputs if o is not None])


def packed(t):
    return {"shape": list(t.shape), "values": [float(f"{v:.14g}") for v in t.detach().reshape(-1).tolist()]}


def weigh(x):
    return (x * torch.cos(1 + 2.4 * torch.arange(x.numel(), dtype=torch.float64))).sum()


def layer(name, module, inputs, call=None):
    module = module.double()
    for p in module.parameters():
        nn.init.normal_(p, std=0.5)
    inputs = [x.requires_grad_() for x in inputs]
    before = {n: packed(p) for n, p in module.named_parameters()}
    y = flat((call or (lambda m, *xs: m(*xs)))(module, *inputs))
    weigh(y).backward()
    named = dict(module.named_parameters())
    print(json.dumps({"kind": "layer", "name": name, "parameters": before, "inputs": [packed(x) for x in inputs],
                      "output": packed(y), "gradients": {n: packed(p.grad) for n, p in named.items()}, "inputGradients": [packed(x.grad) for x in inputs]},
                     separators=(",", ":")))


def mask(rows):
    return torch.tensor(rows, dtype=torch.bool)


print(json.dumps({"torch": torch.__version__}))
layer("LSTM projected", nn.LSTM(3, 5, 2, bidirectional=True, proj_size=2), [randn(4, 2, 3), randn(4, 2, 2), randn(4, 2, 5)], lambda m, x, h, c: m(x, (h, c)))
layer("LSTM batch first", nn.LSTM(3, 4, 2, bidirectional=True, batch_first=True, bias=False), [randn(2, 4, 3), randn(4, 2, 4), randn(4, 2, 4)], lambda m, x, h, c: m(x, (h, c)))
layer("LSTM alone", nn.LSTM(3, 4), [randn(4, 3)])
layer("GRU both ways", nn.GRU(3, 4, 3, bidirectional=True), [randn(4, 2, 3), randn(6, 2, 4)])
layer("RNN relu", nn.RNN(3, 4, 2, "relu", bidirectional=True), [randn(4, 2, 3), randn(4, 2, 4)])
layer("LSTMCell", nn.LSTMCell(3, 4), [randn(2, 3), randn(2, 4), randn(2, 4)], lambda m, x, h, c: m(x, (h, c)))
layer("GRUCell", nn.GRUCell(3, 4), [randn(2, 3), randn(2, 4)])
layer("RNNCell", nn.RNNCell(3, 4), [randn(2, 3), randn(2, 4)])

blocked = mask([[0, 1, 0], [0, 0, 1]])
padding = mask([[0, 0, 0], [1, 0, 0]])
added = torch.tensor([[0.5, -1, 0], [0.1, 2, -0.3]], dtype=torch.float64)
layer("Attention per head", nn.MultiheadAttention(6, 2), [randn(2, 2, 6), randn(3, 2, 6)],
      lambda m, q, k: m(q, k, k, attn_mask=blocked, key_padding_mask=padding, average_attn_weights=False))
layer("Attention added mask", nn.MultiheadAttention(6, 3, batch_first=True, bias=False), [randn(2, 2, 6), randn(2, 3, 6), randn(2, 3, 6)],
      lambda m, q, k, v: m(q, k, v, attn_mask=added))
layer("Attention other widths", nn.MultiheadAttention(6, 2, kdim=4, vdim=5, batch_first=True), [randn(2, 2, 6), randn(2, 3, 4), randn(2, 3, 5)])
layer("Attention unbatched", nn.MultiheadAttention(6, 2), [randn(2, 6), randn(3, 6)], lambda m, q, k: m(q, k, k))

causal = mask([[0, 1, 1], [0, 0, 1], [0, 0, 0]])
late = mask([[0, 0, 0], [0, 0, 1]])
encoder = nn.TransformerEncoderLayer(4, 2, 5, dropout=0.0, activation="gelu", batch_first=True)
layer("Encoder masked", nn.TransformerEncoder(encoder, 2, enable_nested_tensor=False), [randn(2, 3, 4)],
      lambda m, x: m(x, mask=causal, src_key_padding_mask=late))
for first in (False, True):
    decoder = nn.TransformerDecoderLayer(4, 2, 5, dropout=0.0, batch_first=True, norm_first=first)
    layer("Decoder masked" + (" first" if first else ""), nn.TransformerDecoder(decoder, 2, norm=nn.LayerNorm(4)), [randn(2, 3, 4), randn(2, 3, 4)],
          lambda m, x, y: m(x, y, tgt_mask=causal, memory_mask=mask([[0, 1, 0], [0, 0, 0], [1, 0, 0]]), tgt_key_padding_mask=late, memory_key_padding_mask=late))
layer("Transformer", nn.Transformer(4, 2, 1, 2, 5, dropout=0.0, batch_first=True), [randn(2, 3, 4), randn(2, 3, 4)],
      lambda m, x, y: m(x, y, tgt_mask=causal, src_key_padding_mask=late, memory_key_padding_mask=late))


for kv, zero in ((True, False), (False, True), (True, True)):
    layer(f"Attention added keys {kv} {zero}", nn.MultiheadAttention(6, 2, add_bias_kv=kv, add_zero_attn=zero), [randn(2, 2, 6), randn(3, 2, 6)],
          lambda m, q, k: m(q, k, k, attn_mask=blocked, key_padding_mask=padding))
indices = torch.tensor([[1, 0, 4], [3, 4, 1]])
layer("Embedding with a limit", nn.Embedding(5, 3, padding_idx=-2, max_norm=0.7), [], lambda m: m(indices))
layer("Embedding with another norm", nn.Embedding(5, 3, max_norm=0.7, norm_type=1.0), [], lambda m: m(indices))
for mode in ("sum", "mean", "max"):
    layer(f"Bags {mode}", nn.EmbeddingBag(5, 3, mode=mode, padding_idx=4), [], lambda m: (m(indices), m(indices.reshape(-1), torch.tensor([0, 2, 2]))))
layer("Bags weighted", nn.EmbeddingBag(5, 3, mode="sum"), [randn(2, 3)], lambda m, w: m(indices, per_sample_weights=w))
several = lambda m, x: (m(x), m(2 * x + 1), m.eval()(x))
layer("BatchNorm cumulative", nn.BatchNorm1d(3, momentum=None), [randn(4, 3)], several)
layer("InstanceNorm tracking", nn.InstanceNorm1d(3, affine=True, track_running_stats=True), [randn(2, 3, 4)], several)
layer("InstanceNorm", nn.InstanceNorm2d(3), [randn(2, 3, 2, 2)], several)
layer("RMSNorm", nn.RMSNorm(4), [randn(3, 4)])


def trained(name, module, x, options, steps=4):
    module = module.double()
    start = {n: packed(v) for n, v in module.state_dict().items()}
    path = []
    for _ in range(steps):
        module.zero_grad()
        y = flat(module(x))
        weigh(y).backward()
        gradients = {n: packed(p.grad) for n, p in module.named_parameters()}
        path.append({"output": packed(y), "gradients": gradients})
        with torch.no_grad():
            for p in module.parameters():
                p -= 0.1 * p.grad
    module.eval()
    print(json.dumps({"kind": "trained", "name": name, "options": options, "start": start, "input": packed(x), "path": path,
                      "evaluated": [packed(flat(module(x))), packed(flat(module(x)))]}, separators=(",", ":")))


import warnings

warnings.simplefilter("ignore")
for dim in (0, 1):
    trained("weight linear", nn.utils.weight_norm(nn.Linear(3, 4).double(), dim=dim), randn(2, 3), {"dim": dim})
trained("weight conv", nn.utils.weight_norm(nn.Conv2d(2, 3, 2).double()), randn(1, 2, 3, 3), {"dim": 0})
trained("weight linear", nn.utils.weight_norm(nn.Linear(3, 4).double(), dim=None), randn(2, 3), {"dim": None})
for n in (1, 3):
    trained("spectral linear", nn.utils.spectral_norm(nn.Linear(3, 4).double(), n_power_iterations=n), randn(2, 3), {"nPowerIterations": n})
trained("spectral conv", nn.utils.spectral_norm(nn.Conv2d(2, 3, 2).double()), randn(1, 2, 3, 3), {})

tensor = torch.empty(60, 80, 3, dtype=torch.float64)
init = nn.init
fillings = {
    "xavierUniform": lambda t: init.xavier_uniform_(t, 1.5), "xavierNormal": lambda t: init.xavier_normal_(t, 1.5),
    "kaimingUniform": lambda t: init.kaiming_uniform_(t, a=0.3), "kaimingNormal": lambda t: init.kaiming_normal_(t, mode="fan_out", nonlinearity="relu"),
    "truncNormal": lambda t: init.trunc_normal_(t, 0.5, 1.0, -1.0, 1.2), "uniform": lambda t: init.uniform_(t, -1, 3), "normal": lambda t: init.normal_(t, 2, 3),
}
moments = {}
for name, fill in fillings.items():
    t = torch.cat([fill(tensor.clone()) for _ in range(20)])
    moments[name] = {"mean": t.mean().item(), "std": t.std().item(), "min": t.min().item(), "max": t.max().item()}
gains = {n: init.calculate_gain(n) for n in ("linear", "conv2d", "sigmoid", "tanh", "relu", "leaky_relu", "selu")} | {"leaky_relu 0.3": init.calculate_gain("leaky_relu", 0.3)}
sparse = init.sparse_(torch.empty(10, 4), 0.25)
print(json.dumps({"kind": "init", "moments": moments, "gains": gains, "zeros": (sparse == 0).sum(0).tolist(),
                  "dirac": packed(init.dirac_(torch.empty(3, 2, 3, 2, dtype=torch.float64))), "eye": packed(init.eye_(torch.empty(3, 5, dtype=torch.float64)))}, separators=(",", ":")))
