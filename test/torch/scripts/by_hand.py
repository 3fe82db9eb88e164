"""No module and no optimizer: weights in a list, updates by hand, gradients zeroed in place; a penalty on a gradient."""
import torch
from common import fingerprint

torch.manual_seed(0)
w1 = torch.randn(3, 8, requires_grad=True)
b1 = torch.zeros(8, requires_grad=True)
w2 = torch.randn(8, 1).mul(0.5).requires_grad_()
weights = [w1, b1, w2]
x = torch.randn(16, 3)
y = x.prod(1, keepdim=True)
for step in range(15):
    h = torch.tanh(x @ w1 + b1)
    loss = (h @ w2 - y).square().mean()
    penalty = torch.autograd.grad(loss, b1, create_graph=True)[0].square().sum()
    (loss + 0.01 * penalty).backward()
    with torch.no_grad():
        for p in weights:
            p -= 0.05 * p.grad
            p.grad.zero_()
fingerprint(w1=w1, b1=b1, w2=w2)
