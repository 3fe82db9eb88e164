import { childrenOf, type Node } from '../../source/parser.ts';
import { assignedIn, modelClasses } from '../source/model.ts';
import { refuse } from '../source/refusal.ts';
import { type Source, within } from '../source/source.ts';
import type { SourceRemedy } from './remedy.ts';

/** Mean 0 and standard deviation 1, each feature by itself, once, where the data are made. */
export const standardize: SourceRemedy = {
  id: 'standardize',
  title: 'Standardize the input: mean 0, standard deviation 1',
  edit({ sources }) {
    const inputs = sources.flatMap((source) => inputsOf(source).map((name) => ({ source, name })));
    const names = new Set(inputs.map(({ name }) => name));
    if (names.size === 0) refuse('what the model is given is not a variable made at the top of the script');
    if (names.size > 1) refuse('the model is given several things');
    const [{ source, name }] = inputs;
    const statement = childrenOf(source.root).findLast((other) => declares(other, name));
    if (!statement) return refuse(`where ${name} is made is not clear`);
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

/** Variables made at the top that models are called with, directly or as batches of a data set. */
function inputsOf(source: Source): string[] {
  const classes = new Set(modelClasses(source).map(({ name }) => name));
  const models = new Set<string>();
  for (const { node, name } of source.calls) {
    const assigned = assignedIn(source.statementOf(node));
    const isModel = classes.has(name) || name === 'Sequential' || (name === 'Linear' && /^new|^nn/.test(node.text));
    if (isModel && assigned?.value.id === node.id && source.statementOf(node).parent?.id === source.root.id)
      models.add(assigned.name);
  }
  const given = source.calls.filter(({ callee }) => models.has(callee.text)).map(({ positional }) => positional[0]);
  const top = (node: Node | undefined) =>
    node?.type === 'identifier' && childrenOf(source.root).some((statement) => declares(statement, node.text))
      ? [node.text]
      : [];
  const direct = given.flatMap(top);
  const sets = source.calls.filter(({ name, node }) => name === 'TensorDataset' && !insideClass(source, node));
  return direct.length ? direct : sets.flatMap(({ positional }) => top(positional[0]));
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
