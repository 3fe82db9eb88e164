/**
 * `node overhead.ts WORKLOAD SECONDS BLOCKS ENOUGH`: what watching costs, as JSON: the steps without and with, and the milliseconds of
 * processor time that they took, in blocks by turns within one process, which noise meets alike; and how much of a step what is sampled
 * takes besides, which a run times itself.
 */
import { type Observer, observe, unobserving } from '../../../../engine/autograd/observer.ts';
import type { Probe } from '../../../../engine/probe/probe.ts';
import { HEAD_START } from '../../../../engine/probe/sampler.ts';
import type { Block, Blocks } from '../overhead.ts';
import { ALL, PARAMETERS, PLAIN } from '../ways.ts';
import { statistics } from './statistics.ts';
import { training, workload } from './workloads.ts';

const [name, duration, blocks, enough] = process.argv.slice(2);
const milliseconds = (1000 * Number(duration)) / 3;
/** Of a block, however long they take. */
const LEAST_STEPS = 3;
/** Milliseconds before the first block counts. */
const WARMING = 2000;

/**
 * Milliseconds of the blocks of each way that are over: a probe's budget is a share of its own training. Its clock begins before
 * zero, so that nothing is granted before any training: what a long run costs is measured, not what a short one does.
 */
const trained = new Map<string, number>();
/** Of the block under way. */
let start = 0;
const watched = new Map<string, Probe>(
  [[PARAMETERS, 0] as const, [ALL, undefined] as const].map(([way, budget]) => [
    way,
    statistics(budget, () => ((trained.get(way) ?? 0) + performance.now() - start - HEAD_START) / 1000),
  ]),
);
function all(tell: (probe: Probe) => void): void {
  for (const probe of watched.values()) tell(probe);
}
const everyone: Observer = {
  ...unobserving,
  moduleCreated: (module) => all((probe) => probe.moduleCreated(module)),
  leafCreated: (leaf) => all((probe) => probe.leafCreated(leaf)),
  optimizerCreated: (optimizer) => all((probe) => probe.optimizerCreated(optimizer)),
};
// One network for all ways: where its memory lies makes a difference of several hundredths to the caches.
observe(everyone);
const step = training(workload(name));
observe(null);

function block(): Block {
  start = performance.now();
  const used = process.cpuUsage();
  let steps = 0;
  do {
    step();
    steps++;
  } while (steps < LEAST_STEPS || performance.now() - start < milliseconds);
  const { user, system } = process.cpuUsage(used);
  return { steps, milliseconds: (user + system) / 1000 };
}

function watchedBlock(way: string): Block {
  observe(watched.get(way)!);
  const took = block();
  observe(null);
  trained.set(way, (trained.get(way) ?? 0) + performance.now() - start);
  return took;
}

/** In another order each time: what happens every so many steps, as collecting garbage does, isn't always the same one's. */
const inTurns = [PLAIN, ...watched.keys()];

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

function round(): Blocks {
  return Object.fromEntries(shuffled(inTurns).map((way) => [way, way === PLAIN ? block() : watchedBlock(way)]));
}

// Until everything is compiled.
const warm = performance.now() + WARMING;
do round();
while (performance.now() < warm);
/** What a probe has taken since the first steps, of which everything is measured, in parts of its training since. */
function taking(way: string): () => number {
  const spent = () => watched.get(way)!.spent;
  const before = { spent: spent(), trained: trained.get(way)! };
  return () => (spent() - before.spent) / (trained.get(way)! - before.trained);
}
const [whole, bare] = [taking(ALL), taking(PARAMETERS)];
const end = performance.now() + 1000 * Number(enough);
const rounds: Blocks[] = [];
while (rounds.length < Number(blocks) && performance.now() < end) rounds.push(round());
// the probe whose budget is 0 does what the other one does at every step, and nothing else
console.log(JSON.stringify({ rounds, besides: { [ALL]: Math.max(0, whole() - bare()) } }));
