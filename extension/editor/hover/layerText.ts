import { norm, number, plural } from '../../../engine/diagnose/phrases.ts';
import { verdictOf } from '../../../engine/diagnose/verdict.ts';
import { gradientNorm, type LayerGroup, updateRatio } from '../../../engine/run/groups.ts';
import type { Session } from '../../runs/session.ts';
import { heading, line, lines, MOST_ROWS, plain, shapeText, table } from '../markdown.ts';
import { findingsText } from './findingsText.ts';
import { footer, type HoverOptions } from './footer.ts';
import { FINDINGS, VERDICTS, verdictText } from './layerVerdict.ts';
import { inspectLinks, panelLink } from './links.ts';
import { outputText } from './outputText.ts';
import { changeText, statisticsTable } from './parameterText.ts';
import { ranksTable } from './ranksTable.ts';
import { trend } from './trend.ts';

export function oneLayer(session: Session, group: LayerGroup, options: HoverOptions): string {
  const { run, findings } = session;
  const ratio = updateRatio(run, 'latest', group);
  const verdict = verdictOf(run, findings, group);
  return lines(
    heading(group.name, group.description),
    line(
      // other findings have lines of their own
      VERDICTS[verdict],
      `gradient norm **${norm(gradientNorm(run, 'latest', group))}**${changeText(run, group.parameters)}`,
      !Number.isNaN(ratio) && `update/weight ${number(ratio)}`,
      panelLink(session, group.name),
    ),
    inspectLinks(session, group),
    findingsText(session, [group.name], FINDINGS[verdict]),
    trend(session, (s) => gradientNorm(run, s, group), options.lineColor),
    statisticsTable(
      session,
      group.parameters,
      ({ name, shape }) => `${plain(name.split('.').at(-1) ?? name)} ${shapeText(shape)}`,
    ),
    group.layer === null ? null : outputText(session, group.layer),
    ranksTable(session, group),
    footer(session, options),
  );
}

export function manyLayers(
  session: Session,
  name: string,
  groups: readonly LayerGroup[],
  options: HoverOptions,
): string {
  const { run, findings } = session;
  const rows = groups
    .slice(0, MOST_ROWS)
    .map((group) => [
      group.name,
      number(gradientNorm(run, 'latest', group)),
      number(updateRatio(run, 'latest', group)),
      verdictText(run, findings, group),
    ]);
  const more = groups.length - rows.length;
  const size = groups.reduce((sum, group) => sum + group.size, 0);
  return lines(
    heading(name, `${plural(groups.length, 'layer')}, ${size.toLocaleString('en')} parameters`),
    table(rows, ['layer', 'gradient norm', 'update/weight', '']),
    findingsText(
      session,
      groups.map(({ name }) => name),
    ),
    more > 0 ? `and ${more} more` : null,
    line(panelLink(session, groups[0].name), footer(session, options)),
  );
}
