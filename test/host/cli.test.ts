import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { streamOf } from '../run/frames.ts';
import { EXAMPLES, type Files, folder, isAlive, write } from './scripts.ts';

const CLI = path.join(import.meta.dirname, '../../engine/host/cli.ts');

function spawnCli(args: readonly string[], cwd: string) {
  // a group of its own, so that Ctrl-C can be given to it as a terminal does
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, ...args], {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = { child, stdout: '', stderr: '', ended: once(child, 'close') };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said.stderr += text;
  });
  return said;
}

async function gradlens(args: readonly string[], cwd = folder()) {
  const said = spawnCli(args, cwd);
  const [status] = await said.ended;
  return { status, stdout: said.stdout, stderr: said.stderr };
}

/** Runs the first of the files with `gradlens run`, from its folder. */
const runIn = (files: string | Files, ...args: string[]) => {
  const script = write(files);
  return gradlens(['run', path.basename(script), ...args], path.dirname(script));
};

const TRAINING = `import { nn, optim, randn, manualSeed } from 'gradlens';
manualSeed(2);
const model = new nn.Linear(3, 1);
const optimizer = new optim.SGD(model.parameters(), { lr: 0.01 });
const x = randn([8, 3]);
for (let step = 0; step < 30; step++) {
  optimizer.zeroGrad();
  const loss = model(x).sub(1).square().mean();
  loss.backward();
  optimizer.step();
  console.log(step);
}
`;

/** Ends every layer's gradient below the one behind it, so that a finding is sure. */
const VANISHING = `import { nn, optim, randn, manualSeed } from 'gradlens';
manualSeed(2);
const layers = Array.from({ length: 9 }, () => new nn.Linear(8, 8));
const model = new nn.Sequential(...layers.flatMap((layer) => [layer, new nn.Sigmoid()]), new nn.Linear(8, 1));
const optimizer = new optim.SGD(model.parameters(), { lr: 0.01 });
const [x, y] = [randn([32, 8]), randn([32, 1])];
for (let step = 0; step < 60; step++) {
  optimizer.zeroGrad();
  model(x).sub(y).square().mean().backward();
  optimizer.step();
}
`;

