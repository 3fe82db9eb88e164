import type { Node } from '../../source/parser.ts';
import { meansTheSame } from '../source/binding.ts';
import { importOf } from '../source/imports.ts';
import { backwardsOf, isScaled, optimizersOf, type Step, stepsOf } from '../source/loop.ts';
import { numberOf } from '../source/number.ts';
import { refuse } from '../source/refusal.ts';
import { replacement, type Source, same } from '../source/source.ts';
import type { Context, Edits, SourceRemedy } from './remedy.ts';

/** The steps of all optimizers; there must be one. @throws Refusal */
function stepsIn({ sources }: Context): Step[] {
  const steps = sources.flatMap(stepsOf);
  return steps.length ? steps : refuse('no call of an optimizer’s step was found');
}

/** All parameters of the optimizer that steps there, as an expression. */
function parametersOf({ source, call, name }: Step): string {
  const optimizer = optimizersOf(source).find((other) => other.name === name);
  const given = optimizer?.call.positional[0] ?? optimizer?.call.named.get('params');
  const asked = source.dialect.callOf(given ?? null);
  if (
    optimizer &&
    given &&
    asked?.name === 'parameters' &&
    !asked.positional.length &&
    meansTheSame(source, given.text, optimizer.call.node, call.node)
  )
    return given.text;
  return source.isPython
    ? `[p for group in ${name}.param_groups for p in group["params"]]`
    : `${name}.paramGroups.flatMap((group) => group.params)`;
}

const CLIPPED = /^clipGrad(?:Norm|Value)_?$/;

export const clip: SourceRemedy = {
  id: 'clip',
  title: 'Clip the gradient’s norm before the update',
  edit(context) {
    const edits = stepsIn(context).map((step) => {
      const { source, call, statement } = step;
      if (source.calls.some(({ name }) => CLIPPED.test(name))) refuse('gradients are clipped already');
      if (isScaled(source)) refuse('a gradient scaler is at work: the gradients must be unscaled first');
      const nn = importOf(source, 'nn');
      const line = `${source.dialect.call(`${nn.name}.utils.clipGradNorm_`, [parametersOf(step), '1.0'])}${source.end}`;
      // With a closure, the optimizer makes the gradients itself: clipping belongs in there.
      const closure = call.positional.length > 0 || call.named.size > 0;
      const backward = backwardsOf(source).at(-1);
      if (closure && !backward) return refuse('no call of backward was found');
      const place =
        closure && backward
          ? source.after(source.statementOf(backward.node), [line])
          : source.before(statement, [line]);
      return { source, edits: [...nn.edits, place] };
    });
    return edits;
  },
};

const USUAL_NORM = '1.0';

/** Clipping is for the rare large gradient; where every one is cut to nearly nothing, nothing is learned. */
export const clipLess: SourceRemedy = {
  id: 'clip-less',
  title: 'Clip gradients at a norm that they seldom have',
  edit({ sources }) {
    const edits = sources.flatMap((source) =>
      source.calls.flatMap(({ name, positional, named }) => {
        const given = positional[1] ?? named.get('maxNorm') ?? named.get('clipValue');
        const literal = CLIPPED.test(name) && given ? numberOf(source, given) : null;
        return literal && Number(literal.text) < Number(USUAL_NORM)
          ? [{ source, edits: [replacement(literal, USUAL_NORM)] }]
          : [];
      }),
    );
    return edits.length ? edits : refuse('gradients are not clipped at a small norm that is written as a number');
  },
};

export const zeroGrad: SourceRemedy = {
  id: 'zero-grad',
  title: 'Zero the gradients at every step',
  edit(context) {
    const steps = stepsIn(context).filter(
      ({ source, name }) => !source.calls.some((c) => c.name === 'zeroGrad' && isOf(source, c.receiver, name)),
    );
    if (steps.length === 0) return movedZeroing(context);
    const first = [...new Map(steps.map((step) => [step.name, step])).values()];
    return first.map((step) => {
      const { source, name, statement } = step;
      const line = `${source.dialect.call(`${name}.zeroGrad`, [])}${source.end}`;
      const before = backwardsOf(source)
        .map(({ node }) => source.statementOf(node))
        .filter((other) => same(other.parent, statement.parent) && other.startIndex < statement.startIndex);
      // Where the step isn't taken at every backward pass, gradients are accumulated on purpose.
      const edit = before.length ? source.before(before[0], [line]) : source.after(statement, [line]);
      return { source, edits: [edit] };
    });
  },
};

/** Zeroing that stands between the backward pass and the step, where it takes what the step needs, goes before both. */
function movedZeroing(context: Context): Edits {
  const moved = stepsIn(context).flatMap(({ source, name, statement }) => {
    const inBlock = (node: Node) => same(node.parent, statement.parent) && node.startIndex < statement.startIndex;
    const backward = backwardsOf(source)
      .map(({ node }) => source.statementOf(node))
      .filter(inBlock);
    const zeroing = source.calls
      .filter((c) => c.name === 'zeroGrad' && isOf(source, c.receiver, name))
      .map(({ node }) => source.statementOf(node))
      .filter(inBlock);
    const misplaced = zeroing.filter((z) => backward.some((b) => b.startIndex < z.startIndex));
    if (misplaced.length === 0 || backward.length !== 1) return [];
    const [first] = misplaced;
    const line = `${first.text.replace(/;$/, '')}${source.end}`;
    return [{ source, edits: [source.before(backward[0], [line]), ...misplaced.map((z) => source.without(z))] }];
  });
  return moved.length ? moved : refuse('the gradients are zeroed already');
}

/** `optimizer.zeroGrad()`, or that of the model whose parameters it has. */
function isOf(source: Source, receiver: Node | null, optimizer: string): boolean {
  if (receiver?.text === optimizer) return true;
  const made = optimizersOf(source).find(({ name }) => name === optimizer);
  return made?.call.positional[0]?.text.startsWith(`${receiver?.text}.`) ?? false;
}
