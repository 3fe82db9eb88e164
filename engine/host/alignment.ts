import type { PhaseFrame } from '../run/frame.ts';

/** How long ranks may take to pause together, in milliseconds, before those behind are moved on. */
const PATIENCE = 400;
const PHASES = ['forward', 'backward', 'update'] as const;

/** A rank: where it is held, null while it runs, and how it's told to go on until its next phase. */
export interface Held {
  readonly at: PhaseFrame | null;
  stepPhase(): void;
}

/**
 * Brings ranks to the same pause. One that is held before a backward pass keeps the others waiting inside theirs, where
 * gradients are averaged: nobody could ever pause there. So whoever is furthest behind goes on by a phase.
 */
export class Alignment {
  readonly #ranks: () => readonly Held[];
  #timer: NodeJS.Timeout | null = null;

  constructor(ranks: () => readonly Held[]) {
    this.#ranks = ranks;
  }

  /** Something has been said to the ranks, or by them, about pausing. */
  look(): void {
    this.cancel();
    if (isApart(this.#ranks())) this.#timer = setTimeout(() => this.#align(), PATIENCE);
  }

  cancel(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #align(): void {
    this.#timer = null;
    const ranks = this.#ranks();
    if (!isApart(ranks)) return;
    const last = Math.min(...ordersOf(ranks));
    for (const rank of ranks) if (rank.at && orderOf(rank.at) === last) rank.stepPhase();
  }
}

/** Some are held while others run, or before another phase: one that came late may find the others moved on. */
function isApart(ranks: readonly Held[]): boolean {
  const orders = ordersOf(ranks);
  return orders.length > 0 && (orders.length < ranks.length || new Set(orders).size > 1);
}

const ordersOf = (ranks: readonly Held[]): number[] => ranks.flatMap(({ at }) => (at ? [orderOf(at)] : []));
const orderOf = ({ step, phase }: PhaseFrame) => step * PHASES.length + PHASES.indexOf(phase);
