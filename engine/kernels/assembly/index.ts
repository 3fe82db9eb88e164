export { attention, attentionScratch } from './attention';
export { attentionBackward, attentionBackwardScratch } from './attentionRule';
export * from './binary';
export { eq, le, lt, ne, where } from './compare';
export { copy1, copy4 } from './copy';
export { conv2d } from './convolution';
export { conv2dInput } from './convolutionInput';
export { convolutionScratch } from './convolutionScratch';
export { conv2dWeight } from './convolutionWeight';
export { gemmInit, gemmScratch, matmul, matmulWide } from './gemm';
export { firstOutside, gatherAlong, indexAdd, indexSelect, scatterAdd } from './indexing';
export { layerNorm, layerNormBackward } from './layerNorm';
export { columnSums, fillRows, linear, linearBackward } from './linear';
export { crossEntropy, crossEntropyBackward } from './loss';
export { logitLossBackward } from './logitLoss';
export { channelSums, combine, moments, scaleShift } from './normalization';
export { lstm, lstmBackward, lstmScratch } from './lstm';
export { adam, adamMeasured, sgd, sgdMeasured, sgdMomentum, sgdMomentumMeasured } from './optimizers';
export { maxPool } from './pooling';
export { fold, sum } from './reduce';
export { softmax, softmaxBackward, standardize, standardizeBackward } from './rows';
export { measureParameter } from './parameterStatistics';
export { magnitudes, measure, squaredDistance } from './statistics';
export * from './unary';
export {
  gruStep,
  gruStepBackward,
  lstmHidden,
  lstmHiddenBackward,
  lstmMemory,
  lstmMemoryBackward,
} from './recurrent';
