import {
  Diagnostic,
  type DiagnosticCollection,
  DiagnosticSeverity,
  languages,
  Range,
  type TextDocument,
  Uri,
  workspace,
} from 'vscode';
import type { Severity } from '../../engine/diagnose/finding.ts';
import type { LivingFinding } from '../../engine/diagnose/life.ts';
import { titleOf } from '../../engine/diagnose/titles.ts';
import type { Site } from '../../engine/site.ts';
import { Disposables } from '../dispose.ts';
import type { Runs } from '../runs/runs.ts';
import type { Session } from '../runs/session.ts';
import type { Ignored } from './ignored.ts';
import { isFile, openDocument } from './openDocument.ts';
import { rangeNow, type SourceMaps } from './sourceMaps.ts';

const SEVERITIES: { readonly [K in Severity]: DiagnosticSeverity } = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
};

/** One line of the Problems view. */
interface Problem {
  readonly site: Site;
  readonly message: string;
  readonly severity: DiagnosticSeverity;
  readonly code: string | undefined;
}

/**
 * Findings and script errors in the Problems view, on the lines that make the layers. They follow their lines through
 * edits; a problem whose own line has been edited is gone until the next run.
 */
export class Problems extends Disposables {
  readonly #runs: Runs;
  readonly #maps: SourceMaps;
  readonly #ignored: Ignored;
  readonly #collection: DiagnosticCollection;
  /** What is shown, by file. */
  readonly #shown = new Map<string, { readonly session: Session; readonly problems: readonly Problem[] }>();
  readonly #signatures = new WeakMap<Session, string>();

  constructor(runs: Runs, maps: SourceMaps, ignored: Ignored) {
    super();
    this.#runs = runs;
    this.#ignored = ignored;
    this.add(ignored.onDidChange((file) => this.#draw(file)));
    this.#maps = maps;
    this.#collection = this.add(languages.createDiagnosticCollection('gradlens'));
    this.add(runs.onDidStart((session) => this.#clear(session)));
    this.add(runs.onDidChange((session) => this.#update(session)));
    const follow = (document: TextDocument) => isFile(document) && this.#draw(document.uri.fsPath, document);
    this.add(workspace.onDidChangeTextDocument(({ document }) => follow(document)));
    this.add(workspace.onDidOpenTextDocument(follow));
  }

  /** A new run of a script starts clean. */
  #clear(session: Session): void {
    for (const [file, shown] of [...this.#shown]) {
      if (shown.session.script !== session.script) continue;
      this.#shown.delete(file);
      this.#collection.delete(Uri.file(file));
    }
  }

  #update(session: Session): void {
    if (!this.#runs.all.includes(session)) return;
    const problems = [...session.living.flatMap((life) => problemsOf(life, session.isLive)), ...errorOf(session)];
    const signature = JSON.stringify(problems);
    if (this.#signatures.get(session) === signature) return;
    this.#signatures.set(session, signature);
    this.#clear(session);
    for (const [file, ofFile] of Map.groupBy(problems, (problem) => problem.site.file)) {
      this.#shown.set(file, { session, problems: ofFile });
      this.#draw(file);
    }
  }

  #draw(file: string, document = openDocument(file)): void {
    const shown = this.#shown.get(file);
    if (!shown) return;
    const map = document && this.#maps.between(shown.session, document);
    const diagnostics = shown.problems.flatMap((problem) => {
      const range = map ? rangeNow(problem.site, map, document) : rangeOf(problem.site);
      const line = range && document?.lineAt(range.start.line).text;
      const ignored = problem.code && line && this.#ignored.has(file, problem.code, line);
      return range && !ignored ? [diagnosticOf(problem, range)] : [];
    });
    this.#collection.set(Uri.file(file), diagnostics);
  }
}

/**
 * A finding is said once with its evidence, and pointed at from the other lines concerned. What is cured is told and alarms
 * nobody; what is only suspected while the run goes on isn't an error yet.
 */
function problemsOf({ finding, stage, seen }: LivingFinding, isLive: boolean): Problem[] {
  const title = titleOf(finding.id);
  if (stage === 'cured') {
    if (!finding.site) return [];
    const message = `${title}: cured at step ${seen}. ${finding.evidence}`;
    return [{ site: finding.site, message, severity: DiagnosticSeverity.Information, code: undefined }];
  }
  const suspected = stage === 'suspected' && isLive && finding.severity === 'error';
  const severity = SEVERITIES[suspected ? 'warning' : finding.severity];
  return finding.sites.map((site, i) => {
    const message = i === 0 ? `${title}: ${finding.evidence}` : `${title}: this layer, too, is affected.`;
    return { site, message, severity, code: finding.id };
  });
}

/** The script's own error, or where it was when it had to be ended. */
function errorOf({ run: { error, end } }: Session): Problem[] {
  const code = undefined;
  if (error?.site) {
    return [{ site: error.site, message: `${error.name}: ${error.message}`, severity: DiagnosticSeverity.Error, code }];
  }
  if (!end?.site || !end.message) return [];
  const severity = end.ended === 'failed' ? DiagnosticSeverity.Error : DiagnosticSeverity.Information;
  return [{ site: end.site, message: end.message, severity, code }];
}

function diagnosticOf({ message, severity, code }: Problem, range: Range): Diagnostic {
  const diagnostic = new Diagnostic(range, message, severity);
  diagnostic.source = 'GradLens';
  diagnostic.code = code;
  return diagnostic;
}

const rangeOf = ({ line, column }: Site) => new Range(line - 1, column - 1, line - 1, Number.MAX_SAFE_INTEGER);
