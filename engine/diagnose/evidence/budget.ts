import type { StepFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import type { Site } from '../../site.ts';
import { gainsAt, type OperationRole, roleOf, roleOfLayer } from './gains.ts';

/** What one operation (embedded engine) or layer (where only layers were measured) did to the gradient. */
export interface BudgetEntry {
  /** `sigmoid`; of a layer its name. */
  readonly name: string;
  /** Id of the layer by which people know it: the one whose output an activation takes, or its own; null for neither. */
  readonly layer: number | null;
  readonly role: OperationRole;
  readonly site: Site | null;
  /** log10 of its gain: negative where the gradient shrank. */
  readonly decades: number;
  /** Sum of the decades from the loss to here. */
  readonly sum: number;
}

/** Where the gradient of one step grew and shrank on its way from the loss to the first layer. */
export interface GradientBudget {
  readonly step: number;
  /** In the order of the way back. */
  readonly entries: readonly BudgetEntry[];
  /** Decades between the two ends, as measured: ‖gradient‖ at the first layer ÷ ‖gradient‖ at the loss. */
  readonly total: number;
  /** What of `total` the entries don't sum to: 0 in a chain, else where paths part and join. */
  readonly elsewhere: number;
  readonly byRole: { readonly [R in OperationRole]: number };
}

/** The gradient budget of a step; null where no gains were measured. */
export function budgetAt(run: Run, step: StepFrame): GradientBudget | null {
  const measured = [...(ofOperations(run, step) ?? ofLayers(run, step))].reverse();
  if (measured.length === 0) return null;
  const byRole = { activation: 0, weights: 0, normalization: 0, other: 0 };
  let sum = 0;
  const entries = measured.map(({ gradientNorm: _, ...entry }) => {
    sum += entry.decades;
    byRole[entry.role] += entry.decades;
    return { ...entry, sum };
  });
  const [first, last] = [measured[0], measured[measured.length - 1]];
  const total = Math.log10(last.gradientNorm) + last.decades - Math.log10(first.gradientNorm);
  return { step: step.step, entries, total, elsewhere: total - sum, byRole };
}

/**
 * The budget of the first step from `from` on at which gains were measured (they are sampled), of the last before where
 * there is none; null if there is none at all.
 */
export function budgetFrom(run: Run, from: number): GradientBudget | null {
  let before: GradientBudget | null = null;
  for (const step of run.history.steps) {
    const budget = budgetAt(run, step);
    if (budget && step.step >= from) return budget;
    before = budget ?? before;
  }
  return before;
}

/** Of one role, the entry names with their decades, what took most first. */
export function largestOf({ entries }: GradientBudget, role: OperationRole): [name: string, decades: number][] {
  const sums = new Map<string, number>();
  for (const entry of entries) {
    if (entry.role === role) sums.set(entry.name, (sums.get(entry.name) ?? 0) + entry.decades);
  }
  return [...sums].sort(([, a], [, b]) => a - b);
}

type MeasuredEntry = Omit<BudgetEntry, 'sum'> & { readonly gradientNorm: number };

/** In order of execution; null without gains of operations. */
function ofOperations(run: Run, step: StepFrame): MeasuredEntry[] | null {
  const gains = gainsAt(run, step);
  if (gains.length === 0) return null;
  return gains.map(({ operation: { id, operation, layer, follows, site }, decades }) => {
    const role = roleOf(operation);
    const gradientNorm = run.operationAt(step, id)('gradientNorm');
    return {
      name: operation,
      layer: role === 'activation' ? (follows ?? layer) : layer,
      role,
      site,
      decades,
      gradientNorm,
    };
  });
}

/** The layers that aren't made of others. */
function ofLayers(run: Run, step: StepFrame): MeasuredEntry[] {
  const parents = new Set(run.layers.map(({ parent }) => parent));
  return run.layers.flatMap(({ id, name, type, site }) => {
    const row = run.layerAt(step, id);
    const decades = Math.log10(row('gain'));
    if (parents.has(id) || !Number.isFinite(decades)) return [];
    return [{ name, layer: id, role: roleOfLayer(type), site, decades, gradientNorm: row('gradientNorm') }];
  });
}
