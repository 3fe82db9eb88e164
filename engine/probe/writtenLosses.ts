import type { TapeNode } from '../autograd/tape.ts';
import { elements } from '../tensor/elements.ts';
import { sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Call } from './fed.ts';

/**
 * Loss functions that a script writes itself, recognised on the tape behind a loss: squares and magnitudes of what differs from data,
 * Σ t·ln p and what picks ln p. Of which kind they are the operations show, and of probabilities their values: those sum to 1.
 */

/** One of them: as if the library's function had been called. */
export interface WrittenLoss extends Call {
  /** The tensor of the tape that `input` is, or was computed from. */
  readonly answers: Tensor;
  /** The operation that stands for it. */
  readonly node: TapeNode;
  /** Answers and targets had other shapes, and each was held against each. */
  readonly pairs: boolean;
}

/** Operations walked, and elements looked at. */
const MOST_NODES = 32;
const MOST_ELEMENTS = 2 ** 16;
/** By how much probabilities may miss 1: who writes ln p by hand adds a little to p, or clamps it. */
const TOLERANCE = 1e-3;

/** What neither picks nor joins: reductions, signs, shapes. */
const PASSED: ReadonlySet<string> = new Set([
  'sum',
  'mean',
  'neg',
  'sqrt',
  'reshape',
  'permute',
  'expand',
  'clone',
  'cast',
]);
const JOINING: ReadonlySet<string> = new Set(['add', 'sub']);
const SCALING: ReadonlySet<string> = new Set(['mul', 'div']);
/** What keeps a logarithm finite. */
const GUARDING: ReadonlySet<string> = new Set(['clamp', 'add', 'maximum']);

/** The losses of which `root` is the sum, those that are recognised; in the order in which they were computed. */
export function writtenLosses(root: Tensor): WrittenLoss[] {
  const terms = root.node ? termsOf(root.node) : [];
  if (terms.length === 2) {
    const two = ofTwo(terms[0], terms[1]);
    if (two) return [two];
  }
  return terms.flatMap((term) => recognised(term) ?? []).sort((a, b) => a.node.sequence - b.node.sequence);
}

/** Of what a sum is made, behind everything that sums up, scales and changes signs. */
function termsOf(root: TapeNode): TapeNode[] {
  const terms: TapeNode[] = [];
  const near = [root];
  for (let i = 0; i < near.length && i < MOST_NODES; i++) {
    const node = near[i];
    const made = producersOf(node);
    const { operation } = node;
    const only = made.length === 1 && node.inputs.every((input, k) => node.sources[k] || input.numel() === 1);
    if (PASSED.has(operation) || ((SCALING.has(operation) || JOINING.has(operation)) && only)) near.push(...made);
    else if (JOINING.has(operation) && made.length === 2) near.push(...made);
    else terms.push(node);
  }
  return terms;
}

const isNode = (source: TapeNode | Tensor | null): source is TapeNode => source !== null && 'operation' in source;

/** The operations that made a node's inputs. */
const producersOf = (node: TapeNode): TapeNode[] => node.sources.filter(isNode);

function recognised(node: TapeNode): WrittenLoss | null {
  const [a, b] = node.inputs;
  if (node.operation === 'square' || (node.operation === 'mul' && a === b)) return ofDifference('mseLoss', a);
  if (node.operation === 'pow' && b?.numel() === 1 && elements(b)[0] === 2) return ofDifference('mseLoss', a);
  if (node.operation === 'abs') return ofDifference('l1Loss', a);
  if (JOINING.has(node.operation)) return differing('difference', node);
  if (node.operation === 'gather') return picked(node);
  if (node.operation === 'log') return pickedBefore(node);
  return node.operation === 'mul' ? weighed(node) : null;
}

/** A distance from data. */
function ofDifference(loss: string, { node }: Tensor): WrittenLoss | null {
  const at = behind(node, (operation) => PASSED.has(operation));
  return at && JOINING.has(at.operation) ? differing(loss, at) : null;
}

/** The first operation that isn't one of some, from one on to what made it. */
function behind(node: TapeNode | null, passes: (operation: string) => boolean): TapeNode | null {
  let at = node;
  for (let i = 0; at && passes(at.operation) && i < MOST_NODES; i++) at = producersOf(at)[0] ?? null;
  return at;
}

/** What a model answers, less data (or the data less it). */
function differing(loss: string, node: TapeNode): WrittenLoss | null {
  const at = node.sources.findIndex(isNode);
  if (at < 0 || node.sources[1 - at] !== null || node.inputs.length !== 2) return null;
  const [answers, data] = [node.inputs[at], node.inputs[1 - at]];
  if (data.numel() < 2 || sizeOf(node.shape) > MOST_ELEMENTS) return null;
  const target = node.operation === 'add' ? data.neg() : data;
  return {
    loss,
    input: answers.expand([...node.shape]),
    target: target.expand([...node.shape]),
    parameters: {},
    answers,
    node,
    pairs: differ(answers, data, node),
  };
}

