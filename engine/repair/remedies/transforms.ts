import { childrenOf, descendantsOf, type Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import { refuse } from '../source/refusal.ts';
import { insertion, type Source } from '../source/source.ts';
import { elementAfter } from './layers.ts';
import type { Context, Edits } from './remedy.ts';

/** What makes tensors of images. */
const TO_TENSOR = /^(?:ToTensor|PILToTensor|ConvertImageDtype|ToDtype)$/;

/**
 * `Compose([…, ToTensor()])`, torchvision's, gets a `Normalize` with the mean and the deviation that the run has measured
 * where the data enter the model: one of each, whatever the number of channels. Nothing where data pass no transforms.
 */
export function normalizedTransforms({ sources, run }: Context): Edits {
  const places = sources.flatMap((source) => composed(source).map((elements) => ({ source, elements })));
  if (places.length === 0) return [];
  if (sources.some(({ calls }) => calls.some(({ name }) => name === 'Normalize')))
    refuse('there is a Normalize already');
  const input = run?.inputs[0];
  if (!input) return refuse('the run hasn’t told what the data are like');
  if (!(input.std > 0)) return refuse('the data are all the same');
  const numbers = [input.mean, input.std].map((value) => `(${Number(value.toPrecision(4))},)`).join(', ');
  const areImages = input.shape.length > 3;
  return places.map(({ source, elements }) => {
    const maker = elements.findLast((node) => TO_TENSOR.test(source.dialect.callOf(node)?.name ?? '')) as Node;
    const receiver = source.dialect.callOf(maker)?.receiver;
    const { name, edits } = receiver ? { name: `${receiver.text}.Normalize`, edits: [] } : besideMaker(source, maker);
    // what comes behind may change the values, or flatten them, and only images have channels
    const place = (areImages ? elements.at(-1) : null) ?? maker;
    return { source, edits: [...edits, elementAfter(source, place, `${name}(${numbers})`)] };
  });
}

/** The elements of each `Compose([…])` that makes tensors. */
const composed = (source: Source): Node[][] =>
  source.calls.flatMap(({ name, positional: [list] }) => {
    const elements = name === 'Compose' && list?.type === 'list' ? childrenOf(list) : [];
    const own = elements.filter(({ type }) => type !== 'comment');
    return own.some((node) => TO_TENSOR.test(source.dialect.callOf(node)?.name ?? '')) ? [own] : [];
  });

/** `from torchvision.transforms import Compose, ToTensor`: from there, too. */
function besideMaker(source: Source, maker: Node): { name: string; edits: TextEdit[] } {
  const own = source.dialect.callOf(maker)?.callee.text;
  const names = descendantsOf(source.root, 'import_from_statement').flatMap((node) =>
    node.childrenForFieldName('name'),
  );
  const beside = names.find((node) => node?.text === own);
  if (!beside) return refuse('where the transforms come from isn’t clear');
  return { name: 'Normalize', edits: [insertion(beside.endIndex, ', Normalize')] };
}
