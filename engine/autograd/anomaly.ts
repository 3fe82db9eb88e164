import { elements } from '../tensor/elements.ts';
import { GradientError, showShape } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { TapeNode } from './tape.ts';

let active = false;
/** Where each operation was recorded, while anomalies are being detected. */
let stacks = new WeakMap<TapeNode, string>();

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
    if (!before) stacks = new WeakMap();
  }
}

/** Remembers who recorded a node; nothing unless anomalies are being detected. */
export function noteOrigin(node: TapeNode): void {
  if (!active) return;
  // V8 keeps ten frames by default, and a model nests deeper.
  const limit: unknown = Reflect.get(Error, 'stackTraceLimit');
  Reflect.set(Error, 'stackTraceLimit', 50);
  stacks.set(node, new Error().stack ?? '');
  Reflect.set(Error, 'stackTraceLimit', limit);
}

const fileOf = (frame: string): string => /(\S+?):\d+:\d+\)?$/.exec(frame)?.[1].replace('(', '') ?? '';

/** The innermost frames of a stack that aren't the engine's own: its folder's, or its one file's when it is bundled. */
function userFrames(stack: string): string {
  const frames = stack.split('\n').filter((line) => line.trimStart().startsWith('at '));
  const own = fileOf(frames[0] ?? '').replace(/autograd\/anomaly\.ts$/, '');
  return frames
    .filter((frame) => !fileOf(frame).startsWith(own))
    .slice(0, 3)
    .join('\n');
}

const holdsNaN = (tensor: Tensor): boolean => elements(tensor).some(Number.isNaN);

/** @throws GradientError if a rule made NaN out of numbers, while anomalies are being detected. */
export function checkGradients(node: TapeNode, incoming: Tensor, parts: readonly (Tensor | null)[]): void {
  if (!active || holdsNaN(incoming)) return;
  const bad = parts.findIndex((part) => part !== null && holdsNaN(part));
  if (bad < 0) return;
  const { site } = node;
  const place = site === null ? (stacks.get(node) ?? '') : `    at ${site.file}:${site.line}:${site.column}`;
  throw new GradientError(
    `detectAnomaly: ${node.operation} (output ${showShape(node.shape)}) made NaN in the gradient of its input ${bad}, out of a ` +
      `gradient without any. It was recorded here:\n${site === null ? userFrames(place) : place}`,
  );
}
