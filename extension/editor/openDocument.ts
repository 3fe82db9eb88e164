import { type TextDocument, workspace } from 'vscode';

/** A document that is the file itself; one side of a comparison has its path, but is not. */
export const isFile = ({ uri }: TextDocument): boolean => uri.scheme === 'file';

/** The document of a file, if it's open. */
export const openDocument = (file: string): TextDocument | undefined =>
  workspace.textDocuments.find((document) => isFile(document) && document.uri.fsPath === file);
