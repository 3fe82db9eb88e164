import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isScript, landmarks } from '../../engine/source/landmarks.ts';
import { LineMap } from '../../engine/source/lineMap.ts';
import { loadParser } from '../../engine/source/parser.ts';
import { symbolAt } from '../../engine/source/places.ts';
import { subjectOf } from '../../engine/source/subjects.ts';
import { EXAMPLES, run } from '../host/scripts.ts';

const parse = await loadParser();
const example = (name: string) => fs.readFileSync(path.join(EXAMPLES, `${name}.ts`), 'utf8');

/** Line and column (from 0, as the parser has them) of the n-th occurrence of a text. */
function pointOf(text: string, sought: string, nth = 1) {
  let at = -1;
  for (let i = 0; i < nth; i++) {
    at = text.indexOf(sought, at + 1);
    if (at < 0) throw new Error(`${sought} isn’t there ${nth} times`);
  }
  const before = text.slice(0, at).split('\n');
  return { row: before.length - 1, column: before.at(-1)!.length };
}

/** What the symbol at the cursor, `@`, stands for: its call, and the places of what it names, as `line:column`. */
function symbolIn(marked: string) {
  const point = pointOf(marked, '@');
  const symbol = symbolAt(parse(marked.replace('@', '')), point);
  const show = (place: { line: number; column: number } | null) => place && `${place.line}:${place.column}`;
  return symbol && { text: symbol.text, call: show(symbol.call), made: symbol.made.map(show) };
}

describe('what a name in the source stands for', () => {
  test.each([
    ['const w@ = tensor([2]);', { text: 'w', call: null, made: ['1:11'] }],
    ['const w = tensor([2]);\nconst y = w@;', { text: 'w', call: null, made: ['1:11'] }],
    ['const e = w.mul(x).sub(10);\nf(e@);', { text: 'e', call: null, made: ['1:20', '1:13'] }],
    ['const y = x.sig@moid();', { text: 'sigmoid', call: '1:13', made: [] }],
    ['const y = rel@u(x);', { text: 'relu', call: '1:11', made: [] }],
    ['class A { fc@ = new nn.Linear(2, 3); }', { text: 'fc', call: null, made: ['1:16'] }],
    [
      'class A { fc = new nn.Linear(2, 3);\n f(x) { return this.fc@(x); } }',
      { text: 'fc', call: '2:21', made: ['1:16'] },
    ],
    [
      'class A { constructor() { this.fc = new B(); }\n f(x) { return this.fc@(x); } }',
      { text: 'fc', call: '2:21', made: ['1:37'] },
    ],
    ['class A { fc = new B(); }\nconst a = new A();\na.fc@;', { text: 'fc', call: null, made: ['1:16'] }],
    [
      'class A { fc = new B(); }\nclass C { fc = new D();\n f() { this.fc@; } }',
      { text: 'fc', call: null, made: ['2:16'] },
    ],
    [
      'class A { hidden = new L([new B(), new C()]);\n f() { for (const layer@ of this.hidden) {} } }',
      { text: 'layer', call: null, made: ['1:20', '1:27', '1:36'] },
    ],
    [
      'class A { hidden = new L([new B()]);\n f(h) { for (const layer of this.hidden) h = layer@(h); } }',
      { text: 'layer', call: '2:46', made: ['1:20', '1:27'] },
    ],
    ['const W = [f(), g()];\nfor (const w of W) w@;', { text: 'w', call: null, made: ['1:12', '1:17'] }],
    ['let w = f();\nw = g();\nw@;', { text: 'w', call: null, made: ['2:5'] }],
    ['let w = f();\nw@;\nw = g();', { text: 'w', call: null, made: ['1:9'] }],
    ['const w = f();\n{ const w = g();\n w@; }', { text: 'w', call: null, made: ['2:13'] }],
    ['const w = f();\n{ const w = g(); }\nw@;', { text: 'w', call: null, made: ['1:11'] }],
    ['const w = f();\nfunction h(w) { return w@; }', { text: 'w', call: null, made: [] }],
    ['const w = f();\nconst h = (w) => w@;', { text: 'w', call: null, made: [] }],
    ['const w = f();\nconst h = w => w@;', { text: 'w', call: null, made: [] }],
    ['const w = f();\ntry {} catch (w) { w@; }', { text: 'w', call: null, made: [] }],
    ['const { x, y } = data.twoMoons(9);\nx@;', { text: 'x', call: null, made: ['1:23'] }],
    ['const { x: a } = data.twoMoons(9);\na@;', { text: 'a', call: null, made: ['1:23'] }],
    ['const [x, y] = split(9);\ny@;', { text: 'y', call: null, made: ['1:16'] }],
    ['export const w = f();\nw@;', { text: 'w', call: null, made: ['1:18'] }],
    ['var w = f();\nw@;', { text: 'w', call: null, made: ['1:9'] }],
    ['import { w } from "a";\nw@;', { text: 'w', call: null, made: [] }],
    ['unknown@;', { text: 'unknown', call: null, made: [] }],
    ['this.w = f();\nthis.w@;', { text: 'w', call: null, made: ['1:10'] }],
    ['class A { #w = f();\n g() { return this.#w@; } }', { text: '#w', call: null, made: ['1:16'] }],
    ['const a = 1; // 🙂 w@', null],
    ['"w@"', null],
    ['@', null],
    ['const w = f(;\nlet = ;\nconst v = g();\nv@;', { text: 'v', call: null, made: ['3:11'] }],
    ['const w: Tensor<number> = f() as unknown;\nw@!;', { text: 'w', call: null, made: ['1:27'] }],
    ['const é = f("🙂"); const w = g();\nw@;', { text: 'w', call: null, made: ['1:30'] }],
  ])('%s', (marked, meant) => {
    expect(symbolIn(marked)).toEqual(meant);
  });

  test('nothing is asked too much of a text that is being written', () => {
    const text = example('moons-vanishing');
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(text.length), fc.nat(40), (cut, length, row) => {
        const half = text.slice(0, cut) + text.slice(cut + length);
        const tree = parse(half);
        for (let column = 0; column < 60; column += 3) symbolAt(tree, { row, column });
        landmarks(tree);
      }),
      { numRuns: 40 },
    );
  });
});

