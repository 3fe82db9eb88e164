import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { COMMANDS } from '../../extension/ids.ts';
import { hover, open } from './support.ts';

const [python] = (process.env.TORCH_PYTHON ?? '').split(path.delimiter);
const run = (document: vscode.TextDocument) => vscode.commands.executeCommand(COMMANDS.run, document.uri);
const activate = (interpreter: string) => vscode.commands.executeCommand('standIn.usePython', interpreter);
const setting = (value: string | undefined) =>
  vscode.workspace.getConfiguration('gradlens').update('python', value, vscode.ConfigurationTarget.Global);

/** Runs a script and answers the message that comes by pressing a button; gives the message and its buttons. */
async function answering(
  document: vscode.TextDocument,
  button: string,
): Promise<{ message: string; buttons: string[] }> {
  const { showErrorMessage } = vscode.window;
  const { promise, resolve } = Promise.withResolvers<{ message: string; buttons: string[] }>();
  const played = async (message: string, ...buttons: string[]) => {
    resolve({ message, buttons });
    return button;
  };
  Object.assign(vscode.window, { showErrorMessage: played });
  try {
    await run(document);
    return await promise;
  } finally {
    Object.assign(vscode.window, { showErrorMessage });
  }
}

// The Python extension itself is played: test/extension/python-extension.
describe('The interpreter', () => {
  let document: vscode.TextDocument;
  before(async () => {
    await vscode.extensions.getExtension('ms-python.python')?.activate();
    document = await open('scripts/python/backprop.py');
  });
  after(async () => {
    await activate('');
    await setting(undefined);
  });

  it('is the one that is active in the Python extension, for that very file, whatever the setting says', async function () {
    if (!python) return this.skip(); // tools/test/torch.mjs says so
    await setting('/nowhere/python');
    await activate(python);
    await vscode.commands.executeCommand('standIn.asked');
    await run(document);
    assert.match(await hover(document, 'w', 'w = torch'), /gradient \*\*−24\*\*/);
    assert.deepEqual(await vscode.commands.executeCommand('standIn.asked'), [document.uri.toString()]);
  });

  it('is the setting’s where the Python extension has none; one that is not there says what to do', async () => {
    await activate('');
    await setting('/nowhere/python');
    const { message, buttons } = await answering(document, 'Select Interpreter');
    assert.match(message, /There is no Python at \/nowhere\/python\. Choose another interpreter\./);
    assert.deepEqual(buttons, ['Select Interpreter']);
    // The Python extension's own picker is opened.
    assert.ok((await vscode.commands.executeCommand<string[]>('standIn.asked')).includes('setInterpreter'));
  });

  it('without torch: the command that installs it can be copied', async () => {
    const bare = path.join(mkdtempSync(path.join(os.tmpdir(), 'bare-')), 'python');
    writeFileSync(bare, `#!/bin/sh\necho 'gradlens:{"path": "${bare}", "version": "3.12.1", "torch": null}'\n`);
    chmodSync(bare, 0o755);
    await activate(bare);
    const { message, buttons } = await answering(document, 'Copy pip Command');
    assert.match(
      message,
      /\(Python 3\.12\.1\) has no torch\. Choose another interpreter, or install it: .* -m pip install torch/,
    );
    assert.deepEqual(buttons, ['Select Interpreter', 'Copy pip Command']);
    assert.equal(await vscode.env.clipboard.readText(), `${bare} -m pip install torch`);
  });
});
