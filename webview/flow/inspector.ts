import { html, nothing, type TemplateResult } from 'lit-html';
import type { LayerView, RunView, TensorChoice, TensorRequest, TensorView } from '../protocol.ts';
import type { Actions } from './actions.ts';
import { formatInteger, formatNumber } from './format.ts';
import { icons, SEVERITY_ICONS } from './icons.ts';
import {
  firstSlice,
  type Grid,
  gridOf,
  largestOf,
  moved,
  pageOf,
  requestOf,
  type Slice,
  tintOf,
  turned,
} from './slice.ts';

interface Shown {
  readonly layer: string;
  readonly label: string;
  readonly view: TensorView;
  /** The slice that was asked for. */
  readonly slice: Slice;
}

const STATISTICS: readonly (readonly [string, string, string])[] = [
  ['norm', 'Norm', 'L2, of all elements'],
  ['mean', 'Mean', 'Of all elements'],
  ['std', 'Std', 'Standard deviation'],
  ['min', 'Min', 'Smallest element'],
  ['max', 'Max', 'Largest element'],
];

/** While the run is paused: a part of a tensor as numbers. It asks anew whenever the run has moved on. */
export class Inspector {
  /** What is meant of a layer's tensors; null for the first. */
  private label: string | null = null;
  private slice: Slice | null = null;
  private shown: Shown | null = null;
  /** What was asked last: a pause, a tensor, a slice. */
  private asked = '';
  private readonly actions: Actions;
  private readonly changed: () => void;

  constructor(actions: Actions, changed: () => void) {
    this.actions = actions;
    this.changed = changed;
  }

  choose(label: string): void {
    this.label = label;
    this.slice = null;
    this.changed();
  }

  /** Nothing where the run isn't held. */
  template(run: RunView, selected: string | null): TemplateResult | typeof nothing {
    const layer = run.layers.find(({ name }) => name === selected) ?? run.layers[0];
    if (!run.pause || !layer) {
      this.asked = '';
      this.shown = null;
      return nothing;
    }
    const choice = layer.tensors.find(({ label }) => label === this.label) ?? layer.tensors[0];
    if (!choice) return nothing;
    this.ask(run, layer, choice);
    const { shown } = this;
    const isIt = shown?.layer === layer.name && shown.label === choice.label;
    return html`
      <section class="card inspector" aria-label="Tensor" data-tensor=${isIt ? `${layer.name} ${choice.label}` : ''}>
        <h2>
          <span>Tensor</span>
          ${run.ranks ? html`<span class="note">of rank ${run.ranks.chosen ?? run.ranks.all[0]}</span>` : nothing}
          ${this.layerMenu(run, layer)} ${this.tensorMenu(layer, choice)}
          ${isIt && !shown.view.problem ? html`<span class="note">[${shown.view.shape.map(formatInteger).join(', ')}] ${shown.view.dtype}</span>` : nothing}
        </h2>
        ${isIt ? this.body(shown) : html`<p class="problem">Reading…</p>`}
      </section>`;
  }

  private ask(run: RunView, layer: LayerView, choice: TensorChoice): void {
    if (run.status !== 'paused') return;
    const { phase, step } = run.pause!;
    const known = this.shown?.layer === layer.name && this.shown.label === choice.label ? this.shown : null;
    const slice = this.slice ?? known?.slice ?? null;
    const question = JSON.stringify([run.id, phase, step, choice, run.ranks?.chosen ?? null, slice]);
    if (question === this.asked) return;
    this.asked = question;
    void this.fetch(question, layer.name, choice, slice);
  }

  private async fetch(
    question: string,
    layer: string,
    { of, id, label }: TensorChoice,
    wanted: Slice | null,
  ): Promise<void> {
    const look = async (part: Pick<TensorRequest, 'start' | 'count'>): Promise<TensorView> => {
      try {
        return await this.actions.inspect({ of, id, ...part });
      } catch (error) {
        return { ...NOTHING, problem: error instanceof Error ? error.message : String(error) };
      }
    };
    // Of a tensor whose shape isn't known, the first element tells.
    let slice = wanted;
    let view = await look(slice ? requestOf(slice) : FIRST_ELEMENT);
    if (!view.problem && slice?.at.length !== view.shape.length) {
      slice = firstSlice(view.shape);
      view = await look(requestOf(slice));
    }
    if (this.asked !== question) return; // something else was asked in the meantime
    this.slice = null;
    this.shown = { layer, label, view, slice: slice ?? firstSlice(view.shape) };
    // What is shown now answers this question, too.
    this.asked = JSON.stringify([...JSON.parse(question).slice(0, -1), this.shown.slice]);
    this.changed();
  }

  private show(slice: Slice): void {
    this.slice = slice;
    this.changed();
  }

  private layerMenu(run: RunView, layer: LayerView): TemplateResult {
    const select = (event: Event) =>
      this.actions.change({ kind: 'select', layer: (event.target as HTMLSelectElement).value });
    return html`<select class="menu" aria-label="Layer" @change=${select}>
      ${run.layers.map(({ name }) => html`<option value=${name} ?selected=${name === layer.name}>${name}</option>`)}
    </select>`;
  }

  private tensorMenu(layer: LayerView, choice: TensorChoice): TemplateResult {
    const select = (event: Event) => this.choose((event.target as HTMLSelectElement).value);
    return html`<select class="menu" aria-label="Tensor of the layer" .value=${choice.label} @change=${select}>
      ${layer.tensors.map(({ label }) => html`<option value=${label} ?selected=${label === choice.label}>${label}</option>`)}
    </select>`;
  }

