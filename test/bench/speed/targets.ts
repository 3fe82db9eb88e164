import { median, percent, ratio, type Table, times } from './figures.ts';
import { NARROW, shareOfPeak } from './gemm.ts';
import type { WorkloadName } from './ours/workloads.ts';
import type { Report } from './report.ts';
import { OURS, READY } from './startup.ts';
import type { Measured, TrainingSpeed } from './training.ts';
import { ALL, PARAMETERS } from './ways.ts';

/** One figure that a target asks about. */
interface Value {
  readonly of: string;
  readonly value: number;
  /** Where each has a bound of its own. */
  readonly bound?: number;
}

interface Target {
  readonly what: string;
  readonly sense: 'at least' | 'at most';
  /** For values that have none of their own. */
  readonly bound?: number;
  readonly show: (value: number) => string;
  /** Empty where it wasn't measured. */
  readonly values: (report: Report) => readonly Value[];
}

const CONVOLUTIONS: readonly WorkloadName[] = ['lenet', 'resnet20'];
type Chosen = (measured: Measured) => boolean;

const kernels =
  (is: 'wide' | 'narrow', threads = '1'): Chosen =>
  ({ subject }) =>
    subject.kind === 'ours' && subject.is === is && subject.threads === threads;
const peer =
  (is: string): Chosen =>
  ({ subject }) =>
    subject.kind === 'peer' && subject.is === is;
const torch =
  (major: '1' | '2', threads = '1'): Chosen =>
  ({ subject }) =>
    subject.kind === 'torch' && subject.is.startsWith(`${major}.`) && subject.threads === threads;

const fastest = (all: readonly Measured[]): Measured | undefined =>
  all.toSorted((a, b) => median(b.rates) - median(a.rates))[0];

/** How many times as many steps per second the first has, workload by workload. */
const speed =
  (ours: Chosen, theirs: Chosen, among?: readonly WorkloadName[]) =>
  ({ training = [] }: Report): Value[] =>
    training
      .filter(({ workload }) => !among || among.includes(workload))
      .flatMap(({ workload, measured }) => {
        const [us, them] = [measured.find(ours), fastest(measured.filter(theirs))];
        return us && them ? [{ of: workload, value: ratio(us.rates, them.rates) }] : [];
      });

/** The same, with a bound for each workload. */
const speedFor = (ours: Chosen, theirs: Chosen, bounds: Partial<Record<WorkloadName, number>>) => (report: Report) =>
  speed(
    ours,
    theirs,
  )(report).flatMap(({ of, value }) => {
    const bound = bounds[of as WorkloadName];
    return bound === undefined ? [] : [{ of, value, bound }];
  });

const FIVE: readonly WorkloadName[] = ['tiny', 'mlp', 'lenet', 'transformer', 'resnet20'];

/** The memory of a step, ours by that of the torch most people have. */
function memory({ workload, measured }: TrainingSpeed): Value[] {
  const [us, them] = [measured.find(kernels('wide')), measured.find(torch('2')) ?? measured.find(torch('1'))];
  return us && them ? [{ of: workload, value: us.stepMegabytes / them.stepMegabytes }] : [];
}

/** What watching adds to a step, in parts of it. */
const added =
  (wanted: string) =>
  ({ overhead = [] }: Report): Value[] =>
    overhead.map(({ workload, of }) => ({
      of: workload,
      value: of.find(({ name, way }) => name !== NARROW && way === wanted)!.share,
    }));

/** All that is asked of the engine's speed. */
const TARGETS: readonly Target[] = [
  {
    what: 'steps/s by tfjs-wasm’s',
    sense: 'at least',
    bound: 10,
    show: times,
    values: speed(kernels('wide'), peer('tfjs')),
  },
  {
    what: 'steps/s by jax-js’s',
    sense: 'at least',
    bound: 3,
    show: times,
    values: speed(kernels('wide'), peer('jax')),
  },
  {
    what: 'the same on convolution',
    sense: 'at least',
    bound: 50,
    show: times,
    values: speed(kernels('wide'), peer('jax'), CONVOLUTIONS),
  },
  {
    what: 'by the official torch’s, 256-bit, one thread each',
    sense: 'at least',
    show: times,
    values: speedFor(kernels('wide'), torch('2'), { tiny: 8, mlp: 1.1, lenet: 1.5, transformer: 1, resnet20: 1 }),
  },
  {
    what: 'the same, 128-bit',
    sense: 'at least',
    bound: 0.6,
    show: times,
    values: speed(kernels('narrow'), torch('2'), FIVE),
  },
  {
    what: 'two threads, by torch’s best with two',
    sense: 'at least',
    bound: 1,
    show: times,
    values: speed(kernels('wide', '2'), torch('2', '2'), FIVE),
  },
  {
    what: 'by torch 1.13’s, 256-bit, one thread each',
    sense: 'at least',
    show: times,
    values: speedFor(kernels('wide'), torch('1'), { tiny: 6, mlp: 0.7, lenet: 0.9, transformer: 0.8, resnet20: 0.8 }),
  },
  {
    what: 'matrix products, of the 128-bit peak',
    sense: 'at least',
    bound: 0.93,
    show: percent,
    values: ({ gemm = [] }) => gemm.map((it) => ({ of: `${it.size}²`, value: shareOfPeak(it) })),
  },
  {
    what: 'complete statistics at every step',
    sense: 'at most',
    bound: 0.03,
    show: (share) => percent(share, 1),
    values: added(PARAMETERS),
  },
  {
    what: 'with sampled histograms, activations and gains',
    sense: 'at most',
    bound: 0.05,
    show: (share) => percent(share, 1),
    values: added(ALL),
  },
  {
    what: 'process ready, ms',
    sense: 'at most',
    bound: 150,
    show: (value) => value.toFixed(0),
    values: ({ startup }) => (startup ? [{ of: 'median', value: median(startup[OURS][READY]) }] : []),
  },
  {
    what: 'memory of a step by torch’s',
    sense: 'at most',
    bound: 1.3,
    show: times,
    values: ({ training = [] }) => training.flatMap(memory),
  },
];

/** Which targets are met. */
export function targetTable(report: Report): Table {
  const found = TARGETS.map((target) => ({ target, values: target.values(report) }));
  const missing = found.filter(({ values }) => !values.length).map(({ target }) => target.what);
  return {
    title: 'Targets',
    header: ['', 'target', 'measured', 'met'],
    rows: found.filter(({ values }) => values.length).map(({ target, values }) => row(target, values)),
    notes: missing.length ? [`Not measured: ${missing.join('; ')}.`] : [],
  };
}

function row({ what, sense, bound, show }: Target, values: readonly Value[]): string[] {
  const judged = values.map(({ of, value, bound: own = bound! }) => {
    const met = sense === 'at least' ? value >= own : value <= own;
    return { text: `${of} ${show(value)}${met ? '' : ' ✗'}`, asked: `${of} ${show(own)}`, met };
  });
  const asked = bound === undefined ? judged.map((it) => it.asked).join(', ') : show(bound);
  const measured = judged.map(({ text }) => text).join(', ');
  return [what, `${sense} ${asked}`, measured, judged.every(({ met }) => met) ? 'yes' : 'no'];
}
