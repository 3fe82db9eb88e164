import { MarkdownString, OverviewRulerLane, Range, type TextEditor, ThemeColor, Uri, window } from 'vscode';
import { Disposables } from '../dispose.ts';
import { COMMANDS } from '../ids.ts';
import type { Runs } from '../runs/runs.ts';
import type { Session } from '../runs/session.ts';
import { rangeNow, type SourceMaps } from './sourceMaps.ts';

/** Marks the line at which a run is paused, in every editor that shows it. */
export class PausedLine extends Disposables {
  readonly #runs: Runs;
  readonly #maps: SourceMaps;
  readonly #look;
  /** Editors that have a mark. */
  #marked = new Set<TextEditor>();

  constructor(runs: Runs, maps: SourceMaps, extension: Uri) {
    super();
    this.#runs = runs;
    this.#maps = maps;
    this.#look = this.add(
      window.createTextEditorDecorationType({
        isWholeLine: true,
        backgroundColor: new ThemeColor('editor.stackFrameHighlightBackground'),
        // in high-contrast themes that colour is hardly to be seen
        borderWidth: '1px 0',
        borderStyle: 'solid',
        borderColor: new ThemeColor('contrastActiveBorder'),
        overviewRulerColor: new ThemeColor('editorOverviewRuler.warningForeground'),
        overviewRulerLane: OverviewRulerLane.Full,
        gutterIconPath: Uri.joinPath(extension, 'media', 'paused.svg'),
        gutterIconSize: 'contain',
        after: { color: new ThemeColor('editorCodeLens.foreground'), margin: '0 0 0 2em', fontStyle: 'italic' },
      }),
    );
    this.add(runs.onDidChange(() => this.#draw()));
    this.add(window.onDidChangeVisibleTextEditors(() => this.#draw()));
  }

  #draw(): void {
    const held = this.#runs.all.filter(({ pausedAt }) => pausedAt !== null);
    if (held.length === 0 && this.#marked.size === 0) return;
    const marked = new Set<TextEditor>();
    for (const editor of window.visibleTextEditors) {
      const marks = held.flatMap((session) => this.#mark(session, editor));
      if (marks.length) marked.add(editor);
      if (marks.length || this.#marked.has(editor)) editor.setDecorations(this.#look, marks);
    }
    this.#marked = marked;
  }

  #mark(session: Session, { document }: TextEditor) {
    const { pausedAt } = session;
    if (!pausedAt?.site || pausedAt.site.file !== document.uri.fsPath) return [];
    const map = this.#maps.between(session, document);
    const range = map && rangeNow(pausedAt.site, map, document);
    if (!range) return [];
    const text = `paused before ${pausedAt.phase} · step ${pausedAt.step}`;
    const hoverMessage = new MarkdownString(
      `Paused before ${pausedAt.phase} of step ${pausedAt.step}. ${LINKS.map(([label, id]) => `[${label}](command:${id})`).join(' · ')}`,
    );
    hoverMessage.isTrusted = { enabledCommands: LINKS.map(([, id]) => id) };
    return [
      {
        range: new Range(range.start.line, 0, range.start.line, 0),
        hoverMessage,
        renderOptions: { after: { contentText: text } },
      },
    ];
  }
}

const LINKS = [
  ['Step', COMMANDS.step],
  ['Step a Phase', COMMANDS.stepPhase],
  ['Resume', COMMANDS.resume],
] as const;
