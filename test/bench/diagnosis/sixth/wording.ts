import { afterModel, type Change, either, swap } from '../change.ts';

/** Changes of programs in the words of the sixth part: the answer of a `model` has a name, and `const loss = …(answer, target)`. */

/** What the model is given in training: `$1`. */
export const input = (expression: string): Change => swap(/(?<=const \w+ = model\()(\w+)(?=\);)/, expression);
/** The answer that the loss is given: `$1`. */
export const answer = (expression: string): Change => swap(/(?<=const loss = [\w.]+\()(\w+)(?=, )/, expression);
/** The target that the loss is given: `$1`. */
export const target = (expression: string): Change => swap(/(?<=const loss = [\w.]+\(\w+, )(\w+)(?=\))/, expression);
/** Another loss of answer and target: `$1` and `$2`. */
export const lossIs = (expression: string): Change => swap(/(?<=const loss = )[\w.]+\((\w+), (\w+)\)(?=;)/, expression);

/** Which parameters the optimizer is given. */
export const held = (by: string): Change => swap(/(new optim\.\w+\()model\.parameters\(\)/, `$1${by}`);
/** Adds to the options of the optimizer. */
export const option = (given: string): Change =>
  swap(/(new optim\.\w+\(model\.parameters\(\), \{.*?lr: [\d.]+)/, `$1, ${given}`);
/** The same, of Adam and its kin alone. */
export const adamOption = (given: string): Change =>
  swap(/(new optim\.AdamW?\(model\.parameters\(\), \{.*?lr: [\d.]+)/, `$1, ${given}`);
/** The same, of descent alone. */
export const descentOption = (given: string): Change =>
  swap(/(new optim\.SGD\(model\.parameters\(\), \{.*?lr: [\d.]+)/, `$1, ${given}`);

export const withoutZeroing: Change = swap(/ *optimizer\.zeroGrad\(\);\n/, '');
export const withoutStep: Change = swap(/ *optimizer\.step\(\);\n/, '');

/** Another activation everywhere, in each way of writing one. */
export const bend = (module: string, method: string): Change =>
  either(
    swap(/new nn\.ReLU\(\)/g, `new nn.${module}()`),
    swap(/F\.(?:relu|gelu|silu)\(/g, `F.${method}(`),
    swap(/\.(?:relu|tanh)\(\)/g, `.${method}()`),
  );

/** Something done to the last activations, be it a layer more or a call. */
export const last = (module: string, call: string): Change =>
  either(
    swap(/(new nn\.Linear\(\d+, (1|10)\),\n)(?=\);)/, `$1  ${module},\n`),
    swap(/return (this\.(?:out|output|fc|last|linear|classifier)\(.*\));/, `return $1${call};`),
  );

/** What is done without recording between the model and its optimizer; `noGrad` is imported by all. */
export const quietly = (body: string): Change => afterModel(`noGrad(() => ${body});`);

/** Lines to blame. */
export const MADE =
  /new nn\.(?:Linear|Conv\w+|LSTM|RNN|GRU|Embedding|TransformerEncoderLayer|Parameter|ModuleList)|nn\.init|namedParameters|\.\.\.dense|new (?:ResidualBlock|PreActBlock)\(|buildModel|model\.parameters\(\)\.at/;
export const OPT = /new optim\./;
export const STEP = /loss\w?\.backward|optimizer\w?\.(?:step|zeroGrad)/;
export const LOSS = /const loss/;
