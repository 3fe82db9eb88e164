import { python } from './shapes/python.ts';
import type { Shapes } from './shapes/shape.ts';
import { typescript } from './shapes/typescript.ts';

/** Scripts as people write them, in both languages, each with a loop that trains. */
export const shapes: Shapes = { ...typescript, ...python };
