import { number } from '../../../engine/diagnose/phrases.ts';
import type { LayerFrame } from '../../../engine/run/frame.ts';
import { elementCount } from '../../../engine/run/groups.ts';
import { sampleOf } from '../../../engine/run/notes.ts';
import type { ActivationRow, Run } from '../../../engine/run/run.ts';
import type { Session } from '../../runs/session.ts';
import { heading, lines, shapeText } from '../markdown.ts';
import { footer, type HoverOptions } from './footer.ts';

/** Says of how many elements statistics are, where those aren't all. */
export function sampleText(run: Run, tensors: readonly { readonly shape: readonly number[] }[]): string | null {
  const sampled = tensors.filter((tensor) => sampleOf(run, tensor) !== null);
  if (sampled.length === 0) return null;
  const of = sampled.length === 1 ? `of ${elementCount(sampled[0]).toLocaleString('en')} ` : '';
  return `≈ ≤ ≥: of ${sampleOf(run, sampled[0])?.toLocaleString('en')} ${of}elements`;
}

export function oneModule(session: Session, layer: LayerFrame, options: HoverOptions): string {
  const step = session.run.measuredAt('layer', layer.id);
  return lines(
    heading(layer.name, layer.description),
    outputText(session, layer.id),
    footer(session, options, { step }),
  );
}

/** Of a layer's output: shape, activations, the gradient that comes back to it. */
export function outputText({ run }: Session, layer: number): string | null {
  const row = run.latestLayer(layer);
  const shape = run.operations.findLast((operation) => operation.layer === layer)?.shape;
  if (Number.isNaN(row('mean')) || !shape) return null;
  return lines(
    `output ${shapeText(shape)} · ${activationText(row, sampleOf(run, { shape }) !== null)}`,
    sampleText(run, [{ shape }]),
  );
}

export function activationText(row: ActivationRow, sampled: boolean): string {
  const [about, below, above] = sampled ? ['≈ ', '≤ ', '≥ '] : ['', '', ''];
  const zeros = row('zeroShare') > 0 ? ` · ${Math.round(100 * row('zeroShare'))} % zero` : '';
  return `mean ${about}${number(row('mean'))} ± ${number(row('std'))} · ${below}${number(row('min'))} … ${above}${number(row('max'))}${zeros} · gradient norm ${number(row('gradientNorm'))}`;
}
