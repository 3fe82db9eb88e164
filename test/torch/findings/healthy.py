# expects: nothing
# A plain classifier: normalization, dropout, an evaluation after each epoch, a schedule, clipping.
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(
    nn.Linear(16, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 4)
)
criterion = nn.CrossEntropyLoss(label_smoothing=0.05)
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 120)
x = torch.randn(1024, 16)
y = x[:, :4].argmax(1)
for epoch in range(5):
    model.train()
    for i in range(0, 768, 32):
        optimizer.zero_grad(set_to_none=True)
        loss = criterion(model(x[i : i + 32]), y[i : i + 32])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    model.eval()
    with torch.no_grad():
        criterion(model(x[768:]), y[768:])