describe('run', () => {
  test('--json: one document and nothing else', async () => {
    const { status, stdout, stderr } = await runIn(TRAINING, '--json');
    expect(status).toBe(0);
    expect(stderr).toBe('');
    const report = JSON.parse(stdout);
    expect(Object.keys(report)).toEqual([
      'schema',
      'script',
      'engine',
      'steps',
      'seconds',
      'ended',
      'loss',
      'parameters',
      'findings',
      'sampling',
      'notes',
      'ranks',
      'error',
    ]);
    expect(report).toMatchObject({
      schema: 1,
      script: 'script.ts',
      engine: 'embedded',
      steps: 30,
      ended: 'completed',
      findings: [],
      sampling: { measuredSteps: 30, activationSteps: expect.any(Number), histogramSteps: expect.any(Number) },
      notes: [],
      ranks: [],
      error: null,
    });
    const { activationSteps, histogramSteps, measuring } = report.sampling;
    for (const sampled of [activationSteps, histogramSteps]) expect(sampled).toBeGreaterThanOrEqual(3);
    expect(measuring).toBeGreaterThan(0);
    expect(measuring).toBeLessThan(1);
    expect(Object.keys(report.loss)).toEqual(['first', 'last', 'best']);
    expect(report.loss.last).toBeLessThan(report.loss.first);
    const [weight, bias] = report.parameters;
    expect(bias.name).toBe('model.bias');
    expect(Object.keys(weight)).toEqual([
      'name',
      'shape',
      'layer',
      'site',
      'gradient',
      'weight',
      'updateRatio',
      'steps',
      'sampledElements',
    ]);
    const statistics = ['norm', 'normBefore', 'mean', 'std', 'min', 'max', 'zeroShare', 'nonFinite'];
    expect(Object.keys(weight.gradient)).toEqual([...statistics, 'histogram']);
    const { counts, zeros, nonFinite, of } = weight.gradient.histogram;
    expect(counts.reduce((sum: number, count: number) => sum + count, zeros + nonFinite)).toBe(of);
    expect(weight).toMatchObject({
      name: 'model.weight',
      shape: [1, 3],
      layer: 'model',
      site: { file: 'script.ts', line: 3, column: 15 },
      steps: 30,
    });
  });

  test('--json with a finding: status 1, the keys of a finding', async () => {
    const { status, stdout } = await runIn(VANISHING, '--json');
    const { findings } = JSON.parse(stdout);
    expect(findings.map(({ id }: { id: string }) => id)).toEqual(['vanishing-gradient']);
    expect(Object.keys(findings[0]).sort()).toEqual(
      ['id', 'severity', 'confidence', 'layers', 'parameters', 'site', 'step', 'cause', 'evidence', 'remedies'].sort(),
    );
    expect(findings[0].site.file).toBe('script.ts');
    for (const remedy of findings[0].remedies) expect(Object.keys(remedy)).toEqual(['id', 'title', 'edit', 'trial']);
    expect(status).toBe(1);
  });

  test('text: what it printed, the table, the findings', async () => {
    const { status, stdout } = await runIn(VANISHING);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^completed after 60 steps/m);
    expect(stdout).toMatch(/^0 +Linear +72 .*script\.ts:3:/m);
    expect(stdout).toContain('[vanishing-gradient]');
    expect(stdout).not.toContain('\u001b');
  });

  test('--quiet: findings only', async () => {
    const { stdout } = await runIn(TRAINING, '--quiet');
    expect(stdout.trim()).toBe('Nothing found.');
  });

  test('the script fails: status 2, its error in both forms', async () => {
    const text = await runIn("console.log('a');\nthrow new RangeError('no');\n");
    expect(text.status).toBe(2);
    expect(text.stdout).toContain('RangeError: no\n  at script.ts:2:7\n');
    const json = await runIn("console.log('a');\nthrow new RangeError('no');\n", '--json');
    expect(json.status).toBe(2);
    expect(JSON.parse(json.stdout)).toMatchObject({
      ended: 'failed',
      steps: 0,
      error: { message: 'no', site: { file: 'script.ts', line: 2, column: 7 } },
    });
  });

  test('--steps', async () => {
    const report = JSON.parse((await runIn(TRAINING, '--json', '--steps', '7')).stdout);
    expect(report).toMatchObject({ steps: 7, ended: 'stopped' });
  });

  test('--seed', async () => {
    const script = write(TRAINING);
    const first = async (...args: string[]) => {
      const { stdout } = await gradlens(['run', 'script.ts', '--json', '--steps', '2', ...args], path.dirname(script));
      return JSON.parse(stdout).loss.first;
    };
    const [own, one, oneAgain] = [await first(), await first('--seed', '1'), await first('--seed', '1')];
    expect(oneAgain).toBe(one);
    expect(own).not.toBe(one);
    expect(await first('--seed', '2')).toBe(own);
  });

  test('arguments after --', async () => {
    const { stdout } = await runIn('console.log(process.argv.slice(2).join());\n', '--', '--json', '-x', 'y');
    expect(stdout).toMatch(/^--json,-x,y$/m);
  });

  test('compare: losses, layers and findings of two logs', async () => {
    const healthy = VANISHING.replaceAll('nn.Sigmoid()', 'nn.Tanh()').replace('length: 9', 'length: 3');
    const cwd = path.dirname(write({ 'a.ts': VANISHING, 'b.ts': healthy }));
    for (const name of ['a', 'b']) await gradlens(['run', `${name}.ts`, '--quiet', '--log', `${name}.gradlens`], cwd);
    const { status, stdout } = await gradlens(['compare', 'a.gradlens', 'b.gradlens', '--json'], cwd);
    expect(status).toBe(0);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ schema: 1, a: { script: 'a.ts' }, b: { script: 'b.ts' } });
    expect(document.findings).toEqual({ onlyA: ['vanishing-gradient'], onlyB: [], both: [] });
    const [first] = document.layers;
    expect(first.type).toBe('Linear');
    expect(first.gradient.b / first.gradient.a).toBeGreaterThan(10);
    const text = await gradlens(['compare', 'a.gradlens', 'b.gradlens'], cwd);
    expect(text.stdout).toMatch(/layer +type +gradient A +gradient B +B ÷ A/);
    expect(text.stdout).toContain('Only in A: Vanishing gradient');
    expect((await gradlens(['compare', 'a.gradlens', 'none.gradlens'], cwd)).status).toBe(64);
  });

  test('--log, and show', async () => {
    const script = write(VANISHING);
    const cwd = path.dirname(script);
    const ran = await gradlens(['run', 'script.ts', '--json', '--log', 'a.gradlens'], cwd);
    const shown = await gradlens(['show', 'a.gradlens', '--json'], cwd);
    expect(shown.status).toBe(1);
    expect(JSON.parse(shown.stdout)).toEqual(JSON.parse(ran.stdout));
    const text = await gradlens(['show', 'a.gradlens'], cwd);
    expect(text.stdout).toContain('[vanishing-gradient]');
    expect(fs.readdirSync(cwd).sort()).toEqual(['a.gradlens', 'script.ts']);
  });

  test('the user’s folder is as it was', async () => {
    const script = write({ 'script.ts': TRAINING, 'data/notes.txt': 'mine' });
    const cwd = path.dirname(script);
    await gradlens(['run', 'script.ts'], cwd);
    expect(fs.readdirSync(cwd, { recursive: true }).sort()).toEqual(['data', 'data/notes.txt', 'script.ts']);
  });
});

