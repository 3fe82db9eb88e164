import type { ParameterFrame } from '../../../engine/run/frame.ts';
import type { LayerGroup } from '../../../engine/run/groups.ts';
import { INTERNAL_COMMANDS } from '../../ids.ts';
import { tensorsOf } from '../../panel/tensors.ts';
import type { Session } from '../../runs/session.ts';
import { plain } from '../markdown.ts';

/** Null for what belongs to no layer. */
export function panelLink(session: Session, layer: string | null): string | null {
  const argument = encodeURIComponent(JSON.stringify([session.id, layer]));
  return layer === null ? null : `[Open in Gradient Flow](command:${INTERNAL_COMMANDS.openLayer}?${argument})`;
}

/** While the run is paused, tensors can be looked into. */
export function inspectLinks(session: Session, group: LayerGroup, only?: ParameterFrame): string | null {
  if (!session.pausedAt) return null;
  const links = tensorsOf(group)
    .filter(({ of, id }) => !only || (of !== 'output' && id === only.id))
    .map(({ label }) => {
      const argument = encodeURIComponent(JSON.stringify([session.id, group.name, label]));
      return `[${plain(label)}](command:${INTERNAL_COMMANDS.inspectTensor}?${argument})`;
    });
  return `$(debug-pause) Inspect ${links.join(' · ')}`;
}
