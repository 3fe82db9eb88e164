import type { TextEdit } from '../edit.ts';
import { type Activated, activationOf, isNormalization, isNormalizing, operandOf } from '../source/activation.ts';
import type { Call } from '../source/dialect.ts';
import { importOf } from '../source/imports.ts';
import type { Layer } from '../source/model.ts';
import { refuse } from '../source/refusal.ts';
import { appendedTo } from '../source/sequence.ts';
import { insertion, replacement, type Source, within } from '../source/source.ts';
import { collect, declarationOf, elementAfter, hiddenLayers } from './layers.ts';
import type { Context, SourceRemedy } from './remedy.ts';

type Kind = 'batch' | 'sample';

/**
 * `batch`: BatchNorm, where the run shows a batch of some size that each layer sees once a step. Everywhere else, and
 * for `sample`, what looks at a sample by itself: LayerNorm behind linear layers, GroupNorm behind convolutions.
 */
export const normalization = (id: string, title: string, kind: Kind): SourceRemedy => ({
  id,
  title,
  edit(context) {
    const hidden = hiddenLayers(context);
    if (hidden.length === 0) refuse('no hidden layer was found: none whose output goes into an activation');
    const bare = hidden.filter((layer) => !isNormalized(layer));
    if (bare.length === 0) refuse('the hidden layers are normalized already');
    return collect(
      bare.flatMap((layer) =>
        normalize(layer, kind === 'batch' && seesBatches(context, layer)).map((edit) => ({
          source: layer.source,
          edit,
        })),
      ),
    );
  },
});

function normalize(layer: Layer, byBatch: boolean): TextEdit[] {
  const { source, call, element, following } = layer;
  if (!following && (hasOutput(layer) || isLookedInto(layer)))
    return layer.uses.flatMap((use) => normalizeUse(layer, use));
  const nn = importOf(source, 'nn');
  const norm = normOf(layer, nn.name, byBatch);
  const appended = following && appendedTo(source, element);
  // by a call of its own, behind which the next one can stand
  if (appended?.positional.length === 1) {
    const line = `${appended.callee.text}(${norm})${source.end}`;
    return [...nn.edits, source.after(source.statementOf(element), [line])];
  }
  if (following) return [...nn.edits, elementAfter(source, element, norm)];
  // A field, or the elements of a list: the layer and its normalization become one, so that `forward` stays as it is.
  const declared = declarationOf(layer);
  return [
    ...nn.edits,
    ...(declared ? [replacement(declared.type, `: ${nn.name}.Sequential`)] : []),
    insertion(call.node.startIndex, `${source.dialect.make(`${nn.name}.Sequential`, []).slice(0, -1)}`),
    insertion(call.node.endIndex, `, ${norm})`),
  ];
}

/** The layers of a list that are made all at once, of which the last gives the output, which isn't to be normalized. */
function hasOutput({ source, call, holder, uses }: Layer): boolean {
  if (!holder || holder.model.fields.get(holder.field)?.value.id === call.node.id) return false;
  const made = source.around(call.node, MANY);
  if (!made || !within(made, holder.model.fields.get(holder.field)?.value ?? call.node)) return false;
  return uses.some((use) => {
    const activated = activationOf(source, use);
    const condition = activated && source.around(activated.node, CONDITIONS);
    return !activated || (condition !== null && !within(use.node, condition));
  });
}

const MANY: ReadonlySet<string> = new Set(['list_comprehension', 'generator_expression', 'arrow_function']);
const CONDITIONS: ReadonlySet<string> = new Set(['if_statement', 'conditional_expression', 'ternary_expression']);

/** What goes into the activation, by statistics alone: `f(layer(h))` becomes `f(F.layer_norm(layer(h), (layer.out_features,)))`. */
function normalizeUse({ source, type }: Layer, use: Call): TextEdit[] {
  const activated: Activated | null = activationOf(source, use);
  const operand = activated && operandOf(activated.activation);
  if (!operand) return [];
  const functional = importOf(source, 'F');
  const size = `${use.callee.text}.${source.dialect.spell('outFeatures')}`;
  const shape = source.isPython ? `(${size},)` : `[${size}]`;
  const made =
    type === 'Linear'
      ? source.dialect.call(`${functional.name}.layerNorm`, [operand.text, shape])
      : source.dialect.call(`${functional.name}.groupNorm`, [operand.text, '1']);
  return [...functional.edits, replacement(operand, made)];
}

function normOf({ source, type, outSize }: Layer, nn: string, byBatch: boolean): string {
  const linear = type === 'Linear';
  if (byBatch) return source.dialect.make(`${nn}.BatchNorm${linear ? '1' : type.at(-2)}d`, [outSize]);
  return linear
    ? source.dialect.make(`${nn}.LayerNorm`, [outSize])
    : source.dialect.make(`${nn}.GroupNorm`, [groupsOf(outSize), outSize]);
}

