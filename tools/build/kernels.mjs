// The WebAssembly kernels: AssemblyScript in, dist/engine/*.wasm out.
import fs from 'node:fs';
import path from 'node:path';
import asc from 'assemblyscript/asc';
import { inRoot } from '../support/paths.mjs';

const sources = inRoot('engine/kernels/assembly');

const shared = [
  // one round of the optimizer: repeating it until nothing changes takes four times as long, and the code is as fast
  '--optimizeLevel=3',
  '--shrinkLevel=0',
  '--noAssert',
  '--uncheckedBehavior=always',
  '--runtime=stub',
  '--enable=simd',
  '--enable=threads',
  '--importMemory',
  '--sharedMemory',
  '--initialMemory=16',
  '--maximumMemory=65536',
  // names of functions, for profiles; 4 KB, and the code is the same
  '--debug',
];

/** `kernels` needs relaxed SIMD (one rounding for a multiplication and an addition); `kernels-plain` doesn't. */
const variants = { kernels: ['--enable=relaxed-simd'], 'kernels-plain': [] };

/** Compiles what is older than its sources, once for all builds, and puts it into `out`/dist/engine. */
export async function buildKernels(out) {
  const newest = Math.max(
    ...[
      ...fs.readdirSync(sources, { recursive: true }).map((name) => path.join(sources, name)),
      import.meta.filename,
    ].map((file) => fs.statSync(file).mtimeMs),
  );
  for (const [name, flags] of Object.entries(variants)) {
    const compiled = inRoot('dist/engine', `${name}.wasm`);
    if (!fs.existsSync(compiled) || fs.statSync(compiled).mtimeMs <= newest) await compile(compiled, flags);
    const file = path.join(out, 'dist/engine', `${name}.wasm`);
    if (file === compiled) continue;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.copyFileSync(compiled, file);
  }
}

async function compile(file, flags) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  // whole or not at all: another process may be about to read it
  const part = `${file}.${process.pid}`;
  const { error, stderr } = await asc.main([path.join(sources, 'index.ts'), '--outFile', part, ...shared, ...flags]);
  if (error) throw new Error(`${stderr}${error.message}`);
  fs.renameSync(part, file);
}
