import type { Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import { activationOf, isActivationCall, isActivationModule } from '../source/activation.ts';
import type { Call } from '../source/dialect.ts';
import { importOf } from '../source/imports.ts';
import { activationAmong, type Layer } from '../source/model.ts';
import { assignedIn } from '../source/modelClass.ts';
import { refuse } from '../source/refusal.ts';
import { replacement, type Source, same, within } from '../source/source.ts';
import { initialize } from './initialization.ts';
import { collect, hiddenLayers } from './layers.ts';
import type { Context, Edits, SourceRemedy } from './remedy.ts';

/** A softmax between layers is as flat as a sigmoid: its outputs share one sum. */
const SATURATING = /^(?:softmax|sigmoid|tanh|softsign|hardsigmoid|hardtanh)$/i;

export const activation: SourceRemedy = {
  id: 'activation',
  title: 'Replace the activation by ReLU with He initialization',
  edit: (context) => replace(context, SATURATING, 'ReLU', 'relu'),
};

/** A slope below 0, so that a unit can come back to life. */
export const leaky: SourceRemedy = {
  id: 'leaky-relu',
  title: 'Replace ReLU by LeakyReLU',
  edit: (context) => replace(context, /^relu$/i, 'LeakyReLU', 'leakyRelu'),
};

function replace(context: Context, which: RegExp, module: string, name: string): Edits {
  const calls = new Map<Call, Source>();
  for (const layer of hiddenLayers(context)) {
    for (const call of activationsOf(layer)) if (which.test(call.name)) calls.set(call, layer.source);
  }
  if (calls.size === 0) {
    const there = hiddenLayers(context).some((layer) =>
      activationsOf(layer).some((call) => call.name === module || call.name === name),
    );
    refuse(there ? `the hidden layers have ${module} already` : 'no such activation was found behind a hidden layer');
  }
  const edits = new Map<string, { source: Source; edit: TextEdit }>();
  for (const [call, source] of calls) {
    if (isGate(source, call)) refuse(`${call.name} is a gate here, which ReLU can’t be`);
    const made = isActivationModule(call) || call.name === 'Softmax';
    for (const edit of made ? remade(source, call, module) : [renamed(source, call, name)])
      edits.set(`${source.file}:${edit.start}`, { source, edit });
  }
  const changed = collect([...edits.values()]);
  return name === 'relu' ? [...changed, ...initialize(context, 'kaimingNormal_')] : changed;
}

/** The activations, as modules or functions, that a layer's output goes into. */
function activationsOf({ source, following, uses, holder }: Layer): Call[] {
  if (following) {
    const elements = following.map((node) => source.dialect.callOf(node));
    const call = elements[activationAmong(elements)];
    return call ? [call] : [];
  }
  return uses.flatMap((use) => {
    const found = activationOf(source, use)?.activation;
    if (!found) return [];
    if (isActivationCall(found)) return [found];
    const field = found.callee.text.split('.')[1];
    const made = source.dialect.callOf(holder?.model.fields.get(field)?.value ?? null);
    return made ? [made] : [];
  });
}

/** Options of the one module mean nothing to the other. */
function remade(source: Source, call: Call, module: string): TextEdit[] {
  const nn = call.receiver ? { name: call.receiver.text, edits: [] } : importOf(source, 'nn');
  return [...nn.edits, replacement(call.node, source.dialect.make(`${nn.name}.${module}`, []))];
}

function renamed(source: Source, call: Call, name: string): TextEdit {
  const member = call.callee.childForFieldName('property') ?? call.callee.childForFieldName('attribute') ?? call.callee;
  const method = call.receiver !== null && call.positional.length === 0;
  if (member === call.callee) refuse(`${call.name} is imported by its own name`);
  // torch.relu is there, torch.leaky_relu isn't
  if (name === 'leakyRelu' && (method || call.receiver?.text === 'torch'))
    refuse('leaky ReLU is in nn.functional only');
  return { start: member.startIndex, end: member.endIndex, newText: source.dialect.spell(name) };
}

/** What it gives multiplies something. */
function isGate(source: Source, { node, positional }: Call): boolean {
  if (positional.length > 1) return false;
  const multiplied = (n: Node): boolean => {
    const parent = n.parent;
    const call = source.dialect.callOf(parent?.type === 'arguments' ? parent.parent : (parent?.parent ?? null));
    if (call?.name === 'mul' && (same(call.receiver, n) || same(call.positional[0], n))) return true;
    return parent?.type === 'binary_operator' && parent.childForFieldName('operator')?.text === '*';
  };
  if (multiplied(node)) return true;
  const assigned = assignedIn(source.statementOf(node));
  const around = source.functionOf(node);
  if (!assigned || !around || !same(assigned.value, node)) return false;
  return source.root
    .descendantsOfType('identifier')
    .some((n) => n !== null && n.text === assigned.name && within(n, around) && multiplied(n));
}
