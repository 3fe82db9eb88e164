"""The workloads of workloads.ts in PyTorch: `python workloads.py NAME SECONDS` prints steps per second and memory."""

import json
import os
import resource
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

VOCABULARY = 65


def training(model, loss):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)

    def step():
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()

    return step


def perceptron(sizes):
    layers = []
    for i in range(len(sizes) - 1):
        layers.append(nn.Linear(sizes[i], sizes[i + 1]))
        if i < len(sizes) - 2:
            layers.append(nn.ReLU())
    return nn.Sequential(*layers)


class Block(nn.Module):
    def __init__(self, width_in, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(width_in, width, 3, stride=stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(width)
        self.shortcut = (
            nn.Identity()
            if width_in == width
            else nn.Sequential(nn.Conv2d(width_in, width, 1, stride=stride, bias=False), nn.BatchNorm2d(width))
        )

    def forward(self, x):
        y = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        return F.relu(y + self.shortcut(x))


def resnet20():
    layers = [nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
    for stage, width in enumerate((16, 32, 64)):
        for i in range(3):
            first = i == 0 and stage > 0
            layers.append(Block(width // 2 if first else width, width, 2 if first else 1))
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(VOCABULARY, 64)
        self.places = nn.Embedding(64, 64)
        layer = nn.TransformerEncoderLayer(
            64, 4, 256, dropout=0.0, batch_first=True, activation="gelu", norm_first=True
        )
        self.blocks = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(64, VOCABULARY)
        self.future = torch.ones(64, 64).triu(1).bool()

    def forward(self, x):
        hidden = self.tokens(x) + self.places(torch.arange(64))
        return self.head(self.blocks(hidden, mask=self.future))


class CharacterModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(VOCABULARY, 32)
        self.lstm = nn.LSTM(32, 128, batch_first=True)
        self.head = nn.Linear(128, VOCABULARY)

    def forward(self, x):
        return self.head(self.lstm(self.tokens(x))[0])


def texts(batch, length):
    return torch.randint(VOCABULARY, (batch, length)), torch.randint(VOCABULARY, (batch * length,))


def tiny():
    model = perceptron([2, 32, 32, 1])
    x, y = torch.randn(64, 2), (torch.rand(64, 1) > 0.5).float()
    return training(model, lambda: F.binary_cross_entropy_with_logits(model(x), y))


def mlp():
    model = perceptron([784, 256, 128, 10])
    x, y = torch.randn(64, 784), torch.randint(10, (64,))
    return training(model, lambda: F.cross_entropy(model(x), y))


def lenet():
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), *perceptron([400, 120, 84, 10]),
    )  # fmt: skip
    x, y = torch.randn(32, 1, 28, 28), torch.randint(10, (32,))
    return training(model, lambda: F.cross_entropy(model(x), y))


def transformer():
    model = Transformer()
    x, y = texts(16, 64)
    return training(model, lambda: F.cross_entropy(model(x).flatten(0, 1), y))


def resnet():
    model = resnet20()
    x, y = torch.randn(16, 3, 32, 32), torch.randint(10, (16,))
    return training(model, lambda: F.cross_entropy(model(x), y))


def lstm():
    model = CharacterModel()
    x, y = texts(16, 32)
    return training(model, lambda: F.cross_entropy(model(x).flatten(0, 1), y))


workloads = {"tiny": tiny, "mlp": mlp, "lenet": lenet, "transformer": transformer, "resnet20": resnet, "lstm": lstm}

name, seconds = sys.argv[1], float(sys.argv[2])
torch.manual_seed(0)
torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
step = workloads[name]()
began = time.perf_counter()
while time.perf_counter() - began < seconds / 3:
    step()
count, began = 0, time.perf_counter()
while (elapsed := time.perf_counter() - began) < seconds:
    step()
    count += 1
print(json.dumps({"rate": count / elapsed, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "version": torch.__version__}))
