import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import treeSitter, { type Node, type Tree } from '@vscode/tree-sitter-wasm';

/** A syntax tree of a script. Positions: `row` and `column` from 0, columns in UTF-16 units as everywhere in VS Code. */
export type { Node, Point, Tree } from '@vscode/tree-sitter-wasm';

export type Language = 'typescript' | 'python';

const GRAMMARS: { readonly [K in Language]: string } = {
  typescript: 'tree-sitter-typescript.wasm', // reads JavaScript as well
  python: 'tree-sitter-python.wasm',
};

/** The grammars lie with the build, or, running from source, in the package that has them. */
function grammarFolder(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  return import.meta.url.endsWith('.ts')
    ? path.join(here, '../../node_modules/@vscode/tree-sitter-wasm/wasm')
    : path.join(here, '../grammars');
}

export type Parse = (text: string) => Tree;

const loading = new Map<Language, Promise<Parse>>();
let runtime: Promise<void> | null = null;

/** The parser, loaded when first asked for. It reads what is half written too: errors are nodes of the tree. */
export function loadParser(language: Language = 'typescript'): Promise<Parse> {
  const known = loading.get(language) ?? load(GRAMMARS[language]);
  loading.set(language, known);
  return known;
}

async function load(grammar: string): Promise<Parse> {
  const { Parser, Language } = treeSitter;
  const folder = grammarFolder();
  runtime ??= Parser.init({ locateFile: (file) => path.join(folder, file) });
  await runtime;
  const parser = new Parser();
  parser.setLanguage(await Language.load(fs.readFileSync(path.join(folder, grammar))));
  return (text) => {
    const tree = parser.parse(text);
    if (!tree) throw new Error('The parser has no language.');
    return tree;
  };
}

/** The named children of a node; the library's types allow for holes. */
export const childrenOf = (node: Node | null): Node[] => node?.namedChildren.filter((child) => child !== null) ?? [];

export const descendantsOf = (node: Node | null, type: string): Node[] =>
  node?.descendantsOfType(type).filter((found) => found !== null) ?? [];
