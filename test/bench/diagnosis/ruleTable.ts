import type { FindingId } from '../../../engine/diagnose/finding.ts';
import { rules } from '../../../engine/diagnose/rules.ts';
import { ALL_FAULTS } from './cases.ts';
import { table } from './tables.ts';

/** The rules as they are in code, with the fault operators that they should find. */
export const ruleTable = (): string[] =>
  table(
    ['finding', 'criterion and its source', 'needs', 'gives way to', 'faults in the benchmark'],
    rules.map(({ id, source, needs: { facts, steps }, yieldsTo = [] }) => [
      `\`${id}\``,
      source.replaceAll('|', '\\|'),
      `${steps} steps; ${facts.join(', ')}`,
      yieldsTo.join(', '),
      String(faultsOf(id).length),
    ]),
  );

/** Names of the fault operators for which a finding is a right answer. */
export const faultsOf = (id: FindingId): string[] =>
  Object.entries(ALL_FAULTS)
    .filter(([, { causes }]) => causes.some((cause) => cause.split('/')[0] === id))
    .map(([name]) => name);
