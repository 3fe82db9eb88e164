import { describe, expect, test } from 'vitest';
import type { FindingId } from '../../../engine/diagnose/finding.ts';
import { remedied } from '../remedy.ts';

export const TS = "import { nn, optim, F } from 'gradlens';\n";
export const PY = 'import torch\nfrom torch import nn\n';

/** What a remedy makes of one passage: remedy, file, text, what stands there afterwards. */
export type Made = readonly [what: string, id: string, file: string, text: string, after: string];

/** Why a remedy makes nothing of one. */
export type Refused = readonly [what: string, id: string, file: string, text: string, reason: RegExp];

const FOUND: { readonly [remedy: string]: FindingId } = {
  'learning-rate': 'learning-rate-high',
  'learning-rate-further': 'learning-rate-high',
  'learning-rate-furthest': 'learning-rate-high',
  sign: 'wrong-loss-scale',
  square: 'wrong-loss-scale',
  shape: 'wrong-loss-scale',
  dropout: 'loss-plateau',
  unbounded: 'loss-plateau',
  unfreeze: 'frozen-parameter',
  'log-softmax': 'wrong-loss-scale',
  'softmax-axis': 'wrong-loss-scale',
};

const CAUSES: { readonly [remedy: string]: string } = {
  'finite-mask': 'masked',
  divisor: 'non-finite-input',
  sign: 'wrong-sign',
  square: 'signed-error',
  shape: 'broadcast',
  unbounded: 'bounded-output',
  unfreeze: 'frozen',
  'softmax-axis': 'softmax-over-batch',
};

/** The finding's cause, where a remedy goes by it. */
function causeOf(id: string, what: string): string {
  if (/the sigmoid before/.test(what)) return 'sigmoid-twice';
  if (id === 'log-softmax') return /^scores/.test(what) ? 'missing-softmax' : 'missing-logarithm';
  return CAUSES[id] ?? '';
}

/** Text in, text out; and made twice, an edit changes nothing. */
export function makes(subject: string, cases: readonly Made[]): void {
  describe(`edits of ${subject}`, () => {
    test.each(cases)('%s', async (what, id, file, text, after) => {
      const parameters = /orthogonal|last-layer/.test(id) ? ['cell.weight'] : [];
      const site = { file, line: lineHere(text) ?? 3, column: 1 };
      const finding = {
        site,
        sites: [site],
        cause: causeOf(id, what),
        parameters,
        id: FOUND[id] ?? (/kill/.test(what) ? 'dead-units' : 'vanishing-gradient'),
      };
      const outcome = await remedied(id, file, text, finding);
      expect(outcome.reason).toBeNull();
      expect(outcome.after).toContain(after);
      if (/rate|momentum/.test(id)) return;
      const again = await remedied(id, file, outcome.after, finding);
      expect(again.edit, again.after).toBeNull();
    });
  });
}

/** The line that a comment says to be the finding's. */
function lineHere(text: string): number | null {
  const said = /# (\d+) is the line/.exec(text);
  if (said) return Number(said[1]);
  const at = text.split('\n').findIndex((line) => /(?:#|\/\/) here\b/.test(line));
  return at < 0 ? null : at + 1;
}

export function refuses(subject: string, cases: readonly Refused[]): void {
  describe(`no edit of ${subject}, and why`, () => {
    test.each(cases)('%s', async (what, id, file, text, reason) => {
      const line = lineHere(text);
      const site = line === null ? null : { file, line, column: 1 };
      const outcome = await remedied(id, file, text, { site, cause: causeOf(id, what) });
      expect(outcome.edit, outcome.after).toBeNull();
      expect(outcome.reason).toMatch(reason);
    });
  });
}
