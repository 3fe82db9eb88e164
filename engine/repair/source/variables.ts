import { childrenOf, type Node } from '../../source/parser.ts';
import { isLayer } from './model.ts';
import { assignedIn, modelClasses } from './modelClass.ts';
import type { Source } from './source.ts';

/** A variable with something to train. */
export interface Variable {
  readonly name: string;
  readonly kind: 'model' | 'tensor';
  readonly value: Node;
}

/** Models and loose tensors that are variables before a place in the text, at the top or in the function around it. */
export function variablesBefore(source: Source, place: Node): ReadonlyMap<string, Variable> {
  const classes = new Set(modelClasses(source).map(({ name }) => name));
  const found = new Map<string, Variable>();
  const body = source.functionOf(place)?.childForFieldName('body') ?? null;
  for (const statement of [...childrenOf(source.root), ...childrenOf(body)]) {
    const assigned = statement.startIndex < place.startIndex ? assignedIn(statement) : null;
    const kind = assigned && kindOf(source, assigned.value, classes);
    if (assigned && kind) found.set(assigned.name, { ...assigned, kind });
  }
  return found;
}

function kindOf(source: Source, value: Node, classes: ReadonlySet<string>): Variable['kind'] | null {
  const call = source.dialect.callOf(value);
  if (!call) return null;
  if (classes.has(call.name) || call.name === 'Sequential' || isLayer(call)) return 'model';
  return call.named.get('requiresGrad')?.text.toLowerCase() === 'true' || call.name === 'Parameter' ? 'tensor' : null;
}
