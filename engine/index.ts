// What `import … from 'gradlens'` gives a script.

export { grad } from './autograd/grad.ts';
export { type GradcheckOptions, gradcheck, gradgradcheck, type Mismatch } from './autograd/gradcheck.ts';
export * as autograd from './autograd/index.ts';
export { enableGrad, inferenceMode, isGradEnabled, noGrad, setGradEnabled } from './autograd/mode.ts';
export * as data from './data/index.ts';
export * as metrics from './metrics/index.ts';
export * as F from './nn/functional.ts';
export * as nn from './nn/index.ts';
export * as optim from './optim/index.ts';
export * from './tensor/chance.ts';
export * from './tensor/create.ts';
export type { DType } from './tensor/dtype.ts';
export { einsum, tensordot } from './tensor/einsum.ts';
export { ArgumentError, DTypeError, GradientError, ShapeError } from './tensor/errors.ts';
export * from './tensor/functions.ts';
export * as linalg from './tensor/linalg.ts';
export { manualSeed } from './tensor/random.ts';
export { Tensor } from './tensor/tensor.ts';
