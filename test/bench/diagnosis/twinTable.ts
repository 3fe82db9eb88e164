import { nameOf } from './cases.ts';
import { alarmsOf } from './observe.ts';
import { type Case, isRightCause, isRightLine, type Share, scoresOf } from './score.ts';
import { figures, table, told } from './tables.ts';

/** What the rules say of the twins, and where the embedded runs of the same names are told otherwise. */
export function twinTable(
  twins: readonly Case[],
  embedded: readonly Case[],
  { torch, seeds }: { readonly torch: string; readonly seeds: number },
): string[] {
  const alarm = ({ observation }: Case) => alarmsOf(observation.findings)[0]?.id ?? 'nothing';
  const pairs = twins.flatMap((twin) => {
    const other = embedded.find((one) => nameOf(one.variant) === nameOf(twin.variant) && one.seed === twin.seed);
    return other && other.label === twin.label && twin.label !== 'unclear' ? [{ twin, other }] : [];
  });
  const differ = pairs.filter(({ twin, other }) => alarm(twin) !== alarm(other));
  const same: Share = { hits: pairs.length - differ.length, of: pairs.length };
  const count = (label: string) => twins.filter((one) => one.label === label).length;
  const wrong = twins.filter((one) => !isRight(one) && one.label !== 'unclear');
  return [
    `${new Set(twins.map(({ variant }) => nameOf(variant))).size} of the variants were written in Python, too, line for line, and run unmodified under the observer, at`,
    `its usual budget (torch ${torch}, ${seeds === 1 ? 'one seed' : `${seeds} seeds`}): ${count('faulty')} runs hurt, ${count('healthy')} healthy, ${count('unclear')} unclear.`,
    'Labels, causes and scores are made as above. They are of the part that rules are tuned on, so these figures show whether the engines',
    'agree, not how good the rules are.',
    '',
    ...table(
      ['', ''],
      [
        ...figures(scoresOf(twins)).slice(0, 5),
        ['the first alarm of the embedded twin, where both have the same label', told(same)],
      ],
    ),
    '',
    ...differ.map(
      ({ twin, other }) =>
        `- ${nameOf(twin.variant)} (${twin.label}): ${alarm(twin)} on PyTorch, ${alarm(other)} in the embedded engine.`,
    ),
    ...wrong
      .filter((one) => !differ.some(({ twin }) => twin === one))
      .map((one) => `- ${nameOf(one.variant)} (${one.label}): ${alarm(one)} on PyTorch is not what counts as right.`),
  ];
}

function isRight({ label, variant, observation }: Case): boolean {
  const [first] = alarmsOf(observation.findings);
  if (label === 'healthy' || !first) return (label === 'healthy') === !first;
  return variant.causes.length === 0 || (isRightCause(variant, first) && isRightLine(variant, first));
}
