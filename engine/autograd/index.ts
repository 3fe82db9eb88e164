export { FunctionContext } from '../ops/custom.ts';
export { detectAnomaly } from './anomaly.ts';
export { checkpoint } from './checkpoint.ts';
export { CustomFunction as Function } from './function.ts';
export * as functional from './functional.ts';
export { type GradOptions, grad } from './grad.ts';
export { type GradcheckOptions, gradcheck, gradgradcheck, type Mismatch } from './gradcheck.ts';
