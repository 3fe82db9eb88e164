import { measured, norm, number, plural } from '../../../engine/diagnose/phrases.ts';
import { changedGradients } from '../../../engine/run/clipping.ts';
import type { ParameterFrame } from '../../../engine/run/frame.ts';
import { layerGroups } from '../../../engine/run/groups.ts';
import { sampleOf } from '../../../engine/run/notes.ts';
import type { Run } from '../../../engine/run/run.ts';
import type { Session } from '../../runs/session.ts';
import { heading, line, lines, MOST_ROWS, plain, shapeText, table } from '../markdown.ts';
import { footer, type HoverOptions } from './footer.ts';
import { verdictText } from './layerVerdict.ts';
import { inspectLinks, panelLink } from './links.ts';
import { sampleText } from './outputText.ts';
import { trend } from './trend.ts';

/** Gradients are shown as the update used them; what they were before that, where it was something else. */
export function changeText(run: Run, parameters: readonly ParameterFrame[]): string {
  const changed = changedGradients(run, parameters);
  return changed ? ` (${changed.how} from ${norm(changed.before)})` : '';
}

/** A row for each parameter: a hover is wide rather than high. */
export function statisticsTable(
  { run }: Session,
  parameters: readonly ParameterFrame[],
  label: (p: ParameterFrame) => string,
): string {
  const heads = ['', 'gradient', 'mean', 'std', 'min', 'max', 'weight', 'update/weight'];
  const rows = parameters.map((parameter) => {
    const row = run.latestParameter(parameter.id);
    // The extremes of a sample are at most those of all.
    const sampled = sampleOf(run, parameter) !== null;
    const about = (mark: string, x: number) => (sampled && !Number.isNaN(x) ? `${mark} ${number(x)}` : measured(x));
    return [
      label(parameter),
      measured(row('gradientNorm')),
      about('≈', row('gradientMean')),
      about('≈', row('gradientStd')),
      about('≤', row('gradientMin')),
      about('≥', row('gradientMax')),
      measured(row('weightNorm')),
      about('≈', row('updateNorm') / row('weightNorm')),
    ];
  });
  return lines(table(rows, heads), sampleText(run, parameters));
}

/** In a run's first moments, and of what has no gradient. */
const NOT_MEASURED = 'no gradient measured yet';

function oneParameter(session: Session, parameter: ParameterFrame, options: HoverOptions): string {
  const { run } = session;
  const row = run.latestParameter(parameter.id);
  const group = layerGroups(run).find(({ parameters }) => parameters.includes(parameter));
  const single = parameter.shape.every((size) => size === 1);
  const verdict = group ? verdictText(run, session.findings, group) : '';
  const update = Number.isNaN(row('updateNorm'))
    ? ''
    : ` · update/weight ${number(row('updateNorm') / row('weightNorm'))}`;
  const value = `gradient **${number(row('gradientMean'))}** · value ${number(row('weightMean'))}${update}`;
  const size = `gradient norm **${norm(row('gradientNorm'))}**${changeText(run, [parameter])}`;
  const unknown = Number.isNaN(row('gradientNorm'));
  return lines(
    heading(parameter.name, `${parameter.dtype} ${shapeText(parameter.shape)}`),
    line(verdict, unknown ? NOT_MEASURED : single ? value : size, panelLink(session, group?.name ?? null)),
    group ? inspectLinks(session, group, parameter) : null,
    trend(session, (s) => run.parameterAt(s, parameter.id)('gradientNorm'), options.lineColor),
    single ? null : statisticsTable(session, [parameter], ({ shape }) => shapeText(shape)),
    footer(session, options, { subject: 'parameters', steps: run.stepsOf(parameter.id) }),
  );
}

/** Several are made by one expression in a loop. */
export function manyParameters(session: Session, parameters: readonly ParameterFrame[], options: HoverOptions): string {
  if (parameters.length === 1) return oneParameter(session, parameters[0], options);
  const more = parameters.length - MOST_ROWS;
  return lines(
    heading(parameters[0].name, plural(parameters.length, 'parameter')),
    statisticsTable(session, parameters.slice(0, MOST_ROWS), ({ name, shape }) => `${plain(name)} ${shapeText(shape)}`),
    more > 0 ? `and ${more} more` : null,
    footer(session, options),
  );
}
