import { childrenOf, descendantsOf, type Node } from '../../source/parser.ts';
import { assignedIn, modelClasses } from '../source/modelClass.ts';
import { refuse } from '../source/refusal.ts';
import { type Source, same, within } from '../source/source.ts';
import type { SourceRemedy } from './remedy.ts';

/** Mean 0 and standard deviation 1, each feature by itself, once, where the data are made. */
export const standardize: SourceRemedy = {
  id: 'standardize',
  title: 'Standardize the input: mean 0, standard deviation 1',
  edit({ sources }) {
    const inputs = sources.flatMap((source) => inputsOf(source).map((input) => ({ source, ...input })));
    const names = new Set(inputs.map(({ name }) => name));
    if (names.size === 0) refuse('what the model is given is not a variable made at the top of the script or function');
    if (names.size > 1) refuse('the model is given several things');
    const [{ source, name, statement }] = inputs;
    if (new RegExp(`\\b${name}\\b[^\\n]*\\.(?:std|std_mean)\\(`).test(source.text))
      refuse(`${name} is standardized already`);
    const { call } = source.dialect;
    const axes = ['0'];
    const keep = source.isPython ? 'True' : 'true';
    const of = (what: string) => call(`${name}.${what}`, axes, [['keepdim', keep]]);
    const line = source.isPython
      ? `${name} = (${name} - ${of('mean')}) / (${of('std')} + 1e-6)`
      : `${name}.sub_(${of('mean')}).div_(${of('std')}.add(1e-6))${source.end}`;
    return [{ source, edits: [source.after(statement, [line])] }];
  },
};

/** A variable, and the statement behind which it's ready to be changed. */
interface Input {
  readonly name: string;
  readonly statement: Node;
}

/** What models are called with, directly or as batches of a data set, where the script or the function has made it. */
function inputsOf(source: Source): Input[] {
  const classes = new Set(modelClasses(source).map(({ name }) => name));
  const models = new Set<string>();
  for (const { node, name } of source.calls) {
    const assigned = assignedIn(source.statementOf(node));
    const isModel = classes.has(name) || name === 'Sequential' || (name === 'Linear' && /^new|^nn/.test(node.text));
    if (isModel && assigned?.value.id === node.id && !insideClass(source, node)) models.add(assigned.name);
  }
  const made = (node: Node | undefined): Input[] => {
    if (node?.type !== 'identifier') return [];
    const statement = readyAt(source, node);
    return statement ? [{ name: node.text, statement }] : [];
  };
  const given = source.calls.filter(({ callee }) => models.has(callee.text)).map(({ positional }) => positional[0]);
  const direct = given.flatMap(made);
  const sets = source.calls.filter(({ name, node }) => name === 'TensorDataset' && !insideClass(source, node));
  return direct.length ? direct : sets.flatMap(({ positional }) => made(positional[0]));
}

/**
 * Of the function's own statements, or else of the script's, the last one before the variable is used that gives it its
 * value or reads it: what is worked out of it, such as targets, stays as it is.
 */
function readyAt(source: Source, use: Node): Node | null {
  const last = (block: Node | null | undefined) => {
    const before = childrenOf(block ?? null).filter(
      (statement) => statement.endIndex <= use.startIndex && !same(statement, source.statementOf(use)),
    );
    const mentions = (statement: Node) =>
      declares(statement, use.text) || descendantsOf(statement, 'identifier').some(({ text }) => text === use.text);
    return before.some((statement) => declares(statement, use.text)) ? before.findLast(mentions) : undefined;
  };
  return last(source.functionOf(use)?.childForFieldName('body')) ?? last(source.root) ?? null;
}

const insideClass = (source: Source, node: Node) => modelClasses(source).some((model) => within(node, model.node));

function declares(statement: Node, name: string): boolean {
  const assigned = assignedIn(statement);
  return (
    assigned !== null &&
    new RegExp(`(?<![\\w.])${name}(?![\\w.:])`).test(assigned.name) &&
    !/[[.]\w*\]?$/.test(assigned.name.replace(/^[[{(].*/, ''))
  );
}
