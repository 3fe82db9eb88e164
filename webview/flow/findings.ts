import { html, nothing, type TemplateResult } from 'lit-html';
import type { ErrorView, FindingView, RunView } from '../protocol.ts';
import type { Actions } from './actions.ts';
import { formatConfidence, formatInteger } from './format.ts';
import { icons, SEVERITY_ICONS } from './icons.ts';

const SHOWN_AT_FIRST = 3;
const SEVERITY_WORDS = { error: 'Error', warning: 'Warning', information: 'Information' };

export function findings(run: RunView, all: boolean, actions: Actions) {
  const { error, findings } = run;
  if (!error && findings.length === 0) return nothing;
  const shown = all ? findings : findings.slice(0, SHOWN_AT_FIRST);
  const more = findings.length - SHOWN_AT_FIRST;
  return html`
    <section class="findings" aria-label="Findings">
      ${error ? errorCard(error, actions) : nothing}
      ${shown.map((finding, i) => findingCard(finding, i, actions))}
      ${
        more > 0
          ? html`<button class="link more" aria-expanded=${all} @click=${() => actions.change({ kind: 'allFindings' })}>
              ${all ? 'Show fewer findings' : `Show ${more} more finding${more === 1 ? '' : 's'}`}
            </button>`
          : nothing
      }
    </section>`;
}

function errorCard(error: ErrorView, { revealError }: Actions): TemplateResult {
  return html`
    <article class="finding severity-error" data-error>
      <h2>${SEVERITY_ICONS.error}<span>${error.title}</span>${place(error.place, revealError)}</h2>
      <p class="evidence code">${error.message}</p>
    </article>`;
}

function findingCard(finding: FindingView, index: number, actions: Actions): TemplateResult {
  const { severity: said, title, evidence, remedies, confidence, step, stage, curedAt } = finding;
  const cured = curedAt !== null;
  const severity = cured ? 'information' : said;
  return html`
    <article class="finding severity-${severity} ${cured ? 'cured' : ''}" data-finding=${finding.id} data-stage=${stage}>
      <h2>
        <span class="severity" role="img" aria-label=${cured ? 'Cured' : SEVERITY_WORDS[severity]}>${cured ? icons.done : SEVERITY_ICONS[severity]}</span>
        <span>${title}</span>
        ${stage === 'suspected' || stage === 'recurring' ? html`<span class="stage">${stage}</span>` : nothing}
        <span class="confidence">${cured ? `cured at step ${formatInteger(curedAt)}` : `${formatConfidence(confidence)}, since step ${formatInteger(step)}`}</span>
      </h2>
      <p class="evidence">${evidence}</p>
      ${where(finding, index, actions)}
      ${
        remedies.length && !cured
          ? html`<details class="helps"><summary>What usually helps</summary><ul>${remedies.map((remedy) => html`<li>${remedy}</li>`)}</ul></details>`
          : nothing
      }
    </article>`;
}

function place(place: string | null, reveal: () => void) {
  if (!place) return nothing;
  return html`<button class="link place" title="Go to ${place}" @click=${reveal}>${place}</button>`;
}

function where({ layers, place: line }: FindingView, index: number, { change, revealFinding }: Actions) {
  if (layers.length === 0 && !line) return nothing;
  const few = layers.slice(0, 4);
  const rest = layers.slice(few.length);
  const chip = (name: string) =>
    html`<button class="chip" title="Select layer ${name}" @click=${() => change({ kind: 'select', layer: name })}>${name}</button>`;
  return html`<p class="where">
    ${place(line, () => revealFinding(index))} ${few.map(chip)}
    ${rest.length ? html`<span title=${rest.slice(0, 60).join(', ')}>and ${rest.length} more</span>` : nothing}
  </p>`;
}
