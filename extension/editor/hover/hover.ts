import {
  ColorThemeKind,
  Hover,
  type HoverProvider,
  languages,
  MarkdownString,
  type Position,
  Range,
  type TextDocument,
  window,
} from 'vscode';
import { languageOf } from '../../../engine/source/language.ts';
import { loadParser, type Tree } from '../../../engine/source/parser.ts';
import { Disposables } from '../../dispose.ts';
import { INTERNAL_COMMANDS, SCRIPT_LANGUAGES } from '../../ids.ts';
import type { Runs } from '../../runs/runs.ts';
import type { Session } from '../../runs/session.ts';
import { positionInRun, type SourceMaps } from '../sourceMaps.ts';
import { describeSubject } from './subjectText.ts';

/** What the last run measured of the name under the cursor. From recorded data only; nothing is ever run for it. */
export class RunHover extends Disposables implements HoverProvider {
  readonly #runs: Runs;
  readonly #maps: SourceMaps;
  /** Syntax trees of the texts as they were run. They lie in the parser's memory and are freed by hand. */
  readonly #trees = new Map<Session, Map<string, Tree>>();

  constructor(runs: Runs, maps: SourceMaps) {
    super();
    this.#runs = runs;
    this.#maps = maps;
    const selector = SCRIPT_LANGUAGES.map((language) => ({ language, scheme: 'file' }));
    this.add(languages.registerHoverProvider(selector, this));
    this.add(runs.onDidStart(() => this.#forget()));
  }

  async provideHover(document: TextDocument, position: Position): Promise<Hover | null> {
    const file = document.uri.fsPath;
    const session = this.#runs.ofFile(file);
    const map = session && this.#maps.between(session, document);
    if (!map) return null;
    const then = positionInRun(position, map);
    if (!then) return changedHover(session, document, position);
    const tree = await this.#tree(session, file);
    const found = languageOf(file).find(session.run, file, tree, then);
    if (!found) return null;
    const { symbol, subject } = found;
    const { kind } = window.activeColorTheme;
    const light = kind === ColorThemeKind.Light || kind === ColorThemeKind.HighContrastLight;
    const text = describeSubject(session, subject, symbol.text, {
      edited: !map.unchanged,
      lineColor: light ? '#1a5fb4' : '#75beff',
    });
    const { line } = position;
    return new Hover(trusted(text), new Range(line, symbol.start.column, line, symbol.end.column));
  }

  #forget(): void {
    for (const [session, trees] of this.#trees) {
      if (this.#runs.all.includes(session)) continue;
      for (const tree of trees.values()) tree.delete();
      this.#trees.delete(session);
    }
  }

  async #tree(session: Session, file: string): Promise<Tree> {
    const parse = await loadParser(languageOf(file).parser);
    let trees = this.#trees.get(session);
    if (!trees) {
      trees = new Map();
      this.#trees.set(session, trees);
    }
    let tree = trees.get(file);
    if (!tree) {
      tree = parse(session.run.sources.get(file) ?? '');
      trees.set(file, tree);
    }
    return tree;
  }
}

/** A line that was edited after the run has no numbers, and says so where one would look for them. */
function changedHover(session: Session, document: TextDocument, position: Position): Hover | null {
  const range = document.getWordRangeAtPosition(position);
  const word = range && document.getText(range);
  const names = [...session.run.layers, ...session.run.parameters].flatMap(({ name }) => name.split('.'));
  if (!word || !names.includes(word)) return null;
  return new Hover(trusted('$(edit) This line has changed since the last run. Run again for its numbers.'), range);
}

function trusted(text: string): MarkdownString {
  const markdown = new MarkdownString(text, true);
  markdown.isTrusted = { enabledCommands: [INTERNAL_COMMANDS.openLayer, INTERNAL_COMMANDS.inspectTensor] };
  return markdown;
}
