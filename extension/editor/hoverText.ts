import { measured, norm, number, plural } from '../../engine/diagnose/phrases.ts';
import { type LayerVerdict, verdictOf } from '../../engine/diagnose/verdict.ts';
import type { LayerFrame, OperationFrame, ParameterFrame, StepFrame } from '../../engine/run/frame.ts';
import { gradientNorm, type LayerGroup, layerGroups, updateRatio } from '../../engine/run/groups.ts';
import type { ActivationRow } from '../../engine/run/run.ts';
import type { Subject } from '../../engine/source/subjects.ts';
import { INTERNAL_COMMANDS } from '../ids.ts';
import { tensorsOf } from '../panel/tensors.ts';
import type { Session } from '../runs/session.ts';
import { findingsText } from './findingsText.ts';
import { sparkline } from './sparkline.ts';

interface HoverOptions {
  /** The document has been edited since the run. */
  readonly edited: boolean;
  /** A CSS colour that can be seen in the current theme. */
  readonly lineColor: string;
}

/** Rows of a table in a hover; what is beyond is summed up. */
const MOST_ROWS = 14;
/** Points of a sparkline. */
const POINTS = 80;

/** The hover's text, in VS Code's Markdown. */
export function describeSubject(session: Session, subject: Subject, name: string, options: HoverOptions): string {
  switch (subject.kind) {
    case 'layers':
      return subject.groups.length === 1
        ? oneLayer(session, subject.groups[0], options)
        : manyLayers(session, name, subject.groups, options);
    case 'parameters':
      return manyParameters(session, subject.parameters, options);
    case 'module':
      return oneModule(session, subject.layer, options);
    case 'operations':
      return operationText(session, subject.operations, options);
  }
}

const VERDICTS: { readonly [K in LayerVerdict]: string } = {
  unknown: '',
  healthy: '$(check) healthy',
  vanishing: '$(warning) vanishing gradient',
  exploding: '$(warning) exploding gradient',
  'non-finite': '$(error) NaN or infinity',
};

const lines = (...parts: readonly (string | null)[]) => parts.filter((part) => part).join('\n\n');
const shapeText = (shape: readonly number[]) => `[${shape.join(', ')}]`;
const range = (min: number, max: number) => `${number(min)} … ${number(max)}`;

function table(rows: readonly (readonly string[])[], head: readonly string[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i ? '---:' : '---'))), ...rows.map((cells) => line(cells))].join('\n');
}

