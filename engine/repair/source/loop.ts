import type { Node } from '../../source/parser.ts';
import type { Call } from './dialect.ts';
import { assignedIn } from './modelClass.ts';
import { type Source, same } from './source.ts';

/** Where an optimizer is made. */
export interface Optimizer {
  readonly source: Source;
  readonly call: Call;
  /** What it's called from there on: `optimizer`, `self.optimizer`. */
  readonly name: string;
  readonly statement: Node;
}

const OPTIMIZER =
  /^(?:SGD|ASGD|Adam|AdamW|Adamax|NAdam|RAdam|SparseAdam|Adagrad|Adadelta|Adafactor|RMSprop|Rprop|LBFGS|Lion|Muon)$/;

export function optimizersOf(source: Source): Optimizer[] {
  return source.calls.flatMap((call) => {
    if (!OPTIMIZER.test(call.name)) return [];
    const statement = source.statementOf(call.node);
    const assigned = assignedIn(statement);
    const field = statement.type === 'public_field_definition' ? `${source.dialect.self}.` : '';
    return assigned && same(assigned.value, call.node)
      ? [{ source, call, name: field + assigned.name, statement }]
      : [];
  });
}

/** Where an optimizer takes its step. */
export interface Step {
  readonly source: Source;
  readonly call: Call;
  /** The optimizer as it is called there. */
  readonly name: string;
  readonly statement: Node;
}

/** The calls of `step` on optimizers; schedules have a method of that name as well. */
export function stepsOf(source: Source): Step[] {
  const optimizers = new Set(optimizersOf(source).map(({ name }) => name));
  return source.calls.flatMap((call) => {
    const name = call.receiver?.text;
    if (call.name !== 'step' || !name) return [];
    const isOptimizer = optimizers.has(name) || /(?:^|[._])opt(?:im(?:izer)?)?(?:[_A-Z]|$)/.test(name);
    return isOptimizer ? [{ source, call, name, statement: source.statementOf(call.node) }] : [];
  });
}

/** The calls of `loss.backward()`. */
export const backwardsOf = (source: Source): Call[] =>
  source.calls.filter(({ name, receiver }) => name === 'backward' && receiver !== null);

/** A gradient scaler stands between the loss and the step; gradients are not in their own units there. */
export const isScaled = (source: Source): boolean => /\bGradScaler\b/.test(source.text);
