import { CodeLens, type CodeLensProvider, EventEmitter, languages, Range, type TextDocument, window } from 'vscode';
import { plural } from '../../engine/diagnose/phrases.ts';
import { titleOf } from '../../engine/diagnose/titles.ts';
import { languageOf } from '../../engine/source/language.ts';
import { loadParser } from '../../engine/source/parser.ts';
import { Disposables } from '../dispose.ts';
import { COMMANDS, SCRIPT_LANGUAGES } from '../ids.ts';
import type { Runs } from '../runs/runs.ts';
import type { Session } from '../runs/session.ts';

/** How long an editor may take to ask for news before it's told again, in milliseconds; VS Code waits 250 or more. */
const ASKS_WITHIN = 2000;

/** "Run with GradLens" above models and the training loop, and how the last run of the script ended. */
export class RunLenses extends Disposables implements CodeLensProvider {
  readonly #runs: Runs;
  readonly #changed = this.add(new EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.#changed.event;
  /** What the lenses say of each script; they're only drawn anew when that changes. */
  readonly #told = new Map<string, string>();
  /** Scripts of which no editor has asked for the news yet. */
  readonly #unasked = new Set<string>();
  #reminder: NodeJS.Timeout | null = null;

  constructor(runs: Runs) {
    super();
    this.#runs = runs;
    const selector = SCRIPT_LANGUAGES.map((language) => ({ language, scheme: 'file' }));
    this.add(languages.registerCodeLensProvider(selector, this));
    this.add(
      runs.onDidChange((session) => {
        const told = JSON.stringify([session.status, session.findings.map(({ id }) => id)]);
        if (told === this.#told.get(session.script)) return;
        this.#told.set(session.script, told);
        this.#unasked.add(session.script);
        this.#tell();
      }),
    );
    this.add({ dispose: () => clearTimeout(this.#reminder ?? undefined) });
  }

  /**
   * An editor asks some time after it's told, and never does if it loses the focus meanwhile: the lenses of a run that
   * has ended would say forever that it goes on. So one that shows the script is told again, some times: code lenses may
   * be switched off.
   */
  #tell(reminders = 5): void {
    this.#changed.fire();
    clearTimeout(this.#reminder ?? undefined);
    this.#reminder = setTimeout(() => {
      const isShown = window.visibleTextEditors.some(({ document }) => this.#unasked.has(document.uri.fsPath));
      if (isShown && reminders) this.#tell(reminders - 1);
    }, ASKS_WITHIN);
  }

  async provideCodeLenses(document: TextDocument): Promise<CodeLens[]> {
    this.#unasked.delete(document.uri.fsPath);
    const text = document.getText();
    const language = languageOf(document.uri.fsPath);
    if (!language.isScript(text)) return [];
    const tree = (await loadParser(language.parser))(text);
    const { models, trainingLoop } = language.landmarks(tree);
    tree.delete();
    const session = this.#runs.ofFile(document.uri.fsPath);
    const lines = [...models.map(({ line }) => line), ...(trainingLoop === null ? [] : [trainingLoop])];
    return lines.flatMap((line) => lensesAt(line, document, session));
  }
}

function lensesAt(line: number, document: TextDocument, session: Session | undefined): CodeLens[] {
  const range = new Range(line - 1, 0, line - 1, 0);
  const lens = (title: string, command: string) => new CodeLens(range, { title, command, arguments: [document.uri] });
  if (session?.isLive)
    return [lens('$(debug-stop) Stop', COMMANDS.stop), lens(`${session.status}…`, COMMANDS.openFlow)];
  const lenses = [lens('$(play) Run with GradLens', COMMANDS.run)];
  if (session) lenses.push(lens(verdict(session), COMMANDS.openFlow));
  return lenses;
}

function verdict({ findings, status }: Session): string {
  if (findings.length === 0) return status === 'completed' || status === 'settled' ? '$(check) nothing found' : status;
  const concerned = ({ length }: readonly string[]) => (length ? ` (${plural(length, 'layer')})` : '');
  return findings.map(({ id, layers }) => `$(warning) ${titleOf(id)}${concerned(layers)}`).join(' · ');
}
