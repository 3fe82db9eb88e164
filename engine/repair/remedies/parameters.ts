import { childrenOf, type Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import type { Call } from '../source/dialect.ts';
import { importOf } from '../source/imports.ts';
import { type Optimizer, optimizersOf } from '../source/loop.ts';
import { type ModelClass, modelClasses } from '../source/modelClass.ts';
import { refuse } from '../source/refusal.ts';
import { insertion, replacement, type Source, within } from '../source/source.ts';
import { valuesOf } from '../source/values.ts';
import { variablesBefore } from '../source/variables.ts';
import { partsOf, wholeModelOf } from '../source/wholeModel.ts';
import type { Context, SourceRemedy } from './remedy.ts';

/** Gives the optimizer what it misses: layers in a plain list, a part of the model, a second model, loose tensors. */
export const register: SourceRemedy = {
  id: 'register',
  title: 'Give the missing parameters to the optimizer',
  edit(context) {
    const lists = context.sources.flatMap((source) => plainLists(source).map((edits) => ({ source, edits })));
    const own = [...lists, ...context.sources.flatMap((source) => looseFields(source, context))];
    if (own.length) return own;
    const all = context.sources.flatMap(optimizersOf);
    if (all.length !== 1) return refuse(all.length ? 'there are several optimizers' : 'no optimizer was found');
    return [{ source: all[0].source, edits: [widened(all[0], context)] }];
  },
};

/** A plain list (or dictionary) of layers in a field of a model, which doesn't make them parts of it. */
function plainLists(source: Source): TextEdit[][] {
  return modelClasses(source).flatMap((model) =>
    [...model.fields].flatMap(([field, { value }]) => {
      // `self.layers = layers`, of a list that was filled before
      const local = value.type === 'identifier' ? valuesOf(source, value)[0] : undefined;
      const container = containerFor(source, local ?? value);
      const name = local ? value.text : `${source.dialect.self}.${field}`;
      const fills = source.calls.filter(
        (call) => /^(?:append|push)$/.test(call.name) && within(call.node, model.node) && call.receiver?.text === name,
      );
      const filled = fills.filter(({ list }) => makesParts(source, list));
      if (!container || !(makesParts(source, local ?? value) || filled.length)) return [];
      const nn = importOf(source, 'nn');
      const uses = source.isPython ? [] : asModuleList(source, model, field, local ? [] : fills);
      // what is filled later begins empty
      const empty = filled.length > 0 && !local && childrenOf(value).length === 0;
      const [open] = source.dialect.make(`${nn.name}.${container}`, ['·']).split('·');
      if (empty) return [[...nn.edits, replacement(value, `${open})`), ...uses]];
      return [[...nn.edits, insertion(value.startIndex, open), insertion(value.endIndex, ')'), ...uses]];
    }),
  );
}

/** What an array has and a ModuleList hasn't. */
const OF_ARRAYS = /^(?:reduce|reduceRight|map|flatMap|forEach|filter|slice|some|every|find|concat|entries|keys)$/;

/** What was done with an array, as a ModuleList has it: `append` for `push`, and of anything else the elements. */
function asModuleList(source: Source, { node }: ModelClass, field: string, fills: readonly Call[]): TextEdit[] {
  const pushes = fills.flatMap(({ name, callee, positional }) => {
    const method = callee.childForFieldName('property');
    if (name !== 'push' || !method) return [];
    if (positional.length !== 1 || positional[0].type === 'spread_element')
      refuse('several layers are pushed at once, which a ModuleList doesn’t take');
    return [replacement(method, 'append')];
  });
  const others = source.calls.flatMap(({ name, receiver, node: call }) => {
    const isIt = receiver?.type === 'member_expression' && receiver.childForFieldName('property')?.text === field;
    const isOwn = receiver?.childForFieldName('object')?.text !== source.dialect.self || within(call, node);
    if (!receiver || !isIt || !isOwn || !OF_ARRAYS.test(name)) return [];
    return [insertion(receiver.startIndex, '[...'), insertion(receiver.endIndex, ']')];
  });
  return [...pushes, ...others];
}

/** Modules with parameters are made in it, or are variables that it names. */
function makesParts(source: Source, node: Node, depth = 0): boolean {
  const models = modelClasses(source).map(({ name }) => name);
  const made = source.calls.some(
    ({ name, callee, node: call }) => (LEARNS.test(name) || models.includes(callee.text)) && within(call, node),
  );
  if (made || depth > 0) return made;
  const named = childrenOf(node).filter(({ type }) => type === 'identifier');
  return named.some((one) => valuesOf(source, one).some((value) => makesParts(source, value, 1)));
}

/** A tensor with a gradient in a field of a model, which is no parameter of it: those of the finding, else all. */
function looseFields(source: Source, { finding }: Context): { source: Source; edits: TextEdit[] }[] {
  const loose = modelClasses(source).flatMap(({ fields }) =>
    [...fields].filter(([, { value }]) => isLoose(source, value)).map(([field, { value }]) => ({ field, value })),
  );
  const named = loose.filter(({ field }) => finding.parameters.some((name) => name.split('.').at(-1) === field));
  return (named.length ? named : loose).map(({ value }) => {
    const nn = importOf(source, 'nn');
    const [open, close] = source.dialect.make(`${nn.name}.Parameter`, ['·']).split('·');
    return { source, edits: [...nn.edits, insertion(value.startIndex, open), insertion(value.endIndex, close)] };
  });
}

/** `torch.ones(2, requires_grad=True)`, `torch.ones(2).requires_grad_()`, and what a device or a scale is behind. */
function isLoose(source: Source, value: Node): boolean {
  const call = source.dialect.callOf(value);
  if (!call || call.name === 'Parameter') return false;
  const [asked] = call.positional;
  if (call.name === 'requiresGrad_') return !asked || asked.text.toLowerCase() === 'true';
  return call.named.get('requiresGrad')?.text.toLowerCase() === 'true';
}

/** `Array.from(…)`, `sizes.map(…)`. */
const MAPPED = /^Array\.from\(|^[\w.]+(?:\.slice\([^()]*\))?\.map\(/;

/** Modules with parameters of their own. */
const LEARNS =
  /^(?:Linear|Bilinear|Conv(?:Transpose)?[123]d|(?:RNN|LSTM|GRU)(?:Cell)?|Embedding(?:Bag)?|(?:Batch|Layer|Group|Instance|RMS)Norm(?:[123]d)?|MultiheadAttention|Transformer\w*|PReLU|Sequential)$/;

/** The container that takes the place of a plain one. */
function containerFor({ isPython }: Source, value: Node): 'ModuleList' | 'ModuleDict' | null {
  if (/^(?:list|array|list_comprehension)$/.test(value.type) || MAPPED.test(value.text)) return 'ModuleList';
  return isPython && value.type === 'dictionary' ? 'ModuleDict' : null;
}

function widened({ source, call }: Optimizer, { finding }: Context): TextEdit {
  const given = call.positional[0] ?? call.named.get('params');
  if (!given) return refuse('the optimizer is given no parameters');
  const asked = source.dialect.callOf(given);
  const top = variablesBefore(source, call.node);
  const owner = asked?.name === 'parameters' ? asked.receiver : null;
  // of a parameter named without layers, the variable
  const tensors = finding.parameters.filter((name) => top.get(name)?.kind === 'tensor');
  const all = (tensors.length ? null : wholeModelOf(source, given, top)) ?? cutOutOf(source, given);
  if (all) return replacement(given, source.dialect.call(`${all}.parameters`, []));
  const models = [...top.values()].filter(({ kind }) => kind === 'model').map(({ name }) => name);
  const isNamed = (name: string) => new RegExp(`\\b${name}\\b`).test(given.text);
  const known = new Set(models.filter(isNamed).flatMap((name) => [name, ...partsOf(source, name, top)]));
  const missing = tensors.length ? tensors : models.filter((name) => !known.has(name));
  if (missing.length === 0) return refuse('where the missing parameters are made is not clear');
  if (tensors.length === 0 && missing.length > 1) return refuse('there are several models that the optimizer has not');
  const parts = missing.map((name) => (tensors.length ? name : source.dialect.call(`${name}.parameters`, [])));
  const isList = given.type === 'list' || given.type === 'array';
  const spread = source.isPython ? '*' : '...';
  const spreadParts = tensors.length ? parts : parts.map((text) => spread + text);
  if (isList) {
    const last = childrenOf(given).at(-1);
    if (!last || /^(?:dictionary|object)$/.test(last.type)) return refuse('the optimizer has groups of parameters');
    return insertion(last.endIndex, `, ${spreadParts.join(', ')}`);
  }
  if (!owner) return refuse('the optimizer’s parameters are put together elsewhere');
  return replacement(given, `[${[spread + given.text, ...spreadParts].join(', ')}]`);
}

/** Of `model.parameters().slice(2)`, `[p for n, p in model.named_parameters() if …]`: the model; null for anything else. */
function cutOutOf(source: Source, given: Node): string | null {
  const asked = source.calls.filter(
    ({ name, node, positional }) =>
      /^(?:parameters|namedParameters)$/.test(name) && within(node, given) && !positional.length,
  );
  const chosen = /\[[^\]]*:[^\]]*\]|\.(?:slice|filter|splice|flatMap)\(|\bfilter\(|\bislice\(|\bif\b/.test(given.text);
  const plain = !/[{]\s*(?:["']?params)/.test(given.text);
  return asked.length === 1 && chosen && plain ? (asked[0].receiver?.text ?? null) : null;
}
