"""Gradient accumulation over four micro-batches, clipping by norm, a frozen layer, shared (tied) weights."""
import torch
from common import fingerprint
from torch import nn

torch.manual_seed(0)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(20, 16)
        self.frozen = nn.Linear(16, 16)
        self.norm = nn.LayerNorm(16)
        self.head = nn.Linear(16, 20, bias=False)
        self.head.weight = self.embed.weight
        for parameter in self.frozen.parameters():
            parameter.requires_grad = False

    def forward(self, x):
        return self.head(self.norm(torch.tanh(self.frozen(self.embed(x)))))


net = Net()
optimizer = torch.optim.AdamW([p for p in net.parameters() if p.requires_grad], lr=1e-2)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 5)
x = torch.randint(0, 20, (8, 8))
for step in range(12):
    optimizer.zero_grad()
    for part in x.chunk(4):
        loss = nn.functional.cross_entropy(net(part).flatten(0, 1), part.flatten()) / 4
        loss.backward()
    total = torch.nn.utils.clip_grad_norm_(net.parameters(), 0.1)
    optimizer.step()
    scheduler.step()
    with torch.no_grad():
        net(x)
print("norm", float(total))
fingerprint(net)
