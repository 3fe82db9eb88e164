/**
 * `node overhead.ts WORKLOAD SECONDS BLOCKS`: what watching costs, as JSON: milliseconds of processor time of a step without and
 * with, in blocks by turns within one process, which noise meets alike.
 */
import { observe } from '../../../../engine/autograd/observer.ts';
import type { Probe } from '../../../../engine/probe/probe.ts';
import { HEAD_START } from '../../../../engine/probe/sampler.ts';
import { ALL, PARAMETERS } from '../ways.ts';
import { statistics } from './statistics.ts';
import { training, workload } from './workloads.ts';

const [name, duration, blocks] = process.argv.slice(2);
const milliseconds = (1000 * Number(duration)) / 3;
/** Of a block, however long they take. */
const LEAST_STEPS = 3;
/** Milliseconds before the first block counts. */
const WARMING = 2000;

type Step = () => unknown;
/**
 * Milliseconds of the blocks of each way that are over: a probe's budget is a share of its own training. Its clock begins before
 * zero, so that nothing is granted before any training: what a long run costs is measured, not what a short one does.
 */
const trained = new Map<string, number>();
/** Of the block under way. */
let start = 0;
const plain = training(workload(name));
const watched = new Map<string, readonly [Probe, Step]>(
  [[PARAMETERS, 0] as const, [ALL, undefined] as const].map(([way, budget]) => {
    const probe = statistics(budget, () => ((trained.get(way) ?? 0) + performance.now() - start - HEAD_START) / 1000);
    observe(probe); // sees the model being made
    const step = training(workload(name));
    observe(null);
    return [way, [probe, step]];
  }),
);

function block(step: Step): number {
  start = performance.now();
  const used = process.cpuUsage();
  let count = 0;
  do {
    step();
    count++;
  } while (count < LEAST_STEPS || performance.now() - start < milliseconds);
  const { user, system } = process.cpuUsage(used);
  return (user + system) / 1000 / count;
}

function watchedBlock(way: string): number {
  const [probe, step] = watched.get(way)!;
  observe(probe);
  const took = block(step);
  observe(null);
  trained.set(way, (trained.get(way) ?? 0) + performance.now() - start);
  return took;
}

/** Each round begins with another: what happens every so many steps, as collecting garbage does, isn't always the same one's. */
const order = [null, ...watched.keys()];

function round(): { plain: number; ways: Record<string, number> } {
  let without = 0;
  const ways: Record<string, number> = Object.fromEntries([...watched.keys()].map((way) => [way, 0]));
  for (const way of order) {
    if (way === null) without = block(plain);
    else ways[way] = watchedBlock(way);
  }
  order.push(order.shift()!);
  return { plain: without, ways };
}

// Until everything is compiled.
const warm = performance.now() + WARMING;
do round();
while (performance.now() < warm);
console.log(JSON.stringify(Array.from({ length: Number(blocks) }, round)));
