import { expect, test } from 'vitest';
import { applyEdits } from '../../engine/repair/edit.ts';
import { laidOut } from '../../engine/repair/layout.ts';

/** A text with `, more` written behind every `wide`, laid out. */
function widened(text: string, language: 'python' | 'typescript', more: string): string {
  const edits = [...text.matchAll(/wide/g)].map(({ index }) => ({
    start: index + 4,
    end: index + 4,
    newText: `, ${more}`,
  }));
  return applyEdits(text, laidOut(text, edits, language));
}

const LONG = 'x'.repeat(80);

test('a line that becomes too long is broken at its arguments, each on a line of its own', () => {
  expect(widened('if (a) {\n  f(wide, { b: [1, 2] });\n}\n', 'typescript', LONG)).toBe(
    `if (a) {\n  f(\n    wide,\n    ${LONG},\n    { b: [1, 2] }\n  );\n}\n`,
  );
  // commas behind the last are kept up, where a text has them
  expect(widened(`g(\n  1,\n);\n  f(wide, "a, (b)", 2345678);\n`, 'typescript', LONG)).toBe(
    `g(\n  1,\n);\n  f(\n    wide,\n    ${LONG},\n    "a, (b)",\n    2345678,\n  );\n`,
  );
});

test('Python’s are on one line where they fit, and a comprehension stands in clauses', () => {
  const seventy = LONG.slice(10);
  expect(widened('    value = f(wide)\n', 'python', seventy)).toBe(`    value = f(\n        wide, ${seventy}\n    )\n`);
  expect(widened('m = List([Sequential(wide) for _ in range(depth - 1)])\n', 'python', seventy.slice(10))).toBe(
    `m = List(\n    [\n        Sequential(wide, ${seventy.slice(10)})\n        for _ in range(depth - 1)\n    ]\n)\n`,
  );
});

test('the variables of a comprehension stay together, and a string is no clause', () => {
  const sixty = LONG.slice(20);
  expect(widened('m = List([Sequential(wide) for a, b in zip(sizes, sizes[1:])])\n', 'python', sixty)).toBe(
    `m = List(\n    [\n        Sequential(wide, ${sixty})\n        for a, b in zip(sizes, sizes[1:])\n    ]\n)\n`,
  );
  expect(widened('value = f(wide, "wait for it", 1)\n', 'python', LONG)).toBe(
    `value = f(\n    wide,\n    ${LONG},\n    "wait for it",\n    1,\n)\n`,
  );
});

test('what is no call, has a comment, or is no longer than other lines stays on its line', () => {
  const kept = (text: string, language: 'python' | 'typescript') =>
    expect(widened(text, language, LONG).split('\n')).toHaveLength(text.split('\n').length);
  kept('for (wide of abcdefghijklmnopqrst) {}\n', 'typescript');
  kept('y = a * (wide) + bcdefghijk\n', 'python');
  kept('f(wide, bcdefghijklmnopqr)  # why\n', 'python');
  kept(`f(wide, bcdefghijklmnopqr)\n${'z'.repeat(200)}\n`, 'python');
});

test('line ends stay', () => {
  expect(widened('value = f(wide, 12345678)\r\n', 'python', LONG)).toBe(
    `value = f(\n    wide,\n    ${LONG},\n    12345678,\n)\r\n`,
  );
});
