import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { nn, ones, randn, tensor } from '../../engine/index.ts';

test('console.log shows tensors and modules as PyTorch prints them', () => {
  const x = tensor([1, 2]);
  expect(inspect(x)).toBe(String(x));
  const model = new nn.Sequential(new nn.Linear(2, 1), new nn.ReLU());
  expect(inspect(model)).toBe(String(model));
  expect(inspect({ x })).toContain(String(x));
});

test('requiresGrad can be set, as in PyTorch', () => {
  const fc = new nn.Linear(2, 1);
  fc.weight.requiresGrad = false;
  expect(fc.weight.requiresGrad).toBe(false);
  fc(ones([1, 2]))
    .sum()
    .backward();
  expect(fc.weight.grad).toBeNull();
});

test('sizes that are not in an array: a word on what to write', () => {
  // @ts-expect-error: what a PyTorch user writes
  expect(() => randn(3, 4)).toThrow('A shape is one array: [3, 4]');
});
