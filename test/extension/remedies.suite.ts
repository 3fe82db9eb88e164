import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS, INTERNAL_COMMANDS } from '../../extension/ids.ts';
import { inWorkspace, problems, script, trainingProcesses, until } from './support.ts';

describe('Remedies of moons-vanishing.ts', () => {
  let document: vscode.TextDocument;
  let actions: vscode.CodeAction[];
  const titled = (title: RegExp) => actions.find((action) => title.test(action.title))!;

  const remedy = (id: string) => [document.uri.fsPath, 'vanishing-gradient', id];

  const fixes = () =>
    vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      problems(document.uri)[0].range,
      vscode.CodeActionKind.QuickFix.value,
    );

  let trials = 0;
  /** The table of the trial that has just ended, which VS Code renders in a tab of its own. */
  const table = async () => {
    const name = ` – trial ${++trials}.md`;
    await until(() => vscode.window.tabGroups.activeTabGroup.activeTab?.label.includes(name) ?? false);
    const shown = () => vscode.workspace.textDocuments.find(({ uri }) => uri.path.includes(name));
    await until(() => shown() !== undefined);
    return shown()?.getText() ?? '';
  };

  before(async () => {
    const moons = (await vscode.workspace.fs.readFile(inWorkspace('scripts/moons-vanishing.ts'))).toString();
    document = await script('remedies.ts', moons.replace('step < 400', 'step < 60').trimEnd());
    await vscode.commands.executeCommand(COMMANDS.run, document.uri);
    await until(() => problems(document.uri).length > 0);
    actions = await fixes();
  });

  it('are quick fixes on its problems', () => {
    for (const title of [
      /^Normalize after.*\(Batch/,
      /^Add residual/,
      /^Preview: Normalize after/,
      /^Apply and run again: Normalize after/,
      /^Try: Normalize after/,
      /^Try all/,
      /^Other remedies/,
      /^Ignore here/,
    ])
      assert.ok(titled(title), `${title} in ${actions.map((action) => action.title).join(', ')}`);
  });

  it('are shown as a difference before they are applied', async () => {
    const shown = problems(document.uri).length;
    await vscode.commands.executeCommand(INTERNAL_COMMANDS.previewRemedy, ...remedy('residual'));
    await until(() => vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff);
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input as vscode.TabInputTextDiff;
    const after = await vscode.workspace.openTextDocument(input.modified);
    assert.ok(after.getText().includes('h = h.add(layer(h).sigmoid());'));
    // the text beside has the file's path, and other lines
    assert.equal(problems(document.uri).length, shown);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('are applied as one change, which one undo takes back', async () => {
    const before = document.getText();
    await vscode.window.showTextDocument(document);
    await vscode.workspace.applyEdit(titled(/^Normalize after.*\(Batch/).edit!);
    assert.equal(document.getText().match(/BatchNorm1d\(32\)/g)?.length, 2);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), before);
  });

  it('are tried: the table tells which is proven, and no process is left', async () => {
    const { command, arguments: args = [] } = titled(/^Try all/).command!;
    await vscode.commands.executeCommand(command, ...args, 3);
    const told = await table();
    assert.match(told, /^- \*\*Normalize after .*\*\*: proven<br>cured 3 of 3 · last loss 0\.0\d+ · p 0\.05$/m);
    assert.match(told, /^- \*\*nothing changed\*\*: control<br>cured 0 of 3 · last loss 0\.[67]\d+$/m);
    assert.equal(trainingProcesses(), 0);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    const [first] = await fixes();
    assert.match(first.title, / — proven 3 of 3, loss 0\.[67]\d+ → 0\.0\d+$/);
    assert.equal(first.isPreferred, true);
  });

  it('are tried one by one, too', async () => {
    await vscode.commands.executeCommand(INTERNAL_COMMANDS.tryRemedies, ...remedy('residual'), 3);
    const text = await table();
    assert.match(text, /^- \*\*Add residual .*\*\*: proven<br>cured 3 of 3 · /m);
    assert.doesNotMatch(text, /\*\*Normalize/);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('are applied and run again: the finding is gone, and the edit is there to undo', async () => {
    const before = document.getText();
    const { command, arguments: args = [] } = titled(/^Apply and run again: Normalize after.*\(Batch/).command!;
    await vscode.commands.executeCommand(command, ...args);
    assert.match(document.getText(), /BatchNorm1d\(32\)/);
    assert.equal(document.isDirty, false);
    await until(() => problems(document.uri).every(({ code }) => code !== 'vanishing-gradient'));
    await until(() => trainingProcesses() === 0);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), before);
    await document.save();
    await vscode.commands.executeCommand(COMMANDS.run, document.uri);
    await until(() => problems(document.uri).some(({ code }) => code === 'vanishing-gradient'));
  });

  it('are not wanted on a line: the finding is gone from there', async () => {
    const count = problems(document.uri).length;
    const { command, arguments: args = [] } = titled(/^Ignore here/).command!;
    await vscode.commands.executeCommand(command, ...args);
    await until(() => problems(document.uri).length === count - 1);
  });
});
