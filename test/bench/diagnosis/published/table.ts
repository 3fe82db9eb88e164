import { alarmsOf } from '../observe.ts';
import { type Case, type Share, share } from '../score.ts';
import { table, told } from '../tables.ts';
import type { Detector } from './detector.ts';
import { DETECTORS } from './published.ts';

/** An alarm is what any of some rules of a tool says. */
type Alarms = (one: Case) => boolean;

const saidBy =
  ({ name }: Detector, rules: readonly string[]): Alarms =>
  ({ observation }) =>
    observation.published[name].some((rule) => rules.includes(rule));

const ofLabel = (cases: readonly Case[], label: Case['label']) => cases.filter((one) => one.label === label);

/** Of the hurt runs, and of the healthy, those with an alarm. */
export const scored = (
  cases: readonly Case[],
  alarms: Alarms,
): { readonly recall: Share; readonly falseAlarms: Share } => ({
  recall: share(ofLabel(cases, 'faulty'), alarms),
  falseAlarms: share(ofLabel(cases, 'healthy'), alarms),
});

/**
 * Those rules of a tool that together have the greatest recall less false alarms (Youden's index) on some cases: what somebody
 * would leave switched on who knew the benchmark. All combinations are tried; the shorter of equals is taken.
 */
export function bestRules(detector: Detector, cases: readonly Case[]): string[] {
  const maskOf = (rules: readonly string[]) =>
    rules.reduce((mask, rule) => mask | (1 << detector.rules.indexOf(rule)), 0);
  const counted = (label: Case['label']) => {
    const own = ofLabel(cases, label).map(({ observation }) => maskOf(observation.published[detector.name]));
    return {
      of: own.length,
      masks: [...Map.groupBy(own, (mask) => mask)].map(([mask, all]) => [mask, all.length] as const),
    };
  };
  const [hurt, healthy] = [counted('faulty'), counted('healthy')];
  const shareOf = ({ of, masks }: typeof hurt, chosen: number) =>
    masks.reduce((sum, [mask, count]) => sum + (mask & chosen ? count : 0), 0) / Math.max(1, of);
  const chosen = Array.from({ length: 2 ** detector.rules.length }, (_, rules) => ({
    rules: detector.rules.filter((_rule, i) => rules & (1 << i)),
    index: shareOf(hurt, rules) - shareOf(healthy, rules),
  }));
  return chosen.reduce((best, one) =>
    one.index > best.index || (one.index === best.index && one.rules.length < best.rules.length) ? one : best,
  ).rules;
}

const NOTES = `Rules of published tools, with the thresholds that they have by default, on what is recorded of the same runs
(\`test/bench/diagnosis/published\`, where every threshold stands with its source). Counted is whether a tool says anything at all,
not whether what it says is right. All of a tool's rules are asked; and then, to its advantage, only those that do best together
on the tuning part, chosen from all combinations by recall less false alarms.

They were made for Keras and for other trainings, so something had to be adapted, in doubt in their favour. Ten steps count as an
epoch: on an eighth of the tuning part's programs, with one seed, AutoTrainer has a recall of 63.1 % with 2.6 % false alarms, with 5 steps 68.0 and
5.1, with 20 64.1 and 2.9; DeepDiagnosis 61.7 and 4.0, 67.0 and 7.0, 51.5 and 4.4. Of classifiers the probability that is given to the
right class stands for the accuracy, elsewhere the share learned of what can be. DeepLocalize and DeepDiagnosis see activations at the
steps where those were measured; means that are 0 by rounding alone don't count, nor does cross entropy of logits as out of range.
Gradients and the inputs of activations are taken for normally distributed where a mean magnitude, a percentile or a share is asked
for. The rules of SageMaker Debugger, whose code isn't public, see what is saved: every 500th step by default, every 100th in some
examples of its documentation (every 50th or 10th adds more false alarms than recall). Left out is what needs labels, answers
or pictures one by one. TensorBoard and \`wandb.watch\` draw the same statistics and have no rules that could be counted; UMLAUT,
TheDeepChecker, DeepFD and DEFault judge programs by their code, by runs of their own or by learned classifiers.`;

const figures = (cases: readonly Case[], alarms: Alarms): string[] => {
  const { recall, falseAlarms } = scored(cases, alarms);
  return [told(recall), told(falseAlarms)];
};

const counts = ({ hits, of }: Share): string => `${hits} of ${of}`;

/** The section of published detectors: the reporting part, and beside it the part that GradLens's rules were tuned on. */
export function publishedTable(report: readonly Case[], tune: readonly Case[]): string[] {
  const ours: Alarms = ({ observation }) => alarmsOf(observation.findings).length > 0;
  const row = (name: string, rules: string, alarms: Alarms) => [
    name,
    rules,
    ...figures(report, alarms),
    ...figures(tune, alarms),
  ];
  return [
    ...NOTES.split('\n'),
    '',
    ...table(
      ['detector', 'rules', 'recall, report', 'false alarms, report', 'recall, tune', 'false alarms, tune'],
      [
        ...DETECTORS.flatMap((detector) => {
          const best = bestRules(detector, tune);
          const all = row(detector.name, `all ${detector.rules.length}`, saidBy(detector, detector.rules));
          return best.length === detector.rules.length
            ? [all]
            : [all, row('', `best: ${best.join(', ')}`, saidBy(detector, best))];
        }),
        row('**GradLens**', 'all', ours),
      ],
    ),
    '',
    'Rule by rule, the runs in which each alarms:',
    '',
    ...table(
      ['detector', 'rule', 'hurt, report', 'healthy, report', 'hurt, tune', 'healthy, tune'],
      DETECTORS.flatMap((detector) =>
        detector.rules.map((rule) => {
          const [there, here] = [report, tune].map((cases) => scored(cases, saidBy(detector, [rule])));
          return [detector.name, rule, ...[there.recall, there.falseAlarms, here.recall, here.falseAlarms].map(counts)];
        }),
      ),
    ),
  ];
}
