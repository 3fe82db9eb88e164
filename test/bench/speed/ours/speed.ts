/** `node speed.ts WORKLOAD SECONDS [statistics]`: the timing of a workload in our engine, as JSON. */
import { observe } from '../../../../engine/autograd/observer.ts';
import { version } from '../../../../engine/version.ts';
import { residentMegabytes, time } from '../clock.ts';
import { statistics } from './statistics.ts';
import { training, workload } from './workloads.ts';

const [name, seconds, watched] = process.argv.slice(2);
const before = residentMegabytes();
if (watched === 'statistics') observe(statistics());
console.log(JSON.stringify(await time(training(workload(name)), Number(seconds), before, version)));
