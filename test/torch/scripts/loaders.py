"""Workers that load data, forked and spawned: they import torch too, and have nothing to say."""
import sys

import torch
from common import fingerprint
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def train():
    torch.manual_seed(0)
    net = nn.Linear(4, 1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
    data = TensorDataset(torch.randn(16, 4), torch.randn(16, 1))
    for kind in sys.argv[1:] or ["fork", "spawn"]:
        for x, y in DataLoader(data, batch_size=4, num_workers=1, multiprocessing_context=kind):
            optimizer.zero_grad()
            nn.functional.mse_loss(net(x), y).backward()
            optimizer.step()
    fingerprint(net)


if __name__ == "__main__":
    train()
