import type { LayerFrame, StepFrame } from '../../run/frame.ts';
import { layerGroups } from '../../run/groups.ts';
import { allRanks, median, RANK_FACTOR } from '../../run/ranks.ts';
import type { Run } from '../../run/run.ts';
import type { Symptom } from '../finding.ts';
import { number, place } from '../phrases.ts';
import type { Rule } from '../rule.ts';

/** Fewer measurements of a rank say nothing. */
const STEPS = 5;
/** Of so many steps from the beginning: what happens later is a consequence. */
const FIRST_STEPS = 64;

/** What can be compared between ranks; none of it is averaged among them. */
type Measure = 'output' | 'gradient';

interface Deviation {
  readonly layer: string;
  readonly site: LayerFrame['site'];
  readonly measure: Measure;
  readonly rank: number;
  readonly own: number;
  readonly others: number;
  readonly decades: number;
  readonly step: number;
}

/** Ranks that see the same kind of data have outputs and gradients of about the same size, layer by layer. */
export const rankDisagreement: Rule = {
  id: 'rank-disagreement',
  source:
    'data-parallel training assumes identically distributed shards (Li et al. 2020, PyTorch Distributed); the factor leaves room for the noise of small batches',
  needs: { facts: ['std', 'localGradientNorm'], steps: STEPS },
  examine(run) {
    if (run.ranks.size === 0) return null;
    const ranks = allRanks(run);
    const deviations = [...outputDeviations(ranks), ...gradientDeviations(ranks)];
    if (deviations.length === 0) return null;
    const worst = mostOften(deviations.map(({ rank }) => rank));
    const [first, ...more] = deviations.filter(({ rank }) => rank === worst);
    const layers = [...new Set([first, ...more].map(({ layer }) => layer))];
    return {
      id: 'rank-disagreement',
      severity: 'warning',
      strength: first.decades > 2 * Math.log10(RANK_FACTOR) ? 'strong' : 'usual',
      layers,
      parameters: [],
      ...place([first, ...more].map(({ site }) => site)),
      step: first.step,
      cause: first.measure === 'output' ? 'different-data' : 'different-gradients',
      evidence: evidenceOf(first, [...ranks.keys()]),
      remedies: remediesOf(first),
    };
  },
};

const WORDS: { readonly [M in Measure]: (d: Deviation, others: string) => string } = {
  output: ({ rank, layer, own, others }, elsewhere) =>
    `The output of layer ${layer} has a standard deviation of ${number(own)} on rank ${rank} and of ${number(others)} on ${elsewhere}`,
  gradient: ({ rank, layer, own, others }, elsewhere) =>
    `The gradient of layer ${layer}, before it is averaged, has a norm of ${number(own)} on rank ${rank} and of ${number(others)} on ${elsewhere}`,
};

function evidenceOf(first: Deviation, ranks: readonly number[]): string {
  const { rank, own, others, measure } = first;
  const rest = ranks.filter((other) => other !== rank);
  const factor = number(own > others ? own / others : others / own);
  const size = own > others ? 'larger' : 'smaller';
  return `${WORDS[measure](first, rest.length === 1 ? `rank ${rest[0]}` : 'the other ranks')}: ${factor} times ${size}. ${
    measure === 'output'
      ? 'It is the first layer where they differ.'
      : 'The averaged gradient follows whoever is largest.'
  }`;
}

const remediesOf = ({ rank, measure }: Deviation): Symptom['remedies'] => [
  {
    id: 'same-data',
    title: `Give rank ${rank} data of the same kind: check how its shard is read, scaled and normalized`,
    edit: null,
  },
  ...(measure === 'gradient'
    ? [{ id: 'same-batch', title: 'Give every rank batches of the same size', edit: null }]
    : []),
];

/** The layers without layers in them, in the order of the way forward, where a rank's output is of another size. */
function outputDeviations(ranks: ReadonlyMap<number, Run>): Deviation[] {
  const [main] = ranks.values();
  const ids = idsByName(ranks, (run) => run.layers);
  const parents = new Set(main.layers.map(({ parent }) => parent));
  return main.layers.flatMap(({ id, name, site }) => {
    if (parents.has(id)) return [];
    return deviation(ranks, { layer: name, site, measure: 'output' }, (run, step) => {
      const own = ids.get(run)?.get(name);
      return own === undefined ? Number.NaN : run.layerAt(step, own)('std');
    });
  });
}

function gradientDeviations(ranks: ReadonlyMap<number, Run>): Deviation[] {
  const [main] = ranks.values();
  const ids = idsByName(ranks, (run) => run.parameters);
  return layerGroups(main).flatMap(({ name, site, parameters }) =>
    deviation(ranks, { layer: name, site, measure: 'gradient' }, (run, step) => {
      const own = parameters.flatMap((parameter) => ids.get(run)?.get(parameter.name) ?? []);
      const norms = own.map((id) => run.parameterAt(step, id)('localGradientNorm')).filter((n) => !Number.isNaN(n));
      return norms.length ? Math.hypot(...norms) : Number.NaN;
    }),
  );
}

/** Ranks may number their layers differently; their names are the same. */
function idsByName(
  ranks: ReadonlyMap<number, Run>,
  list: (run: Run) => readonly { readonly id: number; readonly name: string }[],
): Map<Run, Map<string, number>> {
  return new Map([...ranks.values()].map((run) => [run, new Map(list(run).map(({ id, name }) => [name, id]))]));
}

/** The rank that is furthest from the others' median, if that is far. Of two, the one that is not rank 0. */
function deviation(
  ranks: ReadonlyMap<number, Run>,
  what: Pick<Deviation, 'layer' | 'site' | 'measure'>,
  valueAt: (run: Run, step: StepFrame) => number,
): Deviation[] {
  const medians = [...ranks].flatMap(([rank, run]) => {
    const values: { step: number; value: number }[] = [];
    for (const step of run.history.steps.slice(0, FIRST_STEPS)) {
      const value = valueAt(run, step);
      if (value > 0 && Number.isFinite(value)) values.push({ step: step.step, value });
    }
    return values.length < STEPS ? [] : [{ rank, step: values[0].step, value: median(values.map((v) => v.value)) }];
  });
  if (medians.length < 2) return [];
  const all = medians.map(({ rank, step, value: own }) => {
    const others = median(medians.filter((other) => other.rank !== rank).map(({ value }) => value));
    return { ...what, rank, step, own, others, decades: Math.abs(Math.log10(own / others)) };
  });
  const furthest = all.reduce((a, b) => (b.decades >= a.decades - 1e-9 ? b : a));
  return furthest.decades > Math.log10(RANK_FACTOR) ? [furthest] : [];
}

function mostOften(values: readonly number[]): number {
  const counts = Map.groupBy(values, (value) => value);
  return [...counts].reduce((a, b) => (b[1].length > a[1].length ? b : a))[0];
}
