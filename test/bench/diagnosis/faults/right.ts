/** Right answers that many operators share: causes, and patterns of the lines to blame. */

export const INIT = /new nn\.(?:Linear|Conv2d|LSTM|GRU|Embedding|ModuleList)|namedParameters|nn\.init/;
export const OPTIMIZER = /new optim\./;
export const STEP = /loss\.backward|lossG\.backward|optimizer\w?\.step|optimizer\w?\.zeroGrad/;
export const LOSS = /const loss/;
export const LARGE = [
  'bad-initialization/large-weights',
  'exploding-gradient/large-weights',
  'exploding-gradient/recurrent-weights',
  'saturated-activation/large-preactivations',
  'wrong-loss-scale/large-logits',
];
export const SMALL = ['bad-initialization/small-weights', 'vanishing-gradient/small-weights'];
export const HIGH = ['learning-rate-high', 'oscillating-loss/large-updates'];
export const LOW = ['learning-rate-low'];
export const FADES = ['vanishing-gradient/saturating-activation', 'saturated-activation'];
export const NOTHING_LEARNED = ['loss-plateau'];
