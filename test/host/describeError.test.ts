import { transformSync } from 'amaro';
import { expect, test } from 'vitest';
import { describeError } from '../../engine/host/errors.ts';
import { asNodeTellsIt, LoadedSources } from '../../engine/host/hooks.ts';
import { placeOf } from './scripts.ts';

const nothing = new LoadedSources((text) => text);

/** What is told of a text where Node doesn't strip types itself, in an editor's Node, say. */
function told(text: string) {
  try {
    transformSync(text, { mode: 'strip-only' });
  } catch (error) {
    return describeError(asNodeTellsIt(error as never, '/home/me/script.ts'), nothing);
  }
  throw new Error('It compiles.');
}

test('a syntax error, as amaro tells it', () => {
  const { name, message, site } = told('const a: number = 1;\nconst b = = 2;\n');
  expect([name, message, placeOf(site)]).toEqual(['SyntaxError', 'Expression expected', 'script.ts:2:11']);
});

test('TypeScript that is more than types, as amaro tells it', () => {
  const { message, site } = told('const a = 1;\n  enum Color {\n    red,\n  }\n');
  expect(message).toContain('enum');
  expect(placeOf(site)).toBe('script.ts:2:3');
});

test('Windows’ paths', () => {
  const error = new SyntaxError('no');
  error.stack = 'C:\\Users\\me\\a b.ts:7\n  x y\n    ^\n\nSyntaxError: no';
  expect(describeError(error, nothing).site).toEqual({ file: 'C:\\Users\\me\\a b.ts', line: 7, column: 5 });
});

test('a SyntaxError that a script’s own call threw has the place of the call', () => {
  const sources = new LoadedSources((text) => text);
  sources.add('/home/me/script.cjs', "if (done) return;\nJSON.parse('{');\n");
  const error = new SyntaxError('Unexpected end of JSON input');
  error.stack = 'SyntaxError: Unexpected end\n    at JSON.parse (<anonymous>)\n    at f (/home/me/script.cjs:2:6)';
  expect(placeOf(describeError(error, sources).site)).toBe('script.cjs:2:6');
});
