export * from './functional/activation.ts';
export * from './functional/convolution.ts';
export * from './functional/layers.ts';
export * from './functional/loss.ts';
export * from './functional/normalization.ts';
