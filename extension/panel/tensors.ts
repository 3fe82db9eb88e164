import type { LayerGroup } from '../../engine/run/groups.ts';
import type { TensorChoice } from '../../webview/protocol.ts';

/** What can be looked into of a layer while the run is paused. */
export function tensorsOf({ name, layer, parameters }: LayerGroup): TensorChoice[] {
  const ofParameters = parameters.flatMap(({ id, name: full }): TensorChoice[] => {
    const own = full.startsWith(`${name}.`) ? full.slice(name.length + 1) : layer === null ? 'value' : full;
    return [
      { label: own, of: 'weight', id },
      { label: own === 'value' ? 'gradient' : `${own} gradient`, of: 'gradient', id },
    ];
  });
  return layer === null ? ofParameters : [...ofParameters, { label: 'output', of: 'output', id: layer }];
}
