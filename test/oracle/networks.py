"""Records the loss and all gradients of whole networks in real PyTorch, for networks.test.ts: python networks.py

Weights and batches aren't recorded: both sides make them from the same formula, in float32. Beside this script come
networks.json (losses, and the names and sizes of parameters in order) and networks.f32.gz (their gradients, one after the other).
"""

import gzip
import json
import math
import pathlib

import torch
import torch.nn.functional as F
from torch import nn

GOLDEN = (math.sqrt(5) - 1) / 2


def spread(shape, low, high, seed):
    n = math.prod(shape)
    values = [low + (high - low) * math.fmod((i + 1 + seed * 17.3) * GOLDEN, 1) for i in range(n)]
    return torch.tensor(values, dtype=torch.float64).to(torch.float32).reshape(shape)


def ints(shape, high, seed):
    return spread(shape, 0, high, seed).floor().long()


class Block(nn.Module):
    def __init__(self, c_in, c_out, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(c_in, c_out, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(c_out)
        self.conv2 = nn.Conv2d(c_out, c_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(c_out)
        self.short = nn.Identity() if c_in == c_out else nn.Sequential(nn.Conv2d(c_in, c_out, 1, stride=stride, bias=False), nn.BatchNorm2d(c_out))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + self.short(x))


class ResNet20(nn.Module):
    def __init__(self):
        super().__init__()
        widths = [16, 16, 16, 16, 32, 32, 32, 64, 64, 64]
        self.stem = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(16)
        self.blocks = nn.Sequential(*[Block(a, b, 1 if a == b else 2) for a, b in zip(widths, widths[1:])])
        self.head = nn.Linear(64, 10)

    def forward(self, x):
        return self.head(self.blocks(F.relu(self.bn(self.stem(x)))).mean((2, 3)))


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(11, 8)
        self.lstm = nn.LSTM(8, 12, num_layers=2, batch_first=True)
        self.head = nn.Linear(12, 4)

    def forward(self, tokens):
        return self.head(self.lstm(self.embed(tokens))[0][:, -1])


class Language(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(13, 16)
        self.block = nn.TransformerEncoderLayer(16, 4, 32, dropout=0.0, activation="gelu", batch_first=True, norm_first=True)
        self.head = nn.Linear(16, 13)

    def forward(self, tokens):
        mask = torch.ones(tokens.shape[1], tokens.shape[1], dtype=torch.bool).triu(1)
        return self.head(self.block(self.embed(tokens), src_mask=mask)).flatten(0, 1)


mlp = nn.Sequential(nn.Linear(6, 16), nn.Tanh(), nn.Linear(16, 16), nn.GELU(), nn.Linear(16, 3))
cnn = nn.Sequential(nn.Conv2d(1, 6, 3, padding=1), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
                    nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(32, 5))
networks = {
    "MLP": (mlp, spread([8, 6], -2, 2, 1), ints([8], 3, 2)),
    "CNN": (cnn, spread([4, 1, 10, 10], -1, 1, 1), ints([4], 5, 2)),
    "ResNet-20": (ResNet20(), spread([4, 3, 16, 16], -1, 1, 1), ints([4], 10, 2)),
    "LSTM": (Classifier(), ints([5, 7], 11, 1), ints([5], 4, 2)),
    "Transformer": (Language(), ints([3, 6], 13, 1), ints([18], 13, 2)),
}


answers = {}
values = []
for name, (network, x, y) in networks.items():
    for i, p in enumerate(network.parameters()):
        fan = p[0].numel() if p.dim() > 1 else 4
        low, high = (0.5, 1.5) if p.dim() == 1 and i % 3 == 0 else (-1, 1)
        p.data = spread(list(p.shape), low / math.sqrt(fan), high / math.sqrt(fan), i)
    loss = F.cross_entropy(network(x), y)
    loss.backward()
    answers[name] = {"loss": loss.item(), "parameters": {n: p.numel() for n, p in network.named_parameters()}}
    values += [p.grad.reshape(-1) for p in network.parameters()]
here = pathlib.Path(__file__).parent
(here / "networks.json").write_text(json.dumps({"torch": torch.__version__, "networks": answers}, indent=2) + "\n")
(here / "networks.f32.gz").write_bytes(gzip.compress(torch.cat(values).numpy().tobytes(), 9, mtime=0))
