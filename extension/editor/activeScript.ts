import { type TextDocument, type TextEditor, window } from 'vscode';
import { languageOf } from '../../engine/source/language.ts';

const isFile = ({ document: { uri } }: TextEditor) => uri.scheme === 'file' || uri.scheme === 'untitled';

/** True if GradLens can run it. */
export const isScript = (document: TextDocument): boolean =>
  languageOf(document.uri.fsPath).isScript(document.getText());

/**
 * The document a person means without naming one: the active editor's, or, while the panel or the output has the focus,
 * a script that stands beside it.
 */
export function activeDocument(): TextDocument | undefined {
  const active = window.activeTextEditor;
  if (active && isFile(active)) return active.document;
  const beside = window.visibleTextEditors.filter(isFile);
  return (beside.find(({ document }) => isScript(document)) ?? beside[0])?.document;
}
