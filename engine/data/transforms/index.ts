export * from './basic.ts';
export * from './color.ts';
export * from './crops.ts';
export * as functional from './functional/index.ts';
export * from './geometry.ts';
export * from './mix.ts';
