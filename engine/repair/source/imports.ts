import { childrenOf, descendantsOf, type Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import { refuse } from './refusal.ts';
import type { Source } from './source.ts';

export type Imported = 'nn' | 'optim' | 'noGrad' | 'F' | 'ones' | 'zeros' | 'onesLike' | 'zerosLike';

interface Used {
  readonly name: string;
  readonly edits: readonly TextEdit[];
}

/** How a module is called in a text, and the edit that imports it where it isn't yet. */
export function importOf(source: Source, module: Imported): Used {
  return source.isPython ? inPython(source, module) : inTypeScript(source, module);
}

function inTypeScript(source: Source, module: Imported): Used {
  const imports = descendantsOf(source.root, 'import_statement').filter(
    (node) => node.childForFieldName('source')?.text.slice(1, -1) === 'gradlens' && !/^import\s+type\b/.test(node.text),
  );
  for (const node of imports) {
    const whole = descendantsOf(node, 'namespace_import')[0];
    if (whole) return { name: `${childrenOf(whole)[0].text}.${module}`, edits: [] };
    for (const specifier of descendantsOf(node, 'import_specifier')) {
      if (specifier.childForFieldName('name')?.text !== module) continue;
      return { name: (specifier.childForFieldName('alias') ?? specifier).text, edits: [] };
    }
  }
  const last = imports.flatMap((node) => descendantsOf(node, 'import_specifier')).at(-1);
  if (!last) return refuse('gradlens is imported in a way that names can’t be added to');
  return { name: module, edits: [{ start: last.endIndex, end: last.endIndex, newText: `, ${module}` }] };
}

const IN_TORCH: { readonly [M in Imported]: string } = {
  nn: 'nn',
  optim: 'optim',
  noGrad: 'no_grad',
  F: 'nn.functional',
  ones: 'ones',
  zeros: 'zeros',
  onesLike: 'ones_like',
  zerosLike: 'zeros_like',
};

function inPython(source: Source, module: Imported): Used {
  const wanted = IN_TORCH[module];
  let torch: string | null = null;
  let last: Node | null = null;
  for (const node of childrenOf(source.root)) {
    if (node.type === 'import_statement') {
      for (const name of node.childrenForFieldName('name').filter((child) => child !== null)) {
        const [path, alias] =
          name.type === 'aliased_import'
            ? [name.childForFieldName('name')?.text, name.childForFieldName('alias')?.text]
            : [name.text, undefined];
        if (path === `torch.${wanted}`) return { name: alias ?? path, edits: [] };
        if (path === 'torch') torch = alias ?? 'torch';
      }
    }
    const from = node.type === 'import_from_statement' ? node.childForFieldName('module_name')?.text : null;
    if (from === 'torch' || from === 'torch.nn') {
      for (const name of node.childrenForFieldName('name').filter((child) => child !== null)) {
        const plain = name.type === 'aliased_import' ? name.childForFieldName('name')?.text : name.text;
        if (plain && `${from}.${plain}` === `torch.${wanted}`)
          return { name: name.childForFieldName('alias')?.text ?? plain, edits: [] };
      }
    }
    if (/^import/.test(node.type) && /\btorch\b/.test(node.text)) last = node;
  }
  if (torch) return { name: `${torch}.${wanted}`, edits: [] };
  if (wanted.includes('.')) {
    const nn = inPython(source, 'nn');
    return { name: `${nn.name}.functional`, edits: nn.edits };
  }
  if (!last) return refuse('torch is not imported in this file');
  return { name: wanted, edits: [source.after(last, [`from torch import ${wanted}`])] };
}
