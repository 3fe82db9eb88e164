import type { FindingId } from '../../engine/diagnose/finding.ts';

/** A Python script with one fault, and the remedies that cure it. */
export interface Fault {
  readonly finding: FindingId;
  readonly remedies: readonly string[];
  readonly text: string;
}

const HEAD = `import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
x = torch.randn(128, 8)
y = x[:, :1] * 2 - x[:, 1:2]
labels = x[:, :4].argmax(1)
`;

const loop = (
  loss: string,
  { lr = '0.05', steps = 80, zero = '    optimizer.zero_grad()\n', momentum = '0.0' } = {},
) => `
optimizer = torch.optim.SGD(model.parameters(), lr=${lr}, momentum=${momentum})
for step in range(${steps}):
${zero}    loss = ${loss}
    loss.backward()
    optimizer.step()
`;

const MLP = 'model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 1))\n';
const CLASSIFIER = 'model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 4))\n';
const REGRESSION = 'F.mse_loss(model(x), y)';

export const faults: { readonly [name: string]: Fault } = {
  'a column of answers less a row of targets': {
    finding: 'wrong-loss-scale',
    remedies: ['shape'],
    text: `${HEAD}${MLP}${loop('((model(x) - y.squeeze(1)) ** 2).mean()')}`,
  },
  'errors with their signs': {
    finding: 'wrong-loss-scale',
    remedies: ['square'],
    text: `${HEAD}${MLP}${loop('(model(x) - y).mean()')}`,
  },
  'a logistic loss by hand without its minus': {
    finding: 'wrong-loss-scale',
    remedies: ['sign'],
    text: `${HEAD}${MLP}
def log_loss(p, t):
    q = p.clamp(1e-6, 1 - 1e-6)
    return (t * q.log() + (1 - t) * (1 - q).log()).mean()

${loop('log_loss(model(x).sigmoid(), (y > 0).float())')}`,
  },
  'twelve sigmoid layers': {
    finding: 'vanishing-gradient',
    remedies: ['normalization'],
    text: `${HEAD}
class Deep(nn.Module):
    def __init__(self, depth=12):
        super().__init__()
        self.input = nn.Linear(8, 16)
        self.hidden = nn.ModuleList([nn.Linear(16, 16) for _ in range(depth)])
        self.output = nn.Linear(16, 1)

    def forward(self, x):
        h = torch.sigmoid(self.input(x))
        for layer in self.hidden:
            h = torch.sigmoid(layer(h))
        return self.output(h)


model = Deep()
${loop(REGRESSION)}`,
  },
  'gradients that nobody zeroes': {
    finding: 'missing-zero-grad',
    remedies: ['zero-grad'],
    text: `${HEAD}${MLP}${loop(REGRESSION, { zero: '' })}`,
  },
  'an update that is nowhere': {
    finding: 'not-optimized',
    remedies: ['update'],
    text: `${HEAD}${MLP}${loop(REGRESSION).replace('    optimizer.step()\n', '')}`,
  },
  'gradients that are zeroed too late': {
    finding: 'not-optimized',
    remedies: ['zero-grad'],
    text: `${HEAD}${MLP}${loop(REGRESSION, { zero: '' }).replace('    optimizer.step()', '    optimizer.zero_grad(set_to_none=False)\n    optimizer.step()')}`,
  },
  'probabilities where logits are expected': {
    finding: 'double-softmax',
    remedies: ['drop-softmax'],
    text: `${HEAD}${CLASSIFIER.replace('nn.Linear(32, 4))', 'nn.Linear(32, 4), nn.Softmax(dim=1))')}${loop('F.cross_entropy(model(x), labels)')}`,
  },
  'a loss of the wrong sign': {
    finding: 'wrong-loss-scale',
    remedies: ['sign'],
    text: `${HEAD}${CLASSIFIER}${loop('F.cross_entropy(model(x), labels)').replace('loss.backward', '(-loss).backward')}`,
  },
  'an optimizer that is told to maximize': {
    finding: 'wrong-loss-scale',
    remedies: ['sign'],
    text: `${HEAD}${CLASSIFIER}${loop('F.cross_entropy(model(x), labels)').replace('momentum=0.0', 'maximize=True')}`,
  },
  'a likelihood without its minus': {
    finding: 'wrong-loss-scale',
    remedies: ['sign'],
    text: `${HEAD}${CLASSIFIER}${loop('F.log_softmax(model(x), dim=1).gather(1, labels[:, None]).mean()', { steps: 150, lr: '0.5' })}`,
  },
  'scores where logarithms are expected': {
    finding: 'wrong-loss-scale',
    remedies: ['log-softmax'],
    text: `${HEAD}${CLASSIFIER}${loop('F.nll_loss(model(x), labels)')}`,
  },
  'probabilities where logarithms are expected': {
    finding: 'wrong-loss-scale',
    remedies: ['log-softmax'],
    text: `${HEAD}${CLASSIFIER}${loop('F.nll_loss(torch.softmax(model(x), 1), labels)', { steps: 20, lr: '0.5' })}`,
  },
  'probabilities over samples': {
    finding: 'wrong-loss-scale',
    remedies: ['softmax-axis'],
    text: `${HEAD}${CLASSIFIER}${loop('F.nll_loss(torch.log_softmax(model(x), dim=0), labels)', { steps: 20, lr: '0.5' })}`,
  },
  'a layer that drops nearly everything': {
    finding: 'loss-plateau',
    remedies: ['dropout'],
    text: `${HEAD}${MLP.replace('nn.ReLU(), ', 'nn.ReLU(), nn.Dropout(0.97), ')}${loop(REGRESSION, { steps: 150 })}`,
  },
  'answers that a sigmoid bounds': {
    finding: 'loss-plateau',
    remedies: ['unbounded'],
    text: `${HEAD}y = y + 4\n${MLP.replace('(32, 1))', '(32, 1), nn.Sigmoid())')}${loop(REGRESSION, { steps: 150 })}`,
  },
  'weights that are frozen': {
    finding: 'frozen-parameter',
    remedies: ['unfreeze'],
    text: `${HEAD}${MLP}nn.init.normal_(model[0].weight, std=0.005)\nmodel[0].requires_grad_(False)\n${loop(REGRESSION, { steps: 200 })}`,
  },
  'columns that are divided by their own deviation, one of which is the same everywhere': {
    finding: 'non-finite',
    remedies: ['divisor'],
    text: `${HEAD}x[:, 7] = 3\nx = (x - x.mean(0)) / x.std(0)\n${MLP}${loop(REGRESSION)}`,
  },
  'the logarithm of a share that is rounded to 0': {
    finding: 'non-finite',
    remedies: ['stable-logarithm'],
    text: `${HEAD}${CLASSIFIER}${loop('-torch.softmax(model(x) * 200, 1)[range(128), labels].log().mean()', { lr: '1e-5' })}`,
  },
  'a rate of gradient descent far too low': {
    finding: 'learning-rate-low',
    remedies: ['adaptive-optimizer'],
    text: `${HEAD}${MLP}${loop(REGRESSION, { lr: '1e-6', momentum: '0.9', steps: 200 })}`,
  },
  'a part of what the model is made of, handed over alone': {
    finding: 'not-optimized',
    remedies: ['register'],
    text: `${HEAD}encoder = nn.Sequential(nn.Linear(8, 32), nn.ReLU())\nhead = nn.Linear(32, 1)\nmodel = nn.Sequential(encoder, head)\n${loop(REGRESSION).replace('model.parameters()', 'encoder.parameters()')}`,
  },
  'a rate far too high': {
    finding: 'learning-rate-high',
    remedies: ['learning-rate'],
    text: `${HEAD}${MLP.replace('ReLU', 'Tanh')}${loop(REGRESSION, { lr: '1.5' })}`,
  },
};
