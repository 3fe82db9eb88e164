import { childrenOf, type Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import type { Call } from '../source/dialect.ts';
import { withoutElement } from '../source/elements.ts';
import { assignedIn, modelClasses } from '../source/modelClass.ts';
import { refuse } from '../source/refusal.ts';
import { isAppending, namedElement } from '../source/sequence.ts';
import { type Source, same, within } from '../source/source.ts';
import { dropped, inForward, onLine, type Squashing, squashingIn } from '../source/squashing.ts';
import type { Context, SourceRemedy } from './remedy.ts';

const BOUNDING: readonly Squashing[] = ['sigmoid', 'tanh', 'relu', 'softmax'];
const MODULE = /^(?:Sigmoid|Tanh|ReLU|Softmax)$/;

/** Answers that can be any number: without the activation that they come from. */
export const unbounded: SourceRemedy = {
  id: 'unbounded',
  title: 'Leave the activation at the end out',
  causes: ['bounded-output'],
  edit({ sources, finding: { site } }) {
    const there = boundingAt(sources, site);
    const here = [...there, ...made(sources, site)];
    const all = here.length ? here : applied(sources);
    const different = all.filter(({ edit }, i) => all.findIndex((other) => other.edit.start === edit.start) === i);
    if (different.length === 0) return refuse('no activation at the end of a model was found on that line');
    if (different.length > 1) return refuse('there are several activations there: which one is meant is not clear');
    const [{ source, edit }] = different;
    return [{ source, edits: [edit] }];
  },
};

/** What functions bound, where the finding can't say more than which loss is given it. */
const applied = (sources: Sources): Place[] =>
  [...endsIn(sources), ...collected(sources)]
    .filter(({ source, call }) => !MODULE.test(call.name) && !isInPart(source, call.node))
    .map(({ source, call }) => ({ source, edit: dropped(source, call) }));

/** In a class of which others are made: what that gives is no answer yet. */
function isInPart(source: Source, node: Node): boolean {
  const own = modelClasses(source).find((model) => within(node, model.node));
  return source.calls.some((call) => {
    if (!own || call.callee.text !== own.name) return false;
    const assigned = assignedIn(source.statementOf(call.node));
    return source.classOf(call.node) !== null || !same(assigned?.value, call.node);
  });
}

const endsIn = (sources: Sources) =>
  sources.flatMap((source) => BOUNDING.flatMap((name) => squashingIn(source, name).map((call) => ({ source, call }))));

type Sources = Context['sources'];
type Site = Context['finding']['site'];
interface Place {
  readonly source: Source;
  readonly edit: TextEdit;
}

/** What the finding's line applies last, or gives the loss; of a field, where it's applied. */
function boundingAt(sources: Sources, site: Site): Place[] {
  const ends = endsIn(sources);
  const fields = ends.filter(({ source, call }) => {
    const held = heldBy(source, call);
    return held !== null && onLine([{ source, call: held }], site).length > 0;
  });
  return [...onLine(ends, site), ...fields, ...onLine(collected(sources), site)].map(({ source, call }) => ({
    source,
    edit: dropped(source, call),
  }));
}

/** What forward puts into a list of answers, one after the other: `outputs.append(torch.tanh(self.out(h)))`. */
const collected = (sources: Sources) =>
  sources.flatMap((source) =>
    source.calls
      .filter(({ name, node }) => {
        const around = source.dialect.callOf(node.parent?.parent ?? null);
        const isWhole = around !== null && isAppending(around) && same(around.positional[0], node);
        return (BOUNDING as readonly string[]).includes(name) && isWhole && inForward(source, node);
      })
      .map((call) => ({ source, call })),
  );

/** The module that is made in the field that is called: `self.act(x)`. */
function heldBy(source: Source, { callee, node }: Call): Call | null {
  const [owner, field, more] = callee.text.split('.');
  if (owner !== source.dialect.self || more !== undefined) return null;
  const model = modelClasses(source).find((one) => within(node, one.node));
  return source.dialect.callOf(model?.fields.get(field)?.value ?? null);
}

/** A module that is made there as the last of a list, or appended to one; none that a loop makes many of. */
function made(sources: Sources, site: Site): Place[] {
  const modules = sources.flatMap((source) =>
    source.calls.filter(({ name }) => MODULE.test(name)).map((call) => ({ source, call })),
  );
  return onLine(modules, site).flatMap(({ source, call: { node } }) => {
    if (isRepeated(source, node)) return [];
    const element = namedElement(node) ?? node;
    const list = element.parent;
    const owner = source.dialect.callOf(list?.parent ?? null);
    const isLast = same(
      childrenOf(list).findLast(({ type }) => type !== 'comment'),
      element,
    );
    if (!list || !isLast) return [];
    if (owner && isAppending(owner) && owner.positional.length === 1)
      return [{ source, edit: source.without(source.statementOf(node)) }];
    const isList = /^(?:list|array)$/.test(list.type) || owner?.name === 'Sequential';
    return isList && list.namedChildCount > 1 ? [{ source, edit: withoutElement(source, element) }] : [];
  });
}

const REPEATING = /comprehension|generator|^arrow_function$|^lambda$/;

function isRepeated(source: Source, node: Node): boolean {
  const statement = source.statementOf(node);
  for (let at = node.parent; at && !same(at, statement); at = at.parent) if (REPEATING.test(at.type)) return true;
  const loop = source.around(node, source.dialect.loops);
  return loop !== null && within(loop, source.functionOf(node) ?? source.root);
}