/** Two tensors of more than one element each, of which neither has the shape of what comes of both. */
const differ = (a: Tensor, b: Tensor, { shape }: TapeNode): boolean =>
  a.numel() > 1 && b.numel() > 1 && a.numel() < sizeOf(shape) && b.numel() < sizeOf(shape);

/** t·ln p + (1 − t)·ln(1 − p). */
function ofTwo(first: TapeNode, second: TapeNode): WrittenLoss | null {
  const found = [weighedLogarithm(first), weighedLogarithm(second)].filter((term) => term !== null);
  if (found.length < 2 || `${first.shape}` !== `${second.shape}`) return null;
  // p is there before 1 − p.
  const [a, b] = found.sort((x, y) => sequenceOf(x.logarithm) - sequenceOf(y.logarithm));
  const shape = [...first.shape];
  const [probability, other] = [a, b].map(({ logarithm }) => logarithm.expand(shape).exp());
  const [target, rest] = [a, b].map(({ weight }) => weight.expand(shape));
  if (!sumTo1(elements(target), elements(rest)) || !sumTo1(elements(probability), elements(other))) return null;
  return {
    loss: 'binaryCrossEntropy',
    input: probability,
    target,
    parameters: {},
    answers: before(a.logarithm),
    node: first,
    pairs: differ(a.logarithm, a.weight, first),
  };
}

const sequenceOf = ({ node }: Tensor): number => node?.sequence ?? -1;

const sumTo1 = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  Array.prototype.every.call(a, (value: number, i) => Math.abs(value + b[i] - 1) < TOLERANCE);

/** A product of data and what is at most 0 throughout, as logarithms of probabilities are. */
function weighedLogarithm({ operation, inputs, sources, shape }: TapeNode) {
  const at = sources.findIndex(isNode);
  if (operation !== 'mul' || at < 0 || sources[1 - at] !== null || sizeOf(shape) > MOST_ELEMENTS) return null;
  const [logarithm, weight] = [inputs[at], inputs[1 - at]];
  return weight.numel() > 1 && areLogarithms(logarithm) ? { logarithm, weight } : null;
}

const areLogarithms = (t: Tensor): boolean => Array.prototype.every.call(elements(t), (v: number) => v <= TOLERANCE);

/** Σ t·ln p, where t sums to 1 over the classes. */
function weighed(node: TapeNode): WrittenLoss | null {
  const found = weighedLogarithm(node);
  if (!found || `${found.weight.shape}` !== `${found.logarithm.shape}`) return null;
  const { weight, logarithm } = found;
  const dim = [weight.shape.length - 1, 1].find((d) => d in weight.shape && areShares(weight, d));
  return dim === undefined || !areOf(logarithm, dim)
    ? null
    : ofClasses(byRows(logarithm, dim), byRows(weight, dim), logarithm, node);
}

/** The logarithm of the probability of each row's own class, where the logarithm is taken of what has been picked. */
function pickedBefore(node: TapeNode): WrittenLoss | null {
  const passes = (operation: string) => PASSED.has(operation) || GUARDING.has(operation);
  const at = behind(producersOf(node)[0] ?? null, passes);
  return at?.operation === 'gather' ? picked(at, node, (from) => from.clamp(1e-12).log()) : null;
}

/** The same, picked of logarithms; or of what those are taken from, by `node`. */
function picked(gather: TapeNode, node = gather, logarithmsOf = (from: Tensor): Tensor => from): WrittenLoss | null {
  const [from, index] = gather.inputs;
  const { dim } = gather.attributes as { readonly dim: number };
  if (index.shape[dim] !== 1 || from.numel() > MOST_ELEMENTS) return null;
  const logarithms = logarithmsOf(from);
  if (!areOf(logarithms, dim)) return null;
  return ofClasses(byRows(logarithms, dim), byRows(index, dim).reshape([-1]), from, node);
}

function ofClasses(input: Tensor, target: Tensor, answers: Tensor, node: TapeNode): WrittenLoss {
  return { loss: 'nllLoss', input, target, parameters: {}, answers: before(answers), node, pairs: false };
}

/** What a model answered, before logarithms were taken of it. */
function before(logarithms: Tensor): Tensor {
  let at = logarithms;
  for (let i = 0; i < MOST_NODES; i++) {
    const { node } = at;
    if (!node || !(node.operation === 'log' || PASSED.has(node.operation) || GUARDING.has(node.operation))) break;
    const next = node.sources.findIndex(isNode);
    if (next < 0) break;
    at = node.inputs[next];
  }
  return at;
}

/** Classes in the last dimension, everything else in the first. */
const byRows = (t: Tensor, dim: number): Tensor => t.transpose(dim, t.shape.length - 1).reshape([-1, t.shape[dim]]);

const areShares = (t: Tensor, dim: number): boolean => sum1(t.sum([dim]));

/** Logarithms of what sums to 1 over the classes; or over the batch, by mistake. */
const areOf = (logarithms: Tensor, dim: number): boolean =>
  areShares(logarithms.exp(), dim) || (dim !== 0 && areShares(logarithms.exp(), 0));

const sum1 = (t: Tensor): boolean =>
  Array.prototype.every.call(elements(t), (v: number) => Math.abs(v - 1) < TOLERANCE);
