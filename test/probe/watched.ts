import { observe } from '../../engine/autograd/observer.ts';
import type { Attention } from '../../engine/probe/attention.ts';
import { Probe } from '../../engine/probe/probe.ts';
import type { Frame, FrameKind, StatisticRows } from '../../engine/run/frame.ts';
import type { HistogramRows } from '../../engine/run/histogram.ts';

interface Watched<R> {
  readonly frames: readonly Frame[];
  readonly result: R;
  all<K extends FrameKind>(kind: K): Extract<Frame, { kind: K }>[];
}

/** A step's rows are the probe's own and change with the next one; some lie in shared memory, which no clone copies. */
function kept(frame: Frame): Frame {
  if (frame.kind !== 'step') return frame;
  const { parameters, layers, operations, histograms } = frame;
  return {
    ...frame,
    parameters: copyOf(parameters),
    layers: copyOf(layers),
    operations: copyOf(operations),
    histograms: histograms && copyOf(histograms),
  };
}

const copyOf = <R extends StatisticRows | HistogramRows>(rows: R): R => ({
  ...rows,
  ids: rows.ids.slice(),
  values: rows.values.slice(),
});

/** What else the probe is told: `budget` as in its options, and what is under suspicion. */
interface Told {
  readonly budget?: number;
  readonly attended?: Attention;
  /** Hears each frame as it's sent. */
  readonly sink?: (frame: Frame) => void;
}

/** Trains in this process under a probe, which has all the time there is. */
export function watched<R>(train: () => R, { budget, attended, sink }: Told = {}): Watched<R> {
  const frames: Frame[] = [];
  const control = {
    boundary() {},
    evaluating() {},
    keepsOutputs: false,
    attention: attended ? 1 : 0,
    attended: attended ?? { layers: [], parameters: [] },
    check() {},
    stepDone() {},
  };
  const send = (frame: Frame) => {
    frames.push(kept(frame));
    sink?.(frame);
  };
  const probe = new Probe(send, {
    control,
    seconds: () => 1e6,
    name: () => null,
    budget,
  });
  observe(probe);
  try {
    const result = train();
    probe.complete();
    return {
      frames,
      result,
      all: <K extends FrameKind>(kind: K) =>
        frames.filter((frame): frame is Extract<Frame, { kind: K }> => frame.kind === kind),
    };
  } finally {
    observe(null);
  }
}
