# expects: overfitting, memorizes
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(20, 128), nn.ReLU(), nn.Linear(128, 2))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
x, y = torch.randn(200, 20), torch.randint(0, 2, (200,))
y = torch.where(torch.rand(200) < 0.7, (x[:, 0] > 0).long(), y)  # partly noise
for epoch in range(40):
    model.train()
    for i in range(0, 100, 20):
        optimizer.zero_grad()
        criterion(model(x[i : i + 20]), y[i : i + 20]).backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        for i in range(100, 200, 25):
            criterion(model(x[i : i + 25]), y[i : i + 25])  # here
