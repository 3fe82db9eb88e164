import type { Composed, Computed, Operation, Rule, Saves, Viewed } from '../ops/operation.ts';
import { type OperationName, table } from '../ops/table.ts';

/** An operation as `apply` wants it: all of one form, so that V8 knows where the fields are. */
export class Plan {
  readonly operation: Operation<unknown>;
  readonly layout: Viewed<unknown>['layout'] | null;
  readonly compute: Composed<unknown>['compute'] | null;
  /** Where the other two are null. */
  readonly infer: Computed<unknown>['infer'] | null;
  readonly forward: Computed<unknown>['forward'] | null;
  readonly overwrites: boolean;
  readonly backward: Rule<unknown> | null;
  readonly saves: Saves;

  constructor(operation: Operation<unknown>) {
    this.operation = operation;
    const computed = 'infer' in operation ? operation : null;
    this.layout = 'layout' in operation ? operation.layout : null;
    this.compute = 'compute' in operation ? operation.compute : null;
    this.infer = computed?.infer ?? null;
    this.forward = computed?.forward ?? null;
    this.overwrites = computed?.overwrites ?? false;
    this.backward = operation.backward;
    this.saves = operation.saves;
  }
}

const plans = new Map<OperationName, Plan>();

export function planOf(name: OperationName): Plan {
  // The table pairs each name with the attributes of the same name; `Operation<unknown>` forgets that on purpose.
  const operation = table[name] as Operation<unknown>;
  const known = plans.get(name);
  if (known !== undefined && known.operation === operation) return known;
  const plan = new Plan(operation);
  plans.set(name, plan);
  return plan;
}
