import type { Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import { type Activated, activationOf } from '../source/activation.ts';
import type { Call } from '../source/dialect.ts';
import { importOf } from '../source/imports.ts';
import { isInPart, type Layer } from '../source/model.ts';
import { assignedIn } from '../source/modelClass.ts';
import { insertion, type Source, same, within } from '../source/source.ts';
import { declarationOf } from './layers.ts';
import { keepsShape, projectionOf } from './projection.ts';

/** Nodes that make what is in them a part of something larger. */
const PART = /argument|binary|member|attribute/;

/** What people call the way around. */
const SKIP = /\b(?:skip|shortcut|identity|residual)\b/i;

/**
 * `h = f(layer(h))` becomes `h = h + f(layer(h))`. Where the shapes may differ, a single layer gets a projection beside it,
 * and what a list holds is added where it fits.
 */
export function aroundUses(layer: Layer, hidden: readonly Layer[]): TextEdit[] {
  const inList = hidden.filter(
    ({ holder }) => holder && holder.field === layer.holder?.field && same(holder.model.node, layer.holder.model.node),
  );
  return layer.uses.flatMap((use) => {
    const [input] = use.positional;
    const activated = activationOf(layer.source, use);
    if (use.positional.length !== 1 || input.type !== 'identifier' || !activated) return [];
    if (PART.test(activated.node.parent?.type ?? '')) return [];
    const isSingle = layer.holder?.model.fields.get(layer.holder.field)?.value.id === layer.call.node.id;
    if (keepsShape(layer) && inList.every(keepsShape)) return added(layer, use, activated, input.text);
    return isSingle ? addedThrough(layer, use, activated, input.text) : addedWhereItFits(layer, use, activated);
  });
}

/** What is applied is added to something already. */
export const isConnected = ({ source, uses, holder }: Layer): boolean =>
  SKIP.test(holder?.model.forward?.text ?? '') ||
  uses.some((use) => {
    const node = activationOf(source, use)?.node;
    const sum = source.dialect.callOf(node?.parent?.parent ?? null);
    return sum?.name === 'add' || (node?.parent?.type === 'binary_operator' && /^[^*]*\+/.test(node.parent.text));
  });

/** `through`: what the input goes through on the way around, as an expression of it. */
function added(
  { source }: Layer,
  use: Call,
  { node, direct }: Activated,
  input: string,
  through = (name: string) => name,
): TextEdit[] {
  // of two statements, the first may take the input's name
  const target = direct ? null : assignedIn(source.statementOf(use.node))?.name;
  if (!direct && !same(assignedIn(source.statementOf(node))?.value, node)) return [];
  const isLost = target === input;
  const skip = through(isLost ? 'skip' : input);
  const kept = isLost ? [source.before(source.statementOf(use.node), [declared(source, input)])] : [];
  if (source.isPython) return [...kept, insertion(node.startIndex, `${skip} + `)];
  return [...kept, insertion(node.startIndex, `${skip}.add(`), insertion(node.endIndex, ')')];
}

const declared = (source: Source, input: string): string => `${source.dialect.declare('skip', input)}${source.end}`;

/** Through a projection in a field beside the layer's, but not around what the model itself is given. */
function addedThrough(layer: Layer, use: Call, activated: Activated, input: string): TextEdit[] {
  const { source, uses, holder } = layer;
  if (!holder || (isFirst(layer, input) && !isInPart(layer)) || uses.length !== 1) return [];
  const nn = importOf(source, 'nn');
  const projection = projectionOf(layer, nn.name);
  const field = `${holder.field}${source.isPython ? '_skip' : 'Skip'}`;
  const statement = holder.model.fields.get(holder.field)?.statement;
  if (!projection || !statement || holder.model.fields.has(field)) return [];
  const sum = added(layer, use, activated, input, (name) => `${source.dialect.self}.${field}(${name})`);
  if (sum.length === 0) return [];
  const own = source.isPython || statement.type !== 'public_field_definition' ? `${source.dialect.self}.` : '';
  const declaration = declarationOf(layer);
  return [
    ...nn.edits,
    source.after(statement, [`${own}${field} = ${projection}${source.end}`]),
    ...(declaration
      ? [source.after(declaration.statement, [`${field}${declaration.type.text}${source.end || ';'}`])]
      : []),
    ...sum,
  ];
}

/** The layers of a list may all differ in size: what has kept its shape is added. */
function addedWhereItFits({ source }: Layer, use: Call, { node }: Activated): TextEdit[] {
  const bare = bareBodyOf(source, use.node);
  const [first, last] = bare ? [bare, bare] : [source.statementOf(use.node), source.statementOf(node)];
  const target = assignedIn(last);
  if (!target || !same(target.value, node) || /^const\b/.test(last.text) || !/^\w+$/.test(target.name)) return [];
  const { name } = target;
  const sum = `${name} = ${source.dialect.add(name, 'skip')}${source.end}`;
  const lines = source.isPython
    ? [`if ${name}.shape == skip.shape:`, `${source.indent}${sum}`]
    : [`if (${name}.shape.join() === skip.shape.join()) ${sum}`];
  const kept = declared(source, use.positional[0].text);
  return bare ? source.inBraces(bare, [kept], lines) : [source.before(first, [kept]), source.after(last, lines)];
}

/** The only statement of a loop that has no braces; null of any other. */
function bareBodyOf(source: Source, node: Node): Node | null {
  const body = source.around(node, source.dialect.loops)?.childForFieldName('body') ?? null;
  return body && !source.dialect.blocks.has(body.type) && within(node, body) ? body : null;
}

/** What the model itself is given. */
function isFirst({ holder, source }: Layer, input: string): boolean {
  const parameters = holder?.model.forward?.childForFieldName('parameters')?.text ?? '';
  const assigned = new RegExp(`\\b${input}\\s*=[^=]`).test(holder?.model.forward?.text ?? '');
  const first = [...(holder?.model.fields.values() ?? [])].find(({ value }) => source.dialect.callOf(value) !== null);
  return (
    new RegExp(`\\b${input}\\b`).test(parameters) &&
    (!assigned || first?.value.startIndex === holder?.model.fields.get(holder.field)?.value.startIndex)
  );
}
