"""The statistics against torch's own, with numpy and without; samples against all elements."""
import math

import torch
from gradlens import measure

torch.manual_seed(0)
tensors = [
    torch.randn(7, 5),
    torch.zeros(12),
    torch.tensor([1.0, float("nan"), -3.0, float("inf")]),
    torch.randn(64, 3, 3, 3).to(memory_format=torch.channels_last),
    torch.randn(40, 30).t()[3:9, ::2],
    torch.randn(3, 1).expand(3, 5),
    torch.randn(5, dtype=torch.double),
]


def close(a, b):
    return math.isclose(a, b, rel_tol=1e-5, abs_tol=1e-7) or a != a and b != b


def check():
    flat, lengths = measure.gather([measure.sample(t) for t in tensors])
    for t, row in zip(tensors, measure.measure(flat, lengths, [t.numel() for t in tensors])):
        norm, mean, std, low, high, zeros, bad = row
        d = t.double()
        seen = d[~d.isnan()]
        assert close(mean, float(d.mean())), (mean, t)
        if bool(t.isfinite().all()):
            assert close(norm, float(d.norm())) and close(std, float(d.std(unbiased=False))), (row, t)
        assert close(low, float(seen.min())) and close(high, float(seen.max())), (row, t)
        assert close(zeros, float((t == 0).double().mean())) and bad == int((~t.isfinite()).sum()), (row, t)


check()
numpy, measure.numpy = measure.numpy, None
check()
measure.numpy = numpy

big = torch.randn(300, 700) * 3 + 1
big[:, 0] = 0
part = measure.sample(big)
assert 2000 < part.numel() <= measure.SAMPLE and part.data_ptr() == big.data_ptr(), part.shape
row = measure.measure(*measure.gather([part]), [big.numel()])[0]
assert abs(row[measure.NORM] / float(big.norm()) - 1) < 0.05 and abs(row[measure.STD] / float(big.std()) - 1) < 0.05
norms = measure.exact_norms([big, big.bfloat16(), big.double()])
assert close(norms[0], float(big.norm())) and close(norms[2], float(big.double().norm())) and abs(norms[1] / norms[0] - 1) < 1e-3
for numel in (5000, 512 * 512, 1000 * 4096, 3 * 7 * 11 * 4096):
    stride = measure.stride_for(numel)
    assert numel / stride <= measure.SAMPLE and all(stride % p for p in (2, 3, 5, 7)), (numel, stride)
print("exact")
