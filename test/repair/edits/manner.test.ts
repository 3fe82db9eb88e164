import { describe, expect, test } from 'vitest';
import { remedyFor } from '../../../engine/repair/remedies.ts';
import { remedied } from '../remedy.ts';
import { TS } from './cases.ts';

test('a remedy is what its finding means by it', () => {
  expect(remedyFor('learning-rate-low', 'learning-rate')?.id).toBe('raise-learning-rate');
  expect(remedyFor('learning-rate-high', 'learning-rate')?.id).toBe('learning-rate');
  expect(remedyFor('dead-units', 'activation')?.id).toBe('leaky-relu');
});

test('a remedy for one cause is none for another', async () => {
  const text = `${TS}const loss = F.mseLoss(model(x), y).neg();\nloss.backward();\n`;
  expect((await remedied('sign', 'a.ts', text, { cause: 'wrong-sign' })).edit).not.toBeNull();
  expect((await remedied('sign', 'a.ts', text, { cause: 'large-logits' })).reason).toMatch(/another cause/);
});

test('a change of the rate says from what to what', async () => {
  const text = `${TS}const opt = new optim.SGD(model.parameters(), { lr: 1e-1 });\n`;
  expect((await remedied('learning-rate', 'a.ts', text)).said).toBe('Lower the learning rate from 1e-1 to 1e-2');
  expect((await remedied('raise-learning-rate', 'a.ts', text)).said).toBe('Raise the learning rate from 1e-1 to 1e0');
  expect((await remedied('clip', 'a.ts', `${text}l.backward();\nopt.step();\n`)).said).toBeUndefined();
});

describe('the manner of the text is kept', () => {
  test('CRLF', async () => {
    const text = `${TS}const opt = new optim.SGD(model.parameters(), { lr: 1 });\nloss.backward();\nopt.step();\n`;
    const { after } = await remedied('clip', 'a.ts', text.replaceAll('\n', '\r\n'));
    expect(after).toContain('loss.backward();\r\nnn.utils.clipGradNorm_(model.parameters(), 1.0);\r\nopt.step();\r\n');
    expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  test('positions count in UTF-16, as editors do', async () => {
    const text = `${TS}/* λ😀 */ const opt = new optim.SGD(model.parameters(), { lr: 0.5 });\n`;
    const { edit, after } = await remedied('learning-rate', 'a.ts', text);
    expect(after).toContain('/* λ😀 */ const opt = new optim.SGD(model.parameters(), { lr: 0.05 });');
    const line = text.split('\n')[1];
    expect(edit?.changes[0].range.start).toEqual({ line: 1, character: line.indexOf('0.5') });
  });
});
