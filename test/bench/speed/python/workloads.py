"""The workloads of workloads.ts in PyTorch."""

import json
import re

import torch
import torch.nn.functional as F
from torch import nn

VOCABULARY = 65


def training(workload, setting=()):
    """One whole step, as a function that gives the loss. `setting`: ways to be fast, "fused" and "channels_last"."""
    model, x, y, loss = workload
    if "channels_last" in setting:
        model, x = model.to(memory_format=torch.channels_last), x.contiguous(memory_format=torch.channels_last)
    options = {"fused": True} if "fused" in setting else {}
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, **options)

    def step():
        optimizer.zero_grad(set_to_none=True)
        value = loss(model(x), y)
        value.backward()
        optimizer.step()
        return value

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


def next_characters(output, y):
    return F.cross_entropy(output.flatten(0, 1), y)


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), *perceptron([400, 120, 84, 10]),
    )  # fmt: skip


# model and loss; what they are fed lies in the file that our engine writes
WORKLOADS = {
    "tiny": (lambda: perceptron([2, 32, 32, 1]), F.binary_cross_entropy_with_logits),
    "mlp": (lambda: perceptron([784, 256, 128, 10]), F.cross_entropy),
    "lenet": (lenet, F.cross_entropy),
    "transformer": (Transformer, next_characters),
    "resnet20": (resnet20, F.cross_entropy),
    "lstm": (CharacterModel, next_characters),
}


def read(path):
    """Tensors by name from a safetensors file of float32 and int32."""
    with open(path, "rb") as file:
        content = bytearray(file.read())
    start = 8 + int.from_bytes(content[:8], "little")
    tensors = {}
    for name, entry in json.loads(content[8:start]).items():
        begin, end = entry["data_offsets"]
        kind = {"F32": torch.float32, "I32": torch.int32}[entry["dtype"]]
        values = torch.frombuffer(content[start + begin : start + end], dtype=kind).reshape(entry["shape"])
        tensors[name] = values.long() if kind == torch.int32 else values
    return tensors


def snake(name):
    """PyTorch's name of ours: lstm.weightIhL0 is lstm.weight_ih_l0."""
    return re.sub("[A-Z]", lambda letter: "_" + letter[0].lower(), name)


def workload(name, start=None):
    """(model, x, y, loss), beginning as the file `start` says; without one, a perceptron:BATCH:WIDTH:DEPTH of its own weights."""
    if start is None:
        batch, width, depth = map(int, name.split(":")[1:])
        return perceptron([width] * (depth + 1)), torch.randn(batch, width), torch.randint(width, (batch,)), F.cross_entropy
    build, loss = WORKLOADS[name]
    model, given = build(), read(start)
    x, y = given.pop("x"), given.pop("y")
    named = dict(model.named_parameters())
    assert len(named) == len(given), "the models differ"
    with torch.no_grad():
        for ours, values in given.items():
            named[snake(ours)].copy_(values)
    return model, x, y, loss
