"""torch.compile with a backend that needs no compiler: the graph must not break for being watched."""
import torch
from common import fingerprint
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
graphs = []


def backend(graph, inputs):
    graphs.append(graph)
    return graph.forward


run = torch.compile(net, backend=backend) if hasattr(torch, "compile") else net
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
x, y = torch.randn(16, 8), torch.randn(16, 1)
for step in range(8):
    optimizer.zero_grad()
    nn.functional.mse_loss(run(x), y).backward()
    optimizer.step()
print("graphs", len(graphs))
fingerprint(net)