describe('diagnose', () => {
  test('stops once it is settled', async () => {
    const { status, stdout } = await gradlens(
      ['diagnose', 'script.ts', '--json'],
      path.dirname(write(VANISHING.replace('60', '1e9'))),
    );
    expect(JSON.parse(stdout)).toMatchObject({ ended: 'settled', findings: [{ id: 'vanishing-gradient' }] });
    expect(status).toBe(1);
  });
});

describe('wrong usage: status 64, said on stderr', () => {
  const cases: [string, string[], RegExp][] = [
    ['a script that is not there', ['run', 'missing.ts'], /missing\.ts/],
    ['a script of another kind', ['run', path.join(EXAMPLES, '../data/digits.csv.gz')], /digits\.csv\.gz/],
    ['an unknown option', ['run', '--fast', 'a.ts'], /--fast/],
    ['an unknown command', ['train', 'a.ts'], /train/],
    ['no script', ['run'], /script/],
    ['--steps of nothing', ['run', '--steps', '0', 'a.ts'], /steps/],
    ['--steps that is no number', ['run', '--steps', 'many', 'a.ts'], /steps/],
    ['--seed below 0', ['run', '--seed', '-1', 'a.ts'], /seed/],
    ['a log that is not there', ['show', 'missing.gradlens'], /missing\.gradlens/],
    [
      'a log into a folder that is not there',
      ['run', path.join(EXAMPLES, 'backprop.ts'), '--log', 'no/a.gradlens'],
      /no/,
    ],
  ];
  test.each(cases)('%s', async (_what, args, told) => {
    const { status, stdout, stderr } = await gradlens(args);
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toMatch(told);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

test.each(['--help', '--version'])('%s', async (option) => {
  const { status, stdout } = await gradlens([option]);
  expect(status).toBe(0);
  expect(stdout).toMatch(option === '--help' ? /diagnose/ : /^\d+\.\d+\.\d+/);
});

describe('show', () => {
  test.each([
    ['an empty file', ''],
    ['a text', 'epoch,loss\n1,0.5\n'],
    ['a header alone', streamOf([])],
  ])('%s: not a run log', async (_what, bytes) => {
    const cwd = folder();
    fs.writeFileSync(path.join(cwd, 'a.gradlens'), bytes);
    const { status, stdout, stderr } = await gradlens(['show', 'a.gradlens'], cwd);
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toContain('This file is not a run log.');
  });

  test('a torn log: what there is, and that it is torn', async () => {
    const script = write(TRAINING);
    const cwd = path.dirname(script);
    await gradlens(['run', 'script.ts', '--log', 'a.gradlens', '--quiet'], cwd);
    const whole = fs.readFileSync(path.join(cwd, 'a.gradlens'));
    fs.writeFileSync(path.join(cwd, 'torn.gradlens'), whole.subarray(0, Math.floor(whole.length * 0.7)));
    const { status, stdout, stderr } = await gradlens(['show', 'torn.gradlens'], cwd);
    expect(stderr).toContain('ends in the middle of a frame');
    expect(stdout).toMatch(/^failed after \d+ steps/m);
    expect(stdout).toMatch(/^model +Linear/m);
    expect(status).toBe(2);
  });
});

describe('Ctrl-C', () => {
  const ENDLESS = TRAINING.replace('step < 30', 'true');

  test.each([
    ['the command line alone gets it', (pid: number) => pid],
    ['all of the terminal’s processes get it', (pid: number) => -pid],
  ])('stops the script and tells what was found: %s', async (_what, target) => {
    const cwd = path.dirname(write(ENDLESS.replace('console.log(step)', 'if (step === 5) console.log(process.pid)')));
    const said = spawnCli(['run', 'script.ts', '--log', 'a.gradlens'], cwd);
    await expect.poll(() => said.stdout).toMatch(/^\d+\n/);
    const pid = Number.parseInt(said.stdout, 10);
    process.kill(target(said.child.pid!), 'SIGINT');
    const [status] = await said.ended;
    expect(said.stdout).toMatch(/^stopped after \d+ steps/m);
    expect(said.stdout).toContain('Nothing found.');
    expect(status).toBe(0);
    expect(isAlive(pid)).toBe(false);
    const shown = await gradlens(['show', 'a.gradlens'], cwd);
    expect(shown.stdout).toMatch(/^stopped after \d+ steps/m);
  });
});

describe('fix', () => {
  test('tries, proves and writes a remedy; run --json has the edit untried', async () => {
    const script = path.join(EXAMPLES, 'moons-vanishing.ts');
    const cwd = folder();
    fs.copyFileSync(script, path.join(cwd, 'moons.ts'));
    const told = await gradlens(['diagnose', 'moons.ts', '--json'], cwd);
    const [{ remedies }] = JSON.parse(told.stdout).findings;
    expect(remedies[0]).toMatchObject({ edit: expect.stringContaining('+++ b/moons.ts'), trial: null });

    const fixed = await gradlens(['fix', 'moons.ts', '--json', '--apply', '--trials', '3'], cwd);
    const { findings, applied } = JSON.parse(fixed.stdout);
    const [best] = findings[0].remedies;
    expect(best.trial).toMatchObject({ seeds: 3, cured: 3, control: 0, random: 0, verdict: 'proven', controlSeeds: 3 });
    expect(best.trial.loss.remedy).toBeLessThan(best.trial.loss.control / 2);
    expect(applied).toEqual({ remedy: best.id, files: ['moons.ts'] });
    expect(fixed.status).toBe(0);
    expect(fs.readdirSync(cwd)).toEqual(['moons.ts']);
    expect((await gradlens(['diagnose', 'moons.ts'], cwd)).stdout).toContain('Nothing found.');
  });

  test('without anybody to ask: the table, the diff by number, and how to have it written', async () => {
    const cwd = path.dirname(write(TRAINING.replace(/^ *\w+\.zeroGrad\(\);\n/m, '')));
    const { stdout, stderr, status } = await gradlens(['fix', 'script.ts', '--trials', '3'], cwd);
    expect(stdout).toMatch(/^remedy +verdict +cured +last loss +p$/m);
    expect(stdout).toMatch(/^Call zeroGrad.* +proven +3 of 3 +\S+ +0\.0156$/m);
    expect(stdout).toMatch(/^nothing changed +control +0 of 3 +\S+$/m);
    expect(stdout).toMatch(/^1\. Call zeroGrad.*\n--- a\/script\.ts\n/m);
    expect(stdout).toMatch(/Nothing was written; --apply writes it\.\n$/);
    expect(stderr).toBe('');
    expect(status).toBe(1);
  });

  test('what is for a person to do is told without a table', async () => {
    const text = TRAINING.replace('model(x).sub(1)', 'model(x).detach().add(model.weight.sum().mul(0)).sub(1)');
    const cwd = path.dirname(write(text));
    const { stdout } = await gradlens(['fix', 'script.ts', '--finding', 'frozen-parameter'], cwd);
    expect(stdout).toMatch(/^Remedies for: .*\n {2}.*: this is for a person to do/m);
    expect(stdout).not.toMatch(/^remedy +verdict/m);
    expect(stdout).toMatch(/No remedy is proven, so nothing is proposed\.\n$/);
  });

  test('a script that fails: its error', async () => {
    const cwd = path.dirname(write('const a = ;\n'));
    const { stdout, status } = await gradlens(['fix', 'script.ts'], cwd);
    expect(stdout).toMatch(/^SyntaxError: .*\n {2}at script\.ts:1:/m);
    expect(status).toBe(2);
  });

  test('Ctrl-C while the script trains: nothing is tried', async () => {
    const cwd = path.dirname(write("console.log('on');\nwhile (true) {}\n"));
    const said = spawnCli(['fix', 'script.ts'], cwd);
    await expect.poll(() => said.stdout).toContain('on');
    process.kill(said.child.pid!, 'SIGINT');
    const [status] = await said.ended;
    expect(status).toBe(130);
    expect(said.stderr).toBe('Stopped; nothing was written.\n');
  });

  test('nothing to fix', async () => {
    const script = write(TRAINING);
    const { stdout, status } = await gradlens(['fix', path.basename(script)], path.dirname(script));
    expect(stdout).toContain('Nothing found.');
    expect(status).toBe(0);
  });
});
