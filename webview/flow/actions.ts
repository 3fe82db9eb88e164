import type { MagnitudesView, RunAction, TensorRequest, TensorView } from '../protocol.ts';
import type { Change } from './state.ts';

/** What a view can make happen. */
export interface Actions {
  readonly change: (change: Change) => void;
  /** The selected layer as it is now: several keys can be pressed between two frames, and what is drawn is older. */
  readonly selected: () => string | null;
  readonly act: (action: RunAction) => void;
  readonly revealLayer: (name: string) => void;
  readonly revealFinding: (index: number) => void;
  readonly revealError: () => void;
  readonly revealPause: () => void;
  readonly chooseRank: (rank: number | null) => void;
  readonly magnitudes: (layer: string) => Promise<MagnitudesView | null>;
  readonly inspect: (request: TensorRequest) => Promise<TensorView>;
}
