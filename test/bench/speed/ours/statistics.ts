import { Probe } from '../../../../engine/probe/probe.ts';
import { encodeFrame } from '../../../../engine/run/codec.ts';

/** The probe as a run has it, whose frames are made and dropped. */
export function statistics(): Probe {
  const began = performance.now();
  return new Probe((frame) => void encodeFrame(frame), {
    seconds: () => (performance.now() - began) / 1000,
    name: () => null,
    control: { boundary() {}, evaluating() {}, keepsOutputs: false, check() {}, stepDone() {} },
  });
}
