"""Sparse gradients of an embedding, beside dense ones; and a step whose optimizer has nothing to do for one of them."""
import torch
from common import fingerprint
from torch import nn

torch.manual_seed(0)
embed = nn.Embedding(50, 4, sparse=True)
head = nn.Linear(4, 2)
sparse = torch.optim.SparseAdam(list(embed.parameters()), lr=1e-2)
dense = torch.optim.SGD(head.parameters(), lr=1e-2)
for step in range(10):
    words = torch.tensor([1, 2, 2, 7])
    sparse.zero_grad()
    dense.zero_grad()
    nn.functional.cross_entropy(head(embed(words)), torch.tensor([0, 1, 0, 1])).backward()
    sparse.step()
    dense.step()
print("gradient", float(embed.weight.grad.coalesce().values().norm()))
fingerprint(embed, head)
