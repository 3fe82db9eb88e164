import { meansTheSame } from '../source/binding.ts';
import { backwardsOf, type Optimizer, optimizersOf, stepsOf } from '../source/loop.ts';
import { refuse } from '../source/refusal.ts';
import { isAt } from '../source/source.ts';
import type { Context, SourceRemedy } from './remedy.ts';

/** The update that is nowhere: after the backward pass, and zeroing before it where that is nowhere, too. */
export const update: SourceRemedy = {
  id: 'update',
  title: 'Call step() after the backward pass',
  edit(context) {
    const { source, name, statement } = idleOptimizer(context);
    const backward = backwardsOf(source).map(({ node }) => source.statementOf(node));
    if (backward.length !== 1) return refuse(backward.length ? 'there are several backward passes' : NO_BACKWARD);
    const [pass] = backward;
    if (!meansTheSame(source, name, statement, pass))
      return refuse(`${name} is not known where the backward pass is: it would have to be handed on`);
    const call = (method: string) => `${source.dialect.call(`${name}.${method}`, [])}${source.end}`;
    const zeroes = source.calls.some((other) => other.name === 'zeroGrad');
    const zeroing = zeroes ? [] : [source.before(pass, [call('zeroGrad')])];
    return [{ source, edits: [...zeroing, source.after(pass, [call('step')])] }];
  },
};

const NO_BACKWARD = 'no call of backward was found where the optimizer is made';

/** The one that the finding points at, else the only one. @throws Refusal */
function idleOptimizer({ finding, sources }: Context): Optimizer {
  const taken = new Set(sources.flatMap(stepsOf).map(({ name }) => name));
  const all = sources.flatMap(optimizersOf);
  if (all.length === 0) return refuse('no optimizer was found');
  const idle = all.filter(({ name }) => !taken.has(name));
  if (idle.length === 0) return refuse('its step() is called in the source, and the run never came there');
  const meant = idle.find(({ source, statement }) => isAt(source, statement, finding.site));
  return (
    meant ?? (idle.length === 1 ? idle[0] : refuse('there are several optimizers: which one is meant is not clear'))
  );
}
