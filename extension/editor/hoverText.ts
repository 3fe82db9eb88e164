import type { Finding, FindingId } from '../../engine/diagnose/finding.ts';
import { measured, norm, number, plural } from '../../engine/diagnose/phrases.ts';
import { titleOf } from '../../engine/diagnose/titles.ts';
import { type LayerVerdict, verdictOf } from '../../engine/diagnose/verdict.ts';
import { changedGradients } from '../../engine/run/clipping.ts';
import type { LayerFrame, OperationFrame, ParameterFrame, StepFrame } from '../../engine/run/frame.ts';
import {
  elementCount,
  gradientNorm,
  type LayerGroup,
  layerGroups,
  localGradientNorm,
  updateRatio,
} from '../../engine/run/groups.ts';
import { measuredText, notesAbout, sampleOf } from '../../engine/run/notes.ts';
import { allRanks, isFar, timesOthers } from '../../engine/run/ranks.ts';
import type { ActivationRow, Run } from '../../engine/run/run.ts';
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
  concerned: '',
  vanishing: '$(warning) vanishing gradient',
  exploding: '$(warning) exploding gradient',
  'non-finite': '$(error) NaN or infinity',
};

/** The verdicts that are the names of findings. */
const FINDINGS: { readonly [K in LayerVerdict]?: FindingId } = {
  vanishing: 'vanishing-gradient',
  exploding: 'exploding-gradient',
};

/** A layer that other findings name is told by their names. */
function verdictText(run: Run, findings: readonly Finding[], group: LayerGroup): string {
  const verdict = verdictOf(run, findings, group);
  if (verdict !== 'concerned') return VERDICTS[verdict];
  const titles = findings
    .filter(({ layers }) => layers.includes(group.name))
    .map(({ id }) => titleOf(id).toLowerCase());
  return `$(warning) ${[...new Set(titles)].join(', ')}`;
}

const lines = (...parts: readonly (string | null)[]) => parts.filter((part) => part).join('\n\n');
const shapeText = (shape: readonly number[]) => `[${shape.join(', ')}]`;

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

interface About {
  readonly step?: number;
  /** What the numbers are of: some notes concern only layers' outputs and operations. */
  readonly subject?: 'parameters' | 'activations';
  /** At how many steps it was measured, where that is known of the very thing. */
  readonly steps?: number;
}

/** What the numbers are of, and what can't be seen. */
function footer({ run, isLive }: Session, { edited }: HoverOptions, about: About = {}): string {
  const { step = run.history.last?.step ?? 0, subject = 'activations', steps } = about;
  const told = line(
    `step ${step}${isLive ? ', running' : ''}`,
    measuredText(run, steps),
    edited && 'the file was edited since',
  );
  return lines(told, ...notesAbout(run, subject).map(({ message }) => `$(info) ${plain(message)}`));
}

/** The parts of a line that there are. */
const line = (...parts: readonly (string | null | undefined | false)[]) => parts.filter(Boolean).join(' · ');

function trend(session: Session, valueAt: (step: StepFrame) => number, color: string): string | null {
  // Where nothing was measured is no gap in the curve.
  const points = session.run.history.steps
    .map((step) => ({ x: step.step, y: valueAt(step) }))
    .filter(({ y }) => !Number.isNaN(y));
  if (points.length < 3) return null;
  const stride = Math.ceil(points.length / POINTS);
  const drawn = points.filter((_, i) => i % stride === 0 || i === points.length - 1);
  const title = `gradient norm, steps ${points[0].x} to ${points[points.length - 1].x}`;
  return `![${title}](${sparkline(drawn, color)} "${title}")`;
}

