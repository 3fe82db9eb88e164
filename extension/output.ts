import {
  type CancellationToken,
  DocumentLink,
  type DocumentLinkProvider,
  languages,
  type OutputChannel,
  Range,
  type TextDocument,
  Uri,
  window,
} from 'vscode';
import { plural } from '../engine/diagnose/phrases.ts';
import { isPython } from '../engine/host/launch.ts';
import type { ErrorFrame, Frame } from '../engine/run/frame.ts';
import { Disposables } from './dispose.ts';
import { OUTPUT_LANGUAGE } from './ids.ts';
import { terminalOf } from './python/terminal.ts';
import type { Runs } from './runs/runs.ts';
import type { Session } from './runs/session.ts';

/** What scripts print, in a channel of its own whose places can be clicked. */
export class Output extends Disposables {
  readonly #channel: OutputChannel;

  constructor(runs: Runs) {
    super();
    this.#channel = this.add(window.createOutputChannel('GradLens', OUTPUT_LANGUAGE));
    this.add(languages.registerDocumentLinkProvider({ language: OUTPUT_LANGUAGE }, new PlaceLinks()));
    this.add(runs.onDidStart((session) => session.isLive && this.#follow(session)));
  }

  /** Shows what a run has printed: Python prints to a terminal of its own. */
  show(session: Session | null): void {
    const terminal = session && isPython(session.script) ? terminalOf(session.name) : undefined;
    if (terminal) terminal.show(true);
    else this.#channel.show(true);
  }

  line(text: string): void {
    this.#channel.appendLine(text);
  }

  #follow(session: Session): void {
    this.#channel.appendLine(`── ${session.name} · ${new Date().toLocaleTimeString()} ${'─'.repeat(24)}`);
    session.onFrames((frames) => {
      const text = frames.map((frame) => textOf(frame, session)).join('');
      if (text) this.#channel.append(text);
    });
  }
}

function textOf(frame: Frame, session: Session): string {
  switch (frame.kind) {
    case 'output':
      return frame.text;
    case 'note':
      return `${frame.message}\n`;
    case 'error':
      return `${errorText(frame)}\n`;
    case 'end': {
      const where = frame.site ? ` (${frame.site.file}:${frame.site.line}:${frame.site.column})` : '';
      const message = frame.message && !session.run.error ? ` ${frame.message}${where}` : '';
      return `── ${frame.ended} after ${plural(session.run.stepCount, 'step')}.${message}\n\n`;
    }
    default:
      return '';
  }
}

function errorText({ name, message, stack, site }: ErrorFrame): string {
  const place = site ? `\n    at ${site.file}:${site.line}:${site.column}` : '';
  return stack?.includes('    at ') ? stack : `${name}: ${message}${place}`;
}

/** Longer lines are data, not messages with places. */
const LONGEST_LINE = 2000;

/** `/path/script.ts:12:5` in the output leads there. */
class PlaceLinks implements DocumentLinkProvider {
  provideDocumentLinks(document: TextDocument, token: CancellationToken): DocumentLink[] {
    const links: DocumentLink[] = [];
    for (let row = 0; row < document.lineCount && !token.isCancellationRequested; row++) {
      const { text } = document.lineAt(row);
      if (text.length > LONGEST_LINE) continue;
      for (const match of text.matchAll(/((?:\/|[A-Za-z]:[\\/])[^:"<>|]*?\.(?:[mc]?[tj]s|py)):(\d+)(?::(\d+))?/g)) {
        const [all, file, line, column] = match;
        const target = Uri.file(file).with({ fragment: `L${line}${column ? `,${column}` : ''}` });
        links.push(new DocumentLink(new Range(row, match.index, row, match.index + all.length), target));
      }
    }
    return links;
  }
}
