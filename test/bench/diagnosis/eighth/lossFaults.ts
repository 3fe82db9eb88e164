import { all, type Change, either, importing, swap } from '../change.ts';
import type { Faults } from '../faults/fault.ts';
import { HIGH, LOW, NOTHING_LEARNED } from '../faults/right.ts';
import { aimed, answered, COMPARED, everyEpoch, fed, minimizing, ofLoss, prepared } from './wording.ts';

const BLOWN_UP = [...HIGH, 'exploding-gradient', 'non-finite', 'dead-units', 'saturated-activation'];
const GIVEN = /const (?:loss|out|xb|yb)\b|for \(const \[xb, yb\]/;
/** The scores of classes, where a class returns them. */
const returned = (more: string): Change =>
  swap(/(return this\.(?:fc|out|kind|decode|top|head)\(.*\)(?:\.flatten\(0, 1\))?);/, `$1${more};`);
const ONE_HOT = "F.oneHot($2, $1.shape[1]).to('float32')";

/** Faults of losses, labels and data. */
export const LOSSES_AND_DATA: Faults = {
  'forward ends in a softmax': {
    to: 'waveforms sonnet-rnn scribe',
    change: returned('.softmax(1)'),
    causes: ['double-softmax'],
    lines: /softmax\(1\)|const loss/,
    repairable: true,
  },
  'a softmax as the last module': {
    to: 'handwriting',
    change: swap(/(new nn\.Linear\((?:units, 2|width, 4|36, 10)\)),?(\n|\))/, '$1, new nn.Softmax(1),$2'),
    causes: ['double-softmax'],
    lines: /Softmax|const loss|criterion = /,
    repairable: true,
  },
  'logarithms of a softmax of a softmax': {
    to: 'flowers',
    change: swap(/this\.third\(h\)/, '$&.softmax(1)'),
    causes: ['double-softmax'],
    lines: /[sS]oftmax|const loss/,
    repairable: true,
  },
  'a sigmoid ahead of a loss of logits': {
    to: 'moons-silu cell-detector',
    change: either(
      swap(/return (this\.logit\(.*\));/, 'return $1.sigmoid();'),
      swap(/out\.select\(1, 0\), owner/, 'out.select(1, 0).sigmoid(), owner'),
    ),
    causes: ['double-softmax'],
    lines: /sigmoid|const (?:loss|objectLoss)/,
    repairable: true,
  },
  'a judge of two sigmoids': {
    to: 'corners-gan',
    change: swap(/( *)new nn\.Sigmoid\(\),\n/, '$&$&'),
    causes: ['double-softmax', 'saturated-activation', 'vanishing-gradient/saturating-activation', 'loss-plateau'],
    lines: null,
  },
  'nllLoss of raw scores': {
    to: 'digits-pool',
    change: all(minimizing('F.nllLoss($1, $2)'), importing('F')),
    causes: ['wrong-loss-scale/missing-softmax'],
    lines: COMPARED,
  },
  'no logSoftmax ahead of nllLoss': {
    to: 'flowers',
    change: swap(/F\.logSoftmax\((this\.third\(h\)), 1\)/, '$1'),
    causes: ['wrong-loss-scale/missing-softmax'],
    lines: /const loss|this\.third/,
  },
  'softmax where logSoftmax was meant': {
    to: 'flowers',
    change: swap(/F\.logSoftmax/, 'F.softmax'),
    causes: ['wrong-loss-scale/missing-logarithm'],
    lines: /const loss|softmax/,
  },
  'logSoftmax over samples': {
    to: 'flowers clouds',
    change: either(
      swap(/F\.logSoftmax\((this\.third\(h\)), 1\)/, 'F.logSoftmax($1, 0)'),
      minimizing('F.nllLoss($1.logSoftmax(0), $2)'),
    ),
    causes: ['wrong-loss-scale', 'loss-plateau'],
    lines: /const loss|logSoftmax/,
  },
  'a minus ahead of the loss': {
    to: 'scribe moons-silu',
    change: ofLoss('·.mul(-1)'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: /const loss|loss\.backward/,
  },
  'backward of minus the loss': {
    to: 'clouds',
    change: swap(/loss\.backward\(\)/, 'loss.neg().backward()'),
    causes: ['wrong-loss-scale/wrong-sign'],
    lines: /const loss|loss\.neg/,
  },
  'labels shuffled once': {
    to: 'handwriting',
    change: swap(/table\.select\(1, 64\)\.to\('int32'\)/, '$&.indexSelect(0, randperm(1797))'),
    causes: [...NOTHING_LEARNED, 'overfitting'],
    lines: null,
  },
  'labels of another batch': {
    to: 'digits-pool',
    change: swap(/trainY\.slice\(0, first, first \+ 40\)/, 'trainY.slice(0, 1320 - first, 1360 - first)'),
    causes: NOTHING_LEARNED,
    lines: GIVEN,
  },
  'inputs and targets drawn apart': {
    to: 'clouds moons-silu',
    change: either(
      swap(/trainY\.indexSelect\(0, some\)/, 'trainY.indexSelect(0, randperm(700).slice(0, 0, 40))'),
      swap(/wanted\.indexSelect\(0, rows\)/, 'wanted.indexSelect(0, randint(0, 500, [50]))'),
    ),
    causes: NOTHING_LEARNED,
    lines: GIVEN,
  },
  'targets of another row': {
    to: 'mileage waveforms cell-detector',
    change: either(aimed('$1.roll(3, 0)'), swap(/\.sub\(box\)/, '.sub(box.roll(3, 0))')),
    causes: NOTHING_LEARNED,
    lines: /const (?:loss|placeLoss)/,
  },
  'places permuted in every batch': {
    to: 'digit-ladder',
    change: all(fed('$1.indexSelect(1, randperm($1.shape[1]))'), importing('randperm')),
    causes: NOTHING_LEARNED,
    lines: GIVEN,
  },
  'inputs multiplied by 0': {
    to: 'preact',
    change: fed('$1.mul(0)'),
    causes: [...NOTHING_LEARNED, 'frozen-parameter'],
    lines: GIVEN,
  },
  'inputs nine hundred times as large': {
    to: 'mileage digits-pool',
    change: prepared('for (const set of [trainX, testX]) set.mul_(900);'),
    causes: ['unscaled-input', 'saturated-activation'],
    lines: /Linear\((?:7|4), |Conv2d\(1, |mul_\(900\)|const loss/,
    repairable: true,
  },
  'three hundred added to inputs': {
    to: 'mileage clouds',
    change: prepared('for (const set of [trainX, testX]) set.add_(300);'),
    causes: ['unscaled-input', 'saturated-activation'],
    lines: /Linear\((?:7|inputs), |new Dense\(5|Conv2d\(1, |add_\(300\)|const loss/,
    repairable: true,
  },
  'one column in thousandths': {
    to: 'flowers',
    change: prepared('for (const set of [trainX, testX]) set.select(1, 2).mul_(4000);'),
    causes: ['unscaled-input', 'saturated-activation'],
    lines: /Linear\((?:7|4), |mul_\(4000\)|const loss/,
    repairable: true,
  },
  'targets in the thousands': {
    to: 'mileage',
    change: swap(/(const targets = .*);/, '$1.mul(2500).add(8000);'),
    causes: [...LOW, ...BLOWN_UP, 'wrong-loss-scale', 'loss-plateau'],
    lines: null,
  },
  'rows less columns': {
    to: 'mileage',
    change: minimizing('$1.sub($2.squeeze(1)).abs().mean()'),
    causes: ['wrong-loss-scale/broadcast'],
    lines: COMPARED,
  },
  'a ratio’s logarithm where pixels are 0': {
    to: 'digits-code',
    change: minimizing('$2.div($1).log().mul($2).mean()'),
    causes: ['non-finite'],
    lines: COMPARED,
    repairable: true,
  },
  'columns over their own deviation': {
    to: 'columns-lstm',
    change: fed('$1.div($1.std(2, { keepdim: true }))'),
    causes: ['non-finite'],
    lines: GIVEN,
  },
  'a softmax by hand that overflows': {
    to: 'waveforms',
    change: all(
      minimizing(
        `$1.mul(120).exp().div($1.mul(120).exp().sum(1, { keepdim: true })).log().mul(${ONE_HOT}).sum(1).mean().neg()`,
      ),
      importing('F'),
    ),
    causes: ['non-finite', 'wrong-loss-scale'],
    lines: COMPARED,
    repairable: true,
  },
  'a mask that leaves a row nothing': {
    to: 'scribe',
    change: all(
      swap(/\.softmax\(3\)/, '.maskedFill(ones([window, window]).triu(0).gt(0), -Infinity).softmax(3)'),
      importing('ones'),
    ),
    causes: ['non-finite'],
    lines: /softmax\(3\)/,
    repairable: true,
  },
  'a distance’s root at 0': {
    to: 'digit-ladder',
    change: ofLoss('·.add(@model.parameters()[1].sub(@model.parameters()[1].detach()).square().sum().sqrt())'),
    causes: ['non-finite'],
    lines: COMPARED,
    repairable: true,
  },
  'sums at a rate meant for means': {
    to: 'digit-ladder mileage',
    change: either(
      swap(/F\.crossEntropy\(out, yb\)/, "F.crossEntropy(out, yb, { reduction: 'sum' })"),
      swap(/new nn\.SmoothL1Loss\(\)/, "new nn.SmoothL1Loss({ reduction: 'sum' })"),
    ),
    causes: BLOWN_UP,
    lines: null,
  },
  'a loss over a hundred thousand': {
    to: 'digit-ladder',
    change: ofLoss('·.mul(1e-5)'),
    causes: LOW,
    lines: /new optim|const loss/,
  },
  'a tanh by hand of the wrong slope': {
    to: 'mileage flowers',
    change: all(
      swap(
        /\nclass (?:Mileage|Botanist) /,
        `
class HandTanh extends autograd.Function {
  static forward(context, x) {
    const y = x.tanh();
    context.saveForBackward(y);
    return y;
  }
  static backward(context, gradient) {
    const [y] = context.savedTensors;
    return gradient.mul(y.square().sub(1));
  }
}$&`,
      ),
      either(
        swap(
          /this\.narrow\(this\.wide\(x\)\.tanh\(\)\)\.tanh\(\)/,
          'HandTanh.apply(this.narrow(HandTanh.apply(this.wide(x))))',
        ),
        swap(/F\.tanh\(/g, 'HandTanh.apply('),
      ),
      importing('autograd'),
    ),
    causes: ['gradient-check-failed'],
    lines: /HandTanh/,
  },
  'two dozen pictures, again and again': {
    to: 'handwriting',
    change: swap(/const shuffled = randperm\(1200\);/, 'const shuffled = randperm(1200).remainder(24);'),
    causes: ['overfitting'],
    lines: null,
  },
  'sixteen cars, again and again': {
    to: 'mileage',
    change: all(
      swap(/cars\.slice\(0, 0, 560\), targets\.slice\(0, 0, 560\)/, 'cars.slice(0, 0, 16), targets.slice(0, 0, 16)'),
      swap(/epoch < 22/, 'epoch < 250'),
      everyEpoch('if (epoch % 5 === 0) console.log(noGrad(() => criterion(predictor(testX), testY).item()));'),
    ),
    causes: ['overfitting'],
    lines: null,
  },
  'a forger rewarded where the judge is right': {
    to: 'corners-gan',
    change: swap(/forgerLoss\.backward/, 'forgerLoss.neg().backward'),
    causes: ['wrong-loss-scale', 'loss-plateau'],
    lines: /forgerLoss/,
  },
  'everything genuine to the judge': {
    to: 'corners-gan',
    change: all(swap(/bce\(judge\(forged\.detach\(\)\), zeros/, 'bce(judge(forged.detach()), ones'), (text) =>
      text.replace(', zeros }', ' }'),
    ),
    causes: ['wrong-loss-scale', 'loss-plateau', 'vanishing-gradient'],
    lines: null,
  },
  'one score for all classes': {
    to: 'preact',
    change: answered('$1.slice(1, 0, 1).expand($1.shape)'),
    causes: NOTHING_LEARNED,
    lines: null,
  },
};
