import { diagnose } from '../../diagnose/diagnose.ts';
import { withEdits } from '../../repair/propose.ts';
import { readLog } from '../readLog.ts';
import { relativePath, report } from '../report.ts';
import { statusOf, WRONG_USAGE } from './status.ts';
import { printFindings, printRun } from './text.ts';

/** Findings and per-layer table of a run log. */
export async function showLog(file: string, { json }: { readonly json?: boolean }): Promise<number> {
  const cwd = process.cwd();
  try {
    const { run, fault } = await readLog(file);
    const findings = diagnose(run);
    if (json) {
      const told = await withEdits(findings, run, (name) => relativePath(name, cwd));
      process.stdout.write(`${JSON.stringify(report(run, told, cwd), null, 2)}\n`);
    } else {
      if (fault) process.stderr.write(`${fault}\n`);
      printRun(run, cwd);
      printFindings(run, findings, cwd);
    }
    return statusOf(run, findings);
  } catch (error) {
    process.stderr.write(`${file}: ${error instanceof Error ? error.message : error}\n`);
    return WRONG_USAGE;
  }
}
