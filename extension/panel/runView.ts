import path from 'node:path';
import type { Finding } from '../../engine/diagnose/finding.ts';
import type { LivingFinding } from '../../engine/diagnose/life.ts';
import { titleOf } from '../../engine/diagnose/titles.ts';
import { verdictOf } from '../../engine/diagnose/verdict.ts';
import { changedGradients } from '../../engine/run/clipping.ts';
import type { PhaseFrame, StepFrame } from '../../engine/run/frame.ts';
import {
  elementCount,
  gradientNorm,
  type LayerGroup,
  layerGroups,
  localGradientNorm,
  updateRatio,
} from '../../engine/run/groups.ts';
import { notesOf, sampleOf, samplingText } from '../../engine/run/notes.ts';
import { allRanks } from '../../engine/run/ranks.ts';
import { rememberByStep } from '../../engine/run/remember.ts';
import type { Run } from '../../engine/run/run.ts';
import type { Site } from '../../engine/site.ts';
import type { ErrorView, FindingView, LayerView, PauseView, RunView } from '../../webview/protocol.ts';
import type { Session } from '../runs/session.ts';
import { beforeView } from './beforeView.ts';
import { ranksView } from './ranksView.ts';
import { tensorsOf } from './tensors.ts';
import { thinned } from './thinned.ts';

/** The rate is that of the last so many seconds. */
const RATE_SECONDS = 3;

/** What the panel shows of a run: a snapshot, thinned to what can be drawn. */
export function runView(session: Session, rank: number | null = null): RunView {
  const { run, findings, living, status } = session;
  // A rank that there isn't (another run is shown now) is none.
  const own = rank === null ? undefined : allRanks(run).get(rank);
  const shown = own ?? run;
  const groups = layerGroups(shown);
  const steps = thinned(shown.history.steps);
  return {
    id: session.id,
    script: session.name,
    engine: run.start?.engine ?? 'embedded',
    status,
    message: session.pausing ? 'Pausing at the next operation …' : endText(run),
    pause: pauseView(session.pausedAt),
    error: run.error && errorView(run.error),
    stepCount: run.stepCount,
    stepsPerSecond: stepsPerSecond(run),
    seconds: run.seconds,
    missedSteps: run.missedSteps,
    history: {
      step: Float64Array.from(steps, (s) => s.step),
      loss: Float32Array.from(steps, (s) => s.loss),
      learningRate: Float32Array.from(steps, (s) => s.learningRate),
    },
    layers: groups.map((group) => layerView(shown, findings, steps, group, own !== undefined)),
    findings: living.map(findingView),
    before: beforeView(session, groups),
    notes: notesOf(run).map(({ message }) => message),
    measured: samplingText(shown),
    changed: changedGradients(shown),
    ranks: run.ranks.size ? ranksView(run, own ? rank : null) : null,
  };
}

/** What the error says needn't be said twice. */
const endText = ({ end, error }: Run): string | null =>
  end?.message === error?.message ? null : (end?.message ?? null);

export function stepsPerSecond(run: Run): number {
  const { last, steps } = run.history;
  if (!last || steps.length < 2) return 0;
  const since = steps.findLast((s) => s.time <= last.time - RATE_SECONDS) ?? steps[0];
  return last.time > since.time ? (last.step - since.step) / (last.time - since.time) : 0;
}

export const placeText = (site: Site | null) => site && `${path.basename(site.file)}:${site.line}`;

const pauseView = (paused: PhaseFrame | null): PauseView | null =>
  paused && { phase: paused.phase, step: paused.step, place: placeText(paused.site) };

const errorView = ({ name, message, site }: { name: string; message: string; site: Site | null }): ErrorView => ({
  title: name,
  message,
  place: placeText(site),
});

/** Snapshots are made many times a second. */
const normsAt = rememberByStep(
  ({ name }: LayerGroup) => name,
  (run, step, group) => ({ gradient: gradientNorm(run, step, group), update: updateRatio(run, step, group) }),
);

/** The same of one rank: its own gradient, before it was averaged. */
const ownNormsAt = rememberByStep(
  ({ name }: LayerGroup) => name,
  (run, step, group) => {
    const gradient = localGradientNorm(run, step, group);
    return {
      gradient: Number.isNaN(gradient) ? gradientNorm(run, step, group) : gradient,
      update: updateRatio(run, step, group),
    };
  },
);

function layerView(
  run: Run,
  findings: readonly Finding[],
  steps: readonly StepFrame[],
  group: LayerGroup,
  ofRank: boolean,
): LayerView {
  const norms = ofRank ? ownNormsAt : normsAt;
  const sampled = group.parameters.map((parameter) => sampleOf(run, parameter)).find((elements) => elements !== null);
  const rows = group.parameters.map(({ id }) => run.latestParameter(id));
  const mean =
    rows.reduce((sum, row, i) => sum + row('gradientMean') * elementCount(group.parameters[i]), 0) / group.size;
  const squares = rows.reduce((sum, row) => sum + row('gradientNorm') ** 2, 0) / group.size;
  const activation = group.layer === null ? null : run.latestLayer(group.layer);
  return {
    name: group.name,
    type: group.type,
    description: group.description,
    place: placeText(group.site),
    parameters: group.size,
    verdict: verdictOf(run, findings, group),
    gradientNorm: Float32Array.from(steps, (step) => norms(run, step, group).gradient),
    tensors: tensorsOf(group),
    sampled: sampled ?? null,
    updateRatio: Float32Array.from(steps, (step) => norms(run, step, group).update),
    latest: {
      gradientMean: mean,
      gradientStd: Math.sqrt(Math.max(0, squares - mean * mean)),
      gradientMin: Math.min(...rows.map((row) => row('gradientMin'))),
      gradientMax: Math.max(...rows.map((row) => row('gradientMax'))),
      weightNorm: Math.hypot(...rows.map((row) => row('weightNorm'))),
      activationMean: activation?.('mean') ?? Number.NaN,
      activationStd: activation?.('std') ?? Number.NaN,
    },
  };
}

function findingView({ finding, stage, seen }: LivingFinding): FindingView {
  const { id, severity, confidence, layers, step, cause, evidence, remedies, site } = finding;
  return {
    id,
    title: titleOf(id),
    severity,
    confidence,
    layers,
    step,
    cause,
    evidence,
    remedies: remedies.map(({ title }) => title),
    place: placeText(site),
    stage,
    curedAt: stage === 'cured' ? seen : null,
  };
}
