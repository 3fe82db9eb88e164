import { childrenOf, descendantsOf, type Node } from '../../source/parser.ts';
import { activationOf, isActivationModule, isNormalization } from './activation.ts';
import type { Call } from './dialect.ts';
import { assignedIn, type ModelClass, modelClasses } from './modelClass.ts';
import { appendedTo, elementOf, followingIn, type Holder, isModuleList } from './sequence.ts';
import { type Source, same, within } from './source.ts';

/** Where a layer is made. */
export interface Layer {
  readonly call: Call;
  /** Where it stands in a sequence, if it's in one: there, or where its variable does. */
  readonly element: Node;
  /** `Linear`, `Conv2d` … */
  readonly type: string;
  readonly inSize: string;
  readonly outSize: string;
  readonly source: Source;
  readonly holder: Holder | null;
  /** The calls in `forward` that apply it, as far as the text tells. */
  readonly uses: readonly Call[];
  /** The elements behind it in the sequence it is made in; null if it's in none. */
  readonly following: readonly Node[] | null;
}

const LAYER = /^(?:Linear|Conv[123]d)$/;
export const isLayer = (call: Call | null): boolean => call !== null && LAYER.test(call.name);

/** The layers with weights that a text makes, in its order. */
export function layersOf(source: Source): Layer[] {
  const models = modelClasses(source);
  return source.calls.filter(isLayer).map((call): Layer => {
    const [first, second] = call.positional;
    const conv = call.name !== 'Linear';
    const inSize = (first ?? call.named.get(conv ? 'inChannels' : 'inFeatures'))?.text ?? '';
    const outSize = (second ?? call.named.get(conv ? 'outChannels' : 'outFeatures'))?.text ?? '';
    const element = elementOf(source, call);
    const holder = holderOf(source, models, element);
    return {
      call,
      element,
      type: call.name,
      inSize,
      outSize,
      source,
      holder,
      uses: holder ? usesOf(source, holder.model, holder.field) : [],
      following: followingIn(source, element, holder),
    };
  });
}

function holderOf(source: Source, models: readonly ModelClass[], element: Node): Holder | null {
  for (const model of models) {
    for (const [field, { value }] of model.fields) if (within(element, value)) return { model, field };
  }
  const owner = appendedTo(source, element);
  const field = owner?.receiver?.text.split('.')[1];
  const model = models.find(({ node }) => within(element, node));
  return model && field && isModuleList(source, model, field) ? { model, field } : null;
}

/** Of `enumerate(self.layers[:-1])`, the list, and whether its elements come with their numbers. */
function wentThrough(over: string): [list: string, counted: boolean] {
  const plain = over.replace(/^enumerate\((.*)\)$/, '$1').replace(/\.entries\(\)$/, '');
  return [plain.replace(/\[[^[\]]*:[^[\]]*\]$|\.slice\([^()]*\)$/, ''), plain !== over];
}

/** The calls in `forward` that apply what a field holds: itself, its elements by index, those a loop goes through. */
function usesOf(source: Source, { forward, fields }: ModelClass, field: string): Call[] {
  if (!forward) return [];
  const name = `${source.dialect.self}.${field}`;
  const value = fields.get(field)?.value ?? null;
  const isList = source.dialect.callOf(value)?.name !== 'Sequential';
  const variables = new Set<string>();
  if (isList) {
    for (const loop of [...descendantsOf(forward, 'for_in_statement'), ...descendantsOf(forward, 'for_statement')]) {
      const [over, counted] = wentThrough(loop.childForFieldName('right')?.text ?? '');
      const left = loop.childForFieldName('left');
      const element = counted && left ? childrenOf(left).at(-1) : left;
      if (over === name && element) variables.add(element.text);
    }
  }
  return source.calls.filter(
    ({ node, callee }) =>
      within(node, forward) &&
      (callee.text === name || variables.has(callee.text) || (isList && callee.text.startsWith(`${name}[`))),
  );
}

/** Where in a sequence the next activation is, −1 if there's none; between layers, a softmax is one, too. */
export const activationAmong = (elements: readonly (Call | null)[]): number =>
  elements.findIndex((call, i) => isActivationModule(call) || (call?.name === 'Softmax' && i + 1 < elements.length));

/** True if an activation comes next and something else after it: what an output layer is not. */
export function isHidden(layer: Layer): boolean {
  const { source, following, uses } = layer;
  const elements = following?.map((node) => source.dialect.callOf(node)) ?? [];
  const at = activationAmong(elements);
  const before = at < 0 ? elements : elements.slice(0, at);
  if (!before.every((call) => call !== null && (isNormalization(call) || /^Dropout/.test(call.name)))) return false;
  if (at >= 0) {
    const last = at === elements.length - 1 && /^(?:Sigmoid|Tanh|LogSigmoid)$/.test(elements[at]?.name ?? '');
    return !(last && isWholeModel(source, layer));
  }
  const isPart = isInPart(layer);
  return uses.some((call) => {
    const activated = activationOf(source, call);
    return activated !== null && (isPart || !/^return/.test(source.statementOf(activated.node).type));
  });
}

/** Held by a class of blocks that another model is made of, or a sequence: what that returns isn't the output. */
export function isInPart({ source, holder }: Layer): boolean {
  if (!holder) return false;
  const { node, name } = holder.model;
  const others = modelClasses(source).filter((other) => !same(other.node, node));
  return source.calls.some(
    (call) =>
      call.callee.text === name &&
      (others.some((other) => within(call.node, other.node)) || isFollowed(source, call.node)),
  );
}

/** An element of a Sequential that isn't its last. */
function isFollowed(source: Source, element: Node): boolean {
  const owner = source.dialect.callOf(element.parent?.parent ?? null);
  return owner?.name === 'Sequential' && !same(owner.positional.at(-1), element);
}

/** A sequence that is a variable of its own, not a field and not a part of another: its last layer is the output. */
function isWholeModel(source: Source, { element, holder }: Layer): boolean {
  if (holder) return false;
  const owner = source.dialect.callOf(element.parent?.parent ?? null);
  return owner?.name === 'Sequential' && same(assignedIn(source.statementOf(element))?.value, owner.node);
}
