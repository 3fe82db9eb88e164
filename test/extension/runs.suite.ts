import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS } from '../../extension/ids.ts';
import { hover, inWorkspace, open, problems, script, trainingProcesses, until } from './support.ts';

/** Settles when the run has ended. */
const run = (document: vscode.TextDocument) => vscode.commands.executeCommand(COMMANDS.run, document.uri);
/** Diagnosing ends with a question to the user, so it isn't waited for. */
const diagnose = (document: vscode.TextDocument) =>
  void vscode.commands.executeCommand(COMMANDS.diagnose, document.uri);
const stop = () => vscode.commands.executeCommand(COMMANDS.stop);

describe('A run of backprop.ts', () => {
  it('gives w the gradient −24', async () => {
    const document = await open('scripts/backprop.ts');
    await run(document);
    assert.match(await hover(document, 'w'), /\*\*w\*\*.*float32[\s\S]*gradient \*\*−24\*\*/);
  });

  it('knows the operations between w and the loss', async () => {
    const document = await open('scripts/backprop.ts');
    assert.match(await hover(document, 'mul'), /\*\*mul\*\*[\s\S]*value \*\*6\*\*/);
    assert.match(await hover(document, 'error'), /\*\*sub\*\*[\s\S]*value \*\*−4\*\*/);
    assert.match(await hover(document, 'loss'), /\*\*pow\*\*[\s\S]*value \*\*16\*\*/);
  });

  it('writes nothing into the folder', async () => {
    const files = await vscode.workspace.findFiles('**/*');
    assert.deepEqual(
      files.map(String).filter((name) => !/\/(scripts|scripts\/python|data)\/[^/]+$|README\.md$/.test(name)),
      [],
    );
  });
});

describe('A diagnosis of moons-vanishing.ts', () => {
  let document: vscode.TextDocument;
  before(async () => {
    document = await open('scripts/moons-vanishing.ts');
    diagnose(document);
    await until(() => problems(document.uri).length > 0);
    await until(() => trainingProcesses() === 0);
  });

  it('puts the finding on the lines that make the layers', () => {
    const found = problems(document.uri);
    assert.deepEqual(
      found.map(({ range }) => document.lineAt(range.start.line).text.trim().split(' ')[0]),
      ['input', 'hidden'],
    );
    assert.match(found[0].message, /^Vanishing gradient: The gradient fades from .* at output to .* at input/);
    assert.ok(found.every(({ code }) => code === 'vanishing-gradient'));
  });

  it('answers a hover on every name that stands for a layer', async () => {
    const layer = /\*\*input\*\*.*Linear[\s\S]*vanishing gradient[\s\S]*gradient norm[\s\S]*Open in Gradient Flow/;
    assert.match(await hover(document, 'input', 'input ='), layer);
    assert.match(await hover(document, 'input', 'this.input'), layer);
    assert.match(await hover(document, 'input', 'input ='), /weight \[32, 2\].*\|/);
    for (const [word, line] of [
      ['hidden', 'hidden ='],
      ['hidden', 'of this.hidden'],
      ['layer', 'layer(h)'],
    ]) {
      assert.match(
        await hover(document, word, line),
        /11 layers[\s\S]*hidden\.0[\s\S]*hidden\.10/,
        `${word} in ${line}`,
      );
    }
    assert.match(await hover(document, 'model', 'const model'), /\*\*model\*\*.*13 layers/);
    assert.match(await hover(document, 'criterion', 'criterion(model'), /BCEWithLogitsLoss/);
  });

  it('answers a hover on an operation with its gain at each depth', async () => {
    assert.match(await hover(document, 'sigmoid', 'layer(h)'), /11 times a step[\s\S]*after hidden\.0[\s\S]*0\.2\d/);
  });

  it('follows edits, and says so where a line has changed', async () => {
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '// one line more\n\n');
    await vscode.workspace.applyEdit(edit);
    await until(() => problems(document.uri)[0]?.range.start.line === 9);
    assert.match(await hover(document, 'input', 'input ='), /vanishing gradient[\s\S]*edited since/);

    const change = new vscode.WorkspaceEdit();
    const start = document.getText().indexOf('input = new nn.Linear(2, 32)');
    change.insert(document.uri, document.positionAt(start + 'input = new nn.Linear(2, 3'.length), '3');
    await vscode.workspace.applyEdit(change);
    await until(() => problems(document.uri).length === 1);
    assert.match(await hover(document, 'input', 'input ='), /changed since the last run/);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('offers to run above the model and the training loop', async () => {
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      10,
    );
    const runs = lenses.filter(({ command }) => command?.command === COMMANDS.run);
    assert.deepEqual(
      runs.map(({ range }) => document.lineAt(range.start.line).text),
      ['class DeepSigmoid extends nn.Module {', 'for (let step = 0; step < 400; step++) {'],
    );
  });
});

