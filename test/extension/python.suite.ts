import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import { COMMANDS } from '../../extension/ids.ts';
import { hover, open, problems, script, until } from './support.ts';

const [python] = (process.env.TORCH_PYTHON ?? '').split(path.delimiter);
const configuration = () => vscode.workspace.getConfiguration('gradlens');
const run = (document: vscode.TextDocument) => vscode.commands.executeCommand(COMMANDS.run, document.uri);

describe('A PyTorch script', () => {
  before(async function () {
    if (!python) return this.skip(); // tools/test/torch.mjs says so
    await configuration().update('python', python, vscode.ConfigurationTarget.Global);
  });
  after(async () => {
    await configuration().update('python', undefined, vscode.ConfigurationTarget.Global);
  });

  it('gives w the gradient −24', async () => {
    const document = await open('scripts/python/backprop.py');
    await run(document);
    assert.match(await hover(document, 'w', 'w = torch'), /\*\*w\*\*.*float32[\s\S]*gradient \*\*−24\*\*/);
  });

  it('a diagnosis puts the finding on the lines that make the layers, and names answer', async () => {
    const document = await open('scripts/python/moons_vanishing.py');
    void vscode.commands.executeCommand(COMMANDS.diagnose, document.uri);
    await until(() => problems(document.uri).some(({ code }) => code === 'vanishing-gradient'));
    await vscode.commands.executeCommand(COMMANDS.stop, document.uri);
    const lines = problems(document.uri).map(
      ({ range }) => document.lineAt(range.start.line).text.trim().split(' ')[0],
    );
    assert.deepEqual(lines.slice(0, 2), ['self.input', 'self.hidden']);
    assert.match(await hover(document, 'input', 'self.input = '), /\*\*input\*\*.*Linear[\s\S]*vanishing gradient/);
    assert.match(await hover(document, 'layer', 'layer(h)'), /11 layers[\s\S]*hidden\.10/);
    assert.match(await hover(document, 'model', 'model = '), /\*\*model\*\*.*13 layers/);
  });

  it('an exception is on its line', async () => {
    const document = await script('fails.py', 'import torch', '', 'torch.ones(2, 3) @ torch.ones(2, 3)');
    void run(document);
    await until(() => problems(document.uri).length === 1);
    assert.equal(problems(document.uri)[0].range.start.line, 2);
    assert.match(problems(document.uri)[0].message, /^RuntimeError: mat1 and mat2/);
  });

  it('the lenses offer to run it', async () => {
    const document = await open('scripts/python/moons_vanishing.py');
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      10,
    );
    const lines = lenses
      .filter(({ command }) => command?.command === COMMANDS.run)
      .map(({ range }) => range.start.line);
    assert.deepEqual(
      lines.map((line) => document.lineAt(line).text),
      ['class DeepSigmoid(nn.Module):', 'for step in range(400):'],
    );
  });
});
