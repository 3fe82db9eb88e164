import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import treeSitter, { type Tree } from '@vscode/tree-sitter-wasm';

/** A syntax tree of a script. Positions: `row` and `column` from 0, columns in UTF-16 units as everywhere in VS Code. */
export type { Node, Point, Tree } from '@vscode/tree-sitter-wasm';

const GRAMMAR = 'tree-sitter-typescript.wasm'; // reads JavaScript as well

/** The grammars lie with the build, or, running from source, in the package that has them. */
function grammarFolder(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  return import.meta.url.endsWith('.ts')
    ? path.join(here, '../../node_modules/@vscode/tree-sitter-wasm/wasm')
    : path.join(here, '../grammars');
}

let loading: Promise<(text: string) => Tree> | null = null;

/** The parser, loaded when first asked for. It reads what is half written too: errors are nodes of the tree. */
export function loadParser(): Promise<(text: string) => Tree> {
  loading ??= load();
  return loading;
}

async function load(): Promise<(text: string) => Tree> {
  const { Parser, Language } = treeSitter;
  const folder = grammarFolder();
  await Parser.init({ locateFile: (file) => path.join(folder, file) });
  const parser = new Parser();
  parser.setLanguage(await Language.load(fs.readFileSync(path.join(folder, GRAMMAR))));
  return (text) => {
    const tree = parser.parse(text);
    if (!tree) throw new Error('The parser has no language.');
    return tree;
  };
}
