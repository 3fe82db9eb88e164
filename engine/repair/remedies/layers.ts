import { layerGroups } from '../../run/groups.ts';
import type { Site } from '../../site.ts';
import { descendantsOf, type Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import { isHidden, type Layer, layersOf } from '../source/model.ts';
import { namedElement } from '../source/sequence.ts';
import type { Source } from '../source/source.ts';
import { insertion } from '../source/source.ts';
import type { Context } from './remedy.ts';

/** The layers whose output goes into an activation, the output layer left out. */
export function hiddenLayers({ sources, run }: Context): Layer[] {
  const made = run ? layerGroups(run).filter(({ layer }) => layer !== null) : [];
  const place = (site: Site | null | undefined) => site && `${site.file}:${site.line}:${site.column}`;
  // where others are made as well, as in a list, it's for the text to say what is the output
  const last =
    made.filter(({ site }) => place(site) === place(made.at(-1)?.site)).length === 1 ? made.at(-1)?.site : null;
  return sources.flatMap((source) =>
    layersOf(source).filter((layer) => {
      const { row, column } = layer.call.node.startPosition;
      const isLast =
        last?.file === source.file &&
        run?.sources.get(source.file) === source.text &&
        last.line === row + 1 &&
        last.column === column + 1 &&
        (layer.following === null || layer.following.length <= 1);
      return !isLast && isHidden(layer);
    }),
  );
}

/** A new element behind an element of a sequence, on a line of its own where elements are; with a name where those have. */
export function elementAfter(source: Source, at: Node, made: string): TextEdit {
  const named = namedElement(at);
  const element = named ?? at;
  const name = named?.firstNamedChild?.text.replace(/(["'])$/, '_norm$1');
  const text = named ? `(${name}, ${made})` : made;
  const line = source.text.slice(source.text.lastIndexOf('\n', element.startIndex - 1) + 1, element.startIndex);
  const next = element.nextNamedSibling;
  const alone = /^[ \t]*$/.test(line) && next?.startPosition.row !== element.endPosition.row;
  return insertion(element.endIndex, alone ? `,\n${line}${text}` : `, ${text}`);
}

export const collect = (edits: readonly { readonly source: Source; readonly edit: TextEdit }[]) =>
  [...Map.groupBy(edits, ({ source }) => source)].map(([source, all]) => ({
    source,
    edits: all.map(({ edit }) => edit),
  }));

/** Where TypeScript declares the type of a field that the constructor fills with this one layer: `fc1: nn.Linear;`. */
export function declarationOf({
  source,
  call,
  holder,
}: Layer): { readonly statement: Node; readonly type: Node } | null {
  if (!holder || source.isPython || holder.model.fields.get(holder.field)?.value.id !== call.node.id) return null;
  for (const statement of descendantsOf(holder.model.node, 'public_field_definition')) {
    const type = statement.childForFieldName('type');
    if (statement.childForFieldName('name')?.text === holder.field && type) return { statement, type };
  }
  return null;
}
