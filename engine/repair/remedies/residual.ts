import { importOf } from '../source/imports.ts';
import { refuse } from '../source/refusal.ts';
import type { Source } from '../source/source.ts';
import { collect, hiddenLayers } from './layers.ts';
import type { SourceRemedy } from './remedy.ts';
import { aroundElements } from './residualElements.ts';
import { aroundUses, isConnected } from './residualUses.ts';

/** Around each hidden layer and its activation; with a projection where the shapes differ, but not around the first. */
export const residual: SourceRemedy = {
  id: 'residual',
  title: 'Add residual connections around the hidden layers',
  edit(context) {
    const exist = () => refuse('there are residual connections already');
    if (context.sources.some(({ text }) => /\bResidual\b/.test(text))) exist();
    const hidden = hiddenLayers(context);
    if (hidden.length === 0) refuse('no hidden layer was found: none whose output goes into an activation');
    if (hidden.some(isConnected)) exist();
    const wrapped = new Set<Source>();
    const edits = hidden.flatMap((layer) => {
      const made = layer.following ? aroundElements(layer, hidden) : aroundUses(layer, hidden);
      if (layer.following && made.length) wrapped.add(layer.source);
      return made.map((edit) => ({ source: layer.source, edit }));
    });
    if (edits.length === 0) refuse('no hidden layer is applied in a way that a connection can be put around');
    for (const { source, edit } of edits.slice()) {
      if (!wrapped.delete(source)) continue;
      const first = edits.filter((other) => other.source === source).map((other) => other.edit.start);
      const at = Math.min(...first, edit.start);
      const node = source.root.descendantForIndex(at);
      const nn = importOf(source, 'nn');
      const statement = source.topStatementOf(node ?? source.root);
      edits.push(...nn.edits.map((e) => ({ source, edit: e })));
      edits.push({ source, edit: source.before(statement, residualClass(source, nn.name)) });
    }
    return collect(edits);
  },
};

function residualClass(source: Source, nn: string): string[] {
  const i = source.indent;
  if (source.isPython) {
    return [
      `class Residual(${nn}.Module):`,
      `${i}def __init__(self, *body, skip=None):`,
      `${i}${i}super().__init__()`,
      `${i}${i}self.body = ${nn}.Sequential(*body)`,
      `${i}${i}self.skip = skip`,
      '',
      `${i}def forward(self, x):`,
      `${i}${i}return (x if self.skip is None else self.skip(x)) + self.body(x)`,
      '',
      '',
    ];
  }
  const typed = /\.[mc]?ts$/.test(source.file);
  const e = source.end;
  return [
    `class Residual extends ${nn}.Module {`,
    `${i}body${e || ';'}`,
    `${i}skip${e || ';'}`,
    '',
    `${i}constructor(body${typed ? `: ${nn}.Module[]` : ''}, skip${typed ? `: ${nn}.Module` : ''} = new ${nn}.Identity()) {`,
    `${i}${i}super()${e}`,
    `${i}${i}this.body = new ${nn}.Sequential(...body)${e}`,
    `${i}${i}this.skip = skip${e}`,
    `${i}}`,
    '',
    `${i}forward(x) {`,
    `${i}${i}return this.skip(x).add(this.body(x))${e}`,
    `${i}}`,
    '}',
    '',
  ];
}
