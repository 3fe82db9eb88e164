export * from './binary';
export { conv2d, conv2dInput, conv2dWeight, convolutionScratch } from './convolution';
export { gemmInit, gemmScratch, matmul, matmulWide } from './gemm';
export { addRow, sum, sumOfSquares } from './reduce';
export { softmax, standardize } from './rows';
export { measure, squaredDistance } from './statistics';
export * from './unary';
