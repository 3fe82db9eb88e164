import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { hover, open, until } from './support.ts';

// The workspace is a copy of examples/ with neither tsconfig.json nor node_modules, as a user's folder may be.
describe('TypeScript in a folder that has nothing but scripts', () => {
  before('tsserver is up', async () => {
    const document = await open('scripts/backprop.ts');
    await until(async () => (await hover(document, 'tensor')).includes('Tensor'));
  });

  it('knows what `gradlens` exports', async () => {
    const document = await open('scripts/backprop.ts');
    assert.match(await hover(document, 'tensor'), /function tensor\(/);
    assert.match(await hover(document, 'w'), /const w: Tensor/);
  });

  it('has nothing to complain of in the examples', async () => {
    const complaints: string[] = [];
    for (const uri of await vscode.workspace.findFiles('scripts/*.ts')) {
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.window.showTextDocument(document);
      for (const { message, range, source } of await settledDiagnostics(uri)) {
        const name = vscode.workspace.asRelativePath(uri);
        if (source === 'ts') complaints.push(`${name}:${range.start.line + 1}: ${message}`);
      }
    }
    assert.deepEqual(complaints, []);
  });
});

/** tsserver tells its findings some time after a file is shown: those that have stood for a while are final. */
async function settledDiagnostics(uri: vscode.Uri): Promise<vscode.Diagnostic[]> {
  let changed = Date.now();
  const listener = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
    if (uris.some((other) => other.toString() === uri.toString())) changed = Date.now();
  });
  await until(async () => Date.now() - changed > 1500);
  listener.dispose();
  return vscode.languages.getDiagnostics(uri);
}
