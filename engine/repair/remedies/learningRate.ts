import { median, ratiosOf } from '../../diagnose/progress.ts';
import type { Node } from '../../source/parser.ts';
import { declarationOf } from '../../source/scope.ts';
import { importOf } from '../source/imports.ts';
import { type Optimizer, optimizersOf, stepsOf } from '../source/loop.ts';
import { assignedIn } from '../source/model.ts';
import { refuse } from '../source/refusal.ts';
import { inSameFunction, replacement, type Source } from '../source/source.ts';
import type { Context, SourceRemedy } from './remedy.ts';

/** Multiplies the learning rate where it is written as a number; by how much may depend on the run. */
export const scaledRate = (
  id: string,
  title: string,
  factor: number | ((context: Context) => number),
): SourceRemedy => ({
  id,
  title,
  edit(context) {
    const { source, call } = theOptimizer(context);
    const given = call.named.get('lr') ?? call.positional[1];
    if (!given) return refuse('the learning rate is the optimizer’s default: give it one');
    const literal = numberOf(source, given);
    if (!literal) return refuse('the learning rate is not written as a number');
    const known = context.run?.sources.get(source.file);
    if (known !== undefined && !known.includes(`${literal.parent?.text}`))
      return refuse('the learning rate has been changed since the run');
    const by = typeof factor === 'number' ? factor : factor(context);
    const scaled = Number((Number(literal.text.replaceAll('_', '')) * by).toPrecision(6));
    return [{ source, edits: [replacement(literal, written(scaled, literal.text))] }];
  },
});

/** Updates of this share of the weights are usual (Karpathy); rates are changed by powers of ten. */
const USUAL_RATIO = 1e-3;
const MOST_DECADES = 6;

/** How far the updates of a run are from what is usual, in whole decades; 0 where that isn't known. */
function decadesTooLarge({ run }: Context): number {
  const ratio = run ? median(ratiosOf(run, run.history.steps.slice(0, 50))) : Number.NaN;
  const decades = Math.round(Math.log10(ratio / USUAL_RATIO));
  return Number.isFinite(decades) ? Math.max(-MOST_DECADES, Math.min(MOST_DECADES, decades)) : 0;
}

export const lowerRate = scaledRate('learning-rate', 'Lower the learning rate', (context) => {
  // What has exploded tells nothing of the rate; where the rate itself is the finding, its updates do.
  const decades = context.finding.id === 'learning-rate-high' ? decadesTooLarge(context) - 1 : 1;
  return 10 ** -Math.max(1, decades);
});

export const raisedRate = scaledRate(
  'raise-learning-rate',
  'Raise the learning rate',
  (context) => 10 ** Math.max(1, -decadesTooLarge(context)),
);

const MOST_MOMENTUM = 0.9;

export const lessMomentum: SourceRemedy = {
  id: 'momentum',
  title: 'Use less momentum',
  edit(context) {
    const { source, call } = theOptimizer(context);
    const given = call.named.get('momentum');
    const literal = given ? numberOf(source, given) : null;
    if (!literal) return refuse('the optimizer is given no momentum that is written as a number');
    const momentum = Number(literal.text);
    if (!(momentum > 0)) return refuse('there is no momentum');
    const less = momentum > MOST_MOMENTUM ? MOST_MOMENTUM : Number((momentum / 2).toPrecision(3));
    return [{ source, edits: [replacement(literal, String(less))] }];
  },
};

/** As numbers are written there: `1e-4` beside `1e-3`, `0.01` beside `0.1`. */
const written = (value: number, like: string) =>
  /e/i.test(like) ? value.toExponential().replace('e+', 'e') : String(value);

function theOptimizer({ sources }: Context): Optimizer {
  const all = sources.flatMap(optimizersOf);
  if (all.length === 0) return refuse('no optimizer was found');
  return all.length === 1 ? all[0] : refuse('there are several optimizers: which one is meant is not clear');
}

const NUMBERS = new Set(['number', 'float', 'integer']);

/** The number that an expression is, or that its variable was given in the same text. */
function numberOf(source: Source, node: Node): Node | null {
  if (NUMBERS.has(node.type)) return node;
  if (node.type !== 'identifier' && node.type !== 'shorthand_property_identifier') return null;
  const value = source.isPython ? assignedOnce(source, node.text) : declarationOf(node)?.childForFieldName('value');
  return value && NUMBERS.has(value.type) ? value : null;
}

/** The value of a variable at the top of a Python text, if it is given one there and nowhere else. */
function assignedOnce(source: Source, name: string): Node | null {
  const values = source.root
    .descendantsOfType('assignment')
    .filter((node) => node?.childForFieldName('left')?.text === name);
  return values.length === 1 ? (values[0]?.childForFieldName('right') ?? null) : null;
}

const WARM_UP_STEPS = '20';

export const warmUp: SourceRemedy = {
  id: 'warm-up',
  title: 'Warm up the learning rate over the first steps',
  edit(context) {
    const { source, call, name, statement } = theOptimizer(context);
    const scheduled = source.calls.some(
      (other) => /(?:LR|Scheduler|WarmRestarts)$/.test(other.name) && other.positional[0]?.text === name,
    );
    if (scheduled) refuse('the learning rate has a schedule already');
    const steps = stepsOf(source).filter((step) => step.name === name);
    if (steps.length !== 1) refuse('the optimizer’s step is taken in several places, or elsewhere');
    const [step] = steps;
    if (!inSameFunction(source, step.call.node, call.node))
      refuse('the optimizer is made in another function than its step is taken in');
    const optim = importOf(source, 'optim');
    const lr = `${optim.name}.${source.isPython ? 'lr_scheduler.' : ''}LinearLR`;
    const schedule = source.dialect.make(
      lr,
      [name],
      [
        ['startFactor', '0.01'],
        ['totalIters', WARM_UP_STEPS],
      ],
    );
    if (assignedIn(statement)?.name === 'warmup' || /\bwarmup\b/.test(source.text))
      refuse('there is a warm-up already');
    return [
      {
        source,
        edits: [
          ...optim.edits,
          source.after(statement, [`${source.dialect.declare('warmup', schedule)}${source.end}`]),
          source.after(step.statement, [`${source.dialect.call('warmup.step', [])}${source.end}`]),
        ],
      },
    ];
  },
};
