import { all, type Change, importing, lossOf, swap } from '../change.ts';
import type { Habits } from '../habits/habit.ts';

/** Targets in another unit, and answers taken back. */
const unit = (times: number): Change =>
  all(
    swap(/(const loss = .*)model\((x|code, at)\), y\)/, `$1model($2), y.mul(${times}))`),
    swap(/model\((held\w+(?:, held\w+)?)\)/, `model($1).div(${times})`),
  );

/** Odd but healthy losses, labels and data, of the fourth set. */
export const OBJECTIVE: Habits = {
  'sums of losses, under Adam': {
    to: 'bag ahead squares grades',
    change: swap(/(const loss = F\.\w+\(.*)\);/, "$1, { reduction: 'sum' });"),
  },
  'smoothed labels': {
    to: 'bag attending',
    change: swap(/(const loss = F\.crossEntropy\(.*)\);/, '$1, { labelSmoothing: 0.15 });'),
  },
  'five hundred times the loss': { to: 'survival quantiles membrane hyper', change: lossOf('·.mul(500)') },
  'a five-hundredth of the loss': { to: 'siamese tasks counts attending', change: lossOf('·.mul(0.002)') },
  'a constant added': { to: 'squares tracker experts bag', change: lossOf('·.add(3)') },
  'small weights asked for': {
    to: 'siamese orbit grades quantiles',
    change: lossOf('·.add(model.parameters().map((p) => p.square().sum()).reduce((a, b) => a.add(b)).mul(1e-4))'),
  },
  'errors, not their squares': { to: 'experts tracker orbit hyper', change: swap(/F\.mseLoss/, 'F.l1Loss') },
  'Huber’s loss': { to: 'squares tracker experts', change: swap(/F\.mseLoss/, 'F.huberLoss') },
  'inputs with some noise': {
    to: 'grades counts tracker distilled experts',
    change: all(swap(/(const loss = F\.\w+\(model\()x\)/, '$1x.add(randn(x.shape).mul(0.08)))'), importing('randn')),
  },
  'targets four times as large': { to: 'experts tracker squares', change: unit(4), causes: ['learning-rate-low'] },
  'targets of a thirtieth': { to: 'experts tracker squares hyper', change: unit(1 / 30) },
  'the logarithm by hand': {
    to: 'bag',
    change: swap(/F\.crossEntropy\(model\(x\), y\)/, 'F.nllLoss(F.logSoftmax(model(x), 1), y)'),
  },
  'an eighth of the labels wrong': {
    to: 'bag',
    change: swap(
      /F\.crossEntropy\(model\(x\), y\)/,
      "F.crossEntropy(model(x), y.add(rand([64]).lt(0.125).to('int32')).remainder(topics))",
    ),
  },
  'a softer teacher': {
    to: 'distilled',
    change: swap(/nearness\(images\)\.softmax/, 'nearness(images).mul(0.5).softmax'),
  },
  'kinds, and no teacher': {
    to: 'distilled',
    change: all(
      swap(/taught\.slice\(0, start/, 'labels.slice(0, start'),
      swap(/F\.klDiv\(model\(x\)\.logSoftmax\(1\), y, .*\);/, 'F.crossEntropy(model(x), y);'),
    ),
  },
  'a nearer margin': {
    to: 'siamese',
    change: all(swap(/far\.neg\(\)\.add\(2\)/, 'far.neg().add(1)'), swap(/\.lt\(1\)/, '.lt(0.5)')),
  },
  'the median alone': {
    to: 'quantiles',
    change: swap(/\nconst shares = tensor\(\[0\.1, 0\.5, 0\.9\]\)/, '\nconst shares = tensor([0.4, 0.5, 0.6])'),
  },
  'ends that weigh more': { to: 'membrane', change: swap(/\.mul\(10\)\)/, '.mul(40))') },
  'all losses alike': {
    to: 'tasks',
    change: lossOf('each.reduce((a, b) => a.add(b)).add(model.doubt.square().sum())'),
  },
  'the risk of half of them': {
    to: 'survival',
    change: all(swap(/drawn\(128\)/, 'drawn(64)'), swap(/\[128, 128\]/, '[64, 64]')),
  },
};
