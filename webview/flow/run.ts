import { html, nothing, svg, type TemplateResult } from 'lit-html';
import type { LayerVerdict, RunView } from '../protocol.ts';
import type { Actions } from './actions.ts';
import { beforeAndAfter } from './before.ts';
import type { Axis } from './charts/axis.ts';
import { DepthChart } from './charts/depth.ts';
import { canBeLogarithmic, LossChart } from './charts/loss.ts';
import { MOST_LINES, NormsChart, normAxis } from './charts/norms.ts';
import { findings } from './findings.ts';
import { formatInteger } from './format.ts';
import { header } from './header.ts';
import { VERDICT_ICONS } from './icons.ts';
import { Inspector } from './inspector.ts';
import { MagnitudesCard } from './magnitudes.ts';
import { notes } from './notes.ts';
import { RanksCard } from './ranks.ts';
import { scrubber } from './scrubber.ts';
import { singlePass } from './single.ts';
import { hasEnded, isSinglePass, type Model, type Shown, shownStep } from './state.ts';
import { LayerTable } from './table.ts';
import type { Theme } from './theme.ts';
import { VERDICT_WORDS } from './verdict.ts';

/** A run's page: the parts that are drawn (charts, table) live as long as the panel, the rest is a template. */
export class RunPage {
  private readonly loss: LossChart;
  private readonly norms: NormsChart;
  private readonly depth: DepthChart;
  private readonly table: LayerTable;
  readonly inspector: Inspector;
  private readonly ranks: RanksCard;
  private readonly magnitudes: MagnitudesCard;
  private axisOf: { run: RunView; axis: Axis } | null = null;

  private readonly actions: Actions;

  constructor(actions: Actions, resized: () => void) {
    this.actions = actions;
    const { change, revealLayer } = actions;
    const scrub = (step: number) => change({ kind: 'scrub', step });
    const hover = (layer: string | null) => change({ kind: 'hover', layer });
    const select = (layer: string) => change({ kind: 'select', layer });
    this.loss = new LossChart(scrub, resized);
    this.norms = new NormsChart(scrub, hover, select, resized);
    this.depth = new DepthChart(hover, select, revealLayer, resized);
    this.table = new LayerTable(actions);
    this.ranks = new RanksCard(actions, resized);
    this.magnitudes = new MagnitudesCard(actions, resized);
    this.inspector = new Inspector(actions, resized);
  }

  template(run: RunView, model: Model, theme: Theme): TemplateResult {
    const shown = shownStep(run, model.intent);
    return html`
      <div class="top">${header(run, this.actions)}${notice(model.notice, this.actions)}</div>
      ${beforeAndAfter(run)}
      ${findings(run, model.allFindings, this.actions)}
      ${this.inspector.template(run, model.intent.layer)}
      ${run.ranks && shown.index >= 0 ? this.ranks.template(run.ranks, model) : nothing}
      ${notes(run)}
      ${shown.index < 0 ? waiting(run) : this.body(run, model, shown, theme)}`;
  }

  private body(run: RunView, model: Model, shown: Shown, theme: Theme): TemplateResult {
    const single = isSinglePass(run);
    return html`
      <div class="grid ${single ? 'single' : ''}">
        ${single ? singlePass(run) : this.timeCharts(run, model, theme)}
        ${
          single && run.layers.length < 2
            ? nothing
            : html`<section class="card depth">
                <h2>Gradient by depth <span class="note">step ${formatInteger(run.history.step[shown.measured])}</span>${verdicts(run)}</h2>
                ${this.depth.element}
              </section>`
        }
        <section class="card layers"><h2>Layers <span class="note">${formatInteger(run.layers.length)}</span></h2>${this.table.element}</section>
        ${this.magnitudes.template(run, model, shown)}
      </div>
      ${single ? nothing : scrubber(run, shown, this.actions)}`;
  }

  private timeCharts(run: RunView, model: Model, theme: Theme): TemplateResult {
    const count = run.layers.length;
    const drawn = Math.min(count, MOST_LINES);
    return html`
      <section class="card loss">
        <h2>Loss ${this.scaleToggle(run, model)}</h2>
        ${this.loss.element}
      </section>
      <section class="card norms">
        <h2>
          Gradient norm per layer
          ${drawn < count ? html`<span class="note">${drawn} of ${formatInteger(count)} drawn</span>` : nothing}
          ${count > 1 ? ramp(theme) : nothing}
        </h2>
        ${this.norms.element}
      </section>`;
  }

  private scaleToggle(run: RunView, model: Model): TemplateResult {
    const possible = canBeLogarithmic(run.history.loss);
    const log = possible && model.intent.lossScale === 'log';
    const title = possible ? 'Logarithmic axis' : 'A logarithmic axis needs a loss that is never negative';
    return html`<button
      class="toggle" title=${title} aria-pressed=${log} ?disabled=${!possible}
      @click=${() => this.actions.change({ kind: 'lossScale', scale: log ? 'linear' : 'log' })}
    >log</button>`;
  }

  /** Draws what the template has put in place. */
  draw(run: RunView, model: Model, theme: Theme): { points: number; shown: Shown } {
    const shown = shownStep(run, model.intent);
    if (shown.index < 0) return { points: 0, shown };
    if (this.axisOf?.run !== run) this.axisOf = { run, axis: normAxis(run) };
    const { axis } = this.axisOf;
    const single = isSinglePass(run);
    if (!single) {
      this.loss.update(run, model, shown, theme);
      this.norms.update(run, axis, model, shown, theme);
    }
    if (!single || run.layers.length > 1) this.depth.update(run, axis, model, shown, theme);
    this.table.update({ run, model, shown, theme });
    this.magnitudes.draw(run, model, shown, theme);
    return { points: single ? run.layers.length : this.norms.points, shown };
  }
}

/** How many layers are how, which explains the marks, too. */
function verdicts(run: RunView): TemplateResult {
  const counts = Map.groupBy(run.layers, (layer) => layer.verdict);
  const entry = (verdict: LayerVerdict, count: number) =>
    html`<span>${VERDICT_ICONS[verdict]}${count} ${VERDICT_WORDS[verdict]}</span>`;
  return html`<span class="verdicts">${[...counts].map(([verdict, layers]) => entry(verdict, layers.length))}</span>`;
}

function notice(text: string | null, { change }: Actions) {
  if (text === null) return nothing;
  return html`<p class="message" role="alert">
    ${text} <button class="link" @click=${() => change({ kind: 'notice', text: null })}>Dismiss</button>
  </p>`;
}

function waiting(run: RunView): TemplateResult {
  const text = hasEnded(run.status) ? 'The run ended before its first step.' : 'Waiting for the first step…';
  return html`<p class="waiting">${text}</p>`;
}

/** Which end of the colours is which end of the network. */
function ramp(theme: Theme): TemplateResult {
  const steps = Array.from(
    { length: 24 },
    (_, i) => svg`<rect x=${i * 2} width="2.2" height="4" fill=${theme.depth(i / 23)}/>`,
  );
  return html`<span class="ramp">input <svg viewBox="0 0 48 4" aria-hidden="true" preserveAspectRatio="none">${steps}</svg> output</span>`;
}
