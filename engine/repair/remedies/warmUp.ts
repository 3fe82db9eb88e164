import { descendantsOf, type Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import { parameterOf, reaches } from '../source/binding.ts';
import { handedOn } from '../source/handedOn.ts';
import { importOf } from '../source/imports.ts';
import { type Optimizer, type Step, stepsOf } from '../source/loop.ts';
import { assignedIn } from '../source/modelClass.ts';
import { refuse } from '../source/refusal.ts';
import type { Source } from '../source/source.ts';
import { collect } from './layers.ts';
import { theOptimizer } from './optimizer.ts';
import type { SourceRemedy } from './remedy.ts';

const WARM_UP_STEPS = '20';
const WARM_UP = 'warmup';

/** Over the first steps: made where the optimizer is, and told of each of its steps. */
export const warmUp: SourceRemedy = {
  id: 'warm-up',
  title: 'Warm up the learning rate over the first steps',
  edit(context) {
    const { sources } = context;
    const made = theOptimizer(context);
    if (sources.some(({ text }) => new RegExp(`\\b${WARM_UP}\\b`).test(text))) refuse('there is a warm-up already');
    if (sources.some(({ calls }) => calls.some(({ name }) => SCHEDULE.test(name))))
      refuse('the learning rate has a schedule already');
    const steps = sources.flatMap(stepsOf);
    if (steps.length !== 1) refuse('the optimizer’s step is taken in several places, or elsewhere');
    const [step] = steps;
    const { place, handed } = placeOf(made, step);
    const { source, statement, name, inField } = place;
    const optim = importOf(source, 'optim');
    const type = `${optim.name}.${source.isPython ? 'lr_scheduler.' : ''}LinearLR`;
    const schedule = source.dialect.make(
      type,
      [name],
      [
        ['startFactor', '0.01'],
        ['totalIters', WARM_UP_STEPS],
      ],
    );
    const own = inField ? `${source.dialect.self}.${WARM_UP}` : WARM_UP;
    const declared = statement.type === 'public_field_definition' ? WARM_UP : own;
    const line = inField ? `${declared} = ${schedule}` : source.dialect.declare(WARM_UP, schedule);
    const told = step.source.dialect.call(`${own}.step`, []);
    return collect([
      ...[...optim.edits, source.after(statement, [`${line}${source.end}`])].map((edit) => ({ source, edit })),
      ...handed({ name: WARM_UP, type }),
      { source: step.source, edit: step.source.after(step.statement, [`${told}${step.source.end}`]) },
    ]);
  },
};

const SCHEDULE = /(?:LR|Scheduler|WarmRestarts)$/;

/** Where the schedule is made, for an optimizer of which name, and how it comes to where the step is taken. */
interface Place {
  readonly place: {
    readonly source: Source;
    readonly statement: Node;
    readonly name: string;
    readonly inField: boolean;
  };
  readonly handed: (companion: { name: string; type: string }) => { source: Source; edit: TextEdit }[];
}

function placeOf(made: Optimizer, step: Step): Place {
  const { source, name, statement } = made;
  const use = { source: step.source, node: step.call.node, name: step.name };
  const inField = step.name.startsWith(`${step.source.dialect.self}.`);
  const place = { source, statement, name, inField };
  const there: Place = { place, handed: () => [] };
  if (inField) {
    const owner = keptIn(step);
    if (owner) return { ...there, place: { source: step.source, statement: owner, name: step.name, inField } };
  } else if (parameterOf(use.source, use.name, use.node)) {
    const refused = 'the optimizer is made in another function than its step is taken in, and isn’t just handed on';
    return { place, handed: (companion) => handedOn(use, made, companion) ?? refuse(refused) };
  }
  const together = step.source === source && step.name === name;
  return together && !inField && reaches(source, made.call.node, use.node)
    ? there
    : refuse('the optimizer is made in another function than its step is taken in');
}

/** Where the class that takes the step gets its optimizer. What TypeScript's constructors fill is declared elsewhere. */
function keptIn({ source, call, name }: Step): Node | null {
  const owner = source.classOf(call.node);
  if (!owner) return null;
  const statements = descendantsOf(owner, source.isPython ? 'expression_statement' : 'public_field_definition');
  const kept = statements.find((statement) => {
    const assigned = assignedIn(statement);
    const field = statement.type === 'public_field_definition' ? `${source.dialect.self}.` : '';
    return assigned !== null && field + assigned.name === name;
  });
  return kept ?? null;
}
