import { ArgumentError } from '../tensor/errors.ts';

/** A box as [left, top, right, bottom], in any one unit. */
export type Box = readonly number[];

export interface GroundTruth {
  /** Which image; any number that the detections use too. */
  readonly image: number;
  readonly classId: number;
  readonly box: Box;
}

export interface Detection extends GroundTruth {
  /** How sure; only the order matters. */
  readonly score: number;
}

export interface MeanAveragePrecision {
  /** Mean over classes and the IoU thresholds 0.50, 0.55 … 0.95. */
  readonly map: number;
  /** At IoU 0.50. */
  readonly map50: number;
  /** At IoU 0.75. */
  readonly map75: number;
  /** Average precision (0.50 … 0.95) of each class that has ground truth. */
  readonly perClass: ReadonlyMap<number, number>;
}

/** Area of the intersection divided by the area of the union. */
export function iou(a: Box, b: Box): number {
  if (a.length !== 4 || b.length !== 4) throw new ArgumentError('iou: expected boxes [left, top, right, bottom].');
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const area = ([left, top, right, bottom]: Box) => (right - left) * (bottom - top);
  return (width * height) / (area(a) + area(b) - width * height);
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** Which detections (best first) hit a box not hit before: each takes the free box of its image with the greatest IoU. */
function matches(detections: readonly Detection[], truth: readonly GroundTruth[], threshold: number): boolean[] {
  const byImage = groupBy(truth, ({ image }) => image);
  const taken = new Set<GroundTruth>();
  return detections.map((detection) => {
    let best: GroundTruth | null = null;
    let bestOverlap = threshold;
    for (const candidate of byImage.get(detection.image) ?? []) {
      const overlap = taken.has(candidate) ? 0 : iou(detection.box, candidate.box);
      if (overlap >= bestOverlap) [best, bestOverlap] = [candidate, overlap];
    }
    if (best !== null) taken.add(best);
    return best !== null;
  });
}

/** Precision, made never to rise again, averaged over the recalls 0, 0.01 … 1. */
function averagePrecision(hits: readonly boolean[], positives: number): number {
  let found = 0;
  const curve = hits.map((hit, i) => {
    if (hit) found++;
    return { recall: found / positives, precision: found / (i + 1) };
  });
  for (let i = curve.length - 2; i >= 0; i--) curve[i].precision = Math.max(curve[i].precision, curve[i + 1].precision);
  let sum = 0;
  for (let step = 0; step <= 100; step++) sum += curve.find(({ recall }) => recall >= step * 0.01)?.precision ?? 0;
  return sum / 101;
}

/**
 * Mean average precision as COCO defines it (Lin et al. 2014; pycocotools): per class and IoU threshold, detections best
 * first (at most 100 per image), precision interpolated at 101 recalls. Classes without ground truth don't count.
 * All numbers are shares in 0 … 1; 0 without any ground truth.
 */
export function meanAveragePrecision(
  detections: readonly Detection[],
  truth: readonly GroundTruth[],
): MeanAveragePrecision {
  const thresholds = Array.from({ length: 10 }, (_, i) => 0.5 + i * ((0.95 - 0.5) / 9));
  const sorted = detections.toSorted((a, b) => b.score - a.score || a.image - b.image);
  const perImage = new Map<string, number>();
  const kept = sorted.filter(({ image, classId }) => {
    const key = `${image}/${classId}`;
    perImage.set(key, (perImage.get(key) ?? 0) + 1);
    return perImage.get(key)! <= 100;
  });
  const scores = new Map<number, number[]>();
  for (const [classId, boxes] of groupBy(truth, ({ classId }) => classId)) {
    const candidates = kept.filter((detection) => detection.classId === classId);
    const at = (threshold: number) => averagePrecision(matches(candidates, boxes, threshold), boxes.length);
    scores.set(classId, thresholds.map(at));
  }
  const mean = (values: readonly number[]) =>
    values.length > 0 ? values.reduce((a, b) => a + b, 0) / values.length : 0;
  const perClass = new Map([...scores].map(([classId, list]) => [classId, mean(list)]));
  const atThreshold = (i: number) => mean([...scores.values()].map((list) => list[i]));
  return { map: mean([...perClass.values()]), map50: atThreshold(0), map75: atThreshold(5), perClass };
}
