"""Hidden state carried over, gradients clipped, weights moved by hand, the learning rate annealed; progress in one line."""
import argparse
import math
import os
import sys
import tempfile

import torch
import torch.nn as nn

sys.path.append(os.path.join(os.path.dirname(__file__), os.pardir))
from digits import checksum  # noqa: E402

from .data import Corpus  # noqa: E402
from .model import RNNModel  # noqa: E402

parser = argparse.ArgumentParser(description="words")
parser.add_argument("--emsize", type=int, default=24)
parser.add_argument("--nhid", type=int, default=24)
parser.add_argument("--nlayers", type=int, default=2)
parser.add_argument("--lr", type=float, default=20)
parser.add_argument("--clip", type=float, default=0.25)
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--bptt", type=int, default=16)
parser.add_argument("--tied", action="store_true")
args = parser.parse_args()
os.chdir(tempfile.gettempdir())  # where the checkpoints go; the package is elsewhere
torch.manual_seed(1111)


def batchify(data, bsz):
    nbatch = data.size(0) // bsz
    return data.narrow(0, 0, nbatch * bsz).view(bsz, -1).t().contiguous()


corpus = Corpus()
train_data, val_data = batchify(corpus.train, 8), batchify(corpus.valid, 4)
ntokens = len(corpus.dictionary.idx2word)
model = RNNModel(ntokens, args.emsize, args.nhid, args.nlayers, tie_weights=args.tied)
criterion = nn.NLLLoss()


def repackage_hidden(h):
    """Wraps hidden states in new tensors, to detach them from their history."""
    return h.detach() if isinstance(h, torch.Tensor) else tuple(repackage_hidden(v) for v in h)


def get_batch(source, i):
    seq_len = min(args.bptt, len(source) - 1 - i)
    return source[i : i + seq_len], source[i + 1 : i + 1 + seq_len].view(-1)


def evaluate(source):
    model.eval()
    total, hidden = 0.0, model.init_hidden(4)
    with torch.no_grad():
        for i in range(0, source.size(0) - 1, args.bptt):
            data, targets = get_batch(source, i)
            output, hidden = model(data, hidden)
            total += len(data) * criterion(output, targets).item()
    return total / (len(source) - 1)


def train(lr):
    model.train()
    hidden = model.init_hidden(8)
    for batch, i in enumerate(range(0, train_data.size(0) - 1, args.bptt)):
        data, targets = get_batch(train_data, i)
        model.zero_grad()
        hidden = repackage_hidden(hidden)
        output, hidden = model(data, hidden)
        loss = criterion(output, targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), args.clip)
        for p in model.parameters():
            p.data.add_(p.grad, alpha=-lr)
        sys.stdout.write("\r%3d%% | loss %.6f " % (100 * i // len(train_data), loss.item()))
        sys.stdout.flush()
    print()


lr, best_val_loss = args.lr, None
try:
    for _epoch in range(args.epochs):
        train(lr)
        val_loss = evaluate(val_data)
        print("valid %.4f | ppl %.2f" % (val_loss, math.exp(val_loss)))
        if not best_val_loss or val_loss < best_val_loss:
            handle, name = tempfile.mkstemp(".pt")
            with os.fdopen(handle, "wb") as f:
                torch.save(model.state_dict(), f)
            best_val_loss = val_loss
            os.remove(name)
        else:
            lr /= 4.0
except KeyboardInterrupt:
    print("Exiting from training early")
print("weights", checksum(model.state_dict()))
