import path from 'node:path';
import type { Finding } from '../diagnose/finding.ts';
import { measuredSteps, notesOf, sampleOf } from '../run/notes.ts';
import { allRanks } from '../run/ranks.ts';
import type { Run } from '../run/run.ts';
import type { Site } from '../site.ts';

/** The document that `--json` prints; its shape is a stable surface. */
export interface Report {
  readonly schema: 1;
  readonly script: string;
  readonly engine: string;
  readonly steps: number;
  readonly seconds: number;
  readonly ended: string;
  readonly loss: { readonly first: number | null; readonly last: number | null; readonly best: number | null };
  readonly parameters: readonly object[];
  readonly findings: readonly object[];
  /**
   * At how many steps parameters, activations and gains, and histograms were measured, and the share of training time that
   * measuring took (null if the run didn't tell); of real PyTorch also what is measured of a part only.
   */
  readonly sampling: object;
  /** What can't be seen of this run. */
  readonly notes: readonly object[];
  /** What each rank measured by itself; empty for a process that trains alone. */
  readonly ranks: readonly object[];
  readonly error: object | null;
}

/** `cwd`: what paths are relative to. Numbers that aren't finite become null, as JSON has no others. */
export function report(run: Run, findings: readonly Finding[], cwd: string): Report {
  const relative = (file: string) => relativePath(file, cwd);
  const site = (place: Site | null) => place && { ...place, file: relative(place.file) };
  return {
    schema: 1,
    script: relative(run.start?.script ?? ''),
    engine: run.start?.engine ?? 'embedded',
    steps: run.stepCount,
    seconds: Number(run.seconds.toFixed(3)),
    ended: run.end?.ended ?? 'failed',
    loss: {
      first: finite(run.firstLoss),
      last: finite(run.history.last?.loss ?? Number.NaN),
      best: finite(run.bestLoss),
    },
    parameters: run.parameters.map((parameter) => {
      const row = run.latestParameter(parameter.id);
      const updateRatio = finite(row('updateNorm') / row('weightNorm'));
      return {
        name: parameter.name,
        shape: parameter.shape,
        layer: parameter.layer === null ? null : run.layers[parameter.layer].name,
        site: site(parameter.site),
        gradient: {
          norm: finite(row('gradientNorm')),
          /** Right after the backward pass, where clipping or unscaling has changed it since; null where not. */
          normBefore: finite(row('gradientNormBefore')),
          mean: finite(row('gradientMean')),
          std: finite(row('gradientStd')),
          min: finite(row('gradientMin')),
          max: finite(row('gradientMax')),
          zeroShare: finite(row('gradientZeroShare')),
          nonFinite: finite(row('gradientNonFinite')),
          histogram: histogramReport(run, parameter.id),
        },
        weight: { norm: finite(row('weightNorm')) },
        updateRatio,
        steps: run.stepsOf(parameter.id),
        sampledElements: sampleOf(run, parameter),
      };
    }),
    findings: findings.map(({ sites: _, ...finding }) => ({
      ...finding,
      confidence: Number(finding.confidence.toFixed(2)),
      site: site(finding.site),
      remedies: finding.remedies.map((remedy) => ({ ...remedy, trial: remedy.trial ?? null })),
    })),
    sampling: {
      ...run.start?.sampling,
      measuredSteps: measuredSteps(run),
      activationSteps: run.activationSteps,
      histogramSteps: run.histogramSteps,
      measuring: run.end?.measuring ?? null,
    },
    notes: notesOf(run).map(({ topic, message, step }) => ({ topic, message, step })),
    ranks: run.ranks.size ? [...allRanks(run)].map(([rank, own]) => rankReport(rank, own)) : [],
    error: run.error && { message: run.error.message, site: site(run.error.site), stack: run.error.stack },
  };
}

function rankReport(rank: number, run: Run): object {
  return {
    rank,
    steps: run.stepCount,
    loss: { first: finite(run.firstLoss), last: finite(run.history.last?.loss ?? Number.NaN) },
    parameters: run.parameters.map(({ id, name }) => {
      const row = run.latestParameter(id);
      const own = run.ownGradientsAt ? run.parameterAt(run.ownGradientsAt, id) : row;
      return { name, ownGradientNorm: finite(own('localGradientNorm')), gradientNorm: finite(row('gradientNorm')) };
    }),
    layers: run.layers.map(({ id, name }) => {
      const row = run.latestLayer(id);
      return {
        name,
        output: {
          mean: finite(row('mean')),
          std: finite(row('std')),
          min: finite(row('min')),
          max: finite(row('max')),
        },
      };
    }),
  };
}

/** The last one measured: `counts[i]` elements of `of` have 2^(first + i) ≤ |x| < 2^(first + i + 1). */
function histogramReport(run: Run, id: number): object | null {
  const latest = run.latestHistogram(id);
  if (!latest) return null;
  const { first, counts, zeros, nonFinite, of } = latest.histogram;
  return { step: latest.step, first, counts: [...counts], zeros, nonFinite, of };
}

const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);

/** With forward slashes, so that a report reads the same everywhere; absolute for what lies elsewhere. */
export function relativePath(file: string, cwd: string): string {
  const relative = path.relative(cwd, file);
  const elsewhere = relative.startsWith('..') || path.isAbsolute(relative);
  return (elsewhere ? file : relative).split(path.sep).join('/');
}
