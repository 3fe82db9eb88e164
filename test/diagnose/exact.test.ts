import { describe, expect, test } from 'vitest';
import { examine } from '../../engine/diagnose/diagnose.ts';
import { learned } from '../../engine/diagnose/evidence/learned.ts';
import { run } from '../host/scripts.ts';
import { deep, findingOf, findingsOf, GAN, HEAD, lineOf, lineOfSite, trained } from './scripts.ts';

/** What is decided, not guessed. */

const MLP = deep('·.relu()', 1);

describe('missing-zero-grad', () => {
  test('no zeroGrad', async () => {
    const script = trained(MLP, { lr: '0.001' }).replace('optimizer.zeroGrad();', '');
    const finding = await findingOf('missing-zero-grad', script);
    expect(finding).toMatchObject({ cause: 'gradients-accumulate', strength: 'strong', step: 1 });
    expect(finding.parameters).toHaveLength(6);
    expect(lineOfSite(finding)).toBe(lineOf(script, 'optimizer.step()'));
    expect(finding.evidence).toMatch(/step 1 .* 59 of 59 steps/);
  });

  test('zeroed once an epoch', async () => {
    const script = trained(MLP, { lr: '0.001' }).replace(
      'optimizer.zeroGrad();',
      'if (step % 10 === 0) optimizer.zeroGrad();',
    );
    expect((await findingOf('missing-zero-grad', script)).evidence).toMatch(/54 of 59 steps/);
  });

  test('by hand', async () => {
    const script = `${HEAD}const x = randn([64, 1]);
const w = tensor([[0.5]], { requiresGrad: true });
for (let step = 0; step < 20; step++) {
  x.matmul(w).sub(x.mul(3)).square().mean().backward();
  noGrad(() => w.sub_(w.grad.mul(0.01)));
}
`;
    const finding = await findingOf('missing-zero-grad', script);
    expect(finding.layers).toEqual(['w']);
    expect(lineOfSite(finding)).toBe(lineOf(script, 'const w'));
  });

  test.each([
    [
      'accumulation over four batches',
      trained(MLP).replace(
        /optimizer.zeroGrad\(\);([\s\S]*)optimizer.step\(\);/,
        (_, body) => `
  optimizer.zeroGrad();
  for (let i = 0; i < 4; i++) {${body}}
  optimizer.step();`,
      ),
    ],
    [
      'zeroed after the update',
      trained(MLP)
        .replace('optimizer.zeroGrad();', '')
        .replace('optimizer.step();', 'optimizer.step();\n  optimizer.zeroGrad();'),
    ],
    [
      'zeroed in place by hand',
      trained(MLP).replace(
        'optimizer.zeroGrad();',
        'for (const p of model.parameters()) if (p.grad) noGrad(() => p.grad.zero_());',
      ),
    ],
    ['a generator and its critic, each zeroed before its own pass', GAN],
  ])('healthy: %s', async (_what, script) => {
    expect(await findingsOf(script)).toEqual([]);
  });
});

