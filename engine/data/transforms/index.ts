export * from './basic.ts';
export * from './color.ts';
export * from './geometry.ts';
export * from './mix.ts';
