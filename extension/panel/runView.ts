import path from 'node:path';
import type { Finding } from '../../engine/diagnose/finding.ts';
import type { LivingFinding } from '../../engine/diagnose/life.ts';
import { titleOf } from '../../engine/diagnose/titles.ts';
import { verdictOf } from '../../engine/diagnose/verdict.ts';
import type { PhaseFrame, StepFrame } from '../../engine/run/frame.ts';
import { elementCount, gradientNorm, type LayerGroup, layerGroups, updateRatio } from '../../engine/run/groups.ts';
import { rememberByStep } from '../../engine/run/remember.ts';
import type { Run } from '../../engine/run/run.ts';
import type { Site } from '../../engine/site.ts';
import type { ErrorView, FindingView, LayerView, PauseView, RunView } from '../../webview/protocol.ts';
import type { Session } from '../runs/session.ts';
import { beforeView } from './beforeView.ts';
import { tensorsOf } from './tensors.ts';
import { thinned } from './thinned.ts';

/** The rate is that of the last so many seconds. */
const RATE_SECONDS = 3;

/** What the panel shows of a run: a snapshot, thinned to what can be drawn. */
export function runView(session: Session): RunView {
  const { run, findings, living, status } = session;
  const groups = layerGroups(run);
  const steps = thinned(run.history.steps);
  const { end } = run;
  return {
    id: session.id,
    script: session.name,
    engine: run.start?.engine ?? 'embedded',
    status,
    message: session.pausing ? 'Pausing at the next operation …' : (end?.message ?? null),
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
    layers: groups.map((group) => layerView(run, findings, steps, group)),
    findings: living.map(findingView),
    before: beforeView(session, groups),
  };
}

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

function layerView(run: Run, findings: readonly Finding[], steps: readonly StepFrame[], group: LayerGroup): LayerView {
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
    gradientNorm: Float32Array.from(steps, (step) => normsAt(run, step, group).gradient),
    tensors: tensorsOf(group),
    updateRatio: Float32Array.from(steps, (step) => normsAt(run, step, group).update),
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
