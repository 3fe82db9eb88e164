import { spawnSync } from 'node:child_process';
import { copyFileSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as esbuild from 'esbuild';
// @ts-expect-error: a tool without types
import { bundles } from '../../../tools/build/bundles.mjs';
import { median, type Table } from './figures.ts';
import { ask, ours, type Python } from './processes.ts';

/** Milliseconds since Run was pressed, or the command was given; by who and by what had been reached. */
export type Startup = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;

export const OURS = 'ours';
export const READY = 'ready';

const ROUNDS = 10;

/** Says when the engine is there and when it has trained a step. */
const TYPESCRIPT = `import { F, nn, optim, randn } from 'gradlens';
const now = () => performance.timeOrigin + performance.now();
const ready = now();
const model = new nn.Sequential(new nn.Linear(2, 32), new nn.ReLU(), new nn.Linear(32, 1));
const optimizer = new optim.SGD(model.parameters(), { lr: 0.01 });
function step() {
  optimizer.zeroGrad();
  F.mseLoss(model(randn([64, 2])), randn([64, 1])).backward();
  optimizer.step();
}
step();
const stepped = now();
console.log(\`ready \${ready}\`);
console.log(\`step \${stepped}\`);
for (let i = 0; i < 20; i++) step();
`;

const PYTHON = `import time
import torch
ready = time.time()
model = torch.nn.Sequential(torch.nn.Linear(2, 32), torch.nn.ReLU(), torch.nn.Linear(32, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
optimizer.zero_grad()
torch.nn.functional.mse_loss(model(torch.randn(64, 2)), torch.randn(64, 1)).backward()
optimizer.step()
print("[%f, %f]" % (1000 * ready, 1000 * time.time()))
`;

/** From a fresh production build, as it is shipped: spawn to first step, Run pressed to the first frame at the launcher. */
export async function measureStartup(pythons: readonly Python[]): Promise<Startup> {
  const out = mkdtempSync(path.join(os.tmpdir(), 'gradlens-startup-'));
  try {
    const launcher = await buildWithLauncher(out);
    const script = path.join(out, 'script.ts');
    writeFileSync(script, TYPESCRIPT);
    const rounds = ask<Record<string, number>[]>(ours('startup', [launcher, script, String(ROUNDS)]));
    const names = Object.keys(rounds[0]);
    const of = (name: string) => rounds.map((marks) => marks[name]);
    return {
      [OURS]: Object.fromEntries(names.map((name) => [name, of(name)])),
      'Node alone': { [READY]: Array.from({ length: ROUNDS }, node) },
      ...Object.fromEntries(pythons.map((python) => [`torch ${python.version}`, torch(python)])),
    };
  } finally {
    rmSync(out, { recursive: true });
  }
}

interface EngineBundle extends esbuild.BuildOptions {
  readonly entryPoints: Record<string, string>;
}

/** The engine's bundles, and beside them the launcher, which otherwise is part of the extension. */
async function buildWithLauncher(out: string): Promise<string> {
  const engine = (bundles({ production: true, out }) as EngineBundle[]).find(({ entryPoints }) => entryPoints.child)!;
  await esbuild.build({ ...engine, entryPoints: { ...engine.entryPoints, launch: 'engine/host/launch.ts' } });
  // they are the same whatever the build is for, and up to date
  for (const file of globSync('dist/engine/*.wasm')) copyFileSync(file, path.join(out, file));
  return path.join(out, 'dist/engine/launch.js');
}

const now = () => performance.timeOrigin + performance.now();

/** What Node itself takes to its first line: none of ours can be faster. */
function node(): number {
  const began = now();
  const { stdout } = spawnSync(process.execPath, ['-p', 'performance.timeOrigin + performance.now()'], {
    encoding: 'utf8',
  });
  return Number(stdout) - began;
}

function torch(python: Python): Record<string, number[]> {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const began = now();
    return ask<number[]>({ command: python.path, arguments: ['-c', PYTHON] }).map((at) => at - began);
  });
  return { [READY]: rounds.map(([ready]) => ready), step: rounds.map(([, step]) => step) };
}

export function startupTable(startup: Startup): Table {
  const names = Object.keys(startup[OURS]);
  return {
    title: 'Start, ms after Run was pressed (or the command given): median (best)',
    header: ['', ...names],
    rows: Object.entries(startup).map(([who, marks]) => [
      who,
      ...names.map((name) =>
        marks[name] ? `${median(marks[name]).toFixed(0)} (${Math.min(...marks[name]).toFixed(0)})` : '',
      ),
    ]),
  };
}
