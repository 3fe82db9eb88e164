import { performance } from 'node:perf_hooks';
import { Probe } from '../../../../engine/probe/probe.ts';
import { FrameEncoder } from '../../../../engine/run/encoder.ts';

/**
 * The probe as a run has it, whose frames are made and dropped. `budget`: as in its options; with 0 it measures parameters at
 * every step and nothing else.
 */
export function statistics(budget?: number, seconds = sinceNow()): Probe {
  const encoder = new FrameEncoder();
  return new Probe((frame) => void encoder.encode(frame), {
    seconds,
    stepSink: (frame) => void encoder.encodeStep(frame),
    name: () => null,
    budget,
    control: {
      boundary() {},
      evaluating() {},
      keepsOutputs: false,
      attention: 0,
      attended: { layers: [], parameters: [] },
      check() {},
      stepDone() {},
    },
  });
}

function sinceNow(): () => number {
  const began = performance.now();
  return () => (performance.now() - began) / 1000;
}
