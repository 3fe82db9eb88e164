import { expect, test } from 'vitest';
import { meansTheSame, parameterOf, reaches } from '../../../engine/repair/source/binding.ts';
import { Source } from '../../../engine/repair/source/source.ts';

/** `made()` and `here()` stand in each text; what does `model` (or what is named) of the one mean at the other? */
const cases: readonly (readonly [what: string, file: string, text: string, means: boolean, name?: string])[] = [
  ['of the whole text', 'a.py', 'model = 1\nmade()\ndef f():\n    here()\n', true],
  ['of another function', 'a.py', 'def f():\n    model = 1\n    made()\ndef g():\n    here()\n', false],
  ['of the same function', 'a.py', 'def f():\n    model = 1\n    made()\n    here()\n', true],
  ['of the function around', 'a.ts', 'function f() { const model = 1; made(); g(() => here()); }\n', true],
  ['of the text, from within a function', 'a.py', 'model = 1\ndef f():\n    made()\ndef g():\n    here()\n', true],
  ['shadowed by a variable', 'a.py', 'model = 1\nmade()\ndef f():\n    model = 2\n    here()\n', false],
  ['shadowed by a pattern', 'a.ts', 'const model = 1; made();\nfunction f() { const [model] = g(); here(); }\n', false],
  ['shadowed by a loop', 'a.py', 'model = 1\nmade()\ndef f():\n    for model, x in y:\n        here()\n', false],
  ['an attribute shadows nothing', 'a.py', 'model = 1\nmade()\ndef f():\n    x.model = 2\n    here()\n', true],
  ['of a function within', 'a.py', 'model = 1\nmade()\ndef f():\n    def g():\n        model = 2\n    here()\n', true],
  ['handed on', 'a.py', 'def f():\n    model = 1\n    made()\ndef g(model: Net):\n    here()\n', true],
  ['handed on to an arrow', 'a.ts', 'function f() { const model = 1; made(); }\nconst g = model => here();\n', true],
  [
    'of a class body of Python’s',
    'a.py',
    'class A:\n    model = 1\n    made()\n    def f(self):\n        here()\n',
    false,
  ],
  ['within such a body', 'a.py', 'class A:\n    model = 1\n    made()\n    here()\n', true],
  [
    'a field, where another is filled',
    'a.ts',
    'class A { model = 1; b = made(); f() { here(); } }\n',
    true,
    'this.model',
  ],
  ['a field of another class', 'a.ts', 'class A { b = made(); }\nclass B { f() { here(); } }\n', false, 'this.model'],
  ['a field, outside of its class', 'a.ts', 'class A { b = made(); }\nfunction f() { here(); }\n', false, 'this.model'],
  [
    'a field of another class of Python’s',
    'a.py',
    'class A:\n    def f(self):\n        made()\nclass B:\n    def f(self):\n        here()\n',
    false,
    'self.model',
  ],
];

const places = (text: string, file: string, look: (source: Source, ...nodes: Source['root'][]) => void) =>
  Source.using(new Map([[file, text]]), ([source]) => {
    look(source, ...['made', 'here'].map((name) => source.calls.find((call) => call.name === name)!.node));
  });

test.for(cases)('what a name means: %s', ([_what, file, text, means, name = 'model']) =>
  places(text, file, (source, made, here) => {
    expect(meansTheSame(source, `${name}.parameters()`, made, here)).toBe(means);
  }),
);

test.each([
  ['from the top', 'a.py', 'made()\ndef f(made):\n    here()\n', true],
  ['into a function within', 'a.ts', 'function f() { made(); g(() => here()); }\n', true],
  ['not into another', 'a.ts', 'function f() { made(); }\nfunction g() { here(); }\n', false],
  ['not out of one', 'a.py', 'def f():\n    made()\nhere()\n', false],
  ['not out of a class body of Python’s', 'a.py', 'class A:\n    made()\n    def f(self):\n        here()\n', false],
] as const)('a new name reaches %s', (_where, file, text, expected) =>
  places(text, file, (source, made, here) => {
    expect(reaches(source, made, here)).toBe(expected);
  }),
);

test('a parameter is that of the innermost function', () =>
  places(
    'def made(model):\n    made()\n    def g(other, model=None):\n        here()\n',
    'a.py',
    (source, made, here) => {
      expect(parameterOf(source, 'model', made)?.text).toBe('model');
      expect(parameterOf(source, 'model', here)?.text).toBe('model=None');
      expect(parameterOf(source, 'absent', here)).toBeNull();
    },
  ));
