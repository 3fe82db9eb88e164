import { html, nothing, type TemplateResult } from 'lit-html';
import type { RankedLayerView, RanksView, RankValue } from '../protocol.ts';
import type { Actions } from './actions.ts';
import { formatInteger, formatNumber } from './format.ts';
import { SEVERITY_ICONS } from './icons.ts';
import type { Model } from './state.ts';

const MEASURES = {
  gradient: { name: 'own gradient', title: 'Norm of the gradient of each rank, before it is averaged' },
  output: { name: 'output', title: 'Standard deviation of the output on each rank' },
} as const;
type Measure = keyof typeof MEASURES;

/** The ranks side by side, layer by layer; a rank's own numbers can be chosen for the whole panel. */
export class RanksCard {
  /** What a person wants to compare; null for what differs. */
  private chosen: Measure | null = null;
  private readonly actions: Actions;
  private readonly changed: () => void;

  constructor(actions: Actions, changed: () => void) {
    this.actions = actions;
    this.changed = changed;
  }

  template(ranks: RanksView, model: Model): TemplateResult {
    const { all, layers, layerCount } = ranks;
    const differing = (measure: Measure) => layers.filter((layer) => layer[measure].some(isFar)).length;
    const measure = this.chosen ?? (differing('output') > 0 ? 'output' : 'gradient');
    const count = differing(measure);
    return html`
      <section class="card ranks" aria-label="Ranks">
        <h2>
          <span>Ranks</span><span class="note">${all.length}</span>
          ${this.rankMenu(ranks)}
          ${count ? html`<span class="differing">${SEVERITY_ICONS.warning} ${count} of ${formatInteger(layerCount)} layers differ</span>` : nothing}
          <span class="choice" role="group" aria-label="What is compared">${Object.keys(MEASURES).map((name) => this.toggle(name as Measure, measure))}</span>
        </h2>
        <div class="ranks-scroll" tabindex="0" role="region" aria-label="Layers by rank">
          <table>
            <thead><tr><th scope="col">Layer</th>${all.map((rank) => html`<th scope="col" class="number">rank ${rank}</th>`)}</tr></thead>
            <tbody>${layers.map((layer) => this.row(layer, measure, model))}</tbody>
          </table>
          ${layers.length < layerCount ? html`<p class="note">${layers.length} of ${formatInteger(layerCount)} layers, those that differ first</p>` : nothing}
        </div>
      </section>`;
  }

  private rankMenu({ all, chosen }: RanksView): TemplateResult {
    const choose = (event: Event) => {
      const { value } = event.target as HTMLSelectElement;
      this.actions.chooseRank(value === '' ? null : Number(value));
    };
    return html`<select class="menu" aria-label="Whose numbers the charts show" title="Whose numbers the charts show" @change=${choose}>
      <option value="" ?selected=${chosen === null}>All: averaged gradients</option>
      ${all.map((rank) => html`<option value=${rank} ?selected=${rank === chosen}>Rank ${rank}: its own</option>`)}
    </select>`;
  }

  private toggle(measure: Measure, shown: Measure): TemplateResult {
    const { name, title } = MEASURES[measure];
    const choose = () => {
      this.chosen = measure;
      this.changed();
    };
    return html`<button class="toggle" title=${title} aria-pressed=${measure === shown} @click=${choose}>${name}</button>`;
  }

  private row(layer: RankedLayerView, measure: Measure, model: Model): TemplateResult {
    const { name } = layer;
    const select = () => this.actions.change({ kind: 'select', layer: name });
    return html`<tr class=${name === model.intent.layer ? 'selected' : ''} data-ranked=${name}>
      <th scope="row"><button class="link" title="Select layer ${name}" @click=${select}>${name}</button></th>
      ${layer[measure].map(cell)}
    </tr>`;
  }
}

const isFar = ({ times }: RankValue) => times !== null;

function cell({ value, times }: RankValue): TemplateResult {
  if (times === null) return html`<td class="number">${formatNumber(value)}</td>`;
  const factor = times > 1 ? `${formatNumber(times, 2)} ×` : `÷ ${formatNumber(1 / times, 2)}`;
  const title = times > 1 ? 'times the median of the others' : 'of the median of the others';
  return html`<td class="number far" title=${`${times > 1 ? formatNumber(times) : `1/${formatNumber(1 / times)}`} ${title}`}>${formatNumber(value)} <span class="times">${factor}</span></td>`;
}
