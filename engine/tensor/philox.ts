/** High and low half of a 32 × 32-bit product. */
function multiply(a: number, b: number): [high: number, low: number] {
  const [ah, al, bh, bl] = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff];
  const middle = ah * bl + ((al * bl) >>> 16);
  const cross = al * bh + (middle & 0xffff);
  return [ah * bh + Math.floor(middle / 65536) + Math.floor(cross / 65536), Math.imul(a, b) >>> 0];
}

/**
 * Philox4x32-10: encrypts a counter, so that any position of the stream is as quick to reach as the next.
 * Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 * @param counter Four 32-bit words.
 * @param key Two 32-bit words.
 */
export function philox4x32(counter: readonly number[], key: readonly number[]): [number, number, number, number] {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const [high0, low0] = multiply(0xd2511f53, c0);
    const [high1, low1] = multiply(0xcd9e8d57, c2);
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    // Weyl sequence: the golden ratio and √3 − 1 as fractions of 2³².
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** The stream of one seed: the seed is the key, the counter counts blocks of four numbers. */
export class Philox {
  #key: readonly [number, number];
  #block = 0;
  #words: readonly number[] = [];
  #used = 4;

  constructor(seed: number) {
    this.#key = [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0];
  }

  /** A generator that goes on from here on its own. */
  fork(): Philox {
    const fork = new Philox(0);
    fork.#key = this.#key;
    fork.#block = this.#block;
    fork.#words = this.#words;
    fork.#used = this.#used;
    return fork;
  }

  /** A uniform 32-bit integer. */
  next(): number {
    if (this.#used === 4) {
      this.#words = philox4x32([this.#block >>> 0, Math.floor(this.#block / 2 ** 32), 0, 0], this.#key);
      this.#block++;
      this.#used = 0;
    }
    return this.#words[this.#used++];
  }
}
