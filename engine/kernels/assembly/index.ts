export * from './binary';
export { eq, le, lt, ne, where } from './compare';
export { copy1, copy4 } from './copy';
export { conv2d, conv2dInput, conv2dWeight, convolutionScratch } from './convolution';
export { gemmInit, gemmScratch, matmul, matmulWide } from './gemm';
export { fold } from './reduce';
export { softmax, standardize } from './rows';
export { measure, squaredDistance } from './statistics';
export * from './unary';