/** Names come from scripts and from logs of other people's: they must not be taken for Markdown. */
const plain = (text: string) => text.replace(/[\\`*_[\]<>|$~]/g, '\\$&');

const heading = (name: string, description: string) => `**${plain(name)}** &nbsp; ${plain(description)}`;

function panelLink(session: Session, layer: string | null): string | null {
  const argument = encodeURIComponent(JSON.stringify([session.id, layer]));
  return layer === null ? null : `[Open in Gradient Flow](command:${INTERNAL_COMMANDS.openLayer}?${argument})`;
}

/** While the run is paused, tensors can be looked into. */
function inspectLinks(session: Session, group: LayerGroup, only?: ParameterFrame): string | null {
  if (!session.pausedAt) return null;
  const links = tensorsOf(group)
    .filter(({ of, id }) => !only || (of !== 'output' && id === only.id))
    .map(({ label }) => {
      const argument = encodeURIComponent(JSON.stringify([session.id, group.name, label]));
      return `[${plain(label)}](command:${INTERNAL_COMMANDS.inspectTensor}?${argument})`;
    });
  return `$(debug-pause) Inspect ${links.join(' · ')}`;
}

/** What the numbers are of. */
function footer({ run, isLive }: Session, { edited }: HoverOptions, step = run.history.last?.step ?? 0): string {
  return `step ${step}${isLive ? ', running' : ''}${edited ? ' · the file was edited since' : ''}`;
}

/** The parts of a line that there are. */
const line = (...parts: readonly (string | null | undefined | false)[]) => parts.filter(Boolean).join(' · ');

function trend(session: Session, valueAt: (step: StepFrame) => number, color: string): string | null {
  const { steps } = session.run.history;
  if (steps.length < 3) return null;
  const stride = Math.ceil(steps.length / POINTS);
  const values = steps.filter((_, i) => i % stride === 0 || i === steps.length - 1).map(valueAt);
  const title = `gradient norm, steps ${steps[0].step} to ${steps[steps.length - 1].step}`;
  return `![${title}](${sparkline(values, color)} "${title}")`;
}

function oneLayer(session: Session, group: LayerGroup, options: HoverOptions): string {
  const { run, findings } = session;
  const ratio = updateRatio(run, 'latest', group);
  return lines(
    heading(group.name, group.description),
    line(
      VERDICTS[verdictOf(run, findings, group)],
      `gradient norm **${norm(gradientNorm(run, 'latest', group))}**`,
      !Number.isNaN(ratio) && `update/weight ${number(ratio)}`,
      panelLink(session, group.name),
    ),
    inspectLinks(session, group),
    findingsText(session, [group.name]),
    trend(session, (s) => gradientNorm(run, s, group), options.lineColor),
    statisticsTable(
      session,
      group.parameters,
      ({ name, shape }) => `${plain(name.split('.').at(-1) ?? name)} ${shapeText(shape)}`,
    ),
    group.layer === null ? null : outputText(session, group.layer),
    ranksTable(session, group),
    footer(session, options),
  );
}

/** What each rank measured of a layer, before anything was averaged among them. */
function ranksTable({ run }: Session, { name, parameters }: LayerGroup): string | null {
  if (run.ranks.size === 0) return null;
  const all = [[run.start?.rank ?? 0, run] as const, ...run.ranks].sort(([a], [b]) => a - b);
  const rows = all.slice(0, MOST_ROWS).map(([rank, of]) => {
    const ids = of.parameters.filter((own) => parameters.some((p) => p.name === own.name)).map(({ id }) => id);
    const local = Math.hypot(...ids.map((id) => of.latestParameter(id)('localGradientNorm')));
    const layer = of.layers.find((own) => own.name === name);
    const output = layer && of.latestLayer(layer.id);
    return [`rank ${rank}`, measured(local), output ? `${measured(output('mean'))} ± ${measured(output('std'))}` : '–'];
  });
  return table(rows, ['', 'own gradient', 'output']);
}

/** A row for each parameter: a hover is wide rather than high. */
function statisticsTable(
  { run }: Session,
  parameters: readonly ParameterFrame[],
  label: (p: ParameterFrame) => string,
): string {
  const heads = ['', 'gradient', 'mean', 'std', 'min', 'max', 'weight', 'update/weight'];
  const rows = parameters.map((parameter) => {
    const row = run.latestParameter(parameter.id);
    const numbers = [
      row('gradientNorm'),
      row('gradientMean'),
      row('gradientStd'),
      row('gradientMin'),
      row('gradientMax'),
      row('weightNorm'),
      row('updateNorm') / row('weightNorm'),
    ];
    return [label(parameter), ...numbers.map(measured)];
  });
  return table(rows, heads);
}

function oneParameter(session: Session, parameter: ParameterFrame, options: HoverOptions): string {
  const { run } = session;
  const row = run.latestParameter(parameter.id);
  const group = layerGroups(run).find(({ parameters }) => parameters.includes(parameter));
  const single = parameter.shape.every((size) => size === 1);
  const verdict = group ? VERDICTS[verdictOf(run, session.findings, group)] : '';
  const value = `gradient **${number(row('gradientMean'))}** · value ${number(row('weightMean'))}`;
  const update = Number.isNaN(row('updateNorm'))
    ? ''
    : ` · update/weight ${number(row('updateNorm') / row('weightNorm'))}`;
  return lines(
    heading(parameter.name, `${parameter.dtype} ${shapeText(parameter.shape)}`),
    line(
      verdict,
      single ? value + update : `gradient norm **${number(row('gradientNorm'))}**`,
      panelLink(session, group?.name ?? null),
    ),
    group ? inspectLinks(session, group, parameter) : null,
    trend(session, (s) => run.parameterAt(s, parameter.id)('gradientNorm'), options.lineColor),
    single ? null : statisticsTable(session, [parameter], ({ shape }) => shapeText(shape)),
    footer(session, options),
  );
}

/** Several are made by one expression in a loop. */
function manyParameters(session: Session, parameters: readonly ParameterFrame[], options: HoverOptions): string {
  if (parameters.length === 1) return oneParameter(session, parameters[0], options);
  const more = parameters.length - MOST_ROWS;
  return lines(
    heading(parameters[0].name, plural(parameters.length, 'parameter')),
    statisticsTable(session, parameters.slice(0, MOST_ROWS), ({ name, shape }) => `${plain(name)} ${shapeText(shape)}`),
    more > 0 ? `and ${more} more` : null,
    footer(session, options),
  );
}

function manyLayers(session: Session, name: string, groups: readonly LayerGroup[], options: HoverOptions): string {
  const { run, findings } = session;
  const rows = groups
    .slice(0, MOST_ROWS)
    .map((group) => [
      group.name,
      number(gradientNorm(run, 'latest', group)),
      number(updateRatio(run, 'latest', group)),
      VERDICTS[verdictOf(run, findings, group)],
    ]);
  const more = groups.length - rows.length;
  const size = groups.reduce((sum, group) => sum + group.size, 0);
  return lines(
    heading(name, `${plural(groups.length, 'layer')}, ${size.toLocaleString('en')} parameters`),
    table(rows, ['layer', 'gradient norm', 'update/weight', '']),
    findingsText(
      session,
      groups.map(({ name }) => name),
    ),
    more > 0 ? `and ${more} more` : null,
    line(panelLink(session, groups[0].name), footer(session, options)),
  );
}

function oneModule(session: Session, layer: LayerFrame, options: HoverOptions): string {
  const step = session.run.measuredAt('layer', layer.id);
  return lines(heading(layer.name, layer.description), outputText(session, layer.id), footer(session, options, step));
}

/** Of a layer's output: shape, activations, the gradient that comes back to it. */
function outputText({ run }: Session, layer: number): string | null {
  const row = run.latestLayer(layer);
  const shape = run.operations.findLast((operation) => operation.layer === layer)?.shape;
  if (Number.isNaN(row('mean')) || !shape) return null;
  return `output ${shapeText(shape)} · ${activationText(row)}`;
}

function activationText(row: ActivationRow): string {
  const zeros = row('zeroShare') > 0 ? ` · ${Math.round(100 * row('zeroShare'))} % zero` : '';
  return `mean ${number(row('mean'))} ± ${number(row('std'))} · ${range(row('min'), row('max'))}${zeros} · gradient norm ${number(row('gradientNorm'))}`;
}

function operationText(session: Session, operations: readonly OperationFrame[], options: HoverOptions): string {
  const { run } = session;
  const [first] = operations;
  const single = operations.length === 1 && first.shape.every((size) => size === 1);
  const rows = operations.slice(0, MOST_ROWS).map((operation) => {
    const row = run.latestOperation(operation.id);
    const follows = operation.follows === null ? '' : `after ${plain(run.layers[operation.follows].name)}`;
    return [
      follows || `${operation.occurrence + 1}`,
      measured(row('gradientNorm')),
      measured(row('gain')),
      `${number(row('mean'))} ± ${number(row('std'))}`,
    ];
  });
  const more = operations.length - rows.length;
  const times = operations.length > 1 ? `, ${operations.length} times a step` : '';
  const row = run.latestOperation(first.id);
  return lines(
    heading(first.operation, `${first.dtype} ${shapeText(first.shape)}${times}`),
    operations.length > 1
      ? table(rows, ['', 'gradient norm', 'gain', 'output'])
      : single
        ? `value **${number(row('mean'))}** · gradient norm ${number(row('gradientNorm'))}${gainText(row)}`
        : `output ${activationText(row)}${gainText(row)}`,
    more > 0 ? `and ${more} more` : null,
    footer(session, options, run.measuredAt('operation', first.id)),
  );
}

/** How much the gradient shrank or grew in passing. */
const gainText = (row: ActivationRow) => (Number.isNaN(row('gain')) ? '' : ` · gain ${number(row('gain'))}`);
