import type { LayerFrame, OperationFrame, ParameterFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import type { Site } from '../../site.ts';
import { ofLayers, type Subject } from '../subjects.ts';
import type { Extent, PythonSymbol, Reference } from './reference.ts';

/** What a reference means in a run: layers, or else tensors. */
interface Meant {
  readonly layers: readonly LayerFrame[];
  readonly parameters: readonly ParameterFrame[];
  readonly operations: readonly OperationFrame[];
  /** The layers' output is meant rather than the layers. */
  readonly output?: boolean;
}

const NOTHING: Meant = { layers: [], parameters: [], operations: [] };

const isFound = ({ layers, parameters, operations }: Meant) =>
  layers.length + parameters.length + operations.length > 0;

/** What of a run a name in a Python script stands for; null if the run knows nothing of it. `file`: absolute path. */
export function pythonSubjectOf(run: Run, file: string, symbol: PythonSymbol): Subject | null {
  const made = symbol.call ? madeByCall(run, file, symbol, symbol.call) : NOTHING;
  const meant = isFound(made) ? made : symbol.reference ? resolve(run, file, symbol.reference) : NOTHING;
  const { layers, parameters, operations, output } = meant;
  if (output && layers.length) return { kind: 'module', layer: layers[layers.length - 1] };
  if (layers.length) return ofLayers(run, layers);
  if (parameters.length) return { kind: 'parameters', parameters };
  return operations.length ? { kind: 'operations', operations } : null;
}

/** Runs of a Python older than 3.11 know lines only, which they tell as column 1. */
const hasColumn = (site: Site) => site.column > 1;

function isWithin(site: Site | null, file: string, { start, end }: Extent): boolean {
  if (site?.file !== file) return false;
  const row = site.line - 1;
  if (row < start.row || row > end.row) return false;
  if (!hasColumn(site)) return true;
  const column = site.column - 1;
  return (row > start.row || column >= start.column) && (row < end.row || column < end.column);
}

/** The layers that this very call made: `Linear` in one of the lines of a Sequential. */
function madeByCall(run: Run, file: string, { text, among }: PythonSymbol, call: Extent): Meant {
  const starts = ({ site }: { readonly site: Site | null }) =>
    site?.file === file && site.line - 1 === call.start.row && site.column - 1 === call.start.column;
  const exact = run.layers.filter(starts);
  if (exact.length) return { ...NOTHING, layers: exact };
  const onLine = run.layers.filter(
    ({ site, type }) => type === text && site?.file === file && site.line - 1 === call.start.row && !hasColumn(site),
  );
  const one = among.count > 1 && onLine.length === among.count;
  return { ...NOTHING, layers: one ? [onLine[among.index]] : onLine };
}

function resolve(run: Run, file: string, reference: Reference): Meant {
  switch (reference.kind) {
    case 'made':
      return madeIn(run, file, reference.extent, reference.name);
    case 'instance':
      return { ...NOTHING, layers: run.layers.filter(({ type }) => reference.classes.includes(type)) };
    case 'name': {
      const layers = run.layers.filter(({ name, parent }) => parent === null && name === reference.name);
      const parameters = run.parameters.filter(({ name, layer }) => layer === null && name === reference.name);
      return { ...NOTHING, layers, parameters };
    }
    case 'output': {
      const { layers } = resolve(run, file, reference.of);
      return { ...NOTHING, layers, output: true };
    }
    case 'element':
      return elements(run, resolve(run, file, reference.of));
    case 'member': {
      const found = member(run, resolve(run, file, reference.of), reference.name);
      return isFound(found) || !reference.fallback ? found : resolve(run, file, reference.fallback);
    }
  }
}

/** What was made within an expression; a tensor is known by its variable's name as well. */
function madeIn(run: Run, file: string, extent: Extent, name: string | null): Meant {
  const layers = outermost(run.layers.filter(({ site }) => isWithin(site, file, extent)));
  const tensors = run.parameters.filter(({ layer, site }) => layer === null && isOnLines(site, file, extent));
  const named = tensors.filter((parameter) => parameter.name === name);
  const operations = run.operations.filter(
    ({ operation, site }) => operation === name && isOnLines(site, file, extent),
  );
  return { layers, parameters: named.length || operations.length ? named : tensors, operations };
}

/** Tensors' places are those of their statements. */
function isOnLines(site: Site | null, file: string, { start, end }: Extent): boolean {
  return site?.file === file && site.line - 1 >= start.row && site.line - 1 <= end.row;
}

/** Those that lie in no other of them. */
function outermost(layers: readonly LayerFrame[]): readonly LayerFrame[] {
  const ids = new Set(layers.map(({ id }) => id));
  return layers.filter(({ parent }) => parent === null || !ids.has(parent));
}

const lastName = (name: string) => name.slice(name.lastIndexOf('.') + 1);

function childrenIn(run: Run, layers: readonly LayerFrame[]): LayerFrame[] {
  const ids = new Set(layers.map(({ id }) => id));
  return run.layers.filter(({ parent }) => parent !== null && ids.has(parent));
}

function member(run: Run, of: Meant, name: string): Meant {
  const children = childrenIn(run, of.layers);
  const wanted = /^-\d+$/.test(name) ? new Set(fromTheEnd(children, Number(name))) : null;
  const layers = children.filter((child) => (wanted ? wanted.has(child) : lastName(child.name) === name));
  if (layers.length) return { ...NOTHING, layers };
  const ids = new Set(of.layers.map(({ id }) => id));
  const owned = run.parameters.filter(({ layer }) => layer !== null && ids.has(layer));
  return { ...NOTHING, parameters: owned.filter((parameter) => lastName(parameter.name) === name) };
}

/** The `at`-th child from the end, of each parent. */
function fromTheEnd(children: readonly LayerFrame[], at: number): LayerFrame[] {
  const byParent = Map.groupBy(children, ({ parent }) => parent);
  return [...byParent.values()].flatMap((siblings) => siblings.at(at) ?? []);
}

/** What is looped over is a container, or a plain list whose layers stand side by side. */
function elements(run: Run, of: Meant): Meant {
  if (of.layers.length !== 1) return of;
  const layers = childrenIn(run, of.layers);
  return layers.length ? { ...NOTHING, layers } : of;
}
