import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Timing } from './clock.ts';
import { median, number, percent, ratio, spread, type Table, times } from './figures.ts';
import { DESCRIPTIONS, type WorkloadName } from './ours/workloads.ts';
import { ask, ours } from './processes.ts';
import type { Subject } from './subjects.ts';

/** What a subject did on a workload, round by round. */
export interface Measured {
  readonly subject: Pick<Subject, 'name' | 'kind' | 'is' | 'threads'>;
  /** Steps per second. */
  readonly rates: number[];
  /** Milliseconds of processor time per step. */
  readonly cpus: number[];
  readonly megabytes: number;
  readonly stepMegabytes: number;
  /** How far its first losses are from ours, relatively. */
  readonly lossError: number;
  readonly setting?: string;
}

export interface TrainingSpeed {
  readonly workload: WorkloadName;
  readonly measured: readonly Measured[];
  readonly cannot: readonly { readonly name: string; readonly why: string }[];
}

type Answer = Timing | { readonly cannot: string };

/** Losses of the same network differ by rounding; of another one, from the first step on. */
const AGREEMENT = 1e-3;

/** Who isn't done with a step in this many seconds is measured once. */
const SLOW = 2;

/** Steps per second of every subject on a workload, in turns, so that the machine's noise meets all of them. */
export function measure(
  workload: WorkloadName,
  all: readonly Subject[],
  { rounds, seconds }: { readonly rounds: number; readonly seconds: string },
): TrainingSpeed {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'gradlens-speed-'));
  const start = path.join(folder, 'start.safetensors');
  const answers = new Map<Subject, Timing[]>(all.map((subject) => [subject, []]));
  const cannot: { name: string; why: string }[] = [];
  try {
    ask(ours('start', [workload, start]));
    for (let round = 0; round < rounds; round++) {
      for (const subject of all) {
        const timings = answers.get(subject);
        if (!timings || (timings[0]?.rate ?? 1) < 1 / SLOW) continue;
        const answer = asked(subject, workload, seconds, start);
        if ('rate' in answer) timings.push(answer);
        else {
          cannot.push({ name: subject.name, why: answer.cannot });
          answers.delete(subject);
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const [[, [reference]]] = answers;
  const measured = [...answers].map(([subject, timings]) => summary(subject, timings, reference.losses));
  return { workload, measured, cannot };
}

function asked(subject: Subject, workload: string, seconds: string, start: string): Answer {
  try {
    return ask<Answer>(subject.command(workload, seconds, start));
  } catch (error) {
    return { cannot: (error as Error).message.trim().split('\n').at(-1)! };
  }
}

function summary(
  { name, kind, is, threads }: Subject,
  timings: readonly Timing[],
  losses: readonly number[],
): Measured {
  const of = (figure: 'rate' | 'cpu' | 'megabytes' | 'stepMegabytes') => timings.map((timing) => timing[figure]);
  const errors = timings.flatMap((timing) => timing.losses.map((loss, i) => Math.abs(loss / losses[i] - 1)));
  return {
    subject: { name, kind, is, threads },
    rates: of('rate'),
    cpus: of('cpu'),
    megabytes: median(of('megabytes')),
    stepMegabytes: median(of('stepMegabytes')),
    lossError: Math.max(...errors),
    // the one it chose most often
    setting: timings.map(({ setting }) => setting).sort()[timings.length >> 1],
  };
}

export function trainingTable({ workload, measured, cannot }: TrainingSpeed): Table {
  const [first] = measured;
  const strangers = measured.filter(({ lossError }) => !(lossError < AGREEMENT));
  return {
    title: `${workload}: ${DESCRIPTIONS[workload]}`,
    header: [
      '',
      'steps/s',
      'best',
      'ours is',
      'noise',
      'CPU ms/step',
      'ours is',
      'memory MB',
      'of a step',
      'losses agree to',
      'setting',
    ],
    rows: measured.map(({ subject, rates, cpus, megabytes, stepMegabytes, lossError, setting }) => [
      subject.name,
      number(median(rates)),
      number(Math.max(...rates)),
      times(ratio(first.rates, rates)),
      rates.length > 1 ? percent(spread(rates)) : '',
      number(median(cpus)),
      times(ratio(cpus, first.cpus)),
      megabytes.toFixed(0),
      stepMegabytes.toFixed(0),
      lossError === 0 ? '' : lossError.toExponential(0),
      setting && setting !== 'as it comes' ? setting : '',
    ]),
    notes: [
      ...cannot.map(({ name, why }) => `${name} cannot: ${why}`),
      ...strangers.map(({ subject }) => `${subject.name} computes something else: its losses differ.`),
    ],
  };
}
