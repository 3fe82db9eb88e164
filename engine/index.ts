// What `import … from 'gradlens'` gives a script.

export { grad } from './autograd/grad.ts';
export { type GradcheckOptions, gradcheck, gradgradcheck, type Mismatch } from './autograd/gradcheck.ts';
export * as autograd from './autograd/index.ts';
export { enableGrad, isGradEnabled, noGrad } from './autograd/mode.ts';
export * as data from './data/index.ts';
export * as metrics from './metrics/index.ts';
export * as F from './nn/functional.ts';
export * as nn from './nn/index.ts';
export * as optim from './optim/index.ts';
export * from './tensor/create.ts';
export type { DType } from './tensor/dtype.ts';
export { ArgumentError, DTypeError, GradientError, ShapeError } from './tensor/errors.ts';
export { manualSeed } from './tensor/random.ts';
export { Tensor } from './tensor/tensor.ts';