  private body({ view, slice }: Shown): TemplateResult {
    if (view.problem) return html`<p class="problem">${SEVERITY_ICONS.information} ${view.problem}</p>`;
    return html`
      ${statistics(view)}
      ${view.values.length ? html`${this.controls(view, slice)}${numbers(gridOf(view, slice), largestOf(view.values))}` : html`<p class="problem">It has no elements.</p>`}`;
  }

  /** Which part is seen; nothing to choose where all of it is. */
  private controls(view: TensorView, slice: Slice) {
    const { shape } = view;
    const whole = shape.length < 3 && shape.every((size, i) => size <= pageOf(slice, i));
    if (whole) return nothing;
    const others = [...shape.keys()].filter((i) => i !== slice.rows && i !== slice.columns);
    return html`<div class="slice" role="group" aria-label="Part of the tensor">
      ${slice.rows === null ? nothing : this.axis('rows', slice.rows, view, slice)}
      ${slice.columns === null ? nothing : this.axis('columns', slice.columns, view, slice)}
      ${others.map((i) => this.index(i, view, slice))}
    </div>`;
  }

  private axis(axis: 'rows' | 'columns', dimension: number, { shape, start, count }: TensorView, slice: Slice) {
    const size = shape[dimension];
    const page = pageOf(slice, dimension);
    const [first, last] = [start[dimension], start[dimension] + count[dimension] - 1];
    const name = slice.rows === null ? 'elements' : axis;
    const go = (to: number) => this.show(moved(slice, shape, dimension, to));
    return html`<span class="axis">
      ${name}
      ${
        shape.length < 3
          ? nothing
          : html`<select class="menu" aria-label=${`Dimension shown as ${axis}`} @change=${(event: Event) => this.show(turned(slice, axis, Number((event.target as HTMLSelectElement).value)))}>
              ${shape.map((_, i) => html`<option value=${i} ?selected=${i === dimension}>dim ${i}</option>`)}
            </select>`
      }
      ${size <= page && first === 0 ? html`<span class="range">all ${formatInteger(size)}</span>` : this.pages(name, { first, last, size, page }, go)}
    </span>`;
  }

  private pages(name: string, { first, last, size, page }: Pages, go: (to: number) => void): TemplateResult {
    const button = (label: string, icon: TemplateResult, to: number, disabled: boolean) =>
      html`<button class="icon-button small" title=${label} aria-label=${label} ?disabled=${disabled} @click=${() => go(to)}>${icon}</button>`;
    return html`
      ${button(`Previous ${name}`, icons.previous, first - page, first === 0)}
      <input class="place" type="number" min="0" max=${size - 1} aria-label=${`First of the ${name} shown`} .value=${String(first)}
        @change=${(event: Event) => go((event.target as HTMLInputElement).valueAsNumber)} />
      <span class="range">to ${formatInteger(last)} of ${formatInteger(size)}</span>
      ${button(`Next ${name}`, icons.next, first + page, last >= size - 1)}`;
  }

  private index(dimension: number, { shape, start }: TensorView, slice: Slice): TemplateResult {
    const go = (event: Event) =>
      this.show(moved(slice, shape, dimension, (event.target as HTMLInputElement).valueAsNumber));
    return html`<label class="axis">dim ${dimension} at
      <input class="place" type="number" min="0" max=${shape[dimension] - 1} .value=${String(start[dimension])} @change=${go} />
      <span class="range">of ${formatInteger(shape[dimension])}</span>
    </label>`;
  }
}

interface Pages {
  readonly first: number;
  readonly last: number;
  readonly size: number;
  readonly page: number;
}

const NOTHING: TensorView = { problem: null, shape: [], dtype: '', start: [], count: [], values: [], statistics: {} };
/** No tensor has more dimensions. */
const FIRST_ELEMENT = { start: [], count: new Array<number>(64).fill(1) };

const read = (value: number | string | undefined): number => Number(value ?? Number.NaN);

function statistics({ statistics, shape, sampled }: TensorView) {
  if (Object.keys(statistics).length === 0) return nothing;
  const total = shape.reduce((a, b) => a * b, 1);
  const bad = read(statistics.nonFinite);
  const zeros = read(statistics.zeroShare);
  return html`<dl class="facts statistics">
    ${STATISTICS.map(([key, name, title]) => html`<div title=${title}><dt>${name}</dt><dd>${formatNumber(read(statistics[key]))}</dd></div>`)}
    ${zeros > 0 ? html`<div><dt>Zero</dt><dd>${formatNumber(100 * zeros)} %</dd></div>` : nothing}
    ${bad > 0 ? html`<div class="bad"><dt>NaN or ∞</dt><dd>${formatInteger(bad)} of ${formatInteger(total)}</dd></div>` : nothing}
    ${sampled === undefined ? nothing : html`<div class="note">of ${formatInteger(sampled)} of ${formatInteger(total)} elements</div>`}
  </dl>`;
}

function numbers({ columns, rows }: Grid, largest: number): TemplateResult {
  return html`<div class="numbers" tabindex="0" role="region" aria-label="Elements">
    <table>
      ${columns.length ? html`<thead><tr><th></th>${columns.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>` : nothing}
      <tbody>
        ${rows.map(
          ({ head, cells }) =>
            html`<tr><th scope="row">${head}</th>${cells.map(({ index, value }) => {
              const number = Number(value);
              return html`<td class=${tintOf(value, largest)} title=${index ? `[${index}] = ${value}` : String(value)}>${Number.isNaN(number) ? 'NaN' : formatNumber(number)}</td>`;
            })}</tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
