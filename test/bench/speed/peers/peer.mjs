// `node peer.mjs LIBRARY WORKLOAD SECONDS START`: the timing of one workload in a library, as JSON; or why it can't.
import { residentMegabytes, time } from '../clock.ts';
import { RATE } from '../rate.ts';
import { readStart } from '../start.ts';
import { losses } from './models.mjs';

const [library, workload, seconds, file] = process.argv.slice(2);
const { training, version } = await import(`./${library}.mjs`);
const before = residentMegabytes();
try {
  const step = training(losses[workload], readStart(file), RATE);
  console.log(JSON.stringify(await time(step, Number(seconds), before, version)));
} catch (error) {
  console.log(JSON.stringify({ cannot: error.message.split('\n')[0], version }));
}
process.exit(); // worker threads of a library would keep it alive
