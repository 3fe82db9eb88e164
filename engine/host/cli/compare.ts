import path from 'node:path';
import { diagnose } from '../../diagnose/diagnose.ts';
import { measured, norm } from '../../diagnose/phrases.ts';
import { titleOf } from '../../diagnose/titles.ts';
import { type Comparison, compare, type Pair, type Side } from '../compare.ts';
import { readLog } from '../readLog.ts';
import { report } from '../report.ts';
import { FOUND_NOTHING, WRONG_USAGE } from './status.ts';
import { printTable, say } from './text.ts';

/** Two run logs side by side. */
export async function compareLogs(
  fileA: string,
  fileB: string,
  { json }: { readonly json?: boolean },
): Promise<number> {
  const sides: Side[] = [];
  for (const file of [fileA, fileB]) {
    try {
      const { run } = await readLog(file);
      sides.push({ run, findings: diagnose(run) });
    } catch (error) {
      process.stderr.write(`${file}: ${error instanceof Error ? error.message : error}\n`);
      return WRONG_USAGE;
    }
  }
  const [a, b] = sides;
  const comparison = compare(a, b);
  if (json) process.stdout.write(`${JSON.stringify(documentOf(a, b, comparison), null, 2)}\n`);
  else print(path.basename(fileA), path.basename(fileB), comparison);
  return FOUND_NOTHING;
}

/** What `--json` prints: both runs' documents and, layer by layer, what differs. JSON has no NaN: those are null. */
function documentOf(a: Side, b: Side, { layers, findings }: Comparison): object {
  const cwd = process.cwd();
  const ids = (list: Side['findings']) => list.map(({ id }) => id);
  return {
    schema: 1,
    a: report(a.run, a.findings, cwd),
    b: report(b.run, b.findings, cwd),
    layers,
    findings: { onlyA: ids(findings.onlyA), onlyB: ids(findings.onlyB), both: ids(findings.both) },
  };
}

function print(nameA: string, nameB: string, { steps, seconds, loss, layers, findings }: Comparison): void {
  const row = (name: string, pair: Pair) => [name, measured(pair.a), measured(pair.b)];
  say(`A  ${nameA}\nB  ${nameB}\n`);
  printTable(
    ['', 'A', 'B'],
    [
      row('steps', steps),
      row('seconds', seconds),
      row('first loss', loss.first),
      row('last loss', loss.last),
      row('best loss', loss.best),
    ],
  );
  say();
  printTable(
    ['layer', 'type', 'gradient A', 'gradient B', 'B ÷ A', 'update/weight A', 'update/weight B'],
    layers.map(({ name, type, gradient, updateRatio }) => [
      name,
      type,
      norm(gradient.a),
      norm(gradient.b),
      measured(gradient.b / gradient.a),
      measured(updateRatio.a),
      measured(updateRatio.b),
    ]),
  );
  say();
  const list = (heading: string, found: Side['findings']) => {
    for (const { id, evidence } of found) say(`${heading}: ${titleOf(id)}  [${id}]\n  ${evidence}`);
  };
  list('Only in A', findings.onlyA);
  list('Only in B', findings.onlyB);
  list('In both', findings.both);
  if (findings.onlyA.length + findings.onlyB.length + findings.both.length === 0) say('Nothing found in either.');
}
