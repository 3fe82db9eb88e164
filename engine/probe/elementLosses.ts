import type { LossParameters } from '../autograd/observer.ts';

interface ElementLoss {
  readonly of: (answer: number, target: number) => number;
  /** The mean loss of the constant that is best for all of these targets. */
  readonly constant: (targets: Float64Array) => number;
  /** The least there can be for a target; 0 where it's absent. */
  readonly least?: (target: number) => number;
}

const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;

const meanLoss = (of: ElementLoss['of'], answer: number, targets: Float64Array): number =>
  targets.reduce((sum, target) => sum + of(answer, target), 0) / targets.length;

const binaryEntropy = (p: number): number => (p <= 0 || p >= 1 ? 0 : -p * Math.log(p) - (1 - p) * Math.log(1 - p));

/** For probabilities, and for logits: the best is what has the mean of the targets as its probability. */
const ofProbability: Pick<ElementLoss, 'constant' | 'least'> = {
  constant: (targets) => binaryEntropy(mean(targets)),
  least: binaryEntropy,
};

const logistic = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

const squared: ElementLoss = {
  of: (x, y) => (x - y) ** 2,
  constant(targets) {
    const best = mean(targets);
    return meanLoss(squared.of, best, targets);
  },
};

const absolute: ElementLoss = {
  of: (x, y) => Math.abs(x - y),
  constant(targets) {
    const best = targets.toSorted()[targets.length >> 1];
    return meanLoss(absolute.of, best, targets);
  },
};

/** Halvings of the interval in which the best constant lies. */
const HALVINGS = 30;

function huber(delta: number, divisor: number): ElementLoss {
  const of = (x: number, y: number) => {
    const distance = Math.abs(x - y);
    const near = Math.min(distance, delta);
    return (near * (distance - near / 2)) / divisor;
  };
  return {
    of,
    constant(targets) {
      let [low, high] = [Infinity, -Infinity];
      for (const y of targets) [low, high] = [Math.min(low, y), Math.max(high, y)];
      for (let i = 0; i < HALVINGS && low < high; i++) {
        const answer = (low + high) / 2;
        let slope = 0;
        for (const y of targets) slope += Math.max(-delta, Math.min(delta, answer - y));
        if (slope > 0) high = answer;
        else low = answer;
      }
      return meanLoss(of, (low + high) / 2, targets);
    },
  };
}

/** y·ln y, 0 at 0. */
const timesLog = (y: number): number => (y > 0 ? y * Math.log(y) : 0);

function poisson({ logInput = true, full = false, eps = 1e-8 }: LossParameters): ElementLoss {
  // Stirling's approximation of ln y!
  const more = (y: number) => (full && y > 1 ? timesLog(y) - y + Math.log(2 * Math.PI * y) / 2 : 0);
  return {
    of: (x, y) => (logInput ? Math.exp(x) - y * x : x - y * Math.log(x + eps)) + more(y),
    constant(targets) {
      const rate = mean(targets);
      return rate - timesLog(rate) + targets.reduce((sum, y) => sum + more(y), 0) / targets.length;
    },
    least: (y) => y - timesLog(y) + more(y),
  };
}

/** The loss functions that take every element for itself. */
export const ELEMENT_LOSSES: { readonly [loss: string]: (parameters: LossParameters) => ElementLoss } = {
  mseLoss: () => squared,
  l1Loss: () => absolute,
  // No loss: the least that it can be is −∞.
  difference: () => ({ of: (x, y) => x - y, constant: () => Number.NEGATIVE_INFINITY }),
  huberLoss: ({ delta = 1 }) => huber(delta, 1),
  smoothL1Loss: ({ beta = 1 }) => huber(beta, beta),
  // Logarithms as in PyTorch, at least −100.
  binaryCrossEntropy: () => ({
    of: (x, y) => -y * Math.max(-100, Math.log(x)) - (1 - y) * Math.max(-100, Math.log(1 - x)),
    ...ofProbability,
  }),
  binaryCrossEntropyWithLogits: () => ({ of: (x, y) => logistic(x) - x * y, ...ofProbability }),
  poissonNllLoss: poisson,
  // Targets of ±1.
  softMarginLoss: () => ({
    of: (x, y) => logistic(-x * y),
    constant: (targets) => binaryEntropy((1 + mean(targets)) / 2),
    least: (y) => binaryEntropy((1 + y) / 2),
  }),
};
