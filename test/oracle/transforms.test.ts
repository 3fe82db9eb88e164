// What transforms.py recorded from torchvision, against data.transforms.functional.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { data, Tensor, tensor } from '../../engine/index.ts';

const { functional } = data.transforms;

interface Recorded {
  readonly shape: number[];
  readonly values: number[];
}

interface Case {
  readonly name: string;
  readonly image: Recorded;
  readonly args: unknown[];
  readonly output: Recorded | Recorded[];
}

const [version, ...cases]: [{ torchvision: string }, ...Case[]] = JSON.parse(
  `[${gunzipSync(readFileSync(new URL('transforms.jsonl.gz', import.meta.url)))
    .toString()
    .trim()
    .replaceAll('\n', ',')}]`,
);

const load = ({ shape, values }: Recorded): Tensor => tensor(Float32Array.from(values)).reshape(shape);

type Answer = (image: Tensor, ...args: unknown[]) => Tensor | Tensor[];

/** Functions of a batch take it together with its targets. */
const ofBatch =
  (mix: typeof functional.mixup | typeof functional.cutmix): Answer =>
  (image, target, order, how) =>
    mix([image, load(target as Recorded)], tensor(order as number[], { dtype: 'int32' }), how as never);

const answers: Record<string, Answer> = {
  ...(functional as unknown as Record<string, Answer>),
  mixup: ofBatch(functional.mixup),
  cutmix: ofBatch(functional.cutmix),
};

function close(got: Tensor, want: Recorded): void {
  expect(got.shape).toEqual(want.shape);
  const values = got.toFlat();
  want.values.forEach((w, i) => {
    expect(Math.abs(values[i] - w), `element ${i}: got ${values[i]}, torchvision says ${w}`).toBeLessThanOrEqual(3e-6);
  });
}

describe(`functions of images, torchvision ${version.torchvision}`, () => {
  test.each(cases.map((c, i) => [c.name, i, c] as const))('%s (%i)', (name, _, { image, args, output }) => {
    const given = load(image);
    const before = [...given.toFlat()];
    const got = answers[name](given, ...args);
    if (got instanceof Tensor) close(got, output as Recorded);
    else got.forEach((part, i) => void close(part, (output as Recorded[])[i]));
    expect([...given.toFlat()]).toEqual(before);
  });
});
