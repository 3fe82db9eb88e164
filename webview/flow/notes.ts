import { html, nothing } from 'lit-html';
import type { RunView } from '../protocol.ts';
import { plural } from './format.ts';
import { SEVERITY_ICONS } from './icons.ts';

/** What can't be seen of this run: quiet, and folded away until it's wanted. */
export function notes({ notes }: RunView) {
  if (notes.length === 0) return nothing;
  return html`<details class="notes">
    <summary>${SEVERITY_ICONS.information} ${plural(notes.length, 'note')} on what is not seen of this run</summary>
    <ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>
  </details>`;
}
