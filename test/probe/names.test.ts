import { expect, test } from 'vitest';
import { SourceNames } from '../../engine/probe/names.ts';

/** The name given to what is made at the place of `@`. */
function nameAt(marked: string): string | null {
  const at = marked.indexOf('@');
  const before = marked.slice(0, at).split('\n');
  const text = marked.replace('@', '');
  const names = new SourceNames((file) => (file === '/a.js' ? text : undefined));
  return names.nameAt({ file: '/a.js', line: before.length, column: before.at(-1)!.length + 1 });
}

test.each([
  ['const w = @tensor([2]);', 'w'],
  ['let w = @new Linear(2, 3), b = f();', 'w'],
  ['let w = f(), b = @new Linear(2, 3);', 'b'],
  ['export const w = @tensor([2]);', 'w'],
  ['w = @tensor([2]);', 'w'],
  ['this.w = @tensor([2]);', 'w'],
  ['a.b.c = @tensor([2]);', 'c'],
  ['self["w"] = @tensor([2]);', 'w'],
  ['const w = randn([2]).@requiresGrad_();', 'w'],
  ['const w = tensor([2])\n  .mul(3)\n  .@requiresGrad_();', 'w'],
  ['class A { w = @tensor([2]); }', 'w'],
  ['class A { #w = @tensor([2]); }', 'w'],
  ['class A { static w = @tensor([2]); }', 'w'],
  ['const o = { w: @tensor([2]) };', 'w'],
  ['const [a, b] = [@tensor([1]), tensor([2])];', 'a'],
  ['const [a, b] = [tensor([1]), @tensor([2])];', 'b'],
  ['const [a, , c] = [f(), g(), @tensor([2])];', 'c'],
  ['[this.a, b] = [@tensor([1]), tensor([2])];', 'a'],
  ['const W = Array.from({ length: 3 }, () => @tensor([2]));', 'W'],
  ['const W = [@tensor([1]), tensor([2])];', 'W'],
  ['for (let i = 0; i < 3; i++) { const w = @tensor([2]); }', 'w'],
  ['const layers = [];\nfor (;;) layers.push(@tensor([2]));', null],
  ['function make() { return @tensor([2]); }\nconst w = make();', null],
  ['const make = () => { return @tensor([2]); };', null],
  ['const make = () => @tensor([2]);', null],
  ['const o = { make: () => @tensor([2]) };', null],
  ['class A { make = (n) => @tensor([n]); }', null],
  ['const W = names.map((name) => ({ value: @tensor([2]) }));', 'value'],
  ['export default @tensor([2]);', null],
  ['f(@tensor([2]));', null],
  ['const w = tensor([2]);\n\n\n@g();', null],
  ['#!/usr/bin/env node\nconst w = @tensor([2]);', 'w'],
  ['with (o) { var w = @tensor([2]); }', 'w'], // no module
])('%s', (text, name) => {
  expect(nameAt(text)).toBe(name);
});

test('a file that is not known, or that is not JavaScript, has no names', () => {
  expect(new SourceNames(() => undefined).nameAt({ file: '/a.js', line: 1, column: 1 })).toBeNull();
  expect(nameAt('const w = = @tensor([2]);')).toBeNull();
});
