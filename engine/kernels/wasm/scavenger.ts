/** Has the garbage collector run now. */
export interface Scavenger {
  /**
   * Lets go of all that was only reachable weakly, also in the middle of a synchronous loop.
   * @returns False if that can't be had, in which case nothing was let go.
   */
  scavenge(): boolean;
}
