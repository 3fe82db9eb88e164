import type { ParameterFrame } from './frame.ts';
import { notesOf } from './notes.ts';
import type { Run } from './run.ts';

/** What became of gradients between the backward pass and the update that used them. L2 norms over all elements. */
export interface Changed {
  /** `clipped` made them smaller; `unscaled` took a GradScaler's scale away, whatever else was done to them. */
  readonly how: 'clipped' | 'unscaled' | 'changed';
  readonly before: number;
  readonly after: number;
}

/** Of some parameters' gradients together, when each was measured last; null where nothing has changed them. */
export function changedGradients(run: Run, parameters: readonly ParameterFrame[] = run.parameters): Changed | null {
  const rows = parameters.map(({ id }) => run.latestParameter(id)).filter((row) => !Number.isNaN(row('gradientNorm')));
  if (rows.every((row) => Number.isNaN(row('gradientNormBefore')))) return null;
  const after = Math.hypot(...rows.map((row) => row('gradientNorm')));
  const before = Math.hypot(
    ...rows.map((row) => (Number.isNaN(row('gradientNormBefore')) ? row('gradientNorm') : row('gradientNormBefore'))),
  );
  if (before === after) return null;
  const scaled = notesOf(run).some(({ topic }) => topic === 'scaled-loss');
  return { how: scaled ? 'unscaled' : after < before ? 'clipped' : 'changed', before, after };
}