function oneLayer(session: Session, group: LayerGroup, options: HoverOptions): string {
  const { run, findings } = session;
  const ratio = updateRatio(run, 'latest', group);
  const verdict = verdictOf(run, findings, group);
  return lines(
    heading(group.name, group.description),
    line(
      // other findings have lines of their own
      VERDICTS[verdict],
      `gradient norm **${norm(gradientNorm(run, 'latest', group))}**${changeText(run, group.parameters)}`,
      !Number.isNaN(ratio) && `update/weight ${number(ratio)}`,
      panelLink(session, group.name),
    ),
    inspectLinks(session, group),
    findingsText(session, [group.name], FINDINGS[verdict]),
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

/** Gradients are shown as the update used them; what they were before that, where it was something else. */
function changeText(run: Run, parameters: readonly ParameterFrame[]): string {
  const changed = changedGradients(run, parameters);
  return changed ? ` (${changed.how} from ${norm(changed.before)})` : '';
}

/** What each rank measured of a layer, before anything was averaged among them; what is far from the others is marked. */
function ranksTable({ run }: Session, { name }: LayerGroup): string | null {
  if (run.ranks.size === 0) return null;
  const all = [...allRanks(run)].map(([rank, of]) => {
    const own = layerGroups(of).find((group) => group.name === name);
    const output = own && own.layer !== null ? of.latestLayer(own.layer) : null;
    const gradient = own ? localGradientNorm(of, of.ownGradientsAt ?? 'latest', own) : Number.NaN;
    return { rank, gradient, mean: output?.('mean') ?? Number.NaN, std: output?.('std') ?? Number.NaN };
  });
  const marked = (value: (of: (typeof all)[number]) => number, own: (typeof all)[number], text: string) => {
    const times = timesOthers(value(own), all.filter((other) => other !== own).map(value));
    return isFar(times)
      ? `**${text}** $(warning) ${times > 1 ? `${number(times)} ×` : `1/${number(1 / times)} of`} the ${all.length > 2 ? 'others' : 'other'}`
      : text;
  };
  const rows = all
    .slice(0, MOST_ROWS)
    .map((own) => [
      `rank ${own.rank}`,
      marked((of) => of.gradient, own, measured(own.gradient)),
      marked((of) => of.std, own, Number.isNaN(own.mean) ? '–' : `${measured(own.mean)} ± ${measured(own.std)}`),
    ]);
  const more = all.length - rows.length;
  return lines(table(rows, ['', 'own gradient', 'output']), more > 0 ? `and ${plural(more, 'more rank')}` : null);
}

/** Says of how many elements statistics are, where those aren't all. */
function sampleText(run: Run, tensors: readonly { readonly shape: readonly number[] }[]): string | null {
  const sampled = tensors.filter((tensor) => sampleOf(run, tensor) !== null);
  if (sampled.length === 0) return null;
  const of = sampled.length === 1 ? `of ${elementCount(sampled[0]).toLocaleString('en')} ` : '';
  return `≈ ≤ ≥: of ${sampleOf(run, sampled[0])?.toLocaleString('en')} ${of}elements`;
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

function oneParameter(session: Session, parameter: ParameterFrame, options: HoverOptions): string {
  const { run } = session;
  const row = run.latestParameter(parameter.id);
  const group = layerGroups(run).find(({ parameters }) => parameters.includes(parameter));
  const single = parameter.shape.every((size) => size === 1);
  const verdict = group ? verdictText(run, session.findings, group) : '';
  const value = `gradient **${number(row('gradientMean'))}** · value ${number(row('weightMean'))}`;
  const update = Number.isNaN(row('updateNorm'))
    ? ''
    : ` · update/weight ${number(row('updateNorm') / row('weightNorm'))}`;
  return lines(
    heading(parameter.name, `${parameter.dtype} ${shapeText(parameter.shape)}`),
    line(
      verdict,
      single ? value + update : `gradient norm **${number(row('gradientNorm'))}**${changeText(run, [parameter])}`,
      panelLink(session, group?.name ?? null),
    ),
    group ? inspectLinks(session, group, parameter) : null,
    trend(session, (s) => run.parameterAt(s, parameter.id)('gradientNorm'), options.lineColor),
    single ? null : statisticsTable(session, [parameter], ({ shape }) => shapeText(shape)),
    footer(session, options, { subject: 'parameters', steps: run.stepsOf(parameter.id) }),
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
      verdictText(run, findings, group),
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
  return lines(
    heading(layer.name, layer.description),
    outputText(session, layer.id),
    footer(session, options, { step }),
  );
}

/** Of a layer's output: shape, activations, the gradient that comes back to it. */
function outputText({ run }: Session, layer: number): string | null {
  const row = run.latestLayer(layer);
  const shape = run.operations.findLast((operation) => operation.layer === layer)?.shape;
  if (Number.isNaN(row('mean')) || !shape) return null;
  return lines(
    `output ${shapeText(shape)} · ${activationText(row, sampleOf(run, { shape }) !== null)}`,
    sampleText(run, [{ shape }]),
  );
}

function activationText(row: ActivationRow, sampled: boolean): string {
  const [about, below, above] = sampled ? ['≈ ', '≤ ', '≥ '] : ['', '', ''];
  const zeros = row('zeroShare') > 0 ? ` · ${Math.round(100 * row('zeroShare'))} % zero` : '';
  return `mean ${about}${number(row('mean'))} ± ${number(row('std'))} · ${below}${number(row('min'))} … ${above}${number(row('max'))}${zeros} · gradient norm ${number(row('gradientNorm'))}`;
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
        : `output ${activationText(row, sampleOf(run, first) !== null)}${gainText(row)}`,
    sampleText(run, [first]),
    more > 0 ? `and ${more} more` : null,
    footer(session, options, { step: run.measuredAt('operation', first.id) }),
  );
}

/** How much the gradient shrank or grew in passing. */
const gainText = (row: ActivationRow) => (Number.isNaN(row('gain')) ? '' : ` · gain ${number(row('gain'))}`);