describe('A script that fails', () => {
  const cases: readonly { name: string; lines: readonly string[]; line: number; message: RegExp }[] = [
    { name: 'syntax error', lines: ["import 'gradlens';", 'const a: number = ;'], line: 2, message: /SyntaxError/ },
    {
      name: 'thrown exception',
      lines: ["import 'gradlens';", 'function f(x: number) {', "  throw new TypeError('no ' + x);", '}', 'f(3);'],
      line: 3,
      message: /TypeError: no 3/,
    },
    {
      name: 'exit',
      lines: ["import 'gradlens';", "console.log('so far');", 'process.exit(3);'],
      line: 3,
      message: /exit code 3/,
    },
    {
      name: 'wrong shapes',
      lines: ["import { ones } from 'gradlens';", 'const a = ones([2, 3]);', 'a.matmul(a);'],
      line: 3,
      message: /ShapeError: .*\[2, 3\]/,
    },
  ];

  for (const { name, lines, line, message } of cases) {
    it(`${name}: says so on its line, and the next run starts clean`, async () => {
      const document = await script(`fails.ts`, ...lines);
      await vscode.commands.executeCommand('workbench.action.files.revert');
      void run(document);
      await until(() => problems(document.uri).length === 1);
      const [problem] = problems(document.uri);
      assert.match(problem.message, message);
      assert.equal(problem.range.start.line + 1, line);
      assert.equal(trainingProcesses(), 0);

      const mended = await script('fails.ts', "import 'gradlens';");
      await vscode.commands.executeCommand('workbench.action.files.revert');
      await run(mended);
      assert.deepEqual(problems(document.uri), []);
    });
  }

  it('an endless loop is stopped, and its line is named', async () => {
    const document = await script(
      'endless.ts',
      "import 'gradlens';",
      "import { writeFileSync } from 'node:fs';",
      "writeFileSync(new URL('started.txt', import.meta.url), '');",
      'let n = 0;',
      'for (;;) {',
      '  n += 1;',
      '}',
    );
    const ended = run(document);
    await until(async () => (await vscode.workspace.findFiles('scripts/started.txt')).length === 1);
    await stop();
    await ended;
    assert.equal(trainingProcesses(), 0);
    await until(() => problems(document.uri).length === 1);
    const [problem] = problems(document.uri);
    assert.match(problem.message, /busy at line [56]/);
    assert.equal(problem.severity, vscode.DiagnosticSeverity.Information);
  });
});

describe('Running a script that is running already', () => {
  it('starts over, and leaves no process behind', async () => {
    const moons = (await vscode.workspace.fs.readFile(inWorkspace('scripts/moons-vanishing.ts'))).toString();
    const document = await script('long.ts', moons.replace('step < 400', 'step < 1e9'));
    const runs = [run(document), run(document), run(document)];
    await until(() => problems(document.uri).length > 0);
    assert.equal(trainingProcesses(), 1);
    await stop();
    await Promise.all(runs);
    assert.equal(trainingProcesses(), 0);
  });
});

describe('A parameter', () => {
  it('says of what has no gradient that none was measured', async () => {
    const document = await script(
      'unused.ts',
      "import { nn, ones } from 'gradlens';",
      'class Scaled extends nn.Module {',
      '  used = new nn.Parameter(ones([3]));',
      '  unused = new nn.Parameter(ones([3]));',
      '  forward(x) { return x.mul(this.used); }',
      '}',
      'const model = new Scaled();',
      'model(ones([3])).sum().backward();',
    );
    await run(document);
    assert.match(await hover(document, 'used', 'used ='), /gradient norm \*\*1\.73\*\*/);
    const unused = await hover(document, 'unused', 'unused =');
    assert.match(unused, /no gradient measured yet/);
    assert.doesNotMatch(unused, /NaN/);
  });
});