describe('not-optimized', () => {
  const some = (list: string) => trained(MLP).replace(/model\.parameters\(\)\.filter\(.*?\), \{/, `${list}, {`);

  test('a layer is missing from the optimizer', async () => {
    const script = some('[...model.input.parameters(), ...model.output.parameters()]');
    const finding = await findingOf('not-optimized', script);
    expect(finding).toMatchObject({ cause: 'missing-from-optimizer', layers: ['hidden.0'] });
    expect(finding.parameters).toEqual(['hidden.0.weight', 'hidden.0.bias']);
    expect(finding.strength).toBe('strong');
    expect(lineOfSite(finding)).toBe(lineOf(script, 'hidden = '));
  });

  test('its gradient, which nobody zeroes, grows and grows: that isn’t explosion', async () => {
    const script = some('model.parameters().slice(2)').replace('step < 60', 'step < 250');
    expect((await findingsOf(script)).map(({ id }) => id)).toEqual(['not-optimized']);
  });

  test('one tensor is', async () => {
    const script = `${HEAD}const x = randn([64, 1]);
const w = tensor([[0.5]], { requiresGrad: true });
const b = tensor([0.5], { requiresGrad: true });
const optimizer = new optim.SGD([w], { lr: 0.1 });
for (let step = 0; step < 20; step++) {
  optimizer.zeroGrad();
  x.matmul(w).add(b).sub(x.mul(3).add(2)).square().mean().backward();
  optimizer.step();
}
`;
    const finding = await findingOf('not-optimized', script);
    expect(finding.parameters).toEqual(['b']);
    expect(lineOfSite(finding)).toBe(lineOf(script, 'const b'));
  });

  test('gradients are zeroed between the backward pass and the update', async () => {
    const script = trained(MLP)
      .replace('optimizer.zeroGrad();', '')
      .replace('loss.backward();', 'loss.backward();\n  optimizer.zeroGrad();');
    const finding = await findingOf('not-optimized', script);
    expect(finding.cause).toBe('zeroed-before-update');
    expect(lineOfSite(finding)).toBe(lineOf(script, 'optimizer.step()'));
  });

  test('the optimizer holds another model', async () => {
    const script = trained(`${MLP}const other = new Deep();`).replace('SGD(model', 'SGD(other');
    const finding = await findingOf('not-optimized', script);
    expect(finding.parameters).toContain('model.input.weight');
    expect(lineOfSite(finding)).toBe(lineOf(script, 'new optim.SGD'));
  });

  test.each([
    ['frozen', trained(`${MLP}model.hidden[0].requiresGrad_(false);`)],
    [
      'the data ask for a gradient',
      trained(MLP).replace(
        'optimizer.zeroGrad();',
        'optimizer.zeroGrad();\n  const x = randn([64, 8]).requiresGrad_();',
      ),
    ],
    [
      'an image is trained through a fixed network',
      `${HEAD}${MLP}
const image = randn([4, 8]).requiresGrad_();
const optimizer = new optim.Adam([image], { lr: 0.01 });
for (let step = 0; step < 30; step++) {
  optimizer.zeroGrad();
  model(image).square().mean().backward();
  optimizer.step();
}
`,
    ],
  ])('healthy: %s', async (_what, script) => {
    expect(await findingsOf(script)).toEqual([]);
  });
});

describe('frozen-parameter', () => {
  test('detached', async () => {
    const script = trained(MLP.replace('h = layer(h).relu()', 'h = layer(h).relu().detach()'));
    const finding = await findingOf('frozen-parameter', script);
    expect(finding).toMatchObject({ cause: 'detached', layers: ['input', 'hidden.0'] });
    expect(lineOfSite(finding)).toBe(lineOf(script, 'input = '));
  });

  test('unused', async () => {
    const script = trained(MLP.replace('output =', 'extra = new nn.Linear(16, 16);\n  output ='));
    const finding = await findingOf('frozen-parameter', script);
    expect(finding).toMatchObject({ cause: 'unused', layers: ['extra'] });
    expect(finding.parameters).toEqual(['extra.weight', 'extra.bias']);
    expect(lineOfSite(finding)).toBe(lineOf(script, 'extra = '));
  });

  test.each([
    ['frozen on purpose', trained(`${MLP}model.input.requiresGrad_(false);`)],
    [
      'a body that runs without recording',
      trained(MLP.replace('let h = this.input(x).relu();', 'let h = noGrad(() => this.input(x).relu());'), {
        data: 'noGrad(() => y.copy_(x.slice(1, 0, 1).mul(2).add(x.slice(1, 1, 2))));',
        steps: 100,
      }),
    ],
    [
      'two heads, taken in turns',
      trained(
        MLP.replace('output =', 'other = new nn.Linear(16, 1);\n  turn = 0;\n  output =').replace(
          'return this.output(h)',
          'return this.turn++ % 3 ? this.output(h) : this.other(h)',
        ),
      ),
    ],
  ])('healthy: %s', async (_what, script) => {
    expect(await findingsOf(script)).toEqual([]);
  });
});

const classifier = (last: string, loss = 'F.crossEntropy(model(x), labels)') =>
  trained(`const model = new nn.Sequential(new nn.Linear(8, 16), new nn.Tanh(), new nn.Linear(16, 4)${last});`, {
    data: "const labels = x.slice(1, 0, 4).argmax(1).to('int32');",
    loss,
  });

describe('non-finite on the way back', () => {
  const MLP_LOSS = 'F.mseLoss(model(x), y)';

  test('a root at 0 has no slope: it’s named, and its line', async () => {
    const script = trained(MLP, {
      loss: `\n    ${MLP_LOSS}.add(\n      model(x).sub(model(x)).square().sum().sqrt())`,
    });
    const finding = await findingOf('non-finite', script);
    expect(finding).toMatchObject({ cause: 'backward-overflow', step: 0 });
    expect(finding.evidence).toContain('the backward of sqrt (it had kept 0');
    expect(lineOfSite(finding)).toBe(lineOf(script, 'sqrt'));
  });

  test('healthy: an infinite slope of what no weight has made', async () => {
    const root = 'cat([model(x).square().add(1), zeros([64, 1])], 1).sqrt().mean()';
    const script = trained(MLP, { loss: `${MLP_LOSS}.add(${root}.mul(0.01))` }).replace('{ nn', '{ cat, nn');
    expect(await findingsOf(script)).toEqual([]);
  });
});

describe('double-softmax', () => {
  test('a softmax layer before cross entropy', async () => {
    const script = classifier(',\n  new nn.Softmax(1),\n');
    const finding = await findingOf('double-softmax', script);
    expect(finding).toMatchObject({ cause: 'softmax-twice', strength: 'strong', layers: ['3'] });
    expect(lineOfSite(finding)).toBe(lineOf(script, 'nn.Softmax'));
    expect(finding.evidence).toContain(`below ${Math.log1p(3 / Math.E).toPrecision(3)}`);
  });

  test('a softmax in forward', async () => {
    const script = classifier('', '\n    F.crossEntropy(model(x).softmax(1), labels)');
    expect(lineOfSite(await findingOf('double-softmax', script))).toBe(lineOf(script, 'softmax(1)'));
  });

  test('a sigmoid before the loss that takes logits', async () => {
    const script = trained(deep('·.relu()', 1), {
      loss: 'new nn.BCEWithLogitsLoss()(model(x).sigmoid(), y.gt(0).to("float32"))',
    });
    expect(await findingOf('double-softmax', script)).toMatchObject({ cause: 'sigmoid-twice' });
  });

  test.each([
    ['logits', classifier('')],
    ['log-softmax before cross entropy changes nothing', classifier(', new nn.LogSoftmax(1)')],
    ['log-softmax and the likelihood', classifier(', new nn.LogSoftmax(1)', 'F.nllLoss(model(x), labels)')],
    ['targets that are probabilities', classifier('', 'F.crossEntropy(model(x), x.slice(1, 0, 4).softmax(1))')],
    [
      'a sigmoid and the loss of probabilities',
      trained(deep('·.relu()', 1), { loss: 'F.binaryCrossEntropy(model(x).sigmoid(), y.gt(0).to("float32"))' }),
    ],
  ])('healthy: %s', async (_what, script) => {
    expect(await findingsOf(script)).toEqual([]);
  });
});

describe('gradient-check-failed', () => {
  const custom = (forward: string, backward: string) =>
    trained(MLP, {
      data: `class Own extends autograd.Function {
  static forward(context, x) {
    context.saveForBackward(x);
    return ${forward};
  }
  static backward(context, gradient) {
    const [x] = context.savedTensors;
    return ${backward};
  }
}`,
      loss: '\n    Own.apply(model(x)).sub(y).square().mean()',
    }).replace('import {', 'import { autograd,');

  test('a wrong factor', async () => {
    const script = custom('x.square()', 'gradient.mul(x)');
    const finding = await findingOf('gradient-check-failed', script);
    expect(finding).toMatchObject({ cause: 'wrong-backward', step: 0 });
    expect(finding.evidence).toMatch(/The backward of Own gives/);
    expect(lineOfSite(finding)).toBe(lineOf(script, 'Own.apply'));
  });

  test('is an error also where the model learns well all the same', async () => {
    const script = custom('x.mul(1.5)', 'gradient.mul(1.2)')
      .replace('Own.apply(model(x)).sub(y).square().mean()', 'F.mseLoss(Own.apply(model(x)), y)')
      .replace(
        'y] = [randn([64, 8]), randn([64, 1])];',
        'y] = [randn([64, 8]), zeros([64, 1])];\ny.copy_(x.slice(1, 0, 1));',
      )
      .replace('lr: 0.05', 'lr: 0.2')
      .replace('step < 60', 'step < 200');
    const { run: watched } = await run(script);
    expect(learned(watched)).toBeGreaterThan(0.9);
    expect(examine(watched)).toMatchObject([{ id: 'gradient-check-failed', severity: 'error' }]);
  });

  test.each([
    ['right', 'x.square()', 'gradient.mul(x).mul(2)'],
    ['straight through', 'x.round()', 'gradient'],
    ['a gradient reversed', 'x.clone()', 'gradient.neg()'],
    ['a gradient clipped', 'x.mul(1)', 'gradient.clamp({ min: -0.01, max: 0.01 })'],
    ['a mask drawn anew', 'x.mul(randn(x.shape).gt(0))', 'gradient'],
  ])('healthy: %s', async (_what, forward, backward) => {
    const findings = await findingsOf(custom(forward, backward));
    expect(findings.filter(({ id }) => id === 'gradient-check-failed')).toEqual([]);
  });

  test('checking changes nothing of what is computed', async () => {
    const script = custom('x.mul(randn(x.shape).mul(0.1).add(1))', 'gradient');
    const [a, b] = [
      await run(script),
      await run(script.replace('Own.apply(model(x))', '((m) => m.mul(randn(m.shape).mul(0.1).add(1)))(model(x))')),
    ];
    expect(a.losses[0]).toBe(b.losses[0]);
  });
});
