export * from './classification.ts';
export * from './detection.ts';
export * from './scores.ts';
