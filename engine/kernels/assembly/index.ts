export * from './binary';
export { eq, le, lt, ne, where } from './compare';
export { copy1, copy4 } from './copy';
export { conv2d, conv2dInput, conv2dWeight, convolutionScratch } from './convolution';
export { gemmInit, gemmScratch, matmul, matmulWide } from './gemm';
export { firstOutside, gatherAlong, indexAdd, indexSelect, scatterAdd } from './indexing';
export { crossEntropy, crossEntropyBackward } from './loss';
export { channelSums, combine, moments, scaleShift } from './normalization';
export { adam, sgd, sgdMomentum } from './optimizers';
export { maxPool } from './pooling';
export { fold } from './reduce';
export { softmax, softmaxBackward, standardize, standardizeBackward } from './rows';
export { measure, squaredDistance } from './statistics';
export * from './unary';
export {
  gruStep,
  gruStepBackward,
  lstmHidden,
  lstmHiddenBackward,
  lstmMemory,
  lstmMemoryBackward,
} from './recurrent';
