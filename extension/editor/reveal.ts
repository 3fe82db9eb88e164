import { Range, Uri, ViewColumn, window, workspace } from 'vscode';
import type { Site } from '../../engine/site.ts';
import { LineMap } from '../../engine/source/lineMap.ts';
import type { Session } from '../runs/session.ts';
import { rangeNow } from './sourceMaps.ts';

/** Shows where something was made, in an editor that already has the file if there is one. */
export async function reveal(site: Site, session: Session): Promise<void> {
  const document = await workspace.openTextDocument(Uri.file(site.file));
  const shown = window.visibleTextEditors.find((editor) => editor.document === document);
  const text = session.run.sources.get(site.file);
  const now = text === undefined ? null : rangeNow(site, new LineMap(text, document.getText()), document);
  const selection = now ?? document.validateRange(new Range(site.line - 1, 0, site.line - 1, 0));
  await window.showTextDocument(document, { selection, viewColumn: shown?.viewColumn ?? ViewColumn.One });
  if (!now) void window.setStatusBarMessage('This line has changed since the run.', 5000);
}
