import { html, nothing, type TemplateResult } from 'lit-html';
import type { LayerView, RunView } from '../protocol.ts';
import { formatNorm, formatNumber } from './format.ts';

/** Most numbers that can be taken in at a glance; the table has them all. */
const MOST_TILES = 6;

/** A single backward pass as numbers. */
export function singlePass(run: RunView): TemplateResult {
  const loss = run.history.loss[0];
  const few = run.layers.length <= MOST_TILES;
  return html`
    <section class="tiles" aria-label="One backward pass">
      ${few ? run.layers.map(layerTile) : nothing}
      ${tile('Loss', Number.isNaN(loss) ? 'NaN' : formatNumber(loss), 'of this one backward pass')}
    </section>`;
}

function layerTile(layer: LayerView): TemplateResult {
  const norm = layer.gradientNorm[0];
  const { gradientMean } = layer.latest;
  // The mean of one value is the value, with its sign.
  if (layer.parameters === 1 && Number.isFinite(norm) && gradientMean !== null)
    return tile(`Gradient of ${layer.name}`, formatNumber(gradientMean), direction(layer.name, gradientMean));
  return tile(`Gradient norm of ${layer.name}`, formatNorm(norm), layer.type);
}

/** What a gradient's sign says. */
function direction(name: string, gradient: number): string {
  if (gradient === 0) return `The loss does not depend on ${name} here.`;
  return `${gradient < 0 ? 'Raising' : 'Lowering'} ${name} a little lowers the loss.`;
}

function tile(title: string, value: string, note: string): TemplateResult {
  return html`<div class="tile"><h2>${title}</h2><p class="value">${value}</p><p>${note}</p></div>`;
}
