import { installKernels } from './kernels.ts';

// What a script imports as `gradlens`, under GradLens or in Node alone: the engine, with the kernels that Node can have.
export * from '../index.ts';

installKernels(undefined, { threads: 'auto' });
