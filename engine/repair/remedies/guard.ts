import { refuse } from '../source/refusal.ts';
import { insertion } from '../source/source.ts';
import type { SourceRemedy } from './remedy.ts';

/** The smallest input at which an operation and its derivative are still of use. */
const SMALLEST: { readonly [operation: string]: string } = {
  log: '1e-8',
  log2: '1e-8',
  log10: '1e-8',
  sqrt: '1e-12',
  rsqrt: '1e-12',
};

/** Clamps what operations of a line are given that aren't defined everywhere: log p and log (1 − p) stand side by side. */
export const guard: SourceRemedy = {
  id: 'guard',
  title: 'Clamp the input of the operation to where it is defined',
  edit({ sources, finding: { site } }) {
    const source = sources.find(({ file }) => file === site?.file);
    const calls = source?.calls.filter(
      ({ name, callee }) => name in SMALLEST && callee.endPosition.row + 1 === site?.line,
    );
    if (!source || !calls?.length)
      return refuse('the operation is not one that a clamp can guard, or not on that line');
    const edits = calls.flatMap(({ name, receiver, positional }) => {
      const subject = positional[0] ?? receiver;
      if (!subject || /clamp/.test(subject.text)) return [];
      const clamp = source.dialect.call('.clamp', [], [['min', SMALLEST[name]]]);
      const simple = /^(?:identifier|call|call_expression|attribute|member_expression|parenthesized_expression)$/;
      return simple.test(subject.type)
        ? [insertion(subject.endIndex, clamp)]
        : [insertion(subject.startIndex, '('), insertion(subject.endIndex, `)${clamp}`)];
    });
    if (edits.length === 0) refuse('its input is clamped already');
    return [{ source, edits }];
  },
};
