import fs from 'node:fs';
import v8 from 'node:v8';
import vm from 'node:vm';
import type { HeapOptions } from '../kernels/wasm/heap.ts';
import { type Installed, installWasm } from '../kernels/wasm/install.ts';
import type { Scavenger } from '../kernels/wasm/scavenger.ts';
import { kernelsFile } from './entry.ts';

/**
 * `wide`: 256-bit tiles where this V8 can, the default; `narrow`: 128 bits; `plain`: without relaxed SIMD; `reference`:
 * TypeScript.
 */
export type KernelChoice = 'wide' | 'narrow' | 'plain' | 'reference';
/** The environment variable that chooses. */
export const KERNELS_VARIABLE = 'GRADLENS_KERNELS';

/** Lets the engine compute in WebAssembly, if this process can. @returns What is in use; null for the reference. */
export function installKernels(
  choice = process.env[KERNELS_VARIABLE] as KernelChoice | undefined,
  options?: HeapOptions,
): Installed | null {
  if (choice === 'reference') return null;
  const wanted = choice === undefined || choice === 'wide';
  const revectorized = wanted && trySetFlag('--experimental-wasm-revectorize');
  const module = (choice !== 'plain' && compile('kernels')) || compile('kernels-plain');
  return module && installWasm(module, scavenger, revectorized, options);
}

/** Null where there is no such file (no build yet) or where it uses what this V8 doesn't know. */
function compile(name: 'kernels' | 'kernels-plain'): WebAssembly.Module | null {
  const file = kernelsFile(name);
  if (!fs.existsSync(file)) return null;
  // Optimized at once: the self-test must see the code that will be used, and a training run is never too short for it.
  v8.setFlagsFromString('--no-liftoff');
  trySetFlag('--experimental-wasm-relaxed-simd');
  try {
    return new WebAssembly.Module(fs.readFileSync(file));
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return null;
    throw error;
  } finally {
    v8.setFlagsFromString('--liftoff');
  }
}

/** V8 prints a complaint about a flag that it doesn't know, so it is asked by version. */
function trySetFlag(flag: '--experimental-wasm-revectorize' | '--experimental-wasm-relaxed-simd'): boolean {
  const major = Number(process.versions.node.split('.')[0]);
  const [from, to] = flag === '--experimental-wasm-revectorize' ? [24, Infinity] : [20, 21];
  if (major < from || major > to) return false;
  v8.setFlagsFromString(flag);
  return true;
}

const nothing = new vm.Script('0');
let elsewhere: vm.Context | null = null;
let collectGarbage: (() => void) | null = null;

/**
 * A WeakRef keeps its target alive until the running job ends, and a training loop is one job. Leaving a context that has
 * microtasks of its own counts as the end of a job to V8, which then lets go of those targets.
 */
const scavenger: Scavenger = {
  scavenge() {
    if (!collectGarbage) {
      v8.setFlagsFromString('--expose-gc');
      collectGarbage = vm.runInNewContext('gc');
      elsewhere = vm.createContext({}, { microtaskMode: 'afterEvaluate' });
    }
    const canary = new WeakRef({});
    nothing.runInContext(elsewhere!);
    collectGarbage!();
    return canary.deref() === undefined;
  },
};
