/** `node ours.ts NAME SECONDS [statistics]`: steps per second of one workload in a process of its own, as JSON. */
import { observe } from '../../../engine/autograd/observer.ts';
import { Probe } from '../../../engine/probe/probe.ts';
import { encodeFrame } from '../../../engine/run/codec.ts';
import { version } from '../../../engine/version.ts';
import { type WorkloadName, workloads } from './workloads.ts';

const [name, duration, watched] = process.argv.slice(2);
const seconds = Number(duration);
const began = performance.now();
const since = () => (performance.now() - began) / 1000;
if (watched === 'statistics') {
  const control = { boundary() {}, evaluating() {}, keepsOutputs: false, check() {}, stepDone() {} };
  observe(new Probe((frame) => void encodeFrame(frame), { seconds: since, name: () => null, control }));
}

const step = workloads[name as WorkloadName]();
while (since() < seconds / 3) step();
let count = 0;
const start = since();
while (since() - start < seconds) {
  step();
  count++;
}
const rate = count / (since() - start);
console.log(JSON.stringify({ rate, megabytes: process.resourceUsage().maxRSS / 1024, version }));
