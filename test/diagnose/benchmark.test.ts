import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Finding, Severity } from '../../engine/diagnose/finding.ts';
import { FINDING_IDS } from '../../engine/diagnose/finding.ts';
import { CLEAN, nameOf, type Part, type Variant, variants } from '../bench/diagnosis/cases.ts';
import { FAULTS } from '../bench/diagnosis/faults.ts';
import { labels } from '../bench/diagnosis/label.ts';
import { alarmsOf, observe, skillIn } from '../bench/diagnosis/observe.ts';
import { PAGE, sectionOf, withSection } from '../bench/diagnosis/page.ts';
import { faultsOf, ruleTable } from '../bench/diagnosis/ruleTable.ts';
import { type Case, calibration, confusion, overPrograms, scoresOf, wilson } from '../bench/diagnosis/score.ts';
import { folder, runFile, write } from '../host/scripts.ts';
import { bareFinding } from './bareFinding.ts';

/** The machinery of the benchmark: that what it counts is what it says. */

describe('cases', () => {
  const all = variants();

  test('every change changes its programs, and lines to blame are there', () => {
    expect(new Set(all.map(nameOf)).size).toBe(all.length);
    for (const { lines, script } of all) {
      expect(script).toContain("console.log('skill'");
      if (lines) expect(lines.length).toBeGreaterThan(0);
    }
  });

  test('a change that finds nothing to change says so', () => {
    expect(FAULTS['softmax twice'].change('const nothing = 1;')).toBeNull();
  });

  test('enough of them, half without a fault, every program clean', () => {
    expect(3 * all.length).toBeGreaterThanOrEqual(300);
    expect(all.filter(({ injected }) => !injected).length).toBeGreaterThanOrEqual(0.45 * all.length);
    const programs = new Set(all.map(({ program }) => program));
    expect(all.filter(({ change }) => change === CLEAN).map(({ program }) => program)).toEqual([...programs]);
  });

  test('the parts share no program, and half of each has no fault', () => {
    const of = (part: Part) => all.filter((variant) => variant.part === part);
    const programs = new Set(of('tune').map(({ program }) => program));
    expect(of('report').filter(({ program }) => programs.has(program))).toEqual([]);
    expect(of('report').length).toBeGreaterThan(150);
    for (const part of ['tune', 'report'] as const)
      expect(of(part).filter(({ injected }) => !injected).length).toBeGreaterThanOrEqual(0.45 * of(part).length);
  });
});

describe('labels', () => {
  const clean = [0.8, 0.8, 0.8];
  test.each([
    ['what learns as well', [0.8, 0.75, 0.9], ['healthy', 'healthy', 'healthy']],
    ['what learns nothing', [0, -1, Number.NEGATIVE_INFINITY], ['faulty', 'faulty', 'faulty']],
    ['one seed that differs', [0, 0.1, 0.8], ['faulty', 'faulty', 'unclear']],
    ['a little worse', [0.68, 0.68, 0.68], ['unclear', 'unclear', 'unclear']],
    ['a script that fails', [null, null, null], ['unclear', 'unclear', 'unclear']],
  ])('%s', (_what, skills, told) => {
    expect(labels(skills, clean)).toEqual(told);
  });

  test('without a clean twin that learns nothing can be said', () => {
    expect(labels([0.5], [0])).toEqual(['unclear']);
  });
});

const finding = (id: Finding['id'], line: number, severity: Severity = 'error', confidence = 0.9): Finding =>
  bareFinding({ id, severity, confidence, site: { file: 'a.ts', line, column: 1 }, cause: 'mechanism' });

function caseOf(label: Case['label'], findings: Finding[], variant: Partial<Variant> = {}): Case {
  return {
    variant: {
      part: 'tune',
      program: 'p',
      change: 'c',
      injected: true,
      script: '',
      causes: ['double-softmax'],
      lines: [3],
      repairable: false,
      ...variant,
    },
    seed: 1,
    label,
    observation: {
      skill: 1,
      error: null,
      steps: 100,
      findings,
      symptoms: [],
      settled: { step: 40, findings },
      standsFrom: findings.length ? 20 : null,
      published: {},
    },
  };
}

