"""An EMA copy, layers made by deep copies, several roots called apart, dict outputs, jit script and trace, a custom Function,
modules with an equality of their own."""
import copy
import gc
import pickle

import torch
from common import fingerprint
from torch import nn

torch.manual_seed(0)


class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return 2 * x

    @staticmethod
    def backward(ctx, gradient):
        gc.collect()  # as it may come by at any moment
        return 2 * gradient


class Metric(nn.Module):
    """Hashes as torchmetrics' do: not before it is complete, and other than by identity; is equal to everything."""

    def __init__(self):
        super().__init__()
        self.names = ["total"]

    def __hash__(self):
        return hash(tuple(self.names))

    def __eq__(self, other):
        return self.names is not None

    def forward(self, x):
        return x.detach().mean()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.metric, self.other = Metric(), Metric()
        self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True, dropout=0.1), 2)
        self.scripted = torch.jit.script(nn.Sequential(nn.Linear(8, 8), nn.ReLU()))
        self.rnn = nn.LSTM(8, 8, batch_first=True)
        self.head = nn.Linear(8, 2)

    def forward(self, x):
        h, _ = self.rnn(self.scripted(self.encoder(x)))
        self.metric(h), self.other(h)
        return {"logits": Double.apply(self.head(h[:, -1])), "hidden": h}


net = Net()
ema = copy.deepcopy(net)
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
x, y = torch.randn(4, 5, 8), torch.tensor([0, 1, 1, 0])
for step in range(6):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(net(x)["logits"], y)
    loss.backward(retain_graph=step % 2 == 0)
    optimizer.step()
    with torch.no_grad():
        for mean, value in zip(ema.parameters(), net.parameters()):
            mean.lerp_(value, 0.1)
    if step == 2:
        traced = torch.jit.trace(net.head, torch.randn(4, 8))
        pickle.dumps(net.rnn), pickle.dumps(optimizer.state_dict()), copy.deepcopy(net.rnn)
assert "torch/gradlens/" not in str(traced.graph) and traced.graph.str().count("aten::") == 1, traced.graph
fingerprint(net, ema)
