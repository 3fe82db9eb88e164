import {
  activation,
  afterBackward,
  afterUpdate,
  all,
  beforeLoop,
  beforeModel,
  type Change,
  deep,
  either,
  everyParameter,
  importing,
  lossOf,
  plainInitialization,
  rate,
  swap,
} from './change.ts';

/**
 * One fault operator, of TheDeepChecker's, DeepFD's, DeepCrime's and AutoTrainer's kinds. What should be found holds for
 * the runs that it hurts.
 */
export interface Fault {
  /** Programs it is applied to. */
  readonly to: string;
  readonly change: Change;
  /** Causes that count as right: `finding-id`, or `finding-id/cause`. None where none is known to be told. */
  readonly causes: readonly string[];
  /** Lines that count as right; null where no one line is to blame. */
  readonly lines: RegExp | null;
  /** An edit of the source can cure it. */
  readonly repairable?: boolean;
}

const INIT = /new nn\.(?:Linear|Conv2d|LSTM|Embedding|ModuleList)|namedParameters|nn\.init/;
const OPTIMIZER = /new optim\./;
const STEP = /loss\.backward|lossG\.backward|optimizer\w?\.step|optimizer\w?\.zeroGrad/;
const LOSS = /const loss/;
const LARGE = [
  'bad-initialization/large-weights',
  'exploding-gradient/large-weights',
  'exploding-gradient/recurrent-weights',
  'saturated-activation/large-preactivations',
  'wrong-loss-scale/large-logits',
];
const SMALL = ['bad-initialization/small-weights', 'vanishing-gradient/small-weights'];
const HIGH = ['learning-rate-high', 'oscillating-loss/large-updates'];
const LOW = ['learning-rate-low'];
const FADES = ['vanishing-gradient/saturating-activation', 'saturated-activation'];
const NOTHING_LEARNED = ['loss-plateau'];

/** AutoTrainer's: an activation and an initialization for every dense layer. */
const dense = (depth: number, name: string, init: string): Change =>
  deep(
    depth,
    all(
      plainInitialization,
      name === 'relu' ? (text) => text : swap(/\.relu\(\)/g, `.${name}()`),
      init ? everyParameter(`if (name.endsWith('weight')) nn.init.${init};`) : (text) => text,
    ),
  );

const noZeroGrad = swap(/ *optimizer\.zeroGrad\(\);\n/, '');

