/**
 * `node overhead.ts WORKLOAD SECONDS BLOCKS`: what statistics cost, as JSON: milliseconds of a step without and with, in
 * blocks by turns within one process, which noise meets alike.
 */
import { observe } from '../../../../engine/autograd/observer.ts';
import { statistics } from './statistics.ts';
import { training, workload } from './workloads.ts';

const [name, duration, blocks] = process.argv.slice(2);
const milliseconds = (1000 * Number(duration)) / 2;

const probe = statistics();
observe(probe); // sees the model being made
const watched = training(workload(name));
observe(null);
const plain = training(workload(name));

function block(step: () => void): number {
  const start = performance.now();
  let count = 0;
  let elapsed = 0;
  do {
    step();
    count++;
    elapsed = performance.now() - start;
  } while (elapsed < milliseconds);
  return elapsed / count;
}

function pair(): { plain: number; ways: { statistics: number } } {
  const without = block(plain);
  observe(probe);
  const ways = { statistics: block(watched) };
  observe(null);
  return { plain: without, ways };
}

pair(); // warms up
console.log(JSON.stringify(Array.from({ length: Number(blocks) }, pair)));
