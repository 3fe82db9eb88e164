import { Tensor } from '../tensor/tensor.ts';
import type { TapeNode } from './tape.ts';
import { Temporaries } from './temporaries.ts';

/** Who a gradient is for: a node of the tape or a leaf. */
type Target = TapeNode | Tensor;

/**
 * Takes the gradient of a leaf, or of an output that somebody watches. `own`: nobody else has its memory.
 * @returns Whether the gradient itself was kept, rather than a copy.
 */
export type Deliver = (tensor: Tensor, gradient: Tensor, own: boolean) => boolean;
const toNobody: Deliver = () => false;

/** How many passes have begun: one may run within another, in a hook or in a user's own backward. */
let begun = 0;
/** Passes that are over, to be used again. */
const spare: Pass[] = [];

const latestFirst = (a: TapeNode, b: TapeNode): number => b.sequence - a.sequence;

/** All nodes that `start` depends on, latest first, put into `nodes`; each knows its place there. */
function collectInto(nodes: TapeNode[], start: TapeNode): void {
  start.slot = 0;
  nodes.push(start);
  let sorted = true;
  for (let i = 0; i < nodes.length; i++) {
    const { sources } = nodes[i];
    for (let j = 0; j < sources.length; j++) {
      const source = sources[j];
      // A place may be of another pass: it's right if the node is found there.
      if (source === null || source instanceof Tensor || nodes[source.slot] === source) continue;
      sorted &&= source.sequence < nodes[nodes.length - 1].sequence;
      source.slot = nodes.length;
      nodes.push(source);
    }
  }
  if (sorted) return;
  nodes.sort(latestFirst);
  for (let i = 0; i < nodes.length; i++) nodes[i].slot = i;
}

/** All nodes that `start` depends on, latest first. */
export function collect(start: TapeNode): TapeNode[] {
  const nodes: TapeNode[] = [];
  collectInto(nodes, start);
  return nodes;
}

/** One way through the tape: the nodes in order, the leaves that are met, and the gradients on their way to them. */
export class Pass {
  readonly nodes: TapeNode[] = [];
  readonly leaves: Tensor[] = [];
  readonly leafGradients: Tensor[] = [];
  readonly #gradients: (Tensor | null)[] = [];
  readonly temporaries = new Temporaries();
  deliver: Deliver = toNobody;
  /** The outputs whose gradients were asked for, by the nodes that made them; null for none. */
  #asked: Map<TapeNode, Tensor> | null = null;
  #number = 0;

  /** A pass from `root` on. `wanted`: tensors whose gradients `deliver` gets besides those of leaves. */
  static from({ node }: Tensor, deliver: Deliver, wanted: readonly Tensor[]): Pass {
    const pass = spare.pop() ?? new Pass();
    pass.#number = ++begun;
    pass.deliver = deliver;
    for (const tensor of wanted) {
      if (tensor.node === null) continue;
      pass.#asked ??= new Map();
      pass.#asked.set(tensor.node, tensor);
    }
    if (node !== null) collectInto(pass.nodes, node);
    for (let i = 0; i < pass.nodes.length; i++) pass.#gradients.push(null);
    return pass;
  }

  /** The gradient that is on its way to `target`, if there is one yet. */
  gradientOf(target: Target): Tensor | null {
    if (target instanceof Tensor) {
      const place = this.#placeOf(target);
      return place < 0 ? null : this.leafGradients[place];
    }
    return this.#gradients[this.#slotOf(target)];
  }

  /** Sends a gradient on its way, unless there is one: then it's left as it is, and given back. */
  add(target: Target, gradient: Tensor): Tensor | null {
    const before = this.gradientOf(target);
    if (before !== null) return before;
    if (target instanceof Tensor) {
      target.slot = this.leaves.length;
      this.leaves.push(target);
      this.leafGradients.push(gradient);
    } else this.#gradients[target.slot] = gradient;
    return null;
  }

  /** Another gradient in place of the one that is on its way. */
  replace(target: Target, gradient: Tensor): void {
    if (target instanceof Tensor) this.leafGradients[this.#placeOf(target)] = gradient;
    else this.#gradients[this.#slotOf(target)] = gradient;
  }

  /** What has arrived at a node, which is then done with. */
  take(i: number): Tensor | null {
    const gradient = this.#gradients[i];
    this.#gradients[i] = null;
    return gradient;
  }

  /** The output of a node, if somebody waits for its gradient. */
  askedOf(node: TapeNode): Tensor | null {
    return this.#asked?.get(node) ?? node.watched;
  }

  end(): void {
    this.deliver = toNobody;
    this.#asked = null;
    this.nodes.length = 0;
    this.leaves.length = 0;
    this.leafGradients.length = 0;
    this.#gradients.length = 0;
    spare.push(this);
  }

  #slotOf(node: TapeNode): number {
    // A pass within this one has given the nodes other places.
    if (this.nodes[node.slot] !== node) for (let i = 0; i < this.nodes.length; i++) this.nodes[i].slot = i;
    return node.slot;
  }

  #placeOf(leaf: Tensor): number {
    if (this.leaves[leaf.slot] === leaf) return leaf.slot;
    return begun === this.#number ? -1 : this.leaves.indexOf(leaf);
  }
}
