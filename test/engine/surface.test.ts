// docs/engine.md says what the engine has of PyTorch. It is made here: `npx vitest run test/engine/surface.test.ts -u` writes it.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sections, statesOf } from './surface.ts';

const intro = `# The engine and PyTorch

What \`import … from 'gradlens'\` gives a script, by PyTorch's names. Names are PyTorch's in camelCase, options stand in a trailing
object, methods that change a tensor in place end in \`_\`. Functions of tensors exist as methods and as functions: \`x.exp()\` and
\`exp(x)\`. This page is made from the code by a test: \`npx vitest run test/engine/surface.test.ts -u\`.

## What differs

- Indices are int32, not int64. Element types are float32, float64, int32 and bool.
- \`tensor([1, 2])\` is float32: JavaScript doesn't tell whole numbers apart. Name the type of indices and classes, or give an Int32Array.
- There are no operators: \`x.mul(2)\`, \`x.gt(0)\`. One element compares as a number: \`if (loss < 0.1)\`. \`for (const row of x)\` walks rows.
- Sizes of new tensors are an array, \`zeros([2, 3])\`; methods take both, \`x.reshape(2, 3)\` and \`x.reshape([2, 3])\`.
- What PyTorch returns as a named tuple has names and an order: \`const { values, indices } = x.topk(3)\` or
  \`const [values, indices] = x.topk(3)\`.
- Names of options that don't exist are refused, with a list of those that do.
- Brackets are methods: \`x.at(0, 1)\`, \`x.slice(dim, start, end)\`, \`x.index(rows, columns)\` with tensors and masks.
- \`noGrad\`, \`enableGrad\`, \`inferenceMode\` and \`autograd.detectAnomaly\` take a function instead of being a context.
- \`nn.MultiheadAttention\` returns its output; with \`{ needWeights: true }\` PyTorch's pair. Its \`mask\` is true where one may look, as
  in \`scaledDotProductAttention\`; \`attnMask\` is true where one may not, as in PyTorch. The transformer layers take PyTorch's masks
  (\`mask\`, \`srcMask\`, \`tgtMask\`, \`memoryMask\`, \`srcKeyPaddingMask\` …), true where one may not look.
- A state dict of PyTorch can be loaded as it is: \`model.loadStateDict(data.loadSafetensors(path))\` understands \`running_mean\` for
  \`runningMean\` and leaves out \`num_batches_tracked\`.
- \`DataLoader\` is synchronous. With \`numWorkers\` threads decode the images of an \`ImageFolder\` ahead; samples, transforms and the
  order of random numbers stay in the script's thread, so batches are the same with and without. It pays for images of some size while
  a core is free (\`test/bench/loading.ts\` measures it), hardly for images of 16 × 16, and not for tables, which are read once before
  there is anything to train: nothing else is read ahead.
- An optimizer's state is plain data under PyTorch's names (\`expAvg\`); a state of PyTorch's (\`exp_avg\`, \`param_groups\`) can be loaded
  as it is.
- Random numbers are Philox4x32-10 with the seed as key, so they are the same on every machine, but not PyTorch's.
- \`linalg.svd\`, \`qr\`, \`eigh\` and \`cholesky\` are computed by ml-matrix in float64; signs of vectors may differ from LAPACK's.

## How it is checked

- \`test/engine/operations.test.ts\` compares every operation's rule, and the rule of its rule, with finite differences.
- \`test/oracle/sweep.test.ts\` compares thousands of small cases (shapes, strides, broadcasting, types, special values; values,
  gradients and second gradients) with what PyTorch answered, and prints the worst error of each operation. \`sweep.py\` records the
  answers; with \`TORCH_PYTHON\` naming an interpreter that has torch, other inputs are compared live.
- \`test/oracle/engine.test.ts\` does so for functions of layers and losses, \`test/oracle/layers.test.ts\` for recurrent layers, attention,
  transformers, embeddings, normalizations that keep statistics, reparametrizations and initialization,
  \`test/oracle/networks.test.ts\` for whole networks in float32, \`test/oracle/curvature.test.ts\` for the curvature of losses.
- \`test/oracle/optimizers.test.ts\` goes fifty steps of PyTorch's with every optimizer and schedule, also from the state that PyTorch
  saved after half of them.
- \`test/oracle/transforms.test.ts\` compares transforms of images with torchvision's, \`test/oracle/metrics.test.ts\` scores with
  scikit-learn's and mean average precision with pycocotools', \`test/oracle/files.test.ts\` readers with files of NumPy, Pillow and
  safetensors, whole and cut short.
- \`test/engine/surface.test.ts\` makes the table below from the code, and compares its first column with the names that
  \`names.py\` found in PyTorch and torchvision.
- \`test/engine/errors.test.ts\` makes every kind of mistake: the message says what was expected and what came, the stack leads to
  the user's line; of a wrong change in place, to the change.
- \`test/engine/properties.test.ts\` tries laws: linearity, transposes, broadcasting, views, changes in place.
- \`test/engine/memory.test.ts\` trains 100,000 steps.

## What there is

`;

test('the recorded answers of PyTorch are all named', () => {
  const folder = new URL('../oracle/', import.meta.url);
  const recorded = readdirSync(folder).filter((name) => name.endsWith('.test.ts'));
  expect(recorded.filter((name) => !intro.includes(`test/oracle/${name}`))).toEqual([]);
});

test('the names of PyTorch’s are PyTorch’s', () => {
  const { has }: { has: Record<string, boolean> } = JSON.parse(
    readFileSync(new URL('../oracle/names.json', import.meta.url), 'utf8'),
  );
  const names = sections.flatMap(statesOf).flatMap(({ torch }) => (torch === null ? [] : [torch]));
  expect(names.filter((name) => !has[name])).toEqual([]);
});

test('docs/engine.md is what the code says', async () => {
  const states = sections.map((section) => ({ title: section.title, rows: statesOf(section) }));
  expect(
    states.flatMap(({ rows }) => rows.filter(({ note }) => note.startsWith('MISSING')).map(({ note }) => note)),
  ).toEqual([]);
  const all = states.flatMap(({ rows }) => rows);
  const theirs = all.filter(({ torch }) => torch !== null);
  const there = theirs.filter(({ ours }) => ours !== null).length;
  const tables = states.map(({ title, rows }) => {
    const lines = rows.map(
      ({ torch, ours, note }) =>
        `| ${torch === null ? '—' : `\`${torch}\``} | ${ours === null ? '—' : `\`${ours}\``} | ${note} |`,
    );
    return `### ${title}\n\n| PyTorch | here | |\n| --- | --- | --- |\n${lines.join('\n')}\n`;
  });
  const page = `${intro}${there} of ${theirs.length} names of PyTorch's, and ${all.length - theirs.length} of our own.\n\n${tables.join('\n')}`;
  await expect(page).toMatchFileSnapshot('../../docs/engine.md');
});
