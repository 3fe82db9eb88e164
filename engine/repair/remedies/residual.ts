import type { Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import { importOf } from '../source/imports.ts';
import { activationOf, isActivationModule, isInPart, type Layer, namedElement } from '../source/model.ts';
import { refuse } from '../source/refusal.ts';
import { insertion, type Source } from '../source/source.ts';
import { collect, declarationOf, hiddenLayers } from './layers.ts';
import type { SourceRemedy } from './remedy.ts';

/** Around each hidden layer and its activation; with a projection where the shapes differ, but not around the first. */
export const residual: SourceRemedy = {
  id: 'residual',
  title: 'Add residual connections around the hidden layers',
  edit(context) {
    const hidden = hiddenLayers(context);
    if (hidden.length === 0) refuse('no hidden layer was found: none whose output goes into an activation');
    if (hidden.some(({ source }) => /\bResidual\b/.test(source.text))) refuse('there are residual connections already');
    const wrapped = new Set<Source>();
    const edits = hidden.flatMap((layer) => {
      const made = layer.following ? aroundElements(layer, hidden) : aroundUses(layer);
      if (layer.following && made.length) wrapped.add(layer.source);
      return made.map((edit) => ({ source: layer.source, edit }));
    });
    if (edits.length === 0) {
      if (hidden.some(isConnected)) refuse('there are residual connections already');
      refuse('no hidden layer is applied in a way that a connection can be put around');
    }
    for (const { source, edit } of edits.slice()) {
      if (!wrapped.delete(source)) continue;
      const first = edits.filter((other) => other.source === source).map((other) => other.edit.start);
      const at = Math.min(...first, edit.start);
      const node = source.root.descendantForIndex(at);
      const nn = importOf(source, 'nn');
      const statement = source.topStatementOf(node ?? source.root);
      edits.push(...nn.edits.map((e) => ({ source, edit: e })));
      edits.push({ source, edit: source.before(statement, residualClass(source, nn.name)) });
    }
    return collect(edits);
  },
};

/** What is applied is added to something already. */
const isConnected = ({ source, uses }: Layer): boolean =>
  uses.some((use) => {
    const node = activationOf(source, use)?.node;
    const sum = source.dialect.callOf(node?.parent?.parent ?? null);
    return sum?.name === 'add' || (node?.parent?.type === 'binary_operator' && /^[^*]*\+/.test(node.parent.text));
  });

/** Height and width stay as they are, and so does the number of channels. */
function keepsShape({ source, call, type, inSize, outSize }: Layer): boolean {
  return (
    inSize !== '' && inSize === outSize && (type === 'Linear' || (strideOf(call) === '1' && paddingFits(source, call)))
  );
}

const strideOf = ({ named, positional }: Layer['call']) => (named.get('stride') ?? positional[3])?.text ?? '1';

function paddingFits(_source: Source, { named, positional }: Layer['call']): boolean {
  const kernel = Number((named.get('kernelSize') ?? positional[2])?.text);
  const given = (named.get('padding') ?? positional[4])?.text ?? '0';
  if (named.has('dilation')) return false;
  return /^["']same["']$/.test(given) || kernel === 2 * Number(given) + 1;
}

/** A linear map of the shape before to the shape behind; null where it can't be told from the text. */
function projectionOf({ source, call, type, inSize, outSize }: Layer, nn: string): string | null {
  const { dialect } = source;
  if (!inSize || !outSize) return null;
  const no = source.isPython ? 'False' : 'false';
  if (type === 'Linear') return dialect.make(`${nn}.Linear`, [inSize, outSize], [['bias', no]]);
  if (!paddingFits(source, call)) return null;
  const stride = strideOf(call);
  const strided = stride === '1' ? [] : [['stride', stride] as const];
  return dialect.make(`${nn}.${type}`, [inSize, outSize, '1'], [...strided, ['bias', no]]);
}

/** Nodes that make what is in them a part of something larger. */
const PART = /argument|binary|member|attribute/;

/** `h = f(layer(h))` becomes `h = h + f(layer(h))`. */
function aroundUses(layer: Layer): TextEdit[] {
  const { source, uses, holder } = layer;
  const single = layer.holder?.model.fields.get(layer.holder.field)?.value.id === layer.call.node.id;
  const edits: TextEdit[] = [];
  for (const use of uses) {
    const [input] = use.positional;
    const activated = activationOf(source, use);
    if (use.positional.length !== 1 || input.type !== 'identifier' || !activated?.direct) continue;
    let skip: string | null = keepsShape(layer) ? input.text : null;
    if (!skip && single && holder && !isFirst(layer, input.text) && uses.length === 1) {
      const nn = importOf(source, 'nn');
      const projection = projectionOf(layer, nn.name);
      const field = `${holder.field}${source.isPython ? '_skip' : 'Skip'}`;
      const statement = holder.model.fields.get(holder.field)?.statement;
      if (projection && statement && !holder.model.fields.has(field)) {
        const own = source.isPython || statement.type !== 'public_field_definition' ? `${source.dialect.self}.` : '';
        edits.push(...nn.edits, source.after(statement, [`${own}${field} = ${projection}${source.end}`]));
        const declared = declarationOf(layer);
        if (declared)
          edits.push(source.after(declared.statement, [`${field}${declared.type.text}${source.end || ';'}`]));
        skip = `${source.dialect.self}.${field}(${input.text})`;
      }
    }
    if (!skip) continue;
    const outer = activated.node.parent?.type ?? '';
    if (PART.test(outer)) continue;
    edits.push(
      source.isPython
        ? insertion(activated.node.startIndex, `${skip} + `)
        : insertion(activated.node.startIndex, `${skip}.add(`),
      ...(source.isPython ? [] : [insertion(activated.node.endIndex, ')')]),
    );
  }
  return edits;
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

/** `Linear, Tanh` in a sequence becomes `Residual(Linear, Tanh)`. */
function aroundElements(layer: Layer, hidden: readonly Layer[]): TextEdit[] {
  const { source, call, following } = layer;
  const owner = source.dialect.callOf(call.node.parent?.parent ?? null);
  if (owner && /^(?:append|push)$/.test(owner.name) && owner.positional.length === 1) return [];
  if (namedElement(call.node)) return [];
  const end = following?.find((node) => isActivationModule(source.dialect.callOf(node)));
  if (!end) return [];
  const keeps = keepsShape(layer);
  const nn = importOf(source, 'nn');
  // the first is left out, but for one that a loop makes, which is others, too
  const isFirst = hidden.find((other) => other.source === source && !isInPart(other)) === layer;
  const isMadeOnce = source.around(call.node, source.dialect.loops) === null;
  const projection = keeps || (isFirst && isMadeOnce) ? null : projectionOf(layer, nn.name);
  if (!keeps && !projection) return [];
  const closed = gaps(source, [call.node, ...(following ?? [])], end);
  if (source.isPython) {
    const skip = projection ? `, skip=${projection}` : '';
    return [insertion(call.node.startIndex, 'Residual('), ...closed, insertion(end.endIndex, `${skip})`)];
  }
  const skip = projection ? `, ${projection}` : '';
  return [insertion(call.node.startIndex, 'new Residual(['), ...closed, insertion(end.endIndex, `]${skip})`)];
}

/** What is put into one pair of brackets comes onto one line, unless comments stand between. */
function gaps(source: Source, elements: readonly Node[], last: Node): TextEdit[] {
  const edits: TextEdit[] = [];
  for (let i = 0; i + 1 < elements.length && elements[i].startIndex < last.startIndex; i++) {
    const [start, end] = [elements[i].endIndex, elements[i + 1].startIndex];
    if (/^,\s*\n\s*$/.test(source.text.slice(start, end))) edits.push({ start, end, newText: ', ' });
  }
  return edits;
}

function residualClass(source: Source, nn: string): string[] {
  const i = source.indent;
  if (source.isPython) {
    return [
      `class Residual(${nn}.Module):`,
      `${i}def __init__(self, *body, skip=None):`,
      `${i}${i}super().__init__()`,
      `${i}${i}self.body = ${nn}.Sequential(*body)`,
      `${i}${i}self.skip = skip`,
      '',
      `${i}def forward(self, x):`,
      `${i}${i}return (x if self.skip is None else self.skip(x)) + self.body(x)`,
      '',
      '',
    ];
  }
  const typed = /\.[mc]?ts$/.test(source.file);
  const e = source.end;
  return [
    `class Residual extends ${nn}.Module {`,
    `${i}body${e || ';'}`,
    `${i}skip${e || ';'}`,
    '',
    `${i}constructor(body${typed ? `: ${nn}.Module[]` : ''}, skip${typed ? `: ${nn}.Module` : ''} = new ${nn}.Identity()) {`,
    `${i}${i}super()${e}`,
    `${i}${i}this.body = new ${nn}.Sequential(...body)${e}`,
    `${i}${i}this.skip = skip${e}`,
    `${i}}`,
    '',
    `${i}forward(x) {`,
    `${i}${i}return this.skip(x).add(this.body(x))${e}`,
    `${i}}`,
    '}',
    '',
  ];
}
