import { asMarkdown, type Table } from './figures.ts';
import { type Gemm, gemmTable } from './gemm.ts';
import { type Overhead, overheadTable } from './overhead.ts';
import { type Profile, profileTable } from './profile.ts';
import { type Scaling, scalingTables } from './scaling.ts';
import { type Startup, startupTable } from './startup.ts';
import { targetTable } from './targets.ts';
import { type TrainingSpeed, trainingTable } from './training.ts';

/** Everything that was measured, as `--json` writes it; what wasn't asked for isn't there. */
export interface Report {
  readonly command: string;
  readonly date: string;
  readonly machine: string;
  readonly training?: readonly TrainingSpeed[];
  readonly overhead?: readonly Overhead[];
  readonly startup?: Startup;
  readonly gemm?: readonly Gemm[];
  readonly scaling?: readonly Scaling[];
  readonly profiles?: readonly Profile[];
}

export function tables({ training, overhead, startup, gemm, scaling, profiles }: Report): Table[] {
  return [
    ...(training ?? []).map(trainingTable),
    ...(overhead?.length ? [overheadTable(overhead)] : []),
    ...(startup ? [startupTable(startup)] : []),
    ...(gemm ? [gemmTable(gemm)] : []),
    ...scalingTables(scaling ?? []),
    ...(profiles?.length ? [profileTable(profiles)] : []),
  ];
}

/** What stands under the figures' heading of docs/speed.md. */
export function asPage(report: Report): string {
  const how = `\`${report.command}\`, ${report.date}, ${report.machine}.`;
  return `${[how, ...[targetTable(report), ...tables(report)].filter(({ rows }) => rows.length).map(asMarkdown)].join('\n\n')}\n`;
}
