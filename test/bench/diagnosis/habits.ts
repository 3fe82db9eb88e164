import {
  activation,
  afterBackward,
  afterModel,
  afterUpdate,
  all,
  beforeLoop,
  beforeZeroing,
  type Change,
  deep,
  either,
  everyParameter,
  importing,
  lossOf,
  optimizer,
  plainInitialization,
  rate,
  swap,
} from './change.ts';

/** Odd but healthy. Where one of them hurts all the same, it counts as a fault, and these causes as right. */
export interface Habit {
  readonly to: string;
  readonly change: Change;
  readonly causes?: readonly string[];
}

const EVERY =
  'moons iris regression digits-mlp digits-cnn plain-cnn resnet deep-mlp rnn lstm transformer words autoencoder gan detector';
const unchanged: Change = (text) => text;

const accumulate = (times: number): Change =>
  all(
    swap(
      /( *)const \[x, y\] = .*\n *optimizer\.zeroGrad\(\);\n *const loss = (.*);\n *loss\.backward\(\);\n/,
      '$1optimizer.zeroGrad();\n$1for (let part = 0; part < TIMES; part++) {\n BATCH$1  const loss = $2.div(TIMES);\n$1  loss.backward();\n$1}\n',
    ),
    swap(/TIMES/g, String(times)),
  );
/** A batch is split into parts, whose gradients add up. */
const accumulated: Change = (text) => {
  const batch = /^ *const \[x, y\] = .*\n/m.exec(text.slice(text.indexOf('for (let step')))?.[0];
  return batch ? (accumulate(3)(text)?.replace(' BATCH', `  ${batch}`) ?? null) : null;
};
const schedule = (made: string): Change =>
  all(beforeLoop(`const schedule = new optim.${made};`), afterUpdate('schedule.step();'));
const lastWeight = (body: string): Change => afterModel(`noGrad(() => model.parameters().at(-2).${body});`);

