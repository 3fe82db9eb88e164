// What metrics.py recorded from scikit-learn and pycocotools, against `metrics`.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { metrics, tensor } from '../../engine/index.ts';

interface Classes {
  readonly kind: 'classes';
  readonly scores: number[][];
  readonly target: number[];
  readonly accuracy: number;
  readonly topK: (number | null)[];
  readonly confusion: number[][];
  readonly precision: number[];
  readonly recall: number[];
  readonly f1: number[];
  readonly support: number[];
  readonly averages: Record<'macro' | 'weighted' | 'micro', [number, number, number]>;
  readonly jaccard: number[];
}

interface Area {
  readonly kind: 'auc';
  readonly scores: number[];
  readonly target: number[];
  readonly value: number;
}

interface Regression {
  readonly kind: 'r2';
  readonly prediction: number[];
  readonly target: number[];
  readonly value: number;
}

interface Scene {
  readonly kind: 'detection';
  readonly detections: metrics.Detection[];
  readonly truth: metrics.GroundTruth[];
  readonly map: number;
  readonly map50: number;
  readonly map75: number;
  readonly perClass: [number, number][];
}

const [version, ...cases]: [{ sklearn: string; pycocotools: string }, ...(Classes | Area | Regression | Scene)[]] =
  JSON.parse(
    `[${gunzipSync(readFileSync(new URL('metrics.jsonl.gz', import.meta.url)))
      .toString()
      .trim()
      .replaceAll('\n', ',')}]`,
  );

const of = <K extends (typeof cases)[number]['kind']>(kind: K) =>
  cases.filter((c): c is Extract<(typeof cases)[number], { kind: K }> => c.kind === kind);
const f64 = (values: number[] | number[][]) => tensor(values, { dtype: 'float64' });
const ints = (values: number[]) => tensor(values, { dtype: 'int32' });

function close(got: number | readonly number[], want: number | readonly number[]): void {
  const [a, b] = [got, want].map((v) => (typeof v === 'number' ? [v] : v));
  expect(a.length).toBe(b.length);
  for (const [i, value] of a.entries()) expect(value, `element ${i}`).toBeCloseTo(b[i], 10);
}

describe(`classes, scikit-learn ${version.sklearn}`, () => {
  test.each(of('classes'))('$target.length samples', (c) => {
    const [scores, target] = [f64(c.scores), ints(c.target)];
    const classes = c.scores[0].length;
    close(metrics.accuracy(scores, target), c.accuracy);
    c.topK.forEach((want, i) => {
      if (want !== null) close(metrics.topKAccuracy(scores, target, i + 1), want);
    });
    expect(metrics.confusionMatrix(scores, target, classes)).toEqual(c.confusion);
    const each = metrics.f1Scores(scores, target);
    for (const name of ['precision', 'recall', 'f1', 'support'] as const) {
      close(
        each.map((score) => score[name]),
        c[name],
      );
    }
    for (const average of ['macro', 'weighted', 'micro'] as const) {
      const all = [metrics.precision, metrics.recall, metrics.f1Score].map((f) => f(scores, target, { average }));
      close(all, c.averages[average]);
    }
    // A class in neither is 0 by scikit-learn's `zero_division`, NaN here.
    const overlap = metrics.segmentationIou(scores.argmax(1), target, classes);
    close(
      overlap.map((v) => (Number.isNaN(v) ? 0 : v)),
      c.jaccard,
    );
  });
});

test.each(of('auc'))('area under the curve of $target.length samples: $value', ({ scores, target, value }) => {
  close(metrics.rocAuc(f64(scores), ints(target)), value);
});

test.each(of('r2'))('R² $value', ({ prediction, target, value }) => {
  close(metrics.r2Score(f64(prediction), f64(target)), value);
});

describe(`mean average precision, pycocotools ${version.pycocotools}`, () => {
  test.each(of('detection'))('$detections.length detections of $truth.length boxes', (scene) => {
    const { map, map50, map75, perClass } = metrics.meanAveragePrecision(scene.detections, scene.truth);
    close([map, map50, map75], [scene.map, scene.map50, scene.map75]);
    expect([...perClass.keys()].sort()).toEqual(scene.perClass.map(([c]) => c));
    for (const [c, want] of scene.perClass) close(perClass.get(c)!, want);
  });
});
