import { measured, number } from '../../../engine/diagnose/phrases.ts';
import type { OperationFrame } from '../../../engine/run/frame.ts';
import { sampleOf } from '../../../engine/run/notes.ts';
import type { ActivationRow } from '../../../engine/run/run.ts';
import type { Session } from '../../runs/session.ts';
import { heading, lines, MOST_ROWS, plain, shapeText, table } from '../markdown.ts';
import { footer, type HoverOptions } from './footer.ts';
import { activationText, sampleText } from './outputText.ts';

export function operationText(session: Session, operations: readonly OperationFrame[], options: HoverOptions): string {
  const { run } = session;
  const [first] = operations;
  const single = operations.length === 1 && first.shape.every((size) => size === 1);
  const rows = operations.slice(0, MOST_ROWS).map((operation) => {
    const row = run.latestOperation(operation.id);
    const follows = operation.follows === null ? '' : `after ${plain(run.layers[operation.follows].name)}`;
    return [
      follows || `${operation.occurrence + 1}`,
      measured(row('gradientNorm')),
      measured(row('gain')),
      `${number(row('mean'))} ± ${number(row('std'))}`,
    ];
  });
  const more = operations.length - rows.length;
  const times = operations.length > 1 ? `, ${operations.length} times a step` : '';
  const row = run.latestOperation(first.id);
  return lines(
    heading(first.operation, `${first.dtype} ${shapeText(first.shape)}${times}`),
    operations.length > 1
      ? table(rows, ['', 'gradient norm', 'gain', 'output'])
      : single
        ? `value **${number(row('mean'))}** · gradient norm ${number(row('gradientNorm'))}${gainText(row)}`
        : `output ${activationText(row, sampleOf(run, first) !== null)}${gainText(row)}`,
    sampleText(run, [first]),
    more > 0 ? `and ${more} more` : null,
    footer(session, options, { step: run.measuredAt('operation', first.id) }),
  );
}

/** How much the gradient shrank or grew in passing. */
const gainText = (row: ActivationRow) => (Number.isNaN(row('gain')) ? '' : ` · gain ${number(row('gain'))}`);
