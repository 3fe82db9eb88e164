import type { Numbers } from './dtype.ts';
import { Philox } from './philox.ts';

// The one generator behind rand, randn, dropout, initialization and shuffling.
let generator = new Philox(0);

let fixed = false;

/** Starts the random numbers over: the same seed gives the same numbers, on every machine. */
export function manualSeed(seed: number): void {
  if (!fixed) generator = new Philox(seed);
}

/** Seeds for the whole process: a script's own `manualSeed` is disregarded from now on. */
export function fixSeed(seed: number): void {
  generator = new Philox(seed);
  fixed = true;
}

/** What `replayed` needs to draw the numbers that come next once more. */
export const randomState = (): Philox => generator.fork();

/** Runs `body` with random numbers from `state` on, and goes on as if it hadn't run. */
export function replayed<R>(state: Philox, body: () => R): R {
  const before = generator;
  generator = state.fork();
  try {
    return body();
  } finally {
    generator = before;
  }
}

/** Uniform in [0, 1), a multiple of 2⁻²⁴: exact in float32. */
const uniform = (): number => (generator.next() >>> 8) * 2 ** -24;

/** A uniform integer in [0, bound), without bias: draws in the incomplete last block are repeated. */
export function randomInteger(bound: number): number {
  const limit = 2 ** 32 - (2 ** 32 % bound);
  for (;;) {
    const draw = generator.next();
    if (draw < limit) return draw % bound;
  }
}

export function uniformFill(out: Numbers, from: number, to: number): void {
  for (let i = 0; i < out.length; i++) out[i] = from + (to - from) * uniform();
}

/** Box & Muller 1958: two uniform numbers make two independent normal ones. */
export function normalFill(out: Numbers, mean: number, std: number): void {
  for (let i = 0; i < out.length; i += 2) {
    const radius = std * Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    out[i] = mean + radius * Math.cos(angle);
    if (i + 1 < out.length) out[i + 1] = mean + radius * Math.sin(angle);
  }
}

export function bernoulliFill(out: Numbers, probability: number): void {
  for (let i = 0; i < out.length; i++) out[i] = uniform() < probability ? 1 : 0;
}

/** A random order of 0 … n − 1 (Fisher & Yates). */
export function permutation(n: number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = randomInteger(i + 1);
    const swap = order[i];
    order[i] = order[j];
    order[j] = swap;
  }
  return order;
}

export { uniform as randomUniform };
