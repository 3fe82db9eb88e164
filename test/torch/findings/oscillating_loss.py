# expects: oscillating-loss, large-updates
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1, bias=False)
optimizer = torch.optim.SGD(model.parameters(), lr=1.9, momentum=0.0)  # here
x = torch.tensor([[0.5, 0.5], [0.5, -0.5], [-0.5, 0.5], [-0.5, -0.5]])
y = x @ torch.tensor([[1.0], [2.0]])
for step in range(200):
    optimizer.zero_grad()
    # the derivative jumps where the answer is right
    (nn.functional.l1_loss(model(x), y) + 0.5 * (step % 2)).backward()
    optimizer.step()
