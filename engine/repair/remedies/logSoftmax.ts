import type { Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import type { Call } from '../source/dialect.ts';
import { importOf } from '../source/imports.ts';
import { numberOf } from '../source/number.ts';
import { refuse } from '../source/refusal.ts';
import { replacement, type Source } from '../source/source.ts';
import { onLine, squashingIn } from '../source/squashing.ts';
import type { Context, Edits, SourceRemedy } from './remedy.ts';

/** The negative log-likelihood takes logarithms of probabilities. */
export const logSoftmax: SourceRemedy = {
  id: 'log-softmax',
  title: 'Give the likelihood logarithms of probabilities',
  causes: ['missing-logarithm', 'missing-softmax'],
  redefinesLoss: true,
  edit: (context) => (context.finding.cause === 'missing-softmax' ? withCrossEntropy(context) : withLogarithm(context)),
};

/** The softmax that the loss is given, in one with its logarithm. */
function withLogarithm({ sources, finding: { site } }: Context): Edits {
  const found = sources.flatMap((source) => squashingIn(source, 'softmax').map((call) => ({ source, call })));
  const there = onLine(found, site);
  // what is evaluated with the same loss needs it as well
  const alike = found.filter(({ source, call }) =>
    isLikelihood(source.dialect.callOf(call.node.parent?.parent ?? null)),
  );
  const meant = new Set(there.length || alike.length ? [...there, ...alike] : found);
  if (meant.size === 0) refuse('no softmax in what the loss is given, or at the end of the model, was found');
  if (!there.length && !alike.length && meant.size > 1)
    refuse('there are several such calls of softmax: which one is meant is not clear');
  return [...meant].map(({ source, call }) => ({ source, edits: renamed(source, call) }));
}

const isLikelihood = (call: Call | null) => /^nllLoss$/i.test(call?.name ?? '');

/** Given the logarithm of a softmax where it's called. */
const isLogarithm = (source: Source, { positional: [given] }: Call) =>
  /^logSoftmax$/.test(source.dialect.callOf(given ?? null)?.name ?? '');

function renamed(source: Source, call: Call): TextEdit[] {
  const name = source.dialect.spell(call.name === 'Softmax' ? 'LogSoftmax' : 'logSoftmax');
  return inPlaceOf(source, call, name, call.name === 'Softmax' ? 'nn' : 'F');
}

/** Another function of the same module; one that was imported by its own name is asked of the module. */
function inPlaceOf(source: Source, { callee, receiver }: Call, name: string, module: 'nn' | 'F'): TextEdit[] {
  if (!receiver) {
    const owner = importOf(source, module);
    return [...owner.edits, replacement(callee, `${owner.name}.${name}`)];
  }
  const start = receiver.endIndex + source.text.slice(receiver.endIndex, callee.endIndex).search(/[\w$]+$/);
  return [{ start, end: callee.endIndex, newText: name }];
}

/** Scores are what cross-entropy takes; it has the logarithm of the softmax in itself. */
function withCrossEntropy({ sources, finding: { site } }: Context): Edits {
  const found = sources.flatMap((source) =>
    source.calls.filter((call) => isLikelihood(call) && !isLogarithm(source, call)).map((call) => ({ source, call })),
  );
  const there = onLine(found, site);
  // where the text has logarithms of its own, other likelihoods may be right
  const hasLogarithms = sources.some(({ calls }) => calls.some(({ name }) => /^logSoftmax$/i.test(name)));
  const modules = found.filter(({ call }) => call.name === 'NLLLoss');
  const meant = hasLogarithms ? (there.length ? there : modules) : found;
  if (meant.length === 0) return refuse('no negative log-likelihood is named in the text');
  if (hasLogarithms && meant === modules && meant.length > 1)
    return refuse('there are several likelihoods: which one is meant is not clear');
  return meant.map(({ source, call }) => ({
    source,
    edits:
      call.name === 'NLLLoss'
        ? inPlaceOf(source, call, 'CrossEntropyLoss', 'nn')
        : inPlaceOf(source, call, source.dialect.spell('crossEntropy'), 'F'),
  }));
}

/** Probabilities of classes, not of samples, sum to 1. */
export const softmaxAxis: SourceRemedy = {
  id: 'softmax-axis',
  title: 'Take the softmax over the classes: dimension 1',
  causes: ['softmax-over-batch'],
  redefinesLoss: true,
  edit({ sources, finding: { site } }) {
    const found = sources.flatMap((source) =>
      source.calls.flatMap((call) => {
        const axis = /^(?:log)?softmax$/i.test(call.name) ? axisOf(source, call) : null;
        return axis ? [{ source, call, axis }] : [];
      }),
    );
    const there = onLine(found, site);
    const ends = found.filter(({ source, call }) =>
      (['softmax', 'logSoftmax'] as const).some((name) =>
        squashingIn(source, name).some(({ node }) => node.startIndex === call.node.startIndex),
      ),
    );
    const logarithms = found.filter(({ call }) => /^log/i.test(call.name));
    const meant = [there, ends, logarithms].find(({ length }) => length > 0);
    if (!meant) return refuse('no softmax over dimension 0 was found');
    if (meant === logarithms && meant.length > 1) return refuse('there are several: which one is meant is not clear');
    return meant.map(({ source, axis }) => ({ source, edits: [replacement(axis, '1')] }));
  },
};

/** Where dimension 0 is said. */
function axisOf(source: Source, { name, positional, named, receiver }: Call): Node | null {
  const isModule = /^[A-Z]/.test(name);
  const isMethod = receiver !== null && positional.length === 1;
  const given = named.get('dim') ?? positional[isModule || isMethod ? 0 : 1];
  if (!given) return null;
  if (given.text === '-2') return given;
  const literal = numberOf(source, given);
  return literal?.text === '0' ? literal : null;
}
