import { elementCount } from '../../../../engine/run/groups.ts';
import type { Run } from '../../../../engine/run/run.ts';
import type { Detector } from './detector.ts';
import { type Epoch, epochsOf } from './epochs.ts';
import { isBroken, isKernel, parametersAt } from './tensors.ts';

/**
 * AutoTrainer (Zhang et al., ICSE 2021): what its monitor decides, as in its repository in March 2021 (shiningrain/AUTOTRAINER,
 * aafa2a4, `utils/monitor.py`), with the parameters of `reproduce.py`, which are the paper's. Adapted: an epoch is of so many
 * steps as `epochs.ts` says, and an accuracy what it says there; there are no data for validation; the gradient is that of the
 * epoch's last step, not of the first batch of the data anew.
 */
const BETA_1 = 1e-3;
const BETA_2 = 1e-4;
const BETA_3 = 70;
const GAMMA = 0.7;
const ZETA = 0.03;
const ETA = 0.2;
const DELTA = 0.01;
const THETA = 0.6;
/** The loss that counts as infinite, and from which share of the epochs on accuracies are judged: `monitor.py`. */
const LARGE_LOSS = 1e5;
const JUDGED_FROM = 0.3;
/** In epochs: `reproduce.py`. */
const CHECKED_EVERY = 3;

/** What stands for an accuracy can be 1 from the start, which isn't slow. */
const KNOWN = 0.98;

type Problem = 'vanishing gradient' | 'exploding gradient' | 'dying ReLU' | 'oscillating loss' | 'slow convergence';

/** What the gradient of one step shows. */
function gradientAt(
  run: Run,
  { last }: Epoch,
): { vanishes: boolean; explodes: boolean; dies: boolean; broken: boolean } {
  const all = parametersAt(run, last).filter(({ row }) => !Number.isNaN(row('gradientZeroShare')));
  const norms = all.filter(({ of }) => isKernel(of)).map(({ row }) => row('gradientNorm'));
  const [first, ratio] = [norms[0], norms[0] / norms[norms.length - 1]];
  const sum = (of: (one: (typeof all)[number]) => number) => all.reduce((total, one) => total + of(one), 0);
  const zeros = sum(({ of, row }) => row('gradientZeroShare') * elementCount(of)) / sum(({ of }) => elementCount(of));
  return {
    vanishes: ratio < BETA_1 && first < BETA_2,
    explodes: ratio > BETA_3,
    dies: zeros >= GAMMA,
    broken: parametersAt(run, last).some(({ row }) => isBroken(row)),
  };
}

/** Peaks and troughs of the accuracy, one by one, that are far enough apart, in enough of the epochs. */
export function oscillates(accuracies: readonly number[]): boolean {
  const inner = accuracies.slice(1, -1).map((value, i) => ({ value, before: accuracies[i], after: accuracies[i + 2] }));
  const peaks = inner.filter(({ value, before, after }) => value >= before && value >= after);
  const troughs = inner.filter(({ value, before, after }) => value <= before && value <= after);
  const far = peaks.filter(({ value }, i) => i < troughs.length && value - troughs[i].value >= ZETA);
  return far.length >= ETA * accuracies.length;
}

const greatestRise = (accuracies: readonly number[]): number =>
  Math.max(0, ...accuracies.slice(1).map((accuracy, i) => accuracy - accuracies[i]));

/** The problem at which the monitor stops the training; null if it lets it run to its end. */
export function problemOf(run: Run): Problem | null {
  const epochs = epochsOf(run);
  const seen = { vanishes: false, explodes: false, dies: false };
  const judged = { poor: false, slow: false, oscillating: false };
  for (let i = 0; i < epochs.length; i += CHECKED_EVERY) {
    const gradient = gradientAt(run, epochs[i]);
    if (gradient.broken) return 'exploding gradient';
    seen.vanishes ||= gradient.vanishes;
    seen.explodes ||= gradient.explodes;
    seen.dies ||= gradient.dies;
    const soFar = epochs.slice(0, i + 1);
    if (soFar.some(({ loss }) => !Number.isFinite(loss)) || epochs[i].loss >= LARGE_LOSS) return 'exploding gradient';
    if (soFar.length < JUDGED_FROM * epochs.length) continue;
    const accuracies = soFar.map(({ accuracy }) => accuracy);
    judged.poor ||= Math.max(...accuracies) < THETA;
    judged.slow ||= greatestRise(accuracies) < DELTA && Math.max(...accuracies) < KNOWN;
    judged.oscillating ||= oscillates(accuracies);
    if (judged.poor || judged.slow) {
      if (seen.dies) return 'dying ReLU';
      if (seen.explodes) return 'exploding gradient';
      if (seen.vanishes) return 'vanishing gradient';
      if (judged.slow) return 'slow convergence';
    } else if (judged.oscillating) return 'oscillating loss';
  }
  return null;
}

const PROBLEMS: readonly Problem[] = [
  'vanishing gradient',
  'exploding gradient',
  'dying ReLU',
  'oscillating loss',
  'slow convergence',
];

export const autoTrainer: Detector = {
  name: 'AutoTrainer',
  rules: PROBLEMS,
  alarms: (run) => {
    const problem = problemOf(run);
    return problem ? [problem] : [];
  },
};
