import { html, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { RunView } from '../protocol.ts';
import type { Actions } from './actions.ts';
import { formatInteger } from './format.ts';
import { hasEnded, type Shown } from './state.ts';

/** Goes back in history; at its right end it follows the newest step. */
export function scrubber(run: RunView, shown: Shown, { change }: Actions): TemplateResult {
  const steps = run.history.step;
  const last = Math.max(0, steps.length - 1);
  const slide = (event: Event) => {
    const index = (event.target as HTMLInputElement).valueAsNumber;
    change({ kind: 'scrub', step: index >= last ? null : steps[index] });
  };
  const newest = hasEnded(run.status) ? 'Last step' : 'Live';
  const title = hasEnded(run.status) ? 'Show the last step' : 'Follow the newest step';
  return html`
    <footer class="scrubber">
      <label for="scrubber">Step</label>
      <output for="scrubber">${formatInteger(shown.step)}</output>
      <input
        id="scrubber" type="range" min="0" max=${last} step="1" .value=${live(String(Math.max(0, shown.index)))}
        aria-valuetext="step ${formatInteger(shown.step)}" ?disabled=${last === 0} @input=${slide}
      >
      <button class="live" title=${title} aria-pressed=${shown.live} @click=${() => change({ kind: 'scrub', step: null })}>
        ${newest}
      </button>
    </footer>`;
}
