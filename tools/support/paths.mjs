import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. (Not import.meta.dirname: the tools also start on Node 18.) */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

export const inRoot = (...parts) => path.join(root, ...parts);