export const HABITS: { readonly [name: string]: Habit } = {
  'as it is': { to: EVERY, change: unchanged },
  'accumulated over three batches': { to: 'regression digits-mlp transformer', change: accumulated },
  'accumulated over four steps': {
    to: 'digits-mlp',
    change: all(
      swap(/ *optimizer\.zeroGrad\(\);\n/, ''),
      lossOf('·.div(4)'),
      swap(
        / {2}optimizer\.step\(\);/,
        '  if (step % 4 === 3) {\n    optimizer.step();\n    optimizer.zeroGrad();\n  }',
      ),
    ),
  },
  'a summed loss': {
    to: 'iris digits-mlp autoencoder',
    change: swap(/(const loss = F\.\w+\(model\(x\), y)\)/, "$1, { reduction: 'sum' })"),
  },
  'a summed loss and a small rate': {
    to: 'moons regression',
    change: all(swap(/(const loss = F\.\w+\(model\(x\), y)\)/, "$1, { reduction: 'sum' })"), rate(0.005)),
  },
  'a frozen first layer': {
    to: 'digits-mlp words plain-cnn',
    change: everyParameter('if (/^(?:0|embedding|conv1|token)\\./.test(name)) p.requiresGrad_(false);'),
  },
  'a frozen body': {
    to: 'digits-mlp regression',
    change: everyParameter('if (!/^(?:2|4)\\./.test(name)) p.requiresGrad_(false);'),
  },
  'weight decay': { to: 'moons regression resnet', change: swap(/momentum: 0\.9/, 'momentum: 0.9, weightDecay: 1e-3') },
  'clipped gradients': {
    to: 'lstm transformer rnn',
    change: afterBackward('nn.utils.clipGradNorm_(model.parameters(), 1);'),
  },
  'tightly clipped gradients under Adam': {
    to: 'digits-mlp autoencoder',
    change: afterBackward('nn.utils.clipGradNorm_(model.parameters(), 1e-3);'),
  },
  'a warm-up': {
    to: 'transformer lstm digits-cnn',
    change: schedule('LinearLR(optimizer, { startFactor: 0.01, totalIters: 50 })'),
  },
  'warm restarts': {
    to: 'moons digits-cnn',
    change: schedule('CosineAnnealingWarmRestarts(optimizer, { t0: 50 })'),
  },
  'one cycle': {
    to: 'digits-mlp',
    change: schedule('OneCycleLR(optimizer, { maxLr: optimizer.paramGroups[0].lr * 2, totalSteps: 260 })'),
  },
  'a drop of the rate': {
    to: 'regression lstm',
    change: schedule('StepLR(optimizer, { stepSize: 120, gamma: 0.1 })'),
  },
  'a tiny last layer': { to: 'iris digits-mlp plain-cnn detector', change: lastWeight('mul_(0.001)') },
  'a last layer of zeros': { to: 'moons resnet regression', change: lastWeight('fill_(0)') },
  'an evaluation now and then': {
    to: 'digits-cnn digits-mlp',
    change: afterUpdate(
      'if (step % 20 === 19) {',
      '  model.eval();',
      '  noGrad(() => F.crossEntropy(model(heldX), heldY));',
      '  model.train();',
      '}',
    ),
  },
  'a rate three times lower': {
    to: 'digits-mlp autoencoder detector',
    change: rate(0.33),
    causes: ['learning-rate-low'],
  },
  'a rate ten times lower': { to: 'moons words', change: rate(0.1), causes: ['learning-rate-low'] },
  'a rate three times higher': {
    to: 'moons regression iris digits-cnn',
    change: rate(3),
    causes: ['learning-rate-high', 'oscillating-loss'],
  },
  'huge batches': {
    to: 'digits-mlp regression digits-cnn',
    change: swap(/start \+ (?:64|32)/g, 'start + 320'),
  },
  'small batches': {
    to: 'digits-mlp lstm plain-cnn',
    change: all(swap(/start \+ (?:64|32)/g, 'start + 8'), rate(0.5)),
  },
  dropout: {
    to: 'digits-mlp regression',
    change: swap(/(new nn\.ReLU\(\),\n)/g, '$1  new nn.Dropout(0.2),\n'),
  },
  'shallow sigmoids': {
    to: 'digits-mlp moons autoencoder',
    change: all(activation('sigmoid', 'Sigmoid'), either(swap(/SGD\((.*)lr: 0\.1/, 'SGD($1lr: 1'), rate(3))),
  },
  tanh: { to: 'moons digits-cnn', change: activation('tanh', 'Tanh') },
  GELU: { to: 'moons', change: activation('gelu', 'GELU') },
  ELU: { to: 'moons digits-cnn', change: activation('elu', 'ELU') },
  'leaky ReLU': { to: 'digits-cnn', change: activation('relu', 'LeakyReLU') },
  'layer normalization': {
    to: 'digits-mlp moons',
    change: swap(/(new nn\.Linear\(\d+, (\d+)\),\n)(?= *new nn\.ReLU)/g, '$1  new nn.LayerNorm($2),\n'),
  },
  RMSprop: { to: 'lstm', change: optimizer('RMSprop({ lr: 0.002 })') },
  'plain gradient descent': {
    to: 'digits-mlp iris',
    change: either(
      all(swap(/mseLoss/, 'mseLoss'), optimizer('SGD({ lr: 1, momentum: 0.9 })')),
      optimizer('SGD({ lr: 0.2, momentum: 0.9 })'),
    ),
  },
  Adagrad: { to: 'moons', change: optimizer('Adagrad({ lr: 0.1 })') },
  'label smoothing': {
    to: 'digits-cnn resnet',
    change: swap(/(F\.crossEntropy\(model\(x\), y)\)/, '$1, { labelSmoothing: 0.1 })'),
  },
  'some wrong labels': {
    to: 'digits-mlp',
    change: all(
      beforeLoop(
        'const odd = rand([1797]).lt(0.1);',
        "labels.copy_(odd.to('int32').mul(randint(0, 10, [1797])).add(odd.logicalNot().to('int32').mul(labels)));",
      ),
      importing('rand'),
      importing('randint'),
    ),
  },
  'a loss a thousand times as large, under Adam': { to: 'iris autoencoder', change: lossOf('·.mul(1000)') },
  'a loss a thousandth as large, under Adam': { to: 'iris words', change: lossOf('·.mul(1e-3)') },
  'raw pixels': { to: 'digits-mlp digits-cnn', change: swap(/\.div\(16\)/, ''), causes: ['unscaled-input'] },
  'targets of another size': {
    to: 'regression',
    change: all(swap(/return (z\.sin.*);/, 'return $1.mul(5).add(3);'), optimizer('Adam({ lr: 0.005 })')),
  },
  'noise that can’t be learned': {
    to: 'regression',
    change: either(
      swap(/targets = truth\(inputs\)/, 'targets = truth(inputs).add(randn([512, 1]).mul(0.5))'),
      swap(/y = truth\(x\)/, 'y = truth(x).add(randn([48, 1]).mul(0.5))'),
    ),
  },
  'mean squared error of classes': {
    to: 'digits-mlp',
    change: swap(
      /F\.crossEntropy\(model\(x\), y\)/,
      "F.mseLoss(model(x), F.oneHot(y, model(x).shape[1]).to('float32'))",
    ),
  },
  'an absolute loss': { to: 'regression', change: swap(/F\.mseLoss/, 'F.l1Loss') },
  'two optimizers for one model': {
    to: 'words',
    change: all(
      swap(
        /const optimizer = new optim\.Adam\(model\.parameters\(\), (\{.*\})\);/,
        'const optimizer = new optim.Adam(model.parameters().slice(2), $1);\nconst first = new optim.Adam(model.parameters().slice(0, 2), $1);',
      ),
      swap(/optimizer\.step\(\);/, 'optimizer.step();\n  first.step();\n  first.zeroGrad();'),
    ),
  },
  'a group with a rate of its own': {
    to: 'digits-mlp',
    change: swap(
      /new optim\.Adam\(model\.parameters\(\), (\{.*\})\)/,
      'new optim.Adam([{ params: model.parameters().slice(0, 2), lr: 1e-4 }, { params: model.parameters().slice(2) }], $1)',
    ),
  },
  'the model’s own zeroGrad': { to: 'moons', change: swap(/optimizer\.zeroGrad/, 'model.zeroGrad') },
  'zeroed after the update': {
    to: 'iris transformer',
    change: all(swap(/ *optimizer\.zeroGrad\(\);\n/, ''), afterUpdate('optimizer.zeroGrad();')),
  },
  'a table of sparse rows': {
    to: 'words',
    change: all(
      swap(/new nn\.Embedding\(alphabet\.length, 12\)/, 'new nn.Embedding(3000, 12)'),
      swap(/this\.embedding\(tokens\)/, 'this.embedding(tokens.mul(71).remainder(3000))'),
    ),
  },
  'a head that isn’t trained yet': {
    to: 'detector',
    change: swap(
      /\.add\(F\.crossEntropy\(out\.logits, kind\)\)/,
      '.add(F.crossEntropy(out.logits, kind).mul(step < 80 ? 0 : 1))',
    ),
  },
  'a penalty on the weights': {
    to: 'digits-mlp',
    change: lossOf('·.add(model.parameters().map((p) => p.square().sum()).reduce((a, b) => a.add(b)).mul(1e-4))'),
  },
  'a branch detached on purpose': {
    to: 'autoencoder',
    change: either(
      swap(
        /const loss = F\.mseLoss\(model\(x\), y\);/,
        'const made = model(x);\n  const loss = F.mseLoss(made, y).add(made.detach().square().mean().mul(0.01));',
      ),
      swap(
        /const loss = F\.crossEntropy\(model\(x\), y\);/,
        'const logits = model(x);\n  const loss = F.crossEntropy(logits, y.add(0)).add(logits.detach().mean().mul(0.01));',
      ),
    ),
  },
  'trained until nothing is left': { to: 'iris', change: all(swap(/step < 220/, 'step < 600'), rate(2)) },
  'a slow start': {
    to: 'digits-cnn',
    change: beforeZeroing('optimizer.paramGroups[0].lr = step < 30 ? 1e-6 : 0.003;'),
  },
  'deeper, He’s initialization': { to: 'deep-mlp', change: deep(16) },
  'deep tanh, Glorot’s initialization': {
    to: 'deep-mlp',
    change: deep(
      8,
      plainInitialization,
      swap(/\.relu\(\)/g, '.tanh()'),
      everyParameter("if (name.endsWith('weight')) nn.init.xavierNormal_(p, { gain: 1.4 });"),
    ),
  },
  'deep and orthogonal': {
    to: 'deep-mlp',
    change: deep(
      12,
      plainInitialization,
      swap(/\.relu\(\)/g, '.tanh()'),
      everyParameter("if (name.endsWith('weight')) nn.init.orthogonal_(p);"),
    ),
  },
  'deep and residual': {
    to: 'deep-mlp',
    change: deep(16, swap(/h = layer\(h\)\.relu\(\)/, 'h = h.add(layer(h).relu().mul(0.3))')),
  },
  'deep with normalization': {
    to: 'deep-mlp',
    change: deep(
      10,
      plainInitialization,
      swap(/new nn\.Linear\(24, 24\)\)/, 'new nn.Sequential(new nn.Linear(24, 24), new nn.LayerNorm(24)))'),
    ),
  },
  'five dense layers, as they come': { to: 'deep-mlp', change: deep(3, plainInitialization) },
  'two steps of the discriminator': {
    to: 'gan',
    change: swap(
      /( {2}optimizerD\.zeroGrad\(\);[\s\S]*?optimizerD\.step\(\);\n)/,
      '  for (let again = 0; again < 2; again++) {\n$1  }\n',
    ),
  },
  'a least-squares GAN': { to: 'gan', change: swap(/F\.binaryCrossEntropyWithLogits/g, 'F.mseLoss') },
  'a wider GAN': { to: 'gan', change: swap(/\b24\b/g, '64') },
  'a GAN under RMSprop': {
    to: 'gan',
    change: swap(
      /optim\.Adam\((\w+)\.parameters\(\), \{ lr: 0\.005, betas: \[0\.5, 0\.999\] \}/g,
      'optim.RMSprop($1.parameters(), { lr: 0.003 }',
    ),
  },
  'a weighted box loss': { to: 'detector', change: swap(/mul\(20\)/, 'mul(100)') },
  'gated by a sigmoid': {
    to: 'digits-mlp',
    change: all(
      swap(/new nn\.ReLU\(\),\n {2}new nn\.Linear\(64, 32\)/, 'new nn.SiLU(),\n  new nn.Linear(64, 32)'),
      swap(/new nn\.ReLU\(\)/, 'new nn.SiLU()'),
    ),
  },
  'a GRU': { to: 'lstm', change: swap(/nn\.LSTM/, 'nn.GRU') },
  'a plain RNN': { to: 'lstm', change: swap(/nn\.LSTM/, 'nn.RNN') },
  'weights that are shared': {
    to: 'autoencoder',
    change: swap(
      /this\.decode2\(this\.decode1\(code\)\.relu\(\)\)/,
      'this.decode2(F.linear(code, this.encode2.weight.t()).relu().add(this.decode1(code).mul(0.1)))',
    ),
  },
  'stops itself early': { to: 'iris', change: afterUpdate('if (loss.item() < 0.05) break;') },
};
