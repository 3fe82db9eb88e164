import { performance } from 'node:perf_hooks'; // the global one is looked up by a getter
import { pathToFileURL } from 'node:url';
import { isMainThread, MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { observe } from '../autograd/observer.ts';
import { givenPaths } from '../probe/givenPaths.ts';
import { SourceNames } from '../probe/names.ts';
import { Probe } from '../probe/probe.ts';
import { callSite, nameFiles } from '../probe/sites.ts';
import { FrameEncoder } from '../run/encoder.ts';
import type { Ended, ErrorFrame, Frame, Phase, StepFrame } from '../run/frame.ts';
import { ACTIVATION_STATISTICS, PARAMETER_STATISTICS } from '../run/statistics.ts';
import type { Site } from '../site.ts';
import { fixSeed } from '../tensor/random.ts';
import { version } from '../version.ts';
import { Channel } from './channel.ts';
import { forgetCompileCache } from './compileCache.ts';
import { entry } from './entry.ts';
import { describeError } from './errors.ts';
import { installHooks } from './hooks.ts';
import { THREADS_VARIABLE } from './kernels.ts';
import { type ChildOptions, OPTIONS_VARIABLE } from './messages.ts';
import type { WriterData } from './writer.ts';

/**
 * The training process: loads the user's script under the probe and tells what happens as frames. Started by launch.ts.
 */
const options: ChildOptions = JSON.parse(process.env[OPTIONS_VARIABLE] ?? '');
delete process.env[OPTIONS_VARIABLE];
forgetCompileCache();
const { script } = options;
if (options.threads !== null) process.env[THREADS_VARIABLE] = String(options.threads);
process.argv = [process.argv[0], script, ...options.arguments];

/** How long the writer may take to pass on the last frames. */
const FLUSH_MILLISECONDS = 5000;

nameFiles(givenPaths(script));
// A user's line lies below as many of the engine's own frames as models are deep.
Error.stackTraceLimit = 50;

const startedAt = Date.now();
const clock = performance.now();
let pausedMilliseconds = 0;
const seconds = () => (performance.now() - clock - pausedMilliseconds) / 1000;

const channel = new Channel();
const requests = new MessageChannel();
const data: WriterData = { memory: channel.memory, requests: requests.port2, options, startedAt };
new Worker(entry('writer'), {
  workerData: data,
  transferList: [requests.port2],
  stdout: true,
  stderr: true,
  execArgv: [],
}).unref();

const encoder = new FrameEncoder();
function emit(frame: Frame): void {
  channel.put(encoder.encode(frame)); // the writer seals it
}
/** Steps that there is no room for are only counted, and the last one kept. */
function emitStep(frame: StepFrame): void {
  const bytes = encoder.encodeStep(frame);
  latestMissed = channel.offer(bytes) ? null : bytes.slice();
  if (latestMissed) missedSteps++;
}
let missedSteps = 0;
let latestMissed: Uint8Array | null = null;

/** Whoever looks at a run that is held or over sees its last step, however little room there was. */
function catchUp(): void {
  if (!latestMissed) return;
  channel.put(latestMissed);
  latestMissed = null;
  missedSteps--;
}

const exit: (code?: number | string | null) => never = process.exit.bind(process);
let over = false;

/** The one way out: says how the run ended, sees that it is heard, and (unless Node is ending anyway) ends the process. */
function finish(
  ended: Ended,
  detail: { exitCode?: number; message?: string; site?: Site | null; error?: ErrorFrame },
): void {
  if (over) return;
  over = true;
  observe(null);
  probe.complete();
  catchUp();
  if (missedSteps) emit({ kind: 'gap', steps: missedSteps });
  if (detail.error) emit(detail.error);
  const { exitCode = 0, message = null, site = null } = detail;
  emit({ kind: 'end', ended, exitCode, message, site, time: seconds(), measuring: probe.measuring });
  channel.flush(FLUSH_MILLISECONDS);
}

const probe = new Probe(emit, {
  seconds,
  stepSink: options.budget < 100 ? emitStep : emit,
  budget: options.budget / 100,
  name: (site) => names.nameAt(site),
  control: {
    boundary(phase) {
      if (channel.undisturbed) return;
      if (channel.command !== 'step' || probe.step > pausedAt) pause(phase);
      this.check();
    },
    evaluating(phase) {
      if (channel.undisturbed) return;
      if (channel.command === 'pause') pause(phase);
      this.check();
    },
    get keepsOutputs() {
      return !channel.undisturbed;
    },
    get attention() {
      return channel.attention;
    },
    get attended() {
      return channel.attended;
    },
    check() {
      if (channel.command === 'stop') stop(channel.stopReason);
    },
    stepDone(steps) {
      if (steps === options.steps) stop('stopped', `Stopped after ${steps} steps, as asked.`);
    },
  },
});

/** The step of the last pause. */
let pausedAt = -1;

function pause(phase: Phase): void {
  if (!channel.hold()) return;
  pausedAt = probe.step;
  const began = performance.now();
  const place = { phase, step: probe.step, site: callSite() };
  catchUp();
  emit({ kind: 'phase', state: 'paused', ...place });
  channel.waitWhilePaused(answer);
  pausedMilliseconds += performance.now() - began;
  emit({ kind: 'phase', state: 'resumed', ...place });
}

function answer(): void {
  for (let one = receiveMessageOnPort(requests.port1); one; one = receiveMessageOnPort(requests.port1))
    emit(probe.inspect(one.message));
}

function stop(ended: Ended, message?: string): never {
  finish(ended, { message, site: callSite() });
  exit(0);
}

function fail(error: unknown): never {
  finish('failed', { exitCode: 1, error: describeError(error, sources) });
  exit(1);
}

/** What the script prints becomes part of the run, in order with its steps. */
function capture(stream: 'stdout' | 'stderr'): void {
  const write = (chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    emit({ kind: 'output', stream, text, step: probe.step, site: callSite() });
    const done = typeof encoding === 'function' ? encoding : callback;
    if (typeof done === 'function') process.nextTick(done);
    return true;
  };
  process[stream].write = write as typeof process.stdout.write;
}

emit({
  kind: 'start',
  script,
  cwd: process.cwd(),
  arguments: options.arguments,
  engine: 'embedded',
  engineVersion: version,
  pid: process.pid,
  startedAt,
  parameterStatistics: PARAMETER_STATISTICS,
  activationStatistics: ACTIVATION_STATISTICS,
});
capture('stdout');
capture('stderr');

const sources = await installHooks((file, text) => emit({ kind: 'source', file, text }));
const names = new SourceNames((file) => sources.running(file));

let exitSite: Site | null = null;
process.exit = (code): never => {
  exitSite = callSite();
  return exit(code);
};
// A terminal's Ctrl-C reaches this process too. Whoever watches hears it and stops the run in order.
process.on('SIGINT', () => {});
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
process.on('exit', (exitCode) => {
  if (exitCode === 0) finish('completed', {});
  else finish('failed', { exitCode, message: exitMessage(exitCode), site: exitSite });
});

function exitMessage(code: number): string {
  // Node's own word for it
  if (code === 13 && !exitSite) return 'The script waits (await) for something that never comes.';
  return `The script ended itself with exit code ${code}.`;
}

if (!isMainThread) throw new Error('child.ts is the entry of a process');
if (options.seed !== null) fixSeed(options.seed);
observe(probe);
if (channel.command === 'stop') stop(channel.stopReason); // before it began
try {
  await import(pathToFileURL(script).href);
} catch (error) {
  fail(error);
}
