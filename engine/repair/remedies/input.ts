import type { Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import { reaches } from '../source/binding.ts';
import { givenIn, type Variable } from '../source/given.ts';
import { refuse } from '../source/refusal.ts';
import { replacement, type Source } from '../source/source.ts';
import type { Context, SourceRemedy } from './remedy.ts';
import { normalizedTransforms } from './transforms.ts';

/**
 * Mean 0 and standard deviation 1, once, where the data are made: each feature by itself, images as a whole. What is only
 * evaluated goes by what the training data are like. Where data pass through transforms, there.
 */
export const standardize: SourceRemedy = {
  id: 'standardize',
  title: 'Standardize the input: mean 0, standard deviation 1',
  edit(context) {
    const transforms = normalizedTransforms(context);
    if (transforms.length) return transforms;
    const given = context.sources.map((source) => ({ source, ...givenIn(source) }));
    const found = given.find(({ variables }) => variables.length > 0);
    if (!found) return refuse('what the model is given is not a variable made at the top of the script or function');
    const { source, variables, expressions } = found;
    const reference = variables.find(({ trains }) => trains) ?? variables[0];
    const done = new RegExp(`\\b${reference.name}\\b[^\\n]*\\.(?:std|std_mean)\\(`);
    if (done.test(source.text)) refuse(`${reference.name} is standardized already`);
    const others = variables.filter((variable) => variable !== reference);
    const reached = expressions.filter((node) => reaches(source, reference.statement, node));
    const statistics = statisticsOf(source, reference.name, context);
    const edits =
      others.length + reached.length
        ? together(source, reference, others, reached, statistics)
        : [source.after(reference.statement, [changed(source, reference.name, statistics)])];
    return [{ source, edits }];
  },
};

/** What is subtracted, and what is divided by, as expressions. */
interface Statistics {
  readonly mean: string;
  readonly std: string;
}

function statisticsOf(source: Source, name: string, { run }: Context): Statistics {
  const { call } = source.dialect;
  // pixels that never change have no deviation of their own
  const isImage = run?.inputs.some(({ shape }) => shape.length > 2);
  const arguments_ = isImage ? [] : ['0'];
  const options = isImage ? [] : [['keepdim', source.isPython ? 'True' : 'true'] as const];
  const of = (what: string) => call(`${name}.${what}`, arguments_, options);
  const std = of('std');
  return { mean: of('mean'), std: source.isPython ? `(${std} + 1e-6)` : `${std}.add(1e-6)` };
}

/** A statement. */
const changed = (source: Source, name: string, { mean, std }: Statistics): string =>
  source.isPython ? `${name} = (${name} - ${mean}) / ${std}` : `${name}.sub_(${mean}).div_(${std})${source.end}`;

/** Several things by the same numbers. */
function together(
  source: Source,
  reference: Variable,
  others: readonly Variable[],
  expressions: readonly Node[],
  { mean, std }: Statistics,
): TextEdit[] {
  if (!others.every(({ statement }) => reaches(source, reference.statement, statement)))
    refuse('the model is given several things, in several functions');
  const named: Statistics = {
    mean: source.dialect.spell('inputMean'),
    std: source.dialect.spell('inputStd'),
  };
  const declare = (name: string, value: string) => `${source.dialect.declare(name, value)}${source.end}`;
  const first = [
    declare(named.mean, mean),
    declare(named.std, std.replace(/^\((.*)\)$/, '$1')),
    changed(source, reference.name, named),
  ];
  return [
    source.after(reference.statement, first),
    ...others.map(({ name, statement }) => {
      const later = statement.startIndex > reference.statement.startIndex ? statement : reference.statement;
      return source.after(later, [changed(source, name, named)]);
    }),
    ...expressions.map((node) => replacement(node, asExpression(source, node, named))),
  ];
}

function asExpression(source: Source, node: Node, { mean, std }: Statistics): string {
  const text = /^(?:call|identifier|attribute|member|subscript|call_expression)/.test(node.type)
    ? node.text
    : `(${node.text})`;
  return source.isPython ? `(${text} - ${mean}) / ${std}` : `${text}.sub(${mean}).div(${std})`;
}
