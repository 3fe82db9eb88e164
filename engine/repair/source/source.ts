import type { Site } from '../../site.ts';
import { languageOf } from '../../source/language.ts';
import { childrenOf, loadParser, type Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import { indentUnit } from '../layout.ts';
import { type Call, type Dialect, dialectOf } from './dialect.ts';
import { refuse } from './refusal.ts';

const CLASSES = new Set(['class_definition', 'class_declaration']);

type Parse = Awaited<ReturnType<typeof loadParser>>;

/** A text of the user's, parsed, with the means to write into it as it is written. */
export class Source {
  readonly file: string;
  readonly text: string;
  readonly root: Node;
  readonly dialect: Dialect;
  /** Every call and construction, in the order of the text. */
  readonly calls: readonly Call[];

  readonly #parse: Parse;

  private constructor(file: string, text: string, root: Node, dialect: Dialect, parse: Parse) {
    this.#parse = parse;
    this.file = file;
    this.text = text;
    this.root = root;
    this.dialect = dialect;
    this.calls = everyNode(root)
      .map((node) => dialect.callOf(node))
      .filter((call) => call !== null);
  }

  /** Uses `work` on the parsed texts; their trees live no longer. */
  static async using<T>(texts: ReadonlyMap<string, string>, work: (sources: Source[]) => T): Promise<T> {
    const trees = await Promise.all(
      [...texts].map(async ([file, text]) => {
        const { parser } = languageOf(file);
        const parse = await loadParser(parser);
        return { file, text, tree: parse(text), dialect: dialectOf(parser), parse };
      }),
    );
    try {
      return work(
        trees.map(({ file, text, tree, dialect, parse }) => new Source(file, text, tree.rootNode, dialect, parse)),
      );
    } finally {
      for (const { tree } of trees) tree.delete();
    }
  }

  /** Whether a text in the same language is free of errors of syntax. */
  isWellFormed(text: string): boolean {
    const tree = this.#parse(text);
    const wellFormed = !tree.rootNode.hasError;
    tree.delete();
    return wellFormed;
  }

  get isPython(): boolean {
    return this.dialect.language === 'python';
  }

  /** What ends a statement here. */
  get end(): string {
    return !this.isPython && /;[ \t]*(\/\/.*)?\r?$/m.test(this.text) ? ';' : '';
  }

  /** One more level of indentation. */
  get indent(): string {
    return indentUnit(this.text, this.isPython ? '    ' : '  ');
  }

  /** The innermost statement (or class member) that a node is in. */
  statementOf(node: Node): Node {
    let at = node;
    while (at.parent && !this.dialect.blocks.has(at.parent.type)) at = at.parent;
    return at;
  }

  /** The statement of the whole text that a node is in. */
  topStatementOf(node: Node): Node {
    let at = node;
    while (at.parent?.parent) at = at.parent;
    return at;
  }

  /** The innermost node around this one that is of one of these types. */
  around(node: Node, types: ReadonlySet<string>): Node | null {
    let at = node.parent;
    while (at && !types.has(at.type)) at = at.parent;
    return at;
  }

  /** The function that a node is in; null at the top. */
  functionOf(node: Node): Node | null {
    return this.around(node, this.dialect.functions);
  }

  /** The class that a node is in; null if it's in none. */
  classOf(node: Node): Node | null {
    return this.around(node, CLASSES);
  }

  indentOf(node: Node): string {
    return /^[ \t]*/.exec(this.#lineOf(node.startIndex))?.[0] ?? '';
  }

  /** Statements (lines, to be indented as that one) before a statement. */
  before(statement: Node, lines: readonly string[]): TextEdit {
    const at = this.#lineStart(statement.startIndex);
    const indent = this.indentOf(statement);
    if (at + indent.length === statement.startIndex) {
      return insertion(at, lines.map((line) => `${line && indent}${line}\n`).join(''));
    }
    if (lines.length > 1) refuse('several statements stand on one line');
    return insertion(statement.startIndex, `${lines[0].replace(/;$/, '')}; `);
  }

  /** Statements after a statement. */
  after(statement: Node, lines: readonly string[]): TextEdit {
    const semicolon = this.text[statement.endIndex] === ';' ? 1 : 0;
    const from = statement.endIndex + semicolon;
    const rest = /^[^\r\n]*/.exec(this.text.slice(from))?.[0] ?? '';
    const alone = this.#lineStart(statement.startIndex) + this.indentOf(statement).length === statement.startIndex;
    if (alone && /^\s*(?:(?:\/\/|#).*)?$/.test(rest)) {
      const indent = this.indentOf(statement);
      return insertion(from + rest.length, lines.map((line) => `\n${line && indent}${line}`).join(''));
    }
    if (lines.length > 1) refuse('several statements stand on one line');
    const line = lines[0].replace(/;$/, '');
    const ended = this.text[statement.endIndex - 1] === ';';
    return insertion(statement.endIndex, ended ? ` ${line};` : `; ${line}`);
  }

  /** Statements before and after one that is a body without braces, which it gets. */
  inBraces(statement: Node, before: readonly string[], after: readonly string[]): TextEdit[] {
    const outer = this.indentOf(statement.parent ?? statement);
    const inner = outer + this.indent;
    // on the line of its loop, or below it
    const gap = /\s*$/.exec(this.text.slice(0, statement.startIndex))?.[0].length ?? 0;
    return [
      {
        start: statement.startIndex - gap,
        end: statement.startIndex,
        newText: ` {\n${before.map((line) => `${inner}${line}\n`).join('')}${inner}`,
      },
      insertion(statement.endIndex, `${after.map((line) => `\n${inner}${line}`).join('')}\n${outer}}`),
    ];
  }

  /** Takes away a statement, with its line if it stands alone. */
  without(statement: Node): TextEdit {
    const start = this.#lineStart(statement.startIndex);
    const rest = /^;?[ \t]*(?:\r?\n|$)/.exec(this.text.slice(statement.endIndex));
    const alone = this.text.slice(start, statement.startIndex).trim() === '' && rest;
    return alone
      ? { start, end: statement.endIndex + rest[0].length, newText: '' }
      : refuse('several statements stand on one line');
  }

  #lineStart(offset: number): number {
    return this.text.lastIndexOf('\n', offset - 1) + 1;
  }

  #lineOf(offset: number): string {
    return /^[^\r\n]*/.exec(this.text.slice(this.#lineStart(offset)))?.[0] ?? '';
  }
}

export const insertion = (at: number, newText: string): TextEdit => ({ start: at, end: at, newText });
export const replacement = (node: Node, newText: string): TextEdit => ({
  start: node.startIndex,
  end: node.endIndex,
  newText,
});

/** Whether a node of a text stands on the line of a place, or over several of which that is one. */
export const isAt = ({ file }: Source, { startPosition, endPosition }: Node, site: Site | null): boolean =>
  file === site?.file && startPosition.row < site.line && site.line <= endPosition.row + 1;

/** The same function around both, or none. */
export const inSameFunction = (source: Source, a: Node, b: Node): boolean =>
  source.functionOf(a)?.startIndex === source.functionOf(b)?.startIndex;

export const same = (a: Node | null | undefined, b: Node | null | undefined): boolean =>
  !!a && !!b && a.id === b.id && a.startIndex === b.startIndex;

export const within = (node: Node, outer: Node): boolean =>
  node.startIndex >= outer.startIndex && node.endIndex <= outer.endIndex;

function everyNode(root: Node): Node[] {
  const nodes: Node[] = [];
  const visit = (node: Node) => {
    nodes.push(node);
    for (const child of childrenOf(node)) visit(child);
  };
  visit(root);
  return nodes;
}
