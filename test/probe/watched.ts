import { observe } from '../../engine/autograd/observer.ts';
import { Probe } from '../../engine/probe/probe.ts';
import type { Frame, FrameKind } from '../../engine/run/frame.ts';

interface Watched<R> {
  readonly frames: readonly Frame[];
  readonly result: R;
  all<K extends FrameKind>(kind: K): Extract<Frame, { kind: K }>[];
}

/** A step's rows are the probe's own and change with the next one. */
const kept = (frame: Frame): Frame => (frame.kind === 'step' ? structuredClone(frame) : frame);

/** Trains in this process under a probe, which has all the time there is. */
export function watched<R>(train: () => R): Watched<R> {
  const frames: Frame[] = [];
  const control = { boundary() {}, evaluating() {}, keepsOutputs: false, check() {}, stepDone() {} };
  const probe = new Probe((frame) => frames.push(kept(frame)), { control, seconds: () => 1e6, name: () => null });
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
