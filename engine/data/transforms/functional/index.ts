// What the random transforms do once their numbers are drawn; torchvision.transforms.functional.
export * from './color.ts';
export * from './crop.ts';
export * from './mix.ts';
export * from './resize.ts';
export * from './warp.ts';
