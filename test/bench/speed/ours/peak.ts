import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import v8 from 'node:v8';
import asc from 'assemblyscript/asc';

/** As many multiply-adds under way at once as a core can have, nothing loaded or stored. */
const CHAINS = 12;
const chains = Array.from({ length: CHAINS }, (_, i) => i);
// The factor is given: a constant would be loaded anew each time.
const source = `
export function run(rounds: i32, factor: f32): f32 {
  const by = f32x4.splat(factor);
  ${chains.map((i) => `let a${i} = f32x4.splat(${i}.5);`).join(' ')}
  for (let i = 0; i < rounds; i++) {
    ${chains.map((i) => `a${i} = f32x4.relaxed_madd(by, by, a${i});`).join(' ')}
  }
  return f32x4.extract_lane(${chains.map((i) => `a${i}`).reduce((a, b) => `f32x4.add(${a}, ${b})`)}, 0);
}
`;

/** A function that measures the peak of this core at 128 bits, in float32 operations per second. */
export async function peakOfCore(): Promise<() => number> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'gradlens-peak-'));
  try {
    const file = path.join(folder, 'peak');
    writeFileSync(`${file}.ts`, source);
    const flags = ['--optimizeLevel=3', '--runtime=stub', '--enable=simd', '--enable=relaxed-simd'];
    const { error, stderr } = await asc.main([`${file}.ts`, '--outFile', `${file}.wasm`, ...flags]);
    if (error) throw new Error(`${stderr}${error.message}`);
    v8.setFlagsFromString('--no-liftoff'); // optimized code at once, as the engine's kernels
    const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(`${file}.wasm`)));
    const run = instance.exports.run as (rounds: number, factor: number) => number;
    const rounds = 100_000;
    return () => {
      const began = performance.now();
      run(rounds, 0.999);
      return (rounds * CHAINS * 4 * 2) / ((performance.now() - began) / 1000);
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