/** At most 8 groups, and as many as divide the channels; one where their number isn't written down. */
export function groupsOf(channels: string): string {
  const count = Number(channels);
  return String([8, 7, 6, 5, 4, 3, 2].find((groups) => count > groups && count % groups === 0) ?? 1);
}

/** Statistics of fewer samples are noise (Wu & He 2018). */
const SMALLEST_BATCH = 8;

/** The layers made there are given batches of rows (for convolutions, of images), each once a step. */
function seesBatches({ run }: Context, { source, call, type }: Layer): boolean {
  if (!run || run.sources.get(source.file) !== source.text) return false;
  const line = call.node.startPosition.row + 1;
  const made = run.layers.filter(
    ({ site, type: of }) => of === type && site?.file === source.file && site.line === line,
  );
  const rank = type === 'Linear' ? 2 : Number(type.at(-2)) + 2;
  return (
    made.length > 0 &&
    made.every(({ id }) => {
      const applied = run.operations.filter(
        ({ layer, operation }) => layer === id && /^(?:linear|conv\dd|addmm|convolution)$/i.test(operation),
      );
      return applied.length === 1 && applied[0].shape.length === rank && applied[0].shape[0] >= SMALLEST_BATCH;
    })
  );
}

function isNormalized({ source, call, following, holder, uses }: Layer): boolean {
  if (following) return isNormalization(source.dialect.callOf(following[0] ?? null));
  const isApplied = uses.some((use) => {
    const activated = activationOf(source, use);
    const operand = source.dialect.callOf((activated && operandOf(activated.activation)) ?? null);
    return operand !== null && isNormalizing(source, operand);
  });
  if (isApplied) return true;
  // a normalization that `forward` applies: `self.bn1(self.fc1(x))`
  return uses.some((use) => {
    const outer = source.dialect.callOf(use.node.parent?.parent ?? null);
    const [owner, field] = outer?.callee.text.split('.') ?? [];
    const value = owner === source.dialect.self ? holder?.model.fields.get(field ?? '')?.value : undefined;
    const inLoop = outer && /norm|bn/i.test(outer.callee.text) && within(call.node, holder?.model.node ?? call.node);
    return isNormalization(source.dialect.callOf(value ?? null)) || Boolean(inLoop && !field);
  });
}

/** Some text goes for the weight of what the field holds: `self.fc1.weight`, `for layer in self.hidden: layer.weight`. */
function isLookedInto({ source, holder }: Layer): boolean {
  if (!holder) return false;
  return (
    new RegExp(`\\b${holder.field}(?:\\[[^\\]]*\\])?\\.(?:weight|bias)\\b`).test(source.text) ||
    loopsInto(source, holder.field)
  );
}

function loopsInto(source: Source, field: string): boolean {
  const loops = source.isPython
    ? new RegExp(`for\\s+(\\w+)\\s+in\\s+(?:[[(][^\\])]*)?\\b\\w+\\.${field}\\b`, 'g')
    : new RegExp(`(?:const|let)\\s+(\\w+)\\s+of\\s+(?:\\[[^\\]]*)?\\b\\w+\\.${field}\\b`, 'g');
  return [...source.text.matchAll(loops)].some(([, name]) =>
    new RegExp(`\\b${name}\\.(?:weight|bias)\\b`).test(source.text),
  );
}

/** BatchNorm of tiny batches is noise: the same in groups of channels, sample by sample. */
export const groupNorm: SourceRemedy = {
  id: 'group-norm',
  title: 'Replace BatchNorm by GroupNorm, which doesn’t depend on the batch',
  edit({ sources }) {
    const edits = sources.flatMap((source) =>
      source.calls.flatMap((call) => {
        if (!/^(?:Sync)?BatchNorm(?:\dd)?$/.test(call.name)) return [];
        const size = call.positional[0] ?? call.named.get('numFeatures');
        if (!size) return refuse('a BatchNorm doesn’t say how many channels it has');
        const affine = call.named.get('affine');
        const kept = (['eps', 'affine'] as const).flatMap((name) => {
          const value = name === 'affine' ? affine : call.named.get(name);
          return value ? [[name, value.text] as const] : [];
        });
        const nn = call.receiver ? { name: call.receiver.text, edits: [] } : importOf(source, 'nn');
        const made = source.dialect.make(`${nn.name}.GroupNorm`, [groupsOf(size.text), size.text], kept);
        return [...nn.edits, replacement(call.node, made)].map((edit) => ({ source, edit }));
      }),
    );
    if (edits.length === 0) refuse('there is no BatchNorm');
    return collect(edits);
  },
};
