import type { Node } from '../../source/parser.ts';
import type { Call } from './dialect.ts';
import { assignedIn, modelClasses } from './modelClass.ts';
import { type Source, same, within } from './source.ts';

const NORMALIZATION = /^(?:(?:Batch|Instance)Norm[123]d|LayerNorm|GroupNorm|RMSNorm|SyncBatchNorm)$/;
const SMOOTH = ['sigmoid', 'tanh', 'softsign', 'hardsigmoid', 'hardtanh', 'logSigmoid'];
const ACTIVATIONS = new Set([
  ...SMOOTH,
  ...['relu', 'relu_', 'relu6', 'leakyRelu', 'gelu', 'silu', 'elu', 'selu', 'celu', 'softplus', 'mish', 'hardswish'],
]);
const ACTIVATION_MODULES = new Map(
  [
    ...['Sigmoid', 'Tanh', 'Softsign', 'Hardsigmoid', 'Hardtanh', 'LogSigmoid', 'ReLU', 'ReLU6', 'LeakyReLU', 'GELU'],
    ...['SiLU', 'ELU', 'SELU', 'CELU', 'Softplus', 'Mish', 'Hardswish', 'PReLU'],
  ].map((name) => [name, name.toLowerCase()]),
);

export const isNormalization = (call: Call | null): boolean => call !== null && NORMALIZATION.test(call.name);
export const isActivationModule = (call: Call | null): boolean => call !== null && ACTIVATION_MODULES.has(call.name);
export const isActivationCall = (call: Call | null): boolean => call !== null && ACTIVATIONS.has(call.name);

/** An activation that is applied to what `call` gives. */
export interface Activated {
  /** The whole expression, activation and all; of two statements, the second's. */
  readonly node: Node;
  readonly activation: Call;
  /** The activation stands in the same expression. */
  readonly direct: boolean;
}

/** The activation that a layer's output goes into: `f(layer(x))`, `layer(x).f()`, `h = layer(x)` and then `f(h)`. */
export function activationOf(source: Source, call: Call): Activated | null {
  const direct = applied(source, call.node);
  if (direct) return { node: direct.node, activation: direct, direct: true };
  const statement = source.statementOf(call.node);
  const target = assignedIn(statement);
  const next = statement.nextNamedSibling;
  if (!target || !same(target.value, call.node) || !next) return null;
  const later = source.calls.find(
    (other) =>
      within(other.node, next) && isActivation(source, other) && bareOperand(source, other)?.text === target.name,
  );
  return later ? { node: later.node, activation: later, direct: false } : null;
}

function applied(source: Source, node: Node): Call | null {
  const call = source.dialect.callOf(node.parent?.parent ?? null);
  if (!call) return null;
  if (isBetween(source, call) && same(operandOf(call), node)) return applied(source, call.node);
  if (!isActivation(source, call)) return null;
  return same(call.receiver, node) || same(call.positional[0], node) ? call : null;
}

/** What a function or module is applied to: `F.relu(x)`, `self.act(x)`, `x.relu()`. */
export const operandOf = ({ positional, receiver }: Call): Node | null => positional[0] ?? receiver;

/** The same without what stands between a layer and its activation. */
function bareOperand(source: Source, call: Call): Node | null {
  const operand = operandOf(call);
  const inner = source.dialect.callOf(operand);
  return inner && isBetween(source, inner) ? bareOperand(source, inner) : operand;
}

/** A normalization or a dropout that is applied: a function, or a field of the model. */
const isBetween = (source: Source, call: Call): boolean =>
  isNormalizing(source, call) || /^dropout/i.test(heldBy(source, call)?.name ?? call.name);

/** A normalization that is applied. */
export const isNormalizing = (source: Source, call: Call): boolean =>
  /^(?:layer|group|batch|instance|rms)Norm$/.test(call.name) || isNormalization(heldBy(source, call));

/** What is made in the field that is called: `self.act(x)`; null where no field is. */
function heldBy(source: Source, call: Call): Call | null {
  const [owner, field, more] = call.callee.text.split('.');
  if (owner !== source.dialect.self || !field || more !== undefined) return null;
  const model = modelClasses(source).find(({ node }) => within(call.node, node));
  return source.dialect.callOf(model?.fields.get(field)?.value ?? null);
}

/** `F.relu(…)`, `.relu()`, and `self.act(…)` where that is an activation. */
export const isActivation = (source: Source, call: Call): boolean =>
  isActivationCall(call) || isActivationModule(heldBy(source, call));
