import type { LayerFrame, OperationFrame, ParameterFrame } from '../run/frame.ts';
import { type LayerGroup, layerGroups } from '../run/groups.ts';
import type { Run } from '../run/run.ts';
import type { Tree } from './parser.ts';
import { type Place, type SourceSymbol, symbolAt } from './places.ts';

/** What of a run a name in the source stands for. */
export type Subject =
  /** Layers with parameters: one, or those that a container, a model or a loop stands for. */
  | { readonly kind: 'layers'; readonly groups: readonly LayerGroup[] }
  /** A layer without parameters: an activation, a loss. */
  | { readonly kind: 'module'; readonly layer: LayerFrame }
  | { readonly kind: 'parameters'; readonly parameters: readonly ParameterFrame[] }
  /** The occurrences of one operation at one place, in order. */
  | { readonly kind: 'operations'; readonly operations: readonly OperationFrame[] };

/** Null if the run knows nothing of it. `file`: absolute path. */
export function subjectOf(run: Run, file: string, symbol: SourceSymbol): Subject | null {
  return (symbol.call && calledAt(run, file, symbol.call, symbol.text)) ?? madeAt(run, file, symbol.made);
}

/** For a variable that is what a model gave, `out` in `out = model(x)`: the model's output. */
export function outputOf(run: Run, file: string, tree: Tree, symbol: SourceSymbol): Subject | null {
  const [call] = symbol.made;
  const callee = call && symbolAt(tree, { row: call.line - 1, column: call.column - 1 });
  const layer = callee && run.layers.find((candidate) => callee.made.some((place) => isAt(candidate, file, place)));
  return layer ? { kind: 'module', layer } : null;
}

const isAt = (frame: LayerFrame | ParameterFrame | OperationFrame, file: string, { line, column }: Place) =>
  frame.site?.line === line && frame.site.column === column && frame.site.file === file;

/** What was executed by a call: the operation of that name, or else the layers that did it. */
function calledAt(run: Run, file: string, place: Place, name: string): Subject | null {
  const operations = run.operations.filter((operation) => isAt(operation, file, place));
  if (operations.length === 0) return null;
  const named = operations.filter(({ operation }) => operation === name);
  if (named.length) return { kind: 'operations', operations: named };
  const layers = new Set(operations.map(({ layer }) => layer).filter((layer) => layer !== null && isLeaf(run, layer)));
  const subject = layers.size
    ? ofLayers(
        run,
        [...layers].map((id) => run.layers[id as number]),
      )
    : null;
  return subject ?? { kind: 'operations', operations: outcome(operations) };
}

/** What was made at the given places: layers and parameters at any of them, or the outermost operation. */
function madeAt(run: Run, file: string, places: readonly Place[]): Subject | null {
  const at = (frame: LayerFrame | ParameterFrame) => places.some((place) => isAt(frame, file, place));
  const layers = run.layers.filter(at);
  if (layers.length) return ofLayers(run, layers);
  const parameters = run.parameters.filter(at);
  if (parameters.length) return { kind: 'parameters', parameters };
  const operations = places.length ? run.operations.filter((operation) => isAt(operation, file, places[0])) : [];
  return operations.length ? { kind: 'operations', operations: outcome(operations) } : null;
}

/** A value is made by the last of the operations of its call; all of them if it is one operation in a loop. */
function outcome(operations: readonly OperationFrame[]): readonly OperationFrame[] {
  const last = operations[operations.length - 1];
  const alike = operations.every(
    ({ operation, shape }) => operation === last.operation && `${shape}` === `${last.shape}`,
  );
  return alike ? operations : [last];
}

const isLeaf = (run: Run, id: number) => !run.layers.some(({ parent }) => parent === id);

/** Layers stand for the parameters they own or contain. */
export function ofLayers(run: Run, layers: readonly LayerFrame[]): Subject | null {
  const ids = new Set(layers.map(({ id }) => id));
  // A parent is declared before its children, so one pass finds all descendants.
  for (const { id, parent } of run.layers) if (parent !== null && ids.has(parent)) ids.add(id);
  const groups = layerGroups(run).filter(({ layer }) => layer !== null && ids.has(layer));
  if (groups.length) return { kind: 'layers', groups };
  return layers.length ? { kind: 'module', layer: layers[layers.length - 1] } : null;
}
