import { elements } from '../tensor/elements.ts';
import { GradientError, showShape } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { TapeNode } from './tape.ts';
import { trace, userFrames } from './userLine.ts';

let active = false;
/** Where each operation was recorded, while anomalies are being detected. */
let traces = new WeakMap<TapeNode, Error>();

/**
 * Runs `body`, in which a backward pass that makes the first NaN out of finite numbers throws, naming the operation and the line
 * that recorded it. Slow: it looks at every gradient and takes a stack for every operation.
 */
export function detectAnomaly<R>(body: () => R): R {
  const before = active;
  active = true;
  try {
    return body();
  } finally {
    active = before;
    if (!before) traces = new WeakMap();
  }
}

/** Remembers who recorded a node; nothing unless anomalies are being detected. */
export function noteOrigin(node: TapeNode): void {
  // A model nests deep.
  if (active) traces.set(node, trace(50));
}

const holdsNaN = (tensor: Tensor): boolean => elements(tensor).some(Number.isNaN);

/** @throws GradientError if a rule made NaN out of numbers, while anomalies are being detected. */
export function checkGradients(node: TapeNode, incoming: Tensor, parts: readonly (Tensor | null)[]): void {
  if (!active || holdsNaN(incoming)) return;
  const bad = parts.findIndex((part) => part !== null && holdsNaN(part));
  if (bad < 0) return;
  const site = node.mark?.site ?? null;
  const told = traces.get(node);
  const found = told === undefined ? '' : userFrames(told);
  const place = site === null ? found : `    at ${site.file}:${site.line}:${site.column}`;
  throw new GradientError(
    `detectAnomaly: ${node.operation} (output ${showShape(node.shape)}) made NaN in the gradient of its input ${bad}, out of a ` +
      `gradient without any. It was recorded here:\n${place}`,
  );
}
