export * from './classification.ts';
export * from './detection.ts';
