/** Ids of layers and parameters that are to be measured more often than others: a finding about them is under suspicion. */
export interface Attention {
  readonly layers: readonly number[];
  readonly parameters: readonly number[];
}
