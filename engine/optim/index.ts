export { Adam, type AdamOptions, AdamW } from './adam.ts';
export * from './adam-variants.ts';
export * from './adaptive.ts';
export { type Group, Optimizer } from './optimizer.ts';
export * from './schedulers.ts';
export * from './sgd.ts';
