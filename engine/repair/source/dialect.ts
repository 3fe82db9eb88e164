import type { Language, Node } from '../../source/parser.ts';
import { childrenOf } from '../../source/parser.ts';

/** A call or a construction, the same for both languages. */
export interface Call {
  readonly node: Node;
  /** What is called: `nn.Linear`, `loss.backward`. */
  readonly callee: Node;
  /** What stands before the last dot. */
  readonly receiver: Node | null;
  /** The last part of the callee, in camel case: `zeroGrad` for `zero_grad`. */
  readonly name: string;
  readonly positional: readonly Node[];
  /** Options by their names in camel case. */
  readonly named: ReadonlyMap<string, Node>;
  readonly list: Node;
}

/** What differs between the languages as they are written. */
export interface Dialect {
  readonly language: Language;
  readonly self: string;
  readonly nothing: string;
  /** Nodes whose children are statements. */
  readonly blocks: ReadonlySet<string>;
  readonly loops: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
  callOf(node: Node | null): Call | null;
  /** `new nn.Linear(2, 3, { bias: false })`, `nn.Linear(2, 3, bias=False)`. */
  make(type: string, args: readonly string[], options?: Options): string;
  /** The same for a function, whose name is in camel case. */
  call(name: string, args: readonly string[], options?: Options): string;
  /** `h.add(x)`, `h + x`. */
  add(a: string, b: string): string;
  /** A statement that declares a variable. */
  declare(name: string, value: string): string;
  spell(name: string): string;
}

type Options = readonly (readonly [name: string, value: string])[];

const camel = (name: string) => name.replace(/(?<=[a-z0-9])_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
const snake = (name: string) =>
  /^[A-Z]/.test(name) ? name : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const isComment = ({ type }: Node) => type === 'comment';

const typescript: Dialect = {
  language: 'typescript',
  self: 'this',
  nothing: 'null',
  blocks: new Set(['program', 'statement_block', 'class_body', 'switch_case']),
  loops: new Set(['for_statement', 'for_in_statement', 'while_statement', 'do_statement']),
  functions: new Set(['function_declaration', 'method_definition', 'arrow_function', 'function_expression']),
  callOf(node) {
    if (node?.type !== 'new_expression' && node?.type !== 'call_expression') return null;
    const callee = node.childForFieldName(node.type === 'new_expression' ? 'constructor' : 'function');
    const list = node.childForFieldName('arguments');
    if (!callee || list?.type !== 'arguments') return null;
    const args = childrenOf(list).filter((arg) => !isComment(arg));
    const options = args.at(-1)?.type === 'object' ? args.pop() : undefined;
    const named = new Map<string, Node>();
    for (const pair of childrenOf(options ?? null)) {
      const [key, value] = [pair.childForFieldName('key'), pair.childForFieldName('value')];
      if (key && value) named.set(key.text, value);
      if (pair.type === 'shorthand_property_identifier') named.set(pair.text, pair);
    }
    const member = callee.type === 'member_expression';
    const name = member ? callee.childForFieldName('property')?.text : callee.text;
    const receiver = member ? callee.childForFieldName('object') : null;
    return { node, callee, receiver, name: name ?? '', positional: args, named, list };
  },
  make: (type, args, options) => `new ${typescript.call(type, args, options)}`,
  call(name, args, options = []) {
    const object = options.length ? [`{ ${options.map(([key, value]) => `${key}: ${value}`).join(', ')} }`] : [];
    return `${name}(${[...args, ...object].join(', ')})`;
  },
  add: (a, b) => `${a}.add(${b})`,
  declare: (name, value) => `const ${name} = ${value}`,
  spell: (name) => name,
};

const python: Dialect = {
  language: 'python',
  self: 'self',
  nothing: 'None',
  blocks: new Set(['module', 'block']),
  loops: new Set(['for_statement', 'while_statement']),
  functions: new Set(['function_definition', 'lambda']),
  callOf(node) {
    if (node?.type !== 'call') return null;
    const callee = node.childForFieldName('function');
    const list = node.childForFieldName('arguments');
    if (!callee || !list) return null;
    const args = list.type === 'argument_list' ? childrenOf(list).filter((arg) => !isComment(arg)) : [list];
    const named = new Map<string, Node>();
    for (const arg of args.filter(({ type }) => type === 'keyword_argument')) {
      const [key, value] = [arg.childForFieldName('name'), arg.childForFieldName('value')];
      if (key && value) named.set(camel(key.text), value);
    }
    const member = callee.type === 'attribute';
    const name = member ? callee.childForFieldName('attribute')?.text : callee.text;
    const receiver = member ? callee.childForFieldName('object') : null;
    const positional = args.filter(({ type }) => type !== 'keyword_argument');
    return { node, callee, receiver, name: camel(name ?? ''), positional, named, list };
  },
  make: (type, args, options) => python.call(type, args, options),
  call(name, args, options = []) {
    const dot = name.lastIndexOf('.') + 1;
    const spelt = name.slice(0, dot) + snake(name.slice(dot));
    return `${spelt}(${[...args, ...options.map(([key, value]) => `${snake(key)}=${value}`)].join(', ')})`;
  },
  add: (a, b) => `${a} + ${b}`,
  declare: (name, value) => `${name} = ${value}`,
  spell: snake,
};

export const dialectOf = (language: Language): Dialect => (language === 'python' ? python : typescript);
