import { html, nothing, type TemplateResult } from 'lit-html';
import type { ErrorView, FindingView, RunView } from '../protocol.ts';
import type { Actions } from './actions.ts';
import { formatConfidence, formatInteger } from './format.ts';
import { SEVERITY_ICONS } from './icons.ts';

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
  const { severity, title, evidence, remedies, confidence, step } = finding;
  return html`
    <article class="finding severity-${severity}" data-finding=${finding.id}>
      <h2>
        <span class="severity" role="img" aria-label=${SEVERITY_WORDS[severity]}>${SEVERITY_ICONS[severity]}</span>
        <span>${title}</span>
        ${place(finding.place, () => actions.revealFinding(index))}
      </h2>
      <p class="evidence">${evidence}</p>
      ${layers(finding.layers, actions)}
      ${
        remedies.length
          ? html`<div class="helps"><h3>What usually helps</h3><ul>${remedies.map((title) => html`<li>${title}</li>`)}</ul></div>`
          : nothing
      }
      <p class="confidence">${formatConfidence(confidence)} · since step ${formatInteger(step)}</p>
    </article>`;
}

function place(place: string | null, reveal: () => void) {
  if (!place) return nothing;
  return html`<button class="link place" title="Go to ${place}" @click=${reveal}>${place}</button>`;
}

function layers(names: readonly string[], { change }: Actions) {
  if (names.length === 0) return nothing;
  const few = names.slice(0, 4);
  const rest = names.length - few.length;
  const chip = (name: string) =>
    html`<button class="chip" title="Select layer ${name}" @click=${() => change({ kind: 'select', layer: name })}>${name}</button>`;
  return html`<p class="chips">
    ${few.map(chip)}${rest > 0 ? html`<span title=${names.slice(few.length, 60).join(', ')}>and ${rest} more</span>` : nothing}
  </p>`;
}