describe('what of a run it stands for', () => {
  /** Runs a script and asks for names in it. */
  async function asking(text: string) {
    const { run: run_ } = await run(text);
    const file = run_.start!.script;
    const tree = parse(text);
    return (sought: string, nth = 1) => {
      const symbol = symbolAt(tree, pointOf(text, sought, nth));
      const subject = symbol && subjectOf(run_, file, symbol);
      switch (subject?.kind) {
        case undefined:
          return null;
        case 'layers':
          return subject.groups.map(({ name }) => name);
        case 'module':
          return `module ${subject.layer.name}`;
        case 'parameters':
          return subject.parameters.map(({ name }) => name);
        case 'operations':
          return subject.operations.map(({ operation, occurrence }) => `${operation}#${occurrence}`);
      }
    };
  }

  test('layers, containers, loops, models, operations', async () => {
    const at = await asking(`import { nn, randn } from 'gradlens';
class Net extends nn.Module {
  input = new nn.Linear(2, 4);
  hidden = new nn.ModuleList(Array.from({ length: 3 }, () => new nn.Linear(4, 4)));
  output = new nn.Linear(4, 1);
  act = new nn.Tanh();
  forward(x) {
    let h = this.input(x).sigmoid();
    for (const layer of this.hidden) h = layer(h).relu();
    return this.act(this.output(h));
  }
}
const model = new Net();
const criterion = new nn.MSELoss();
const x = randn([8, 2]);
const loss = criterion(model(x), randn([8, 1]));
loss.backward();
`);
    const hidden = ['hidden.0', 'hidden.1', 'hidden.2'];
    expect(at('input =')).toEqual(['input']);
    expect(at('input(x)')).toEqual(['input']);
    expect(at('hidden =')).toEqual(hidden);
    expect(at('hidden)')).toEqual(hidden);
    expect(at('layer of')).toEqual(hidden);
    expect(at('layer(h)')).toEqual(hidden);
    expect(at('sigmoid')).toEqual(['sigmoid#0']);
    expect(at('relu')).toEqual(['relu#0', 'relu#1', 'relu#2']);
    expect(at('act(')).toBe('module act');
    expect(at('act =')).toBe('module act');
    expect(at('model =')).toEqual(['input', ...hidden, 'output']);
    expect(at('model(x)')).toEqual(['input', ...hidden, 'output']);
    expect(at('criterion =')).toBe('module criterion');
    expect(at('x = randn')).toBeNull(); // needs no gradient
  });

  test('tensors without modules', async () => {
    const at = await asking(example('backprop'));
    expect(at('w = tensor')).toEqual(['w']);
    expect(at('w.mul')).toEqual(['w']);
    expect(at('w.grad')).toEqual(['w']);
    expect(at('mul(')).toEqual(['mul#0']);
    expect(at('sub(')).toEqual(['sub#0']);
    expect(at('error =')).toEqual(['sub#0']);
    expect(at('error.pow')).toEqual(['sub#0']);
    expect(at('loss.backward')).toEqual(['pow#0']);
    expect(at('x = tensor')).toBeNull(); // needs no gradient
    expect(at('console')).toBeNull();
  });
});

