import { expect, test } from 'vitest';
import { parseCommand } from '../../engine/host/commandLine.ts';

test.each([
  ['', { arguments: [], environment: {}, torchrun: null }],
  ['--epochs 3 --name "a b"', { arguments: ['--epochs', '3', '--name', 'a b'], environment: {}, torchrun: null }],
  ['LR=0.1 X= --fast', { arguments: ['--fast'], environment: { LR: '0.1', X: '' }, torchrun: null }],
  ['python src/train.py a=b', { arguments: ['a=b'], environment: {}, torchrun: null }],
  [
    'A="1 = 2" torchrun --nproc_per_node=2 train.py --epochs 3',
    { arguments: ['--epochs', '3'], environment: { A: '1 = 2' }, torchrun: ['--nproc_per_node=2'] },
  ],
  ['torchrun --nproc_per_node 2', { arguments: [], environment: {}, torchrun: ['--nproc_per_node', '2'] }],
])('%s', (text, command) => {
  expect(parseCommand(text, 'train.py')).toEqual(command);
});

test.each([
  [`a 'b c' "d \\"e\\" f" g\\ h`, ['a', 'b c', 'd "e" f', 'g h']],
  [`--x='1 2'3`, ['--x=1 23']],
  [`"" ''`, ['', '']],
])('words of %s', (text, words) => {
  expect(parseCommand(text, 'train.py').arguments).toEqual(words);
});
