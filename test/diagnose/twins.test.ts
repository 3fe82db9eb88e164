import { expect, test } from 'vitest';
import { nameOf, variants } from '../bench/diagnosis/cases.ts';
import type { Repair } from '../bench/diagnosis/repairs.ts';
import { repairTable } from '../bench/diagnosis/repairTable.ts';
import type { Case } from '../bench/diagnosis/score.ts';
import { twins } from '../bench/diagnosis/twins.ts';
import { twinTable } from '../bench/diagnosis/twinTable.ts';

test('every Python twin has an embedded one, tells its skill, and has the lines to blame', () => {
  const all = twins();
  const embedded = new Set(variants().map(nameOf));
  expect(all.length).toBeGreaterThanOrEqual(40);
  expect(new Set(all.map(nameOf)).size).toBe(all.length);
  for (const twin of all) {
    expect(embedded).toContain(nameOf(twin));
    expect(twin.script).toContain('print("skill"');
    if (twin.injected) expect(twin.lines?.length, nameOf(twin)).toBeGreaterThan(0);
  }
});

test('where the engines answer differently, the table names the case', () => {
  const [variant] = twins();
  const finding = { id: 'dead-units', severity: 'warning' };
  const one = (findings: unknown[]): Case =>
    ({
      variant,
      seed: 1,
      label: 'healthy',
      observation: { findings, settled: { step: 9, findings } },
    }) as unknown as Case;
  const told = (a: unknown[], b: unknown[]) =>
    twinTable([one(a)], [one(b)], { torch: '2', seeds: 1 }).filter((line) => line.startsWith('- '));
  expect(told([], [])).toEqual([]);
  expect(told([finding], [])).toEqual([
    `- ${nameOf(variant)} (healthy): dead-units on PyTorch, nothing in the embedded engine.`,
  ]);
  expect(told([finding], [finding])).toEqual([
    `- ${nameOf(variant)} (healthy): dead-units on PyTorch is not what counts as right.`,
  ]);
});

test('shares of repairs are of what they say', () => {
  const share = (hits: number) => ({ hits, of: 3 });
  const repair = (part: Partial<Repair>): Repair =>
    ({
      finding: null,
      tried: [],
      proven: null,
      cured: share(0),
      nothing: share(0),
      random: share(0),
      learned: share(0),
      ...part,
    }) as Repair;
  const proven = { id: 'clip' } as Repair['proven'];
  const lines = repairTable(
    {
      part: 'report',
      repairs: [
        repair({}),
        repair({ finding: 'dead-units', random: share(1) }),
        repair({ finding: 'dead-units', proven, cured: share(3), learned: share(1) }),
        repair({ finding: 'loss-plateau', tried: [{ trial: { verdict: 'no-better' } } as Repair['tried'][number]] }),
        repair({ finding: 'non-finite', proven, cured: share(3), learned: share(2) }),
      ],
      sampled: 5,
      of: 9,
    },
    3,
  ).join('\n');
  expect(lines).toMatch(/^5 variants \(of all 9,.*\n.*|5 of them are hurt/);
  expect(lines).toContain('| hurt variants with a proven remedy | 2 of 5, 40.0 %');
  expect(lines).toContain('| … of those with an alarm at all | 2 of 4, 50.0 %');
  expect(lines).toContain('| … whose remedy lets most seeds learn again | 1 of 2, 50.0 %');
  expect(lines).toContain('| no remedy is proven, but one takes the finding away | 1 of 5, 20.0 %');
  expect(lines).toContain('| runs cured by a random innocent change | 1 of 15, 6.7 %');
  expect(lines).toContain('| `dead-units` | 2 | 1 | 3 of 3 | 1 of 3 | 0 of 6 | 1 of 6 |');
});
