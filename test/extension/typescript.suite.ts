import assert from 'node:assert/strict';
import * as vscode from 'vscode';

// The workspace is a copy of examples/ with neither tsconfig.json nor node_modules, as a user's folder may be.
describe('TypeScript in a folder that has nothing but scripts', () => {
  before('tsserver is up', async function () {
    this.timeout(90_000);
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

async function open(relative: string): Promise<vscode.TextDocument> {
  const folder = vscode.workspace.workspaceFolders![0];
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder.uri, relative));
  await vscode.window.showTextDocument(document);
  return document;
}

async function hover(document: vscode.TextDocument, word: string): Promise<string> {
  const offset = new RegExp(`\\b${word}\\b`).exec(withoutComments(document.getText()))!.index;
  const found = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    document.positionAt(offset),
  );
  return found.flatMap(({ contents }) => contents.map((c) => (typeof c === 'string' ? c : c.value))).join('\n');
}

/** The same length, so that offsets stay. */
const withoutComments = (text: string) => text.replace(/\/\/.*/g, (comment) => ' '.repeat(comment.length));

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

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 200));
}
