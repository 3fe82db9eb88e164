import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { askWhich } from '../../engine/host/cli/ask.ts';

/** What is chosen among two by somebody who types these lines, one at each question. */
async function chosen(...lines: string[]) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let asked = 0;
  output.setEncoding('utf8').on('data', (text: string) => {
    if (!text.includes('Write which? [1–2')) return;
    asked++;
    const line = lines.shift();
    if (line === undefined) input.end();
    else input.write(line);
  });
  return { number: await askWhich(2, input, output), asked };
}

test('a number chooses, yes means the first, and nothing typed means none', async () => {
  expect(await chosen('2\n')).toEqual({ number: 2, asked: 1 });
  expect(await chosen('y\n')).toEqual({ number: 1, asked: 1 });
  expect(await chosen('\n')).toEqual({ number: null, asked: 1 });
  expect(await chosen('no\n')).toEqual({ number: null, asked: 1 });
});

test('what is no choice is asked again, and the end of the input means none', async () => {
  expect(await chosen('3\n', '0\n', 'what\n', '1\n')).toEqual({ number: 1, asked: 4 });
  expect(await chosen()).toEqual({ number: null, asked: 1 });
});
