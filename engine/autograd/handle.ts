/** Takes a hook away: call it, or its `remove` as in PyTorch. */
export interface RemovableHandle {
  (): void;
  remove(): void;
}

export const handle = (remove: () => void): RemovableHandle => Object.assign(() => remove(), { remove });
