import { html, nothing, render, svg, type TemplateResult } from 'lit-html';
import type { LayerView, RunView } from '../protocol.ts';
import type { Actions } from './actions.ts';
import { formatCount, formatInteger, formatNorm, formatNumber, formatSpread } from './format.ts';
import { icons, VERDICT_ICONS } from './icons.ts';
import { layerIndex, type Model, type Shown } from './state.ts';
import { depthOf, type Theme } from './theme.ts';
import { VERDICT_WORDS } from './verdict.ts';

const ROW_HEIGHT = 24;
/** Rows kept above and below those in sight. */
const MARGIN = 6;

interface Shows {
  readonly run: RunView;
  readonly model: Model;
  readonly shown: Shown;
  readonly theme: Theme;
}

/** The layers as a grid that has only the rows in sight in the document. It is the charts' legend, too. */
export class LayerTable {
  readonly element = document.createElement('div');
  private shows: Shows | null = null;
  private revealed: string | null = null;
  /** Kept, because asking for them makes the browser lay out the page at once. */
  private window = { top: 0, height: 400 };

  private readonly actions: Actions;

  constructor(actions: Actions) {
    this.actions = actions;
    this.element.className = 'layers-scroll';
    this.element.tabIndex = 0;
    this.element.setAttribute('role', 'grid');
    this.element.setAttribute('aria-label', 'Layers');
    this.element.addEventListener('scroll', () => this.look(), { passive: true });
    this.element.addEventListener('keydown', (event) => this.key(event));
    new ResizeObserver(() => this.look()).observe(this.element);
  }

  update(shows: Shows): void {
    this.shows = shows;
    this.element.setAttribute('aria-rowcount', String(shows.run.layers.length + 1));
    const selected = shows.model.intent.layer;
    if (selected !== this.revealed) {
      this.revealed = selected;
      this.scrollTo(layerIndex(shows.run.layers, selected));
    }
    this.render();
  }

  private look(): void {
    this.window = { top: this.element.scrollTop, height: this.element.clientHeight };
    this.render();
  }

  private render(): void {
    if (!this.shows) return;
    const { run, model, shown } = this.shows;
    const count = run.layers.length;
    const first = Math.max(0, Math.floor(this.window.top / ROW_HEIGHT) - MARGIN);
    const visible = Math.ceil(this.window.height / ROW_HEIGHT) + 2 * MARGIN;
    const end = Math.min(count, first + visible);
    const rows = run.layers.slice(first, end).map((layer, i) => this.row(layer, first + i));
    const selected = layerIndex(run.layers, model.intent.layer);
    if (selected < 0) this.element.removeAttribute('aria-activedescendant');
    else this.element.setAttribute('aria-activedescendant', `layer-${selected}`);
    render(
      html`
        <div class="row head" role="row" aria-rowindex="1">${heads(shown.live)}</div>
        <div class="spacer" .style=${`height:${first * ROW_HEIGHT}px`}></div>
        ${rows}
        <div class="spacer" .style=${`height:${(count - end) * ROW_HEIGHT}px`}></div>`,
      this.element,
    );
  }

  private row(layer: LayerView, index: number): TemplateResult {
    const { run, model, shown, theme } = this.shows!;
    const { change, revealLayer } = this.actions;
    const { name, type, description, place, parameters, latest, verdict } = layer;
    const at = shown.measured;
    const [about, of] =
      layer.sampled === null ? ['', ''] : ['≈', `of ${formatInteger(layer.sampled)} elements of each large tensor`];
    const selected = name === model.intent.layer;
    return html`
      <div
        class="row ${selected ? 'selected' : ''} ${name === model.hovered ? 'hovered' : ''}" role="row" id="layer-${index}"
        aria-rowindex=${index + 2} aria-selected=${selected} data-layer=${name} title=${`${name}: ${description}`}
        @click=${() => change({ kind: 'select', layer: this.actions.selected() === name ? null : name })} @dblclick=${() => revealLayer(name)}
        @pointerenter=${() => change({ kind: 'hover', layer: name })} @pointerleave=${() => change({ kind: 'hover', layer: null })}
      >
        <span role="gridcell" class="name">${swatch(theme.depth(depthOf(index, run.layers.length)))}<span class="path"><bdi>${name}</bdi></span>${place ? this.goTo(place, name) : nothing}</span>
        <span role="gridcell" class="type">${type}</span>
        <span role="gridcell" class="number parameters" title=${formatInteger(parameters)}>${formatCount(parameters)}</span>
        <span role="gridcell" class="number">${formatNorm(layer.gradientNorm[at])}</span>
        <span role="gridcell" class="number spread" title=${of}>${about}${formatSpread(latest.gradientMean, latest.gradientStd)}</span>
        <span role="gridcell" class="number update" title=${of}>${about}${formatNumber(layer.updateRatio[at] ?? null, about ? 2 : 3)}</span>
        <span role="gridcell" class="verdict ${verdict}">${VERDICT_ICONS[verdict]}<span>${VERDICT_WORDS[verdict]}</span></span>
      </div>`;
  }

  private goTo(place: string, name: string): TemplateResult {
    const go = (event: Event) => {
      event.stopPropagation();
      this.actions.revealLayer(name);
    };
    const title = `Go to ${place}`;
    return html`<button class="go" tabindex="-1" title=${title} aria-label=${title} @click=${go}>${icons.goTo}</button>`;
  }

  private key(event: KeyboardEvent): void {
    if (!this.shows) return;
    const { layers } = this.shows.run;
    const at = layerIndex(layers, this.actions.selected());
    const page = Math.max(1, Math.floor(this.element.clientHeight / ROW_HEIGHT) - 2);
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
    };
    Object.assign(moves, { Home: 0, End: layers.length - 1 });
    if (event.key === 'Enter' && at >= 0) this.actions.revealLayer(layers[at].name);
    else if (event.key === 'Escape') this.actions.change({ kind: 'select', layer: null });
    else if (event.key in moves && layers.length) {
      const to = Math.min(layers.length - 1, Math.max(0, moves[event.key]));
      this.actions.change({ kind: 'select', layer: layers[to].name });
    } else return;
    event.preventDefault();
  }

  private scrollTo(index: number): void {
    if (index < 0) return;
    const top = index * ROW_HEIGHT;
    const { scrollTop, clientHeight } = this.element;
    const inSight = top >= scrollTop && top + 2 * ROW_HEIGHT <= scrollTop + clientHeight;
    if (!inSight) this.element.scrollTop = top - clientHeight / 2 + ROW_HEIGHT;
  }
}

function heads(live: boolean): TemplateResult {
  const head = (name: string, classes: string, title: string) =>
    html`<span role="columnheader" class=${classes} title=${title}>${name}</span>`;
  return html`
    ${head('Layer', 'name', 'In the order of execution, from input to output')}
    ${head('Type', 'type', "The module's class")}
    ${head('Parameters', 'number parameters', 'How many values are trained')}
    ${head('Gradient', 'number', 'Norm of the gradient at the step shown')}
    ${head(live ? 'Mean ± std' : 'Last mean ± std', 'number spread', "Of the gradient's values, at the last step")}
    ${head('Update', 'number update', 'Size of the update relative to the weight, at the step shown')}
    ${head('Verdict', 'verdict', 'Over the whole run')}`;
}

/** An attribute, because the panel's policy forbids inline styles. */
function swatch(color: string): TemplateResult {
  return html`<svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">${svg`<rect y="4" width="12" height="4" rx="2" fill=${color}/>`}</svg>`;
}
