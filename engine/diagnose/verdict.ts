import { gradientNorm, type LayerGroup } from '../run/groups.ts';
import type { Run } from '../run/run.ts';
import type { Finding } from './finding.ts';

/** What is said of one layer in one word. `concerned`: some other finding names it. */
export type LayerVerdict = 'unknown' | 'healthy' | 'concerned' | 'vanishing' | 'exploding' | 'non-finite';

/** Fewer steps say nothing about health. */
const STEPS_FOR_HEALTH = 5;

/** A layer's verdict by the findings that name it; a value that isn't finite outweighs all else. */
export function verdictOf(run: Run, findings: readonly Finding[], group: LayerGroup): LayerVerdict {
  const named = new Set(findings.filter(({ layers }) => layers.includes(group.name)).map(({ id }) => id));
  if (named.has('exploding-gradient')) return 'exploding';
  if (named.has('vanishing-gradient')) return 'vanishing';
  const norm = gradientNorm(run, 'latest', group);
  if (norm === Infinity) return 'non-finite';
  if (named.size > 0) return 'concerned';
  // A gradient of exactly 0 is not vanishing by degrees, and not health either.
  return Number.isNaN(norm) || norm === 0 || run.stepCount < STEPS_FOR_HEALTH ? 'unknown' : 'healthy';
}
