export { attention, attentionScratch } from './attention/attention';
export { attentionBackward, attentionBackwardScratch } from './attention/backward';
export * from './pointwise/binary';
export { eq, le, lt, ne, where } from './pointwise/compare';
export { copy1, copy4 } from './movement/copy';
export { conv2d } from './convolution/forward';
export { conv2dInput } from './convolution/input';
export { convolutionScratch } from './convolution/scratch';
export { conv2dWeight } from './convolution/weight';
export { gemmInit, gemmScratch, matmul, matmulWide } from './matrix/gemm';
export { firstOutside, gatherAlong, indexAdd, indexSelect, scatterAdd } from './movement/indexing';
export { layerNorm, layerNormBackward } from './normalization/rows';
export { columnSums, fillRows, linear, linearBackward } from './matrix/linear';
export { crossEntropy, crossEntropyBackward } from './reduction/loss';
export { logitLossBackward } from './reduction/logitLoss';
export { channelSums, combine, moments, scaleShift } from './normalization/channels';
export { lstm, lstmBackward, lstmScratch } from './recurrent/lstm';
export { adam, adamMeasured, sgd, sgdMeasured, sgdMomentum, sgdMomentumMeasured } from './statistics/optimizers';
export { maxPool } from './convolution/pooling';
export { fold, sum } from './reduction/reduce';
export { softmax, softmaxBackward, standardize, standardizeBackward } from './reduction/rows';
export { measureParameter } from './statistics/parameterStatistics';
export { magnitudes, measure, squaredDistance } from './statistics/statistics';
export * from './pointwise/unary';
export {
  gruStep,
  gruStepBackward,
  lstmHidden,
  lstmHiddenBackward,
  lstmMemory,
  lstmMemoryBackward,
} from './recurrent/cells';
