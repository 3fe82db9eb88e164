import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import { COMMANDS } from '../../extension/ids.ts';
import { hover, script, until } from './support.ts';

const [python] = (process.env.TORCH_PYTHON ?? '').split(path.delimiter);
const execute = (command: string, document: vscode.TextDocument) =>
  vscode.commands.executeCommand(command, document.uri);

const TYPESCRIPT = [
  "import { nn, optim, randn } from 'gradlens';",
  'const layer = new nn.Linear(3, 2);',
  'const optimizer = new optim.SGD(layer.parameters(), { lr: 0.01 });',
  'const x = randn([8, 3]);',
  'for (;;) {',
  '  optimizer.zeroGrad();',
  '  layer(x).square().mean().backward();',
  '  optimizer.step();',
  '}',
];
const PYTHON = [
  'import torch',
  'layer = torch.nn.Linear(3, 2)',
  'optimizer = torch.optim.SGD(layer.parameters(), lr=0.01)',
  'x = torch.randn(8, 3)',
  'while True:',
  '    optimizer.zero_grad()',
  '    layer(x).square().mean().backward()',
  '    optimizer.step()',
];

describe('Paused', () => {
  before(() =>
    vscode.workspace
      .getConfiguration('gradlens')
      .update('python', python || undefined, vscode.ConfigurationTarget.Global),
  );
  after(() =>
    vscode.workspace.getConfiguration('gradlens').update('python', undefined, vscode.ConfigurationTarget.Global),
  );

  for (const [name, lines, line] of [
    ['stepping.ts', TYPESCRIPT, 'const layer'],
    ['stepping.py', PYTHON, 'layer = '],
  ] as const) {
    it(`${name}: a step at a time, and a hover offers the tensors`, async function () {
      if (name.endsWith('.py') && !python) return this.skip(); // tools/test/torch.mjs says so
      const document = await script(name, ...lines);
      const ended = execute(COMMANDS.run, document);
      const said = () => hover(document, 'layer', line);
      const at = async () => Number(/step (\d+), running/.exec(await said())?.[1] ?? -1);
      await until(async () => (await at()) > 3);
      await execute(COMMANDS.step, document); // it runs: that says so, and nothing else
      await execute(COMMANDS.pause, document);
      await until(async () => /Inspect .*weight.*bias gradient.*output/.test(await said()));
      const paused = await at();
      await execute(COMMANDS.step, document);
      await until(async () => (await at()) > paused);
      assert.equal(await at(), paused + 1);
      await until(async () => (await said()).includes('Inspect'));
      // while it steps, which the hover doesn't tell, the command does nothing
      await until(async () => {
        if ((await at()) === paused + 2) return true;
        await execute(COMMANDS.stepPhase, document);
        return false;
      });
      await execute(COMMANDS.resume, document);
      await until(async () => (await at()) > paused + 20 && !(await said()).includes('Inspect'));
      await execute(COMMANDS.stop, document);
      await ended;
    });
  }
});