describe('lines after edits', () => {
  const then = ['a', 'b', 'c', 'd', 'e'].join('\n');
  const where = (now: string) => {
    const map = new LineMap(then, now);
    return [1, 2, 3, 4, 5].map((line) => map.toNow(line));
  };

  test.each([
    ['nothing', 'a\nb\nc\nd\ne', [1, 2, 3, 4, 5]],
    ['a line above', 'new\na\nb\nc\nd\ne', [2, 3, 4, 5, 6]],
    ['two lines between', 'a\nb\n\nnew\nc\nd\ne', [1, 2, 5, 6, 7]],
    ['a line less', 'a\nc\nd\ne', [1, undefined, 2, 3, 4]],
    ['a line changed', 'a\nb\nC\nd\ne', [1, 2, undefined, 4, 5]],
    ['Windows’ line ends', 'a\r\nb\r\nc\r\nd\r\ne', [1, 2, 3, 4, 5]],
    ['a line end more', 'a\nb\nc\nd\ne\n', [1, 2, 3, 4, 5]],
    ['everything', 'x', [undefined, undefined, undefined, undefined, undefined]],
    ['emptied', '', [undefined, undefined, undefined, undefined, undefined]],
  ])('%s', (_what, now, lines) => {
    expect(where(now)).toEqual(lines);
  });

  test('there and back is the same line, and the same text', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', '', 'h = layer(h)'), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        const map = new LineMap(a.join('\n'), b.join('\r\n'));
        for (let line = 1; line <= a.length; line++) {
          const now = map.toNow(line);
          if (now === undefined) continue;
          expect(b[now - 1]).toBe(a[line - 1]);
          expect(map.toRun(now)).toBe(line);
        }
      }),
    );
  });
});

describe('landmarks', () => {
  const of = (text: string) => landmarks(parse(text));

  test('of the examples', () => {
    expect(of(example('moons-vanishing'))).toEqual({ models: [{ name: 'DeepSigmoid', line: 7 }], trainingLoop: 26 });
    expect(of(example('digits-cnn'))).toEqual({ models: [], trainingLoop: 35 });
    expect(of(example('line-by-hand'))).toEqual({ models: [], trainingLoop: 12 });
    expect(of(example('backprop'))).toEqual({ models: [], trainingLoop: null });
  });

  test('of other texts', () => {
    expect(
      of('export class A extends nn.Module {}\nclass B extends Module {}\nclass C {}\nclass D extends A {}'),
    ).toEqual({
      models: [
        { name: 'A', line: 1 },
        { name: 'B', line: 2 },
      ],
      trainingLoop: null,
    });
    expect(of('while (true) {\n  do {\n    loss.backward();\n  } while (x);\n}').trainingLoop).toBe(1);
    expect(of('').trainingLoop).toBeNull();
  });

  test.each([
    ["import { nn } from 'gradlens';", true],
    ['import * as g from "gradlens"', true],
    ["const { nn } = require('gradlens');", true],
    ["const g = await import('gradlens');", true],
    ["import { nn } from 'gradlens-other';", false],
    ['// gradlens', false],
    ['', false],
  ])('%s: a script? %s', (text, yes) => {
    expect(isScript(text)).toBe(yes);
  });
});
