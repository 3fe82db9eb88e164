import { refuse } from '../source/refusal.ts';
import { insertion, replacement } from '../source/source.ts';
import type { SourceRemedy } from './remedy.ts';

/** The smallest input at which an operation and its derivative are still of use. */
const SMALLEST: { readonly [operation: string]: string } = {
  log: '1e-8',
  log2: '1e-8',
  log10: '1e-8',
  sqrt: '1e-12',
  rsqrt: '1e-12',
};

/** Clamps what an operation is given that isn't defined everywhere. */
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
    if (calls.length > 1) return refuse('several such operations stand on that line');
    const [{ name, receiver, positional }] = calls;
    const min = SMALLEST[name];
    const [given] = positional;
    const subject = given ?? receiver;
    if (!subject) return refuse('what the operation is given is not clear');
    if (/clamp/.test(subject.text)) return refuse('its input is clamped already');
    const clamp = source.dialect.call('.clamp', [], [['min', min]]);
    const simple = /^(?:identifier|call|call_expression|attribute|member_expression|parenthesized_expression)$/;
    const edit = simple.test(subject.type)
      ? insertion(subject.endIndex, clamp)
      : replacement(subject, `(${subject.text})${clamp}`);
    return [{ source, edits: [edit] }];
  },
};
