import { html, nothing, type TemplateResult } from 'lit-html';
import type { BeforeView, RunView } from '../protocol.ts';
import { formatInteger, formatNorm, formatNumber } from './format.ts';
import { icons, SEVERITY_ICONS } from './icons.ts';

const OUTCOMES: Readonly<Record<BeforeView['outcome'], { words: string; icon: TemplateResult }>> = {
  waiting: { words: 'too early to tell', icon: icons.spinner },
  cured: { words: 'cured', icon: icons.done },
  there: { words: 'still there', icon: SEVERITY_ICONS.warning },
  failed: { words: 'the run failed', icon: SEVERITY_ICONS.error },
};

/** What a remedy has done: the run before it beside this one. */
export function beforeAndAfter({ before, history, layers, stepCount }: RunView) {
  if (!before) return nothing;
  const { words, icon } = OUTCOMES[before.outcome];
  const weakest = weakestLayer(before, layers);
  return html`
    <section class="before outcome-${before.outcome}" data-outcome=${before.outcome} aria-label="Before and after">
      <h2>
        <span class="outcome">${icon}</span>
        <span>${before.finding}: ${words}</span>
        <span class="note">${before.remedy}</span>
      </h2>
      <table>
        <thead><tr><th></th><th scope="col">${key('before')} before</th><th scope="col">${key('after')} after</th></tr></thead>
        <tbody>
          ${row('Steps', formatInteger(before.steps), formatInteger(stepCount))}
          ${row('Last loss', lastOf(before.history.loss), lastOf(history.loss))}
          ${weakest && row(`Gradient at ${weakest.name}`, formatNorm(weakest.before), formatNorm(weakest.after))}
        </tbody>
      </table>
    </section>`;
}

/** How a line of each run looks in the charts. */
const key = (which: 'before' | 'after') => html`<span class="key ${which}" aria-hidden="true"></span>`;

const row = (name: string, before: string, after: string) =>
  html`<tr><th scope="row">${name}</th><td>${before}</td><td>${after}</td></tr>`;

function lastOf(losses: Float32Array): string {
  if (losses.length === 0) return '–';
  const last = losses[losses.length - 1];
  return Number.isNaN(last) ? 'NaN' : formatNumber(last);
}

/** Of the layers that both have, the one whose gradient, as it was measured last, has changed most, in decades. */
function weakestLayer(before: BeforeView, layers: RunView['layers']) {
  let most: { name: string; before: number; after: number } | null = null;
  let change = 0;
  layers.forEach(({ name, gradientNorm }, i) => {
    const [was, is] = [before.gradientNorm[i], gradientNorm.findLast((norm) => !Number.isNaN(norm)) ?? Number.NaN];
    const decades = Math.abs(Math.log10(is / was));
    if (Number.isNaN(decades) || (most && decades <= change)) return;
    change = decades;
    most = { name, before: was, after: is };
  });
  return most as { name: string; before: number; after: number } | null;
}
