import { html, nothing, type TemplateResult } from 'lit-html';
import type { MagnitudesView, RunView } from '../protocol.ts';
import type { Actions } from './actions.ts';
import { MagnitudesChart } from './charts/magnitudes.ts';
import { formatInteger, formatNumber } from './format.ts';
import { type Model, nearestIndex, type Shown } from './state.ts';
import type { Theme } from './theme.ts';

/** How the magnitudes of the selected layer's gradient are distributed. It asks for them when the run has moved on. */
export class MagnitudesCard {
  private readonly actions: Actions;
  private readonly changed: () => void;
  private readonly chart: MagnitudesChart;
  private known: { readonly layer: string; readonly view: MagnitudesView | null } | null = null;
  private asked = '';
  private asking = false;

  constructor(actions: Actions, changed: () => void) {
    this.actions = actions;
    this.changed = changed;
    this.chart = new MagnitudesChart((step) => actions.change({ kind: 'scrub', step }), changed);
  }

  /** Nothing where there are none. */
  template(run: RunView, model: Model, shown: Shown): TemplateResult | typeof nothing {
    const layer = layerOf(run, model);
    if (layer === null) return nothing;
    this.ask(run, layer);
    const view = this.known?.layer === layer ? this.known.view : null;
    if (!view) return nothing;
    const at = nearestIndex(view.step, shown.step);
    return html`
      <section class="card magnitudes" aria-label="Gradient magnitudes" data-magnitudes=${layer}>
        <h2>
          Gradient magnitudes <span class="note">${layer}, step ${formatInteger(view.step[at])}</span>
          ${without(view.zeros[at], 'zero')}${without(view.nonFinite[at], 'NaN or ∞')}
        </h2>
        ${this.chart.element}
      </section>`;
  }

  draw(run: RunView, model: Model, shown: Shown, theme: Theme): void {
    const layer = layerOf(run, model);
    if (layer === null || this.known?.layer !== layer || !this.known.view) return;
    this.chart.update(this.known.view, shown.step, theme);
  }

  private ask(run: RunView, layer: string): void {
    const question = JSON.stringify([run.id, run.stepCount, layer, run.ranks?.chosen ?? null]);
    if (question === this.asked || this.asking) return;
    this.asked = question;
    this.asking = true;
    const answer = (view: MagnitudesView | null) => {
      this.asking = false;
      this.known = { layer, view };
      this.changed();
    };
    this.actions.magnitudes(layer).then(answer, () => answer(null));
  }
}

/** Of fewer elements a distribution says less than their numbers do. */
const FEWEST_ELEMENTS = 16;

/** The selected layer, else the first one that is large enough. */
function layerOf(run: RunView, { intent }: Model): string | null {
  const large = run.layers.filter(({ parameters }) => parameters >= FEWEST_ELEMENTS);
  const selected = run.layers.find(({ name }) => name === intent.layer);
  return (selected ? large.find((layer) => layer === selected) : large[0])?.name ?? null;
}

const without = (share: number, what: string) =>
  share > 0 ? html`<span class="note">${formatNumber(100 * share)} % ${what}</span>` : nothing;