describe('scores', () => {
  const cases = [
    caseOf('faulty', [finding('double-softmax', 3)]),
    caseOf('faulty', [finding('double-softmax', 4)]),
    caseOf('faulty', [finding('dead-units', 3)]),
    caseOf('faulty', []),
    caseOf('healthy', []),
    caseOf('healthy', [finding('dead-units', 3)]),
    caseOf('healthy', [finding('double-softmax', 3, 'information')]),
    caseOf('unclear', [finding('dead-units', 3)]),
  ];

  test('are counted by the label', () => {
    const scores = scoresOf(cases);
    expect(scores.recall).toEqual({ hits: 3, of: 4 });
    expect(scores.falseAlarms).toEqual({ hits: 1, of: 3 });
    expect(scores.rightCause).toEqual({ hits: 2, of: 4 });
    expect(scores.rightLine).toEqual({ hits: 1, of: 2 });
    expect(scores.stepsUntilSaid).toBe(20);
  });

  test('a cause with its mechanism', () => {
    const right = (cause: string) =>
      scoresOf([caseOf('faulty', [finding('double-softmax', 3)], { causes: [cause] })]).rightCause.hits;
    expect([right('double-softmax/mechanism'), right('double-softmax/another')]).toEqual([1, 0]);
  });

  test('the confusion matrix has every scored case once', () => {
    const matrix = confusion(cases);
    expect(matrix.get('double-softmax')).toEqual(
      new Map([
        ['double-softmax', 2],
        ['dead-units', 1],
        ['nothing', 1],
      ]),
    );
    expect(matrix.get('healthy')).toEqual(
      new Map([
        ['nothing', 2],
        ['dead-units', 1],
      ]),
    );
  });

  test('calibration counts alarms, right ones of hurt runs only', () => {
    const [bin] = calibration(cases);
    expect(bin.said).toBeCloseTo(0.9);
    expect(bin.right).toEqual({ hits: 2, of: 4 });
  });

  test('every program counts as one, and the worst is named', () => {
    const small = { program: 'small' };
    const both = [...cases, caseOf('faulty', [finding('double-softmax', 3)], small), caseOf('healthy', [], small)];
    const share = (which: 'recall' | 'falseAlarms', worst: 'least' | 'greatest') =>
      overPrograms(both, (scores) => scores[which], worst);
    expect(share('recall', 'least')).toEqual({ mean: 0.875, worst: { program: 'p', share: { hits: 3, of: 4 } } });
    expect(share('falseAlarms', 'greatest')?.worst).toMatchObject({ program: 'p', share: { hits: 1, of: 3 } });
    expect(overPrograms([], (scores) => scores.recall, 'least')).toBeNull();
  });

  test('what names no cause is right where a run is hurt', () => {
    const unfinished = { ...finding('learning-rate-low', 3), cause: 'unfinished' };
    const [bin] = calibration([
      caseOf('faulty', [unfinished]),
      caseOf('faulty', [unfinished], { causes: [] }),
      caseOf('healthy', [unfinished]),
    ]);
    expect(bin.right).toEqual({ hits: 2, of: 3 });
  });

  // The interval of 7 of 10 in Agresti & Coull 1998 and in R's prop.test(7, 10, correct = FALSE).
  test('Wilson’s interval', () => {
    const [low, high] = wilson({ hits: 7, of: 10 });
    expect([low, high].map((x) => x.toFixed(4))).toEqual(['0.3968', '0.8922']);
    expect(wilson({ hits: 0, of: 100 })[0]).toBe(0);
  });

  test('information is no alarm', () => {
    expect(alarmsOf([finding('double-softmax', 3, 'information')])).toEqual([]);
  });
});

describe('observing a log', () => {
  test('reads the skill, and asks the diagnosis on the way', async () => {
    const into = folder();
    const script = write(
      `import { nn, optim, randn, F } from 'gradlens';
const [x, y] = [randn([64, 8]), randn([64, 1])];
const model = new nn.Linear(8, 1);
const optimizer = new optim.SGD(model.parameters(), { lr: 0.01 });
for (let step = 0; step < 40; step++) {
  const loss = F.mseLoss(model(x), y);
  loss.backward();
  optimizer.step();
}
console.log('skill', 0.25);
`,
      into,
    );
    const log = path.join(into, 'run.gradlens');
    await runFile(script, { log });
    const { skill, steps, findings, settled, standsFrom } = observe(log);
    expect({ skill, steps }).toEqual({ skill: 0.25, steps: 40 });
    expect(findings.map(({ id }) => id)).toContain('missing-zero-grad');
    expect(standsFrom).toBe(10);
    expect(settled.step).toBeLessThanOrEqual(30);
    expect(fs.statSync(log).size).toBeGreaterThan(0);
  });

  test.each([
    ['skill 0.5\n', 0.5],
    ['skill NaN\n', Number.NEGATIVE_INFINITY],
    ['loss 3\n', null],
  ])('%j', (output, skill) => {
    expect(skillIn(output)).toBe(skill);
  });
});

describe('the page', () => {
  const page = '# Title\n\n## One\n\nfirst\n\n## Two\n\nsecond\n';

  test('a section is replaced, and the others stay', () => {
    expect(withSection(page, 'One', ['a', 'b'])).toBe('# Title\n\n## One\n\na\nb\n\n## Two\n\nsecond\n');
    expect(withSection(page, 'Two', ['c'])).toBe('# Title\n\n## One\n\nfirst\n\n## Two\n\nc\n');
    expect(() => withSection(page, 'Three', [])).toThrow('No section Three.');
    expect(sectionOf(page, 'One')).toBe('first');
  });

  test('the rules stand in it as they are in code', () => {
    expect(sectionOf(fs.readFileSync(PAGE, 'utf8'), 'Rules')).toBe(ruleTable().join('\n'));
  });

  test('every finding that one process can have is asked for by some fault', () => {
    expect(FINDING_IDS.filter((id) => faultsOf(id).length === 0)).toEqual(['rank-disagreement']);
  });
});