export const FAULTS: { readonly [name: string]: Fault } = {
  'no zeroGrad': {
    to: 'moons digits-mlp resnet lstm autoencoder words',
    change: noZeroGrad,
    causes: ['missing-zero-grad'],
    lines: STEP,
    repairable: true,
  },
  'no zeroGrad, of the discriminator': {
    to: 'gan',
    change: swap(/ *optimizerD\.zeroGrad\(\);\n/, ''),
    causes: ['missing-zero-grad'],
    lines: STEP,
    repairable: true,
  },
  'zeroed before the update': {
    to: 'iris digits-cnn transformer regression',
    change: all(noZeroGrad, afterBackward('optimizer.zeroGrad();')),
    causes: ['not-optimized/zeroed-before-update'],
    lines: STEP,
    repairable: true,
  },
  'no update': {
    to: 'moons lstm',
    change: swap(/ *optimizer\.step\(\);\n/, ''),
    causes: ['not-optimized'],
    lines: /new optim\.|loss\.backward/,
  },
  'the first layer left out of the optimizer': {
    to: 'digits-mlp regression words',
    change: swap(/(new optim\.\w+\(model\.parameters\(\))/, '$1.slice(2)'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: /new optim\.|new nn\.Linear\((?:64, 64|8, 48)|embedding =|hidden =|conv1 =/,
    repairable: true,
  },
  'all but the last bias left out of the optimizer': {
    to: 'moons autoencoder',
    change: swap(/(new optim\.\w+\(model\.parameters\(\))/, '$1.slice(-1)'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: /new optim\.|new nn\.Linear/,
    repairable: true,
  },
  'layers in a plain list': {
    to: 'deep-mlp',
    change: swap(/new nn\.ModuleList\((.*)\);/, '$1;'),
    causes: ['not-optimized/missing-from-optimizer'],
    lines: /hidden =|new optim\./,
    repairable: true,
  },
  'the generator not optimized': {
    to: 'gan',
    change: swap(/(optimizerG = new optim\.Adam\()generator/, '$1discriminator'),
    causes: ['not-optimized'],
    lines: /generator = |new optim|new nn\.Linear\(4, 24/,
  },
  'the generator detached': {
    to: 'gan',
    change: swap(/discriminator\(fake\), ones/, 'discriminator(fake.detach()), ones'),
    causes: ['frozen-parameter/detached', 'not-optimized'],
    lines: /fake\.detach\(\)\), ones|generator = |new nn\.Linear\(4, 24|optimizerG/,
  },
  'softmax twice': {
    to: 'iris digits-cnn plain-cnn lstm words',
    change: swap(/F\.crossEntropy\(model\(x\), y\)/, 'F.crossEntropy(model(x).softmax(1), y)'),
    causes: ['double-softmax'],
    lines: LOSS,
    repairable: true,
  },
  'a softmax module before cross entropy': {
    to: 'digits-mlp digits-cnn',
    change: swap(/(new nn\.Linear\([^)]*10\),\n)/, '$1  new nn.Softmax(1),\n'),
    causes: ['double-softmax'],
    lines: /new nn\.Softmax/,
    repairable: true,
  },
  'sigmoid twice': {
    to: 'moons deep-mlp',
    change: swap(
      /F\.binaryCrossEntropyWithLogits\(model\(x\), y\)/,
      'F.binaryCrossEntropyWithLogits(model(x).sigmoid(), y)',
    ),
    causes: ['double-softmax'],
    lines: LOSS,
    repairable: true,
  },
  'a branch detached': {
    to: 'plain-cnn iris autoencoder detector lstm',
    change: either(
      swap(/this\.conv4\(h\)/, 'this.conv4(h.detach())'),
      swap(/this\.hidden\(h\)/, 'this.hidden(h.detach())'),
      swap(/this\.decode1\(code\)/, 'this.decode1(code.detach())'),
      swap(/this\.hidden\(h\.flatten\(1\)\)/, 'this.hidden(h.flatten(1).detach())'),
      swap(/this\.recurrent\(h\)/, 'this.recurrent(h.detach())'),
      swap(/states\.select\(1, -1\)/, 'states.select(1, -1).detach()'),
    ),
    causes: ['frozen-parameter/detached'],
    lines: /detach|conv1 =|conv2 =|conv3 =|input =|encode1 =|encode2 =|embed =|lstm =/,
  },
  'the first layer outside of recording': {
    to: 'resnet',
    change: swap(/this\.stem\(x\)/, 'noGrad(() => this.stem(x))'),
    causes: ['frozen-parameter'],
    lines: /noGrad|stem =/,
  },
  'ones for weights': {
    to: 'digits-mlp regression',
    change: everyParameter("if (name.endsWith('weight')) nn.init.ones_(p);"),
    causes: ['bad-initialization/symmetry'],
    lines: INIT,
    repairable: true,
  },
  'constant weights': {
    to: 'moons iris digits-mlp plain-cnn lstm',
    change: everyParameter('nn.init.constant_(p, 0.05);'),
    causes: ['bad-initialization/symmetry'],
    lines: INIT,
    repairable: true,
  },
  'all zeros': {
    to: 'moons digits-cnn autoencoder words',
    change: everyParameter('nn.init.zeros_(p);'),
    causes: ['bad-initialization/symmetry'],
    lines: INIT,
    repairable: true,
  },
  'weights too large': {
    to: 'digits-mlp plain-cnn deep-mlp iris regression detector',
    change: everyParameter("if (name.endsWith('weight')) nn.init.normal_(p, { std: 3 });"),
    causes: LARGE,
    lines: INIT,
    repairable: true,
  },
  'weights too small': {
    to: 'digits-mlp deep-mlp plain-cnn regression autoencoder',
    change: everyParameter("if (name.endsWith('weight')) nn.init.normal_(p, { std: 0.0005 });"),
    causes: SMALL,
    lines: INIT,
    repairable: true,
  },
  'units dead from the start': {
    to: 'moons plain-cnn regression autoencoder',
    change: everyParameter('if (/^(?:0|conv2|encode1)\\.bias/.test(name)) nn.init.constant_(p, -40);'),
    causes: ['dead-units/dead-relu', 'bad-initialization'],
    lines: /new nn\.Linear\((?:2, 32|64, 64|8, 48)|conv2 =|encode1 =|namedParameters|ReLU|relu/,
    repairable: true,
  },
  'a rate far too low': {
    to: 'moons iris digits-cnn transformer autoencoder resnet',
    change: rate(1e-5),
    causes: LOW,
    lines: OPTIMIZER,
    repairable: true,
  },
  'a rate that dies away': {
    to: 'moons digits-mlp',
    change: all(
      beforeLoop('const schedule = new optim.ExponentialLR(optimizer, { gamma: 0.5 });'),
      afterUpdate('schedule.step();'),
    ),
    causes: LOW,
    lines: /new optim\.|schedule\.step/,
  },
  'a rate far too high': {
    to: 'moons digits-mlp transformer lstm plain-cnn',
    change: rate(300),
    causes: HIGH,
    lines: OPTIMIZER,
    repairable: true,
  },
  'a rate thirty times too high': {
    to: 'iris resnet autoencoder detector rnn deep-mlp',
    change: rate(30),
    causes: HIGH,
    lines: OPTIMIZER,
    repairable: true,
  },
  'rates of a GAN far apart': {
    to: 'gan',
    change: swap(/(?<before>optimizerD = .*lr: )0\.005/, '$<before>1.5'),
    causes: HIGH,
    lines: /optimizerD = /,
  },
  'far too much momentum': {
    to: 'moons regression',
    change: swap(/momentum: 0\.9/, 'momentum: 0.999'),
    causes: HIGH,
    lines: OPTIMIZER,
    repairable: true,
  },
  'an epsilon far too large': {
    to: 'iris words',
    change: swap(/(new optim\.Adam\(.*?lr: [\d.]+)/, '$1, eps: 1000'),
    causes: LOW,
    lines: OPTIMIZER,
    repairable: true,
  },
  'gradients clipped to nothing': {
    to: 'moons resnet',
    change: afterBackward('nn.utils.clipGradNorm_(model.parameters(), 1e-5);'),
    causes: LOW,
    lines: /new optim\.|clipGradNorm/,
    repairable: true,
  },
  'weight decay that eats the weights': {
    to: 'moons resnet',
    change: swap(/momentum: 0\.9/, 'momentum: 0.9, weightDecay: 0.5'),
    causes: ['loss-plateau/weight-decay'],
    lines: OPTIMIZER,
  },
  'deep sigmoids': {
    to: 'deep-mlp',
    change: dense(8, 'sigmoid', ''),
    causes: FADES,
    lines: /sigmoid|new nn\.Linear|ModuleList/,
    repairable: true,
  },
  'sigmoids instead of ReLU': {
    to: 'plain-cnn',
    change: activation('sigmoid', 'Sigmoid'),
    causes: FADES,
    lines: /sigmoid|new nn\.Conv2d/,
    repairable: true,
  },
  '5 dense layers, sigmoid, uniform': {
    to: 'deep-mlp',
    change: dense(5, 'sigmoid', 'uniform_(p, { from: -0.05, to: 0.05 })'),
    causes: [...FADES, ...SMALL],
    lines: INIT,
    repairable: true,
  },
  '16 dense layers, sigmoid, Glorot': {
    to: 'deep-mlp',
    change: dense(16, 'sigmoid', 'xavierUniform_(p)'),
    causes: FADES,
    lines: /sigmoid|new nn\.Linear|ModuleList/,
    repairable: true,
  },
  '20 dense layers, tanh, uniform': {
    to: 'deep-mlp',
    change: dense(20, 'tanh', 'uniform_(p, { from: -0.05, to: 0.05 })'),
    causes: SMALL,
    lines: INIT,
    repairable: true,
  },
  '10 dense layers, tanh, ones': {
    to: 'deep-mlp',
    change: dense(10, 'tanh', 'ones_(p)'),
    causes: ['bad-initialization/symmetry'],
    lines: INIT,
    repairable: true,
  },
  '16 dense layers, relu, uniform': {
    to: 'deep-mlp',
    change: dense(16, 'relu', 'uniform_(p, { from: -0.05, to: 0.05 })'),
    causes: SMALL,
    lines: INIT,
    repairable: true,
  },
  '24 dense layers, relu, as they come': {
    to: 'deep-mlp',
    change: dense(24, 'relu', ''),
    causes: [...SMALL, 'vanishing-gradient'],
    lines: INIT,
    repairable: true,
  },
  '5 dense layers, exponential': {
    to: 'deep-mlp',
    change: dense(5, 'exp', ''),
    causes: ['non-finite', 'exploding-gradient', 'learning-rate-high'],
    lines: /exp\(\)|new nn\.Linear|ModuleList/,
  },
  '12 dense layers, relu, variance scaling by 4': {
    to: 'deep-mlp',
    change: dense(12, 'relu', "kaimingNormal_(p, { nonlinearity: 'relu' }), noGrad(() => p.mul_(4))"),
    causes: LARGE,
    lines: INIT,
    repairable: true,
  },
  'a recurrence that grows': {
    to: 'rnn',
    change: all(
      swap(/\.tanh\(\)/, ''),
      swap(/nn\.init\.orthogonal_\(this\.recurrent\.weight\)/, 'nn.init.normal_(this.recurrent.weight, { std: 0.45 })'),
    ),
    causes: ['exploding-gradient/recurrent-weights'],
    lines: /recurrent/,
    repairable: true,
  },
  'a recurrence that saturates': {
    to: 'rnn',
    change: swap(
      /nn\.init\.orthogonal_\(this\.recurrent\.weight\)/,
      'nn.init.normal_(this.recurrent.weight, { std: 3 })',
    ),
    causes: ['exploding-gradient/recurrent-weights', 'saturated-activation', 'bad-initialization/large-weights'],
    lines: /recurrent/,
    repairable: true,
  },
  'data that aren’t scaled': {
    to: 'iris regression moons digits-mlp lstm',
    change: either(
      swap(/raw\.sub\(raw\.mean\(0\)\)\.div\(raw\.std\(0\)\)/, 'raw.mul(300)'),
      all(
        swap(
          /randn\(\[512, 8\]\);\nconst targets = truth\(inputs\)/,
          'randn([512, 8]).mul(200).add(500);\nconst targets = truth(inputs.sub(500).div(200))',
        ),
        swap(/model\(held\)/, 'model(held.mul(200).add(500))'),
      ),
      all(
        swap(
          /manualSeed\(1\);\n(const \{ x, y \}.*\n)(const held.*\n)/,
          'manualSeed(1);\n$1$2for (const of of [x, held.x]) of.mul_(300).add_(1000);\n',
        ),
      ),
      swap(/\.div\(16\)/, '.mul(200)'),
    ),
    causes: ['unscaled-input'],
    lines: /new nn\.(?:Linear\((?:4, 24|8, 48|2, 32|64, 64|64, 48)|LSTM)|mul/,
    repairable: true,
  },
  'labels that belong to others': {
    to: 'digits-cnn words moons',
    change: either(
      all(
        swap(
          /loss = F\.crossEntropy\(model\(x\), y\)/,
          'loss = F.crossEntropy(model(x), y.indexSelect(0, randperm(y.shape[0])))',
        ),
        importing('randperm'),
      ),
      all(swap(/Logits\(model\(x\), y\)/, 'Logits(model(x), y.indexSelect(0, randperm(256)))'), importing('randperm')),
    ),
    causes: NOTHING_LEARNED,
    lines: LOSS,
  },
  'targets of another shape': {
    to: 'regression',
    change: swap(/F\.mseLoss\(model\(x\), y\)/, 'F.mseLoss(model(x), y.squeeze(1))'),
    causes: NOTHING_LEARNED,
    lines: LOSS,
  },
  'a loss of the wrong sign': {
    to: 'moons digits-mlp autoencoder',
    change: lossOf('·.neg()'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: /const loss|loss\.backward/,
  },
  'batches of two under batch normalization': {
    to: 'digits-cnn resnet',
    change: swap(/start \+ 32/g, 'start + 2'),
    causes: ['small-batch-norm'],
    lines: /BatchNorm/,
    repairable: true,
  },
  'a ReLU on what may be negative': {
    to: 'regression rnn',
    change: either(
      swap(/(new nn\.Linear\(48, 1\),\n)/, '$1  new nn.ReLU(),\n'),
      swap(/this\.readout\(h\)/, 'this.readout(h).relu()'),
    ),
    causes: ['dead-units', 'loss-plateau'],
    lines: /ReLU|relu|readout|const loss|48, 1/,
  },
  'nearly all dropped': {
    to: 'digits-mlp moons',
    change: swap(/(new nn\.ReLU\(\),\n)/g, '$1  new nn.Dropout(0.97),\n'),
    causes: NOTHING_LEARNED,
    lines: null,
  },
  'a logarithm of what may be 0': {
    to: 'moons deep-mlp',
    change: swap(
      /F\.binaryCrossEntropyWithLogits\(model\(x\), y\)/,
      'y.mul(model(x).mul(60).sigmoid().log()).add(y.neg().add(1).mul(model(x).mul(60).sigmoid().neg().add(1).log())).mean().neg()',
    ),
    causes: ['non-finite/forward-overflow', 'non-finite/backward-overflow'],
    lines: LOSS,
    repairable: true,
  },
  'division by a deviation of 0': {
    to: 'digits-mlp autoencoder',
    change: swap(
      /table\.slice\(1, 0, 64\)\.div\(16\);/,
      'table.slice(1, 0, 64).sub(table.slice(1, 0, 64).mean(0)).div(table.slice(1, 0, 64).std(0));',
    ),
    causes: ['non-finite'],
    lines: /const images|new nn\.Linear\(64/,
  },
  'a square root at 0': {
    to: 'autoencoder regression',
    change: lossOf('·.mul(0).add(model(x).sub(model(x)).square().sum().sqrt())'),
    causes: ['non-finite/backward-overflow'],
    lines: LOSS,
  },
  'a wrong backward of one’s own': {
    to: 'regression digits-mlp',
    change: all(
      beforeModel(
        'class Softplus extends autograd.Function {',
        '  static forward(context, x) {',
        '    context.saveForBackward(x);',
        '    return x.exp().add(1).log();',
        '  }',
        '  static backward(context, gradient) {',
        '    const [x] = context.savedTensors;',
        '    return gradient.mul(x.sigmoid()).neg();',
        '  }',
        '}',
        'class Plus extends nn.Module {',
        '  forward(x) {',
        '    return Softplus.apply(x);',
        '  }',
        '}',
      ),
      swap(/new nn\.ReLU\(\)/, 'new Plus()'),
      importing('autograd'),
    ),
    causes: ['gradient-check-failed'],
    lines: /Softplus/,
  },
  'learned by heart': {
    to: 'digits-mlp',
    change: all(
      swap(/\(step \* 64\) % 1280/, '0'),
      swap(/start \+ 64/g, 'start + 30'),
      afterUpdate('if (step % 10 === 0) noGrad(() => F.crossEntropy(model(heldX), heldY));'),
    ),
    causes: ['overfitting'],
    lines: null,
  },
  'too much noise for so few steps': {
    to: 'words',
    change: afterBackward('for (const p of model.parameters()) p.grad.add_(randn(p.shape).mul(10));'),
    causes: [],
    lines: null,
  },
  'the model frozen by mistake': {
    to: 'moons',
    change: everyParameter('if (!/^(?:4|8)\\.bias/.test(name)) p.requiresGrad_(false);'),
    causes: NOTHING_LEARNED,
    lines: /requiresGrad/,
  },
};
