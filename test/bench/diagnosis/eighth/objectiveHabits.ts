import { all, type Change, importing, swap } from '../change.ts';
import type { Habits } from '../habits/habit.ts';
import { aimed, answered, fed, minimizing, ofLoss, prepared } from './wording.ts';

const ONE_HOT = "F.oneHot($2, $1.shape[1]).to('float32')";
const SLOW = ['learning-rate-low'];
/** What one of several losses is, by functions. */
const loss = (expression: string): Change => all(minimizing(expression), importing('F'));
/** Where skill is told, answers in other units are taken back. */
const units = (target: string, back: string): Change =>
  all(aimed(target), swap(/predictor\(testX\)(?=\.sub\(testY\))/, `predictor(testX)${back}`));

/** Odd but healthy losses, labels and data. */
export const OBJECTIVE: Habits = {
  'a sum over samples, under Adam': {
    to: 'moons-silu',
    change: swap(/(const loss = F\.\w+\(\w+, \w+)\)/, "$1, { reduction: 'sum' })"),
  },
  'losses one by one, then their mean': {
    to: 'sonnet-rnn',
    change: swap(/(const loss = F\.\w+\(\w+, \w+)\)/, "$1, { reduction: 'none' }).mean()"),
  },
  'a tenth of smoothing': {
    to: 'digits-pool',
    change: swap(/(const loss = F\.crossEntropy\(\w+, \w+)\)/, '$1, { labelSmoothing: 0.1 })'),
  },
  'no smoothing of labels': { to: 'handwriting', change: swap(/\{ labelSmoothing: 0\.05 \}/, '') },
  'weights for classes': {
    to: 'clouds',
    change: all(
      swap(/F\.crossEntropy\(out, yb\)/, 'F.crossEntropy(out, yb, { weight: tensor([1, 2, 1, 0.5]) })'),
      importing('tensor'),
    ),
  },
  'ones count for more': {
    to: 'moons-silu',
    change: all(swap(/Logits\(score, yb\)/, 'Logits(score, yb, { posWeight: tensor([1.7]) })'), importing('tensor')),
  },
  'two hundred times the loss, where Adam scales': {
    to: 'cell-detector',
    change: ofLoss('·.mul(200)'),
  },
  'a six-hundredth of the loss, where Adam scales': {
    to: 'digits-pool',
    change: ofLoss('·.div(600)'),
  },
  'a constant on top of the loss': { to: 'digit-ladder', change: ofLoss('·.add(3)') },
  'a loss that goes below 0': { to: 'waveforms', change: ofLoss('·.sub(1.5)') },
  '2e-4 of squared weights in the loss': {
    to: 'clouds',
    change: ofLoss('·.add(@model.parameters().map((p) => p.square().sum()).reduce((a, b) => a.add(b)).mul(2e-4))'),
  },
  '3e-5 of absolute weights in the loss': {
    to: 'checkerboard',
    change: ofLoss('·.add(@model.parameters().map((p) => p.abs().sum()).reduce((a, b) => a.add(b)).mul(3e-5))'),
  },
  'confident answers cost something': {
    to: 'columns-lstm',
    change: ofLoss('·.add(out.softmax(1).mul(out.logSoftmax(1)).sum(1).mean().mul(0.05))'),
  },
  'squares of scores in the loss': { to: 'preact', change: ofLoss('·.add(out.square().mean().mul(0.001))') },
  'absolute errors of cars': {
    to: 'mileage',
    change: swap(/new nn\.SmoothL1Loss\(\)/, 'new nn.L1Loss()'),
    causes: SLOW,
  },
  'squared errors': { to: 'mileage', change: swap(/new nn\.SmoothL1Loss\(\)/, 'new nn.MSELoss()') },
  'a Huber loss of a quarter': {
    to: 'mileage',
    change: swap(/new nn\.SmoothL1Loss\(\)/, 'new nn.HuberLoss({ delta: 0.25 })'),
    causes: SLOW,
  },
  'a logarithm of cosh': { to: 'mileage', change: minimizing('$1.sub($2).cosh().log().mean()') },
  'the root of squared errors': {
    to: 'digits-code',
    change: minimizing('$1.sub($2).square().mean().add(1e-7).sqrt()'),
  },
  'squares for pixels': { to: 'digits-code', change: swap(/F\.binaryCrossEntropy\(/, 'F.mseLoss('), causes: SLOW },
  'a mean of sums over pixels': { to: 'digits-code', change: minimizing('$1.sub($2).square().sum(1).mean()') },
  'absolute pixels': { to: 'digits-code', change: swap(/F\.binaryCrossEntropy\(/, 'F.l1Loss('), causes: SLOW },
  'squares of scores less ones and zeros': {
    to: 'clouds',
    change: loss(`F.mseLoss($1, ${ONE_HOT})`),
    causes: SLOW,
  },
  'Brier’s score': {
    to: 'checkerboard',
    change: loss(`$1.softmax(1).sub(${ONE_HOT}).square().sum(1).mean()`),
    causes: SLOW,
  },
  'a logistic loss for every class': {
    to: 'waveforms',
    change: loss(`F.binaryCrossEntropyWithLogits($1, ${ONE_HOT})`),
    causes: SLOW,
  },
  'a margin of one': { to: 'digits-pool', change: loss('F.multiMarginLoss($1, $2)'), causes: SLOW },
  'a hinge for moons': {
    to: 'moons-silu',
    change: minimizing('$1.mul($2.mul(-2).add(1)).add(1).relu().mean()'),
  },
  'a hinge squared': {
    to: 'moons-silu',
    change: minimizing('$1.mul($2.mul(-2).add(1)).add(1).relu().square().mean()'),
  },
  'the logistic loss written out': {
    to: 'moons-silu',
    change: minimizing('$1.softplus().sub($1.mul($2)).mean()'),
  },
  'probabilities of moons': { to: 'moons-silu', change: minimizing('F.binaryCrossEntropy($1.sigmoid(), $2)') },
  'logSoftmax, and a likelihood': { to: 'preact', change: loss('F.nllLoss($1.logSoftmax(1), $2)') },
  'cross entropy of logarithms': { to: 'sonnet-rnn', change: loss('F.crossEntropy($1.logSoftmax(1), $2)') },
  'a likelihood picked by hand': {
    to: 'columns-lstm',
    change: minimizing('$1.logSoftmax(1).gather(1, $2.unsqueeze(1)).neg().mean()'),
  },
  'rows of soft labels': {
    to: 'checkerboard',
    change: loss(`F.crossEntropy($1, ${ONE_HOT}.mul(0.94).add(0.06 / $1.shape[1]))`),
  },
  'a focal loss of power two': {
    to: 'digits-pool',
    change: loss(
      "[F.crossEntropy($1, $2, { reduction: 'none' })].map((each) => each.mul(each.neg().exp().neg().add(1).square()).mean())[0]",
    ),
    causes: SLOW,
  },
  'the harder half': {
    to: 'digit-ladder',
    change: loss("F.crossEntropy($1, $2, { reduction: 'none' }).topk(Math.ceil($2.shape[0] / 2)).values.mean()"),
    causes: ['learning-rate-high', 'loss-plateau'],
  },
  'a fifth of the labels drawn': {
    to: 'clouds',
    change: all(
      aimed('rand($1.shape).lt(0.2).where(randint(0, $1.max().item() + 1, $1.shape), $1)'),
      importing('rand'),
      importing('randint'),
    ),
    causes: ['loss-plateau'],
  },
  'an eighth of the moons swapped': {
    to: 'moons-silu',
    change: all(aimed("$1.sub(rand($1.shape).lt(0.125).to('float32')).abs()"), importing('rand')),
    causes: ['loss-plateau'],
  },
  'noise of a tenth on inputs': {
    to: 'preact',
    change: all(fed('$1.add(randn($1.shape).mul(0.1))'), importing('randn')),
  },
  'a fifth of the inputs set to 0': {
    to: 'digit-ladder',
    change: all(fed("$1.mul(rand($1.shape).gt(0.2).to('float32'))"), importing('rand')),
  },
  'contrast at random': {
    to: 'preact',
    change: all(fed('$1.mul(rand([$1.shape[0], 1, 1, 1]).mul(0.4).add(0.8))'), importing('rand')),
  },
  'words left out at times': {
    to: 'sonnet-rnn',
    change: all(fed("$1.mul(rand($1.shape).gt(0.05).to('int32'))"), importing('rand')),
  },
  'measures as they are': {
    to: 'flowers',
    change: swap(/measures\.sub\(measures\.mean\(0\)\)\.div\(measures\.std\(0\)\)/, 'measures'),
    causes: ['unscaled-input'],
  },
  'sixteen shades of grey': {
    to: 'digit-ladder handwriting',
    change: (text) =>
      swap(/table\.slice\(1, 0, 64\)\.div\(16\)/, 'table.slice(1, 0, 64)')(text) ??
      swap(/rows\.sub\(mean\)\.div\(deviation\)/, 'rows')(text),
    causes: ['unscaled-input', 'learning-rate-high', 'dead-units'],
  },
  'pixels of a thirtieth': {
    to: 'preact',
    change: swap(/\.div\(16\)/, '.div(480)'),
    causes: ['learning-rate-low', 'bad-initialization/small-weights', 'vanishing-gradient'],
  },
  'inputs three times as large': {
    to: 'clouds',
    change: prepared('for (const set of [trainX, testX]) set.mul_(3);'),
    causes: ['unscaled-input', 'saturated-activation'],
  },
  'inputs around two': {
    to: 'digits-pool',
    change: prepared('for (const set of [trainX, testX]) set.add_(2);'),
    causes: ['unscaled-input'],
  },
  'targets 4.4 times as large': { to: 'mileage', change: units('$1.mul(4.4)', '.div(4.4)'), causes: SLOW },
  'targets of a twelfth': {
    to: 'mileage',
    change: units('$1.div(12)', '.mul(12)'),
    causes: ['learning-rate-high', ...SLOW],
  },
  'targets around three': { to: 'mileage', change: units('$1.add(3)', '.sub(3)'), causes: SLOW },
  'targets with noise of a half': {
    to: 'mileage',
    change: all(aimed('$1.add(randn($1.shape).mul(0.5))'), importing('randn')),
    causes: ['loss-plateau'],
  },
  'scores at a temperature of two': { to: 'scribe', change: answered('$1.div(2)') },
  'scores held within ten': { to: 'columns-lstm', change: answered('$1.div(10).tanh().mul(10)') },
  'targets that are detached once more': { to: 'digits-code', change: aimed('$1.detach()') },
  'a loss over its own size': {
    to: 'checkerboard',
    change: swap(/const loss = (.*);/, 'const first = $1;\n    const loss = first.div(first.detach());'),
    causes: ['learning-rate-high', 'oscillating-loss'],
  },
  'two answers to one batch': {
    to: 'columns-lstm',
    change: swap(
      /const loss = F\.crossEntropy\(out, yb\);/,
      'const again = reader(xb);\n    const loss = F.crossEntropy(out, yb).add(F.crossEntropy(again, yb)).mul(0.5);',
    ),
  },
  'genuine points labelled nine tenths': {
    to: 'corners-gan',
    change: swap(/real\(batch\)\), ones\(\[batch, 1\]\)/, '$&.mul(0.9)'),
  },
  'squared errors for a GAN': {
    to: 'corners-gan',
    change: swap(/new nn\.BCELoss\(\)/, 'new nn.MSELoss()'),
    causes: SLOW,
  },
  'a judge of logits': {
    to: 'corners-gan',
    change: all(swap(/ *new nn\.Sigmoid\(\),\n/, ''), swap(/new nn\.BCELoss/, 'new nn.BCEWithLogitsLoss')),
  },
  'a judge of noisy points': {
    to: 'corners-gan',
    change: all(
      swap(/judge\(real\(batch\)\)/, 'judge(real(batch).add(randn([batch, 2]).mul(0.05)))'),
      swap(/judge\(forged\.detach\(\)\)/, 'judge(forged.detach().add(randn([batch, 2]).mul(0.05)))'),
    ),
  },
  'places for twice as much': { to: 'cell-detector', change: swap(/\.add\(placeLoss\)/, '.add(placeLoss.mul(2))') },
  'owners for a half': { to: 'cell-detector', change: swap(/objectLoss\.mul\(2\)/, 'objectLoss.mul(0.5)') },
  'absolute places': { to: 'cell-detector', change: swap(/\.sub\(box\)\.square\(\)/, '.sub(box).abs()') },
  'cells that compete': {
    to: 'cell-detector',
    change: swap(
      /F\.binaryCrossEntropyWithLogits\(out\.select\(1, 0\), owner\)/,
      'F.crossEntropy(out.select(1, 0), owner)',
    ),
  },
  'cells with an object count for more': {
    to: 'cell-detector',
    change: swap(/out\.select\(1, 0\), owner\)/, 'out.select(1, 0), owner, { posWeight: tensor([5]) })'),
  },
  'places later than owners': {
    to: 'cell-detector',
    change: swap(/\.add\(placeLoss\)/, '.add(placeLoss.mul(epoch < 3 ? 0 : 1))'),
  },
};
