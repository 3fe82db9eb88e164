import { type Repair, type Repairs, USUAL_SEEDS } from './repairs.ts';
import type { Share } from './score.ts';
import { table, told } from './tables.ts';

/** What came of trying remedies: by finding, and of all. */
export function repairTable({ part, repairs, sampled, of }: Repairs, seeds: number): string[] {
  const byFinding = [...Map.groupBy(repairs, ({ finding }) => finding ?? 'none')].sort(([a], [b]) => (a < b ? -1 : 1));
  const alarmed = repairs.filter(({ finding }) => finding !== null);
  const proven = repairs.filter((one) => one.proven);
  const winners = [...Map.groupBy(proven, (one) => one.proven?.id ?? '')].sort(([, a], [, b]) => b.length - a.length);
  const which =
    sampled < of ? `${sampled} variants (of all ${of}, the first by the hashes of their names)` : `${of} variants`;
  const only = repairs.filter((one) => !one.proven && one.tried.some(({ trial }) => trial.verdict === 'no-better'));
  return [
    `${which} of the ${part === 'tune' ? 'tuning' : 'reporting'} part have a fault that an edit of the source can take back; ${repairs.length} of them are hurt by it in most of`,
    `their seeds. The remedies of their alarms were tried with ${seeds} seeds per arm ${seeds < USUAL_SEEDS ? `(${USUAL_SEEDS} where a control cured one, and ${seeds} could prove nothing) ` : ''}beside both controls: *nothing`,
    'changed*, and *a random innocent change*. *Proven* is what [Trials](repair.md#trials) say. *Learned*: what nobody',
    'told the trial: the skill on unseen data, in the end of a whole run with the proven remedy, is back to 80 % of the clean',
    `program’s or more. ${part === 'tune' ? 'Remedies were written on this part, so its figures flatter.' : 'Remedies were written and ranked on the other part.'}`,
    '',
    ...table(
      ['', 'share (95 %)'],
      [
        ['hurt variants with a proven remedy', told({ hits: proven.length, of: repairs.length })],
        ['… of those with an alarm at all', told({ hits: proven.length, of: alarmed.length })],
        [
          '… whose remedy lets most seeds learn again',
          told({ hits: proven.filter(isLearned).length, of: proven.length }),
        ],
        ['no remedy is proven, but one takes the finding away', told({ hits: only.length, of: repairs.length })],
        ['runs cured by the proven remedy', told(sum(proven.map(({ cured }) => cured)))],
        ['runs cured by nothing changed', told(sum(repairs.map(({ nothing }) => nothing)))],
        ['runs cured by a random innocent change', told(sum(repairs.map(({ random }) => random)))],
      ],
    ),
    '',
    ...table(
      ['alarm', 'variants', 'proven', 'runs cured by it', 'learned', 'nothing changed', 'random change'],
      byFinding.map(([finding, all]) => [
        finding === 'none' ? 'none' : `\`${finding}\``,
        String(all.length),
        String(all.filter((one) => one.proven).length),
        short(sum(all.filter((one) => one.proven).map(({ cured }) => cured))),
        short(sum(all.filter((one) => one.proven).map(({ learned }) => learned))),
        short(sum(all.map(({ nothing }) => nothing))),
        short(sum(all.map(({ random }) => random))),
      ]),
    ),
    '',
    `Offered first, of the proven: ${winners.map(([id, all]) => `\`${id}\` ${all.length}`).join(', ')}.`,
  ];
}

const isLearned = ({ learned }: Repair): boolean => 2 * learned.hits > learned.of;

const sum = (shares: readonly Share[]): Share => ({
  hits: shares.reduce((total, { hits }) => total + hits, 0),
  of: shares.reduce((total, { of }) => total + of, 0),
});

const short = ({ hits, of }: Share): string => (of ? `${hits} of ${of}` : '–');
