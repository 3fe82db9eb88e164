/** Scripts as people write them, in both languages, each with a loop that trains. */
export interface Shape {
  readonly file: string;
  readonly text: string;
}

export const loop = `const x = randn([64, 2]);
const y = x.select(1, 0).mul(x.select(1, 1)).gt(0).to('float32').reshape([-1, 1]);
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
for (let step = 0; step < 30; step++) {
  optimizer.zeroGrad();
  const loss = F.binaryCrossEntropyWithLogits(model(x), y);
  loss.backward();
  optimizer.step();
}
`;

export const pythonLoop = `
x = torch.randn(64, 2)
y = (x[:, :1] * x[:, 1:] > 0).float()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

for step in range(30):
    optimizer.zero_grad()
    loss = F.binary_cross_entropy_with_logits(model(x), y)
    loss.backward()
    optimizer.step()
`;

export const HEAD = "import { nn, optim, F, noGrad, randn, manualSeed } from 'gradlens';\n\nmanualSeed(0);\n";
export const PYTHON = 'import torch\nimport torch.nn.functional as F\nfrom torch import nn\n\ntorch.manual_seed(0)\n';

export type Shapes = { readonly [name: string]: Shape };
