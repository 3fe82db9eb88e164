import type { Run } from '../run/run.ts';
import { isScript, type Landmarks, landmarks } from './landmarks.ts';
import type { Language, Point, Tree } from './parser.ts';
import { symbolAt } from './places.ts';
import { isPythonScript, pythonLandmarks } from './python/landmarks.ts';
import { pythonSymbolAt } from './python/reference.ts';
import { pythonSubjectOf } from './python/resolve.ts';
import { outputOf, type Subject, subjectOf } from './subjects.ts';

/** A name under the cursor and what of a run it stands for. */
export interface Found {
  readonly symbol: { readonly text: string; readonly start: Point; readonly end: Point };
  readonly subject: Subject;
}

/** What an editor asks of a script's language. */
export interface SourceLanguage {
  readonly parser: Language;
  /** A cheap look at a text: can GradLens run it? */
  isScript(text: string): boolean;
  landmarks(tree: Tree): Landmarks;
  /** Null where no name stands, or the run knows nothing of it. `file`: absolute path. */
  find(run: Run, file: string, tree: Tree, at: Point): Found | null;
}

const typescript: SourceLanguage = {
  parser: 'typescript',
  isScript,
  landmarks,
  find(run, file, tree, at) {
    const symbol = symbolAt(tree, at);
    const subject = symbol && (subjectOf(run, file, symbol) ?? outputOf(run, file, tree, symbol));
    return subject ? { symbol, subject } : null;
  },
};

const python: SourceLanguage = {
  parser: 'python',
  isScript: isPythonScript,
  landmarks: pythonLandmarks,
  find(run, file, tree, at) {
    const symbol = pythonSymbolAt(tree, at);
    const subject = symbol && pythonSubjectOf(run, file, symbol);
    return subject ? { symbol, subject } : null;
  },
};

/** By the file's name. */
export const languageOf = (file: string): SourceLanguage => (file.endsWith('.py') ? python : typescript);
