// What suites do in VS Code. The workspace is a copy of examples/.
import { execFileSync } from 'node:child_process';
import * as vscode from 'vscode';

export const inWorkspace = (relative: string): vscode.Uri =>
  vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0].uri, relative);

export async function open(relative: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(inWorkspace(relative));
  await vscode.window.showTextDocument(document);
  return document;
}

/** Makes a script in the workspace, shows it and gives its document. */
export async function script(name: string, ...lines: readonly string[]): Promise<vscode.TextDocument> {
  const uri = inWorkspace(`scripts/${name}`);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(`${lines.join('\n')}\n`));
  return open(`scripts/${name}`);
}

/** What hovers say at a word: its first occurrence, outside of comments, in the first line that contains `line`. */
export async function hover(document: vscode.TextDocument, word: string, line = ''): Promise<string> {
  const text = withoutComments(document.getText());
  const from = text.indexOf(line);
  const offset = from + new RegExp(`\\b${word}\\b`).exec(text.slice(from))!.index;
  const found = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    document.positionAt(offset),
  );
  return found.flatMap(({ contents }) => contents.map((c) => (typeof c === 'string' ? c : c.value))).join('\n');
}

/** The same length, so that offsets stay. */
const withoutComments = (text: string) => text.replace(/\/\/.*/g, (comment) => ' '.repeat(comment.length));

/** Tries again until it holds; the suite's time limit ends the trying. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 100));
}

/** GradLens's own problems of a file. */
export const problems = (uri: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'GradLens');

/** Training processes that this extension host has started and that still are. */
export function trainingProcesses(): number {
  const list = execFileSync('ps', ['-A', '-o', 'ppid=,args='], { encoding: 'utf8' });
  return list.split('\n').filter((line) => line.trim().startsWith(`${process.pid} `) && /engine[\\/]child/.test(line))
    .length;
}
