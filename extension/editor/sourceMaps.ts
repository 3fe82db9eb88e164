import { type Position, Range, type TextDocument } from 'vscode';
import type { Site } from '../../engine/site.ts';
import { LineMap } from '../../engine/source/lineMap.ts';
import type { Session } from '../runs/session.ts';

/** A document's lines against those of the text that was run, found once for each version of the document. */
export class SourceMaps {
  readonly #cache = new WeakMap<Session, WeakMap<TextDocument, { readonly version: number; readonly map: LineMap }>>();

  /** Null if the run has not loaded the document's file. */
  between(session: Session, document: TextDocument): LineMap | null {
    const text = session.run.sources.get(document.uri.fsPath);
    if (text === undefined) return null;
    const ofSession = this.#cache.get(session) ?? new WeakMap();
    this.#cache.set(session, ofSession);
    const known = ofSession.get(document);
    if (known?.version === document.version) return known.map;
    const map = new LineMap(text, document.getText());
    ofSession.set(document, { version: document.version, map });
    return map;
  }
}

/** Where a site of a run is now: from its column to the end of its line's text; null if the line has changed. */
export function rangeNow(site: Site, map: LineMap, document: TextDocument): Range | null {
  const line = map.toNow(site.line);
  if (line === undefined) return null;
  const { range } = document.lineAt(line - 1);
  const start = range.start.translate(0, Math.min(site.column - 1, range.end.character));
  return new Range(start, range.end);
}

/** A position of the document in the text that was run, from 0; null if its line has changed since. */
export function positionInRun(position: Position, map: LineMap): { row: number; column: number } | null {
  const line = map.toRun(position.line + 1);
  return line === undefined ? null : { row: line - 1, column: position.character };
}
