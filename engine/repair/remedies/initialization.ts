import type { Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import { isActivationCall, isActivationModule, isNormalization } from '../source/activation.ts';
import type { Call } from '../source/dialect.ts';
import { importOf } from '../source/imports.ts';
import { chosenFrom, type Initializer, initializersIn } from '../source/initializers.ts';
import { type Optimizer, optimizersOf } from '../source/loop.ts';
import { layersOf } from '../source/model.ts';
import { refuse } from '../source/refusal.ts';
import { inSameFunction, replacement, type Source, within } from '../source/source.ts';
import type { Context, Edits, SourceRemedy } from './remedy.ts';

/** Before the optimizer is made, a model's weights are ready: there it is initialized last. */
interface Place {
  readonly source: Source;
  readonly optimizer: Optimizer;
  /** The model's variable. */
  readonly model: string;
}

function placeIn({ sources, finding }: Context): Place {
  const all = sources.flatMap(optimizersOf).map((optimizer) => ({ optimizer, model: modelOf(optimizer) }));
  if (all.length === 0) return refuse('no optimizer was found, before which the weights could be initialized');
  // where there are several models, names begin with theirs
  const meant = ({ model }: (typeof all)[number]) =>
    model !== null && finding.parameters.length > 0 && finding.parameters.every((name) => name.startsWith(`${model}.`));
  const chosen = all.length > 1 ? all.filter(meant) : all;
  if (chosen.length !== 1) return refuse('there are several optimizers: which model is meant is not clear');
  const [{ optimizer, model }] = chosen;
  return model === null
    ? refuse('the optimizer isn’t given the parameters of one model')
    : { source: optimizer.source, optimizer, model };
}

/** The variable of the model whose parameters an optimizer is given; null where it's given anything else. */
function modelOf({ source, call }: Optimizer): string | null {
  const given = source.dialect.callOf(call.positional[0] ?? call.named.get('params') ?? null);
  const model = given?.name === 'parameters' ? given.receiver?.text : undefined;
  return model && /^[\w.]+$/.test(model) ? model : null;
}

type Scheme = 'kaimingNormal_' | 'xavierUniform_';

/** He's for the ReLU family, Glorot's for what is symmetric about 0. */
function schemeOf({ sources }: Context): Scheme {
  const names = sources.flatMap(({ calls }) =>
    calls.filter((call) => isActivationCall(call) || isActivationModule(call)).map(({ name }) => name.toLowerCase()),
  );
  const count = (pattern: RegExp) => names.filter((name) => pattern.test(name)).length;
  return count(/tanh|sigmoid|softsign/) > count(/relu|gelu|silu|elu|mish/) ? 'xavierUniform_' : 'kaimingNormal_';
}

/** The calls of `nn.init` on weights. */
const givenIn = (source: Source): Call[] =>
  initializersIn(source).flatMap(({ call, of }) => (of === 'biases' ? [] : [call]));

const optionsOf = (scheme: Scheme, source: Source) =>
  scheme === 'kaimingNormal_' ? [['nonlinearity', `${quoteOf(source)}relu${quoteOf(source)}`] as const] : [];

/** The quote that is used most. */
export const quoteOf = ({ text }: Source): string =>
  (text.match(/'/g)?.length ?? 0) >= (text.match(/"/g)?.length ?? 0) ? "'" : '"';

/** Statements that initialize the weights of all layers of a model; `biases`: and those with 0. */
function initializeAll(
  { source, model }: Place,
  scheme: Scheme,
  biases: boolean,
): { lines: string[]; edits: readonly TextEdit[] } {
  const nn = importOf(source, 'nn');
  const types = [...new Set(layersOf(source).map(({ type }) => `${nn.name}.${type}`))];
  if (types.length === 0) refuse('the layers are made in another file');
  const call = source.dialect.call(`${nn.name}.init.${scheme}`, ['layer.weight'], optionsOf(scheme, source));
  const quiet = source.dialect.call(`${nn.name}.init.zeros_`, ['layer.bias']);
  const { indent, end } = source;
  if (source.isPython) {
    const which = types.length > 1 ? `(${types.join(', ')})` : types[0];
    const lines = [
      `for layer in ${model}.modules():`,
      `${indent}if isinstance(layer, ${which}):`,
      `${indent}${indent}${call}`,
      ...(biases ? [`${indent}${indent}if layer.bias is not None:`, `${indent}${indent}${indent}${quiet}`] : []),
    ];
    return { lines, edits: nn.edits };
  }
  const which = types.map((type) => `layer instanceof ${type}`).join(' || ');
  const lines = [
    `for (const layer of ${model}.modules()) {`,
    `${indent}if (${which}) ${call}${end}`,
    ...(biases ? [`${indent}if (${types.length > 1 ? `(${which})` : which} && layer.bias) ${quiet}${end}`] : []),
    '}',
  ];
  return { lines, edits: nn.edits };
}

/**
 * Initialization that fits the activation: what the text says of it is replaced, or it is said before the optimizer.
 * Nothing where that is so already.
 */
export function initialize(context: Context, scheme: Scheme): Edits {
  const given = context.sources.flatMap(initializersIn);
  const weights = given.filter(({ of }) => of !== 'biases');
  const { id } = context.finding;
  const biases = given.filter(
    (one) => isLoudBias(one) && (id === 'dead-units' || (SATURATES.has(id) && isFarOut(one))),
  );
  const quiet = biases.map(({ source, call }) => ({ source, edits: [replacement(call.node, zeros(source, call))] }));
  if (weights.length) {
    if (context.sources.some((source) => changedLater(source).length)) return lastOf(context, scheme);
    const others = weights.filter(({ call }) => call.name !== scheme);
    return [...others.map((one) => ({ source: one.source, edits: [anew(one, scheme)] })), ...quiet];
  }
  if (quiet.length) return quiet;
  const loose = initializeLoose(context, scheme);
  if (loose) return loose;
  return lastOf(context, scheme);
}

/** Before the optimizer is made. */
function lastOf(context: Context, scheme: Scheme): Edits {
  const place = placeIn(context);
  // what changes all parameters once more has changed biases, too
  const biases = context.finding.id === 'dead-units' || changedLater(place.source).some((of) => of !== 'weights');
  const { lines, edits } = initializeAll(place, scheme, biases);
  if (place.source.text.includes(lines.join(`\n${place.source.indentOf(place.optimizer.statement)}`))) return [];
  return [{ source: place.source, edits: [...edits, place.source.before(place.optimizer.statement, lines)] }];
}

/** What loops over the parameters change in place of what they began with, before the optimizer is made. */
function changedLater(source: Source): Initializer['of'][] {
  const [optimizer] = optimizersOf(source);
  if (!optimizer) return [];
  return source.calls.flatMap(({ name, node, receiver }) => {
    if (!/_$/.test(name) || name === 'requiresGrad_' || /\b(?:init|grad)$/.test(receiver?.text ?? '')) return [];
    const loop = node.endIndex < optimizer.statement.startIndex ? loopAround(source, node) : null;
    if (!loop || !inSameFunction(source, atOnce(source, loop.whole), optimizer.statement)) return [];
    return [chosenFrom(source.text.slice(loop.parameters.endIndex, node.startIndex)).of];
  });
}

/** A loop over parameters, also `parameters().forEach(…)`. */
function loopAround(source: Source, node: Node): { readonly whole: Node; readonly parameters: Node } | null {
  const whole = source.around(node, source.dialect.loops);
  const parameters = whole?.childForFieldName('right');
  if (whole && parameters && /arameters\(/.test(parameters.text)) return { whole, parameters };
  const each = source.calls.find(
    ({ name, receiver, list }) => name === 'forEach' && /arameters\(/.test(receiver?.text ?? '') && within(node, list),
  );
  return each?.receiver ? { whole: each.node, parameters: each.receiver } : null;
}

/** Without the functions that are given to others to be called at once: `noGrad(() => …)`. */
function atOnce(source: Source, node: Node): Node {
  const around = source.functionOf(node);
  return around?.type === 'arrow_function' && around.parent?.type === 'arguments' ? atOnce(source, around) : node;
}

/** Of tensors that the optimizer is given without a model, the matrices; vectors become 0 where they kill units. */
function initializeLoose({ sources, finding }: Context, scheme: Scheme): Edits | null {
  const all = sources.flatMap(optimizersOf);
  if (all.length !== 1) return null;
  const [{ source, call, statement }] = all;
  const given = call.positional[0] ?? call.named.get('params');
  const isList =
    given && (/^(?:identifier|list|array)$/.test(given.type) || /^(?:list|Object\.values)\(/.test(given.text));
  // a generator would be used up
  const ofModel = new RegExp(`\\b${given?.text.replace(/\W/g, '\\$&')}\\s*=.*\\bparameters\\(`).test(source.text);
  if (!isList || ofModel || /\bparameters\b|\{/.test(given.text)) return null;
  const nn = importOf(source, 'nn');
  const q = quoteOf(source);
  // of `h @ w`, the rows are what goes in
  const byRows = source.calls.some(({ name }) => name === 'linear')
    ? []
    : [['mode', q + source.dialect.spell('fanOut') + q] as const];
  const options = scheme === 'kaimingNormal_' ? [...byRows, ...optionsOf(scheme, source)] : [];
  const matrix = source.dialect.call(`${nn.name}.init.${scheme}`, ['p'], options);
  const vector = finding.id === 'dead-units' ? source.dialect.call(`${nn.name}.init.zeros_`, ['p']) : null;
  const { indent, end } = source;
  const lines = source.isPython
    ? [
        `for p in ${given.text}:`,
        `${indent}if p.dim() > 1:`,
        `${indent}${indent}${matrix}`,
        ...(vector ? [`${indent}else:`, `${indent}${indent}${vector}`] : []),
      ]
    : [
        `for (const p of ${given.text}) {`,
        `${indent}if (p.dim() > 1) ${matrix}${end}`,
        ...(vector ? [`${indent}else ${vector}${end}`] : []),
        '}',
      ];
  return [{ source, edits: [...nn.edits, source.before(statement, lines)] }];
}

const isLoudBias = ({ of, call, vectors }: Initializer): boolean =>
  of === 'biases' && !vectors && call.name !== 'zeros_' && !/^\+?0*\.?0*$/.test(call.positional[1]?.text ?? '');

/** Where biases may have put what goes into a sigmoid or a tanh near its ends. */
const SATURATES: ReadonlySet<string> = new Set(['saturated-activation', 'vanishing-gradient']);
const FAR_OUT = 2;

const isFarOut = ({ call: { name, positional } }: Initializer): boolean =>
  name === 'constant_' && Math.abs(Number(positional[1]?.text)) >= FAR_OUT;

const zeros = (source: Source, { receiver, positional: [p] }: Call) =>
  source.dialect.call(`${receiver?.text}.zeros_`, [p.text]);

/** Weights by the scheme; where biases or other vectors may come, which have no fan, those are left or made 0. */
function anew({ source, call, of, vectors }: Initializer, scheme: Scheme): TextEdit {
  const [p] = call.positional;
  const matrix = source.dialect.call(`${call.receiver?.text}.${scheme}`, [p.text], optionsOf(scheme, source));
  if (!vectors) return replacement(call.node, matrix);
  // those of normalizations begin at 1, as they are made
  const vector = of === 'every' && !source.calls.some(isNormalization) ? zeros(source, call) : null;
  const statement = call.node.parent?.type === 'expression_statement' ? call.node.parent : null;
  if (!statement) return replacement(call.node, vectorsApart(source, p.text, matrix, vector));
  if (!source.isPython) {
    const end = statement.text.endsWith(';') ? ';' : '';
    const otherwise = vector ? `${end || ';'} else ${vector}` : '';
    const chosen = `if (${p.text}.dim() > 1) ${matrix}${otherwise}${end}`;
    // an `else` of its own would go to this `if`
    const inner = /^(?:if_statement|else_clause)$/.test(statement.parent?.type ?? '');
    return replacement(statement, inner ? `{ ${chosen} }` : chosen);
  }
  const indent = source.indentOf(statement);
  if (source.text.slice(0, statement.startIndex).split('\n').at(-1) !== indent)
    return replacement(call.node, vectorsApart(source, p.text, matrix, vector));
  const inner = indent + source.indent;
  const otherwise = vector ? `\n${indent}else:\n${inner}${vector}` : '';
  return replacement(call.node, `if ${p.text}.dim() > 1:\n${inner}${matrix}${otherwise}`);
}

/** The same as an expression. */
function vectorsApart({ isPython }: Source, p: string, matrix: string, vector: string | null): string {
  if (isPython) return `${matrix} if ${p}.dim() > 1 else ${vector ?? 'None'}`;
  return vector ? `${p}.dim() > 1 ? ${matrix} : ${vector}` : `${p}.dim() > 1 && ${matrix}`;
}

export const initialization: SourceRemedy = {
  id: 'initialization',
  title: 'Initialize the weights to fit the activation (He, Glorot)',
  edit(context) {
    const edits = initialize(context, schemeOf(context));
    return edits.length ? edits : refuse('the weights are initialized in this way already');
  },
};

const LAST_LAYER_STD = '0.01';

/** A model that begins without an opinion: logits near 0 give every class its share (Karpathy). */
export const lastLayer: SourceRemedy = {
  id: 'last-layer',
  title: 'Initialize the last layer smaller',
  edit(context) {
    const path = context.finding.parameters.find((parameter) => /weight$/.test(parameter));
    if (!path) return refuse('which layer gives the logits is not known');
    const { source, optimizer, model } = placeIn(context);
    // where there are several models, names begin with theirs, which isn't part of the path within it
    const isWhole = context.run?.parameters.some((parameter) => parameter.name.startsWith(`${model}.`)) ?? false;
    const name = isWhole && path.startsWith(`${model}.`) ? path.slice(model.length + 1) : path;
    const nn = importOf(source, 'nn');
    const q = quoteOf(source);
    const call = source.dialect.call(`${nn.name}.init.normal_`, ['weight'], [['std', LAST_LAYER_STD]]);
    const lines = source.isPython
      ? [
          `for name, weight in ${model}.named_parameters():`,
          `${source.indent}if name == ${q}${name}${q}:`,
          `${source.indent}${source.indent}${call}`,
        ]
      : [
          `for (const [name, weight] of ${model}.namedParameters()) {`,
          `${source.indent}if (name === ${q}${name}${q}) ${call}${source.end}`,
          '}',
        ];
    if (source.text.includes(lines[1].trim())) refuse('the last layer is initialized smaller already');
    return [{ source, edits: [...nn.edits, source.before(optimizer.statement, lines)] }];
  },
};

const RECURRENT = /^(?:RNN|LSTM|GRU)(?:Cell)?$/;

/** A matrix whose powers neither grow nor shrink (Saxe et al. 2014). */
export const orthogonal: SourceRemedy = {
  id: 'orthogonal',
  title: 'Initialize the recurrent weights orthogonally',
  edit(context) {
    const name = context.finding.parameters.find((parameter) => /weight/.test(parameter));
    const path = name?.replace(/\.weight\w*$/, '');
    if (!path) return refuse('which weights recur is not known');
    for (const source of context.sources) {
      const given = givenIn(source).find(({ positional }) => endsWith(positional[0], path));
      if (!given) continue;
      if (given.name === 'orthogonal_') refuse(`${path} is initialized orthogonally already`);
      const call = source.dialect.call(`${given.receiver?.text}.orthogonal_`, [given.positional[0].text]);
      return [{ source, edits: [replacement(given.node, call)] }];
    }
    const place = placeIn(context);
    const { source, model, optimizer } = place;
    const nn = importOf(source, 'nn');
    const inner = context.run?.layers.find((layer) => layer.name === path);
    const lines = RECURRENT.test(inner?.type ?? '')
      ? recurrentLines(place, nn.name)
      : /^[A-Za-z_][\w.]*$/.test(path) && !/\.\d/.test(path)
        ? [`${source.dialect.call(`${nn.name}.init.orthogonal_`, [`${model}.${path}.weight`])}${source.end}`]
        : refuse(`${path} has no name in the text`);
    if (source.text.includes(lines.at(-1)?.trim() ?? '')) refuse(`${path} is initialized orthogonally already`);
    return [{ source, edits: [...nn.edits, source.before(optimizer.statement, lines)] }];
  },
};

function recurrentLines({ source, model }: Place, nn: string): string[] {
  const q = quoteOf(source);
  if (source.isPython) {
    return [
      `for name, weight in ${model}.named_parameters():`,
      `${source.indent}if ${q}weight_hh${q} in name:`,
      `${source.indent}${source.indent}${nn}.init.orthogonal_(weight)`,
    ];
  }
  return [
    `for (const [name, weight] of ${model}.namedParameters()) {`,
    `${source.indent}if (/weight_?hh/i.test(name)) ${nn}.init.orthogonal_(weight)${source.end}`,
    '}',
  ];
}

function endsWith(node: Node | undefined, path: string): boolean {
  const text = node?.text.replace(/\.weight\w*$/, '') ?? '';
  return text === path || text.endsWith(`.${path}`);
}
