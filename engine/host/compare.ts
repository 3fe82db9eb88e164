import type { Finding } from '../diagnose/finding.ts';
import { gradientNorm, layerGroups, updateRatio } from '../run/groups.ts';
import type { Run } from '../run/run.ts';

/** One of two runs, with what was found in it. */
export interface Side {
  readonly run: Run;
  readonly findings: readonly Finding[];
}

/** The same thing of run A and of run B; NaN where one has none. */
export interface Pair {
  readonly a: number;
  readonly b: number;
}

export interface LayerComparison {
  readonly name: string;
  /** The module's class in B, or else in A. */
  readonly type: string;
  readonly parameters: Pair;
  /** L2 norm of the gradient, the median over all recorded steps. */
  readonly gradient: Pair;
  /** ‖update‖ ÷ ‖weight‖, likewise. */
  readonly updateRatio: Pair;
}

export interface Comparison {
  readonly steps: Pair;
  readonly seconds: Pair;
  readonly loss: { readonly first: Pair; readonly last: Pair; readonly best: Pair };
  /** Layers by name: A's in their order, then those that only B has. */
  readonly layers: readonly LayerComparison[];
  readonly findings: {
    readonly onlyA: readonly Finding[];
    readonly onlyB: readonly Finding[];
    readonly both: readonly Finding[];
  };
}

/** Two runs side by side. */
export function compare(a: Side, b: Side): Comparison {
  const pair = (of: (run: Run) => number): Pair => ({ a: of(a.run), b: of(b.run) });
  const ids = (side: Side) => new Set(side.findings.map(({ id }) => id));
  const [inA, inB] = [ids(a), ids(b)];
  return {
    steps: pair((run) => run.stepCount),
    seconds: pair((run) => run.seconds),
    loss: {
      first: pair((run) => run.firstLoss),
      last: pair((run) => run.history.last?.loss ?? Number.NaN),
      best: pair((run) => run.bestLoss),
    },
    layers: compareLayers(a.run, b.run),
    findings: {
      onlyA: a.findings.filter(({ id }) => !inB.has(id)),
      onlyB: b.findings.filter(({ id }) => !inA.has(id)),
      both: b.findings.filter(({ id }) => inA.has(id)),
    },
  };
}

interface Measured {
  readonly type: string;
  readonly parameters: number;
  readonly gradient: number;
  readonly updateRatio: number;
}

const ABSENT: Omit<Measured, 'type'> = { parameters: Number.NaN, gradient: Number.NaN, updateRatio: Number.NaN };

function compareLayers(a: Run, b: Run): LayerComparison[] {
  const [ofA, ofB] = [measuredLayers(a), measuredLayers(b)];
  return [...new Set([...ofA.keys(), ...ofB.keys()])].map((name) => {
    const [left, right] = [ofA.get(name) ?? ABSENT, ofB.get(name) ?? ABSENT];
    const both = (of: 'parameters' | 'gradient' | 'updateRatio'): Pair => ({ a: left[of], b: right[of] });
    return {
      name,
      type: (ofB.get(name) ?? ofA.get(name))?.type ?? '',
      parameters: both('parameters'),
      gradient: both('gradient'),
      updateRatio: both('updateRatio'),
    };
  });
}

function measuredLayers(run: Run): Map<string, Measured> {
  const { steps } = run.history;
  return new Map(
    layerGroups(run).map((group) => [
      group.name,
      {
        type: group.type,
        parameters: group.size,
        gradient: median(steps.map((step) => gradientNorm(run, step, group))),
        updateRatio: median(steps.map((step) => updateRatio(run, step, group))),
      },
    ]),
  );
}

/** Of what was measured; NaN if nothing was. */
function median(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
