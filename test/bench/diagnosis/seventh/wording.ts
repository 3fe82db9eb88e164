import { all, type Change, swap } from '../change.ts';

/**
 * Changes of programs in the words of this part: each has names of its own for its model, optimizer and loss, which templates
 * call `@model`, `@optimizer` and `@loss`. A model’s answer has a name, and so has what it is compared with:
 * `const loss = …(answer, target);`.
 */

/** A change that is told the program's own names. */
export const named =
  (change: (fill: (template: string) => string) => Change): Change =>
  (text) => {
    const made = /const (\w+) = new optim\.\w+\(.*?(\w+)\.(?:\w+\.)?parameters\(\)/.exec(text);
    const loss = /const (loss|cost) = /.exec(text)?.[1];
    if (!made || !loss) return null;
    const names: { readonly [name: string]: string } = { optimizer: made[1], model: made[2], loss };
    return change((template) => template.replace(/@(\w+)/g, (_, name: string) => names[name]))(text);
  };

const indented = (lines: readonly string[]): string => lines.map((line) => `$1${line}\n`).join('');

/** Lines between the model and its optimizer. */
export const behindModel = (...lines: string[]): Change =>
  named((fill) => swap(new RegExp(fill('\nconst @optimizer = ')), `\n${lines.map(fill).join('\n')}$&`));
/** What is done with every parameter before training; `name` and `p` are at hand. */
export const each = (body: string): Change => behindModel(`for (const [name, p] of @model.namedParameters()) ${body}`);
/** The same of matrices and kernels alone. */
export const weights = (body: string): Change => each(`if (p.shape.length > 1) ${body};`);

/** Lines before the loop. */
export const ahead = (...lines: string[]): Change =>
  named((fill) => swap(/\nfor \(let (?:step|epoch)/, `\n${lines.map(fill).join('\n')}$&`));
export const onBackward = (...lines: string[]): Change =>
  named((fill) => swap(new RegExp(fill('( *)@loss\\.backward\\(\\);\n')), `$&${indented(lines.map(fill))}`));
export const onStep = (...lines: string[]): Change =>
  named((fill) => swap(new RegExp(fill('( *)@optimizer\\.step\\(\\);\n')), `$&${indented(lines.map(fill))}`));
/** In place of the line that clears gradients. */
export const clearing = (...lines: string[]): Change =>
  named((fill) => swap(new RegExp(fill('( *)@optimizer\\.zeroGrad\\(\\);\n')), indented(lines.map(fill))));
/** In place of the line that updates. */
export const stepping = (...lines: string[]): Change =>
  named((fill) => swap(new RegExp(fill('( *)@optimizer\\.step\\(\\);\n')), indented(lines.map(fill))));

/** Another optimizer. */
export const optimizerIs = (made: string): Change =>
  named((fill) =>
    swap(
      /new optim\.\w+\(\w+\.parameters\(\), \{.*?\}\)/,
      `new optim.${made.replace('(', fill('(@model.parameters(), '))}`,
    ),
  );
/** Which parameters the optimizer is given. */
export const held = (by: string): Change =>
  named((fill) => swap(/(new optim\.\w+\()\w+\.parameters\(\)/, `$1${fill(by)}`));
/** More options for the optimizer, whichever it is. */
export const option = (given: string): Change => swap(/(new optim\.\w+\(.*?\{ lr: [\d.]+)/, `$1, ${given}`);
/** The same, of Adam and its kin alone. */
export const adamOption = (given: string): Change => swap(/(new optim\.N?AdamW?\(.*?\{ lr: [\d.]+)/, `$1, ${given}`);
/** A schedule that goes on with every update. */
export const scheduled = (made: string): Change =>
  all(ahead(`const planned = new optim.${made};`), onStep('planned.step();'));

/** What the model is given in training: `$1`. */
export const inputIs = (expression: string): Change =>
  named((fill) => swap(new RegExp(fill('(?<=const [\\w, [\\]]+ = @model\\()(\\w+)(?=\\);)')), expression));
/** The answer that the loss is given: `$1`. */
export const answerIs = (expression: string): Change =>
  swap(/(?<=const (?:loss|cost) = [\w.]+\()(\w+)(?=, )/, expression);
/** The target that the loss is given: `$1`. */
export const targetIs = (expression: string): Change =>
  swap(/(?<=const (?:loss|cost) = [\w.]+\(\w+, )(\w+)(?=\))/, expression);
/** Another loss of answer and target: `$1` and `$2`. */
export const lossIs = (expression: string): Change =>
  swap(/(?<=const (?:loss|cost) = )[\w.]+\((\w+), (\w+)\)(?=;)/, expression);
/** Another loss, made of the one there is: `·`. */
export const lossOf = (expression: string): Change =>
  named((fill) =>
    swap(
      /(?<=const (?:loss|cost) = )(.*)(?=;)/,
      fill(expression).replace('·', () => '$1'),
    ),
  );
/** Options for the loss, a module or a function. */
export const lossOption =
  (given: string): Change =>
  (text) =>
    swap(/(new nn\.\w+Loss)\(\)/, `$1({ ${given} })`)(text) ??
    swap(/(const (?:loss|cost) = F\.\w+\(\w+, \w+)\)/, `$1, { ${given} })`)(text);
/** Another loss, a module or a function. */
export const lossNamed =
  (module: string, method: string): Change =>
  (text) =>
    swap(/new nn\.\w+Loss\(/, `new nn.${module}(`)(text) ??
    swap(/(?<=const (?:loss|cost) = )F\.\w+\(/, `F.${method}(`)(text);

/** Another activation everywhere, in each way of writing one. */
export const bend =
  (module: string, method: string): Change =>
  (text) => {
    const changed = text
      .replace(/new nn\.(?:ReLU|Tanh|ELU)\(\)/g, `new nn.${module}()`)
      .replace(/F\.(?:relu|gelu)\(/g, `F.${method}(`)
      .replace(/(?<=layer\(h\))\.tanh\(\)/g, `.${method}()`);
    return changed === text ? null : changed;
  };
/** A module more behind the last layer of a sequence. */
export const behindLast = (module: string): Change =>
  swap(/(new nn\.Linear\(\w+, (?:1|2|3|10)\),\n)(?=\);)/, `$1  ${module},\n`);
/** Layers more behind the first bend of a sequence; `$2` is their width. */
export const between = (layers: string): Change =>
  swap(/(new nn\.Linear\(\d+, (\d+)\),\n *new nn\.\w+\(\),\n)/, `$1  ...Array.from(${layers}).flat(),\n`);

/** Lines to blame. */
export const MADE =
  /new nn\.(?:Linear|Conv2d|LSTM|GRU|Embedding|MultiheadAttention|Parameter|ModuleList)|nn\.init|namedParameters|new (?:BasicBlock|Block|Tower)\(|hiddenLayer|parameters\(\)\.at/;
export const OPT = /new optim\./;
export const STEP = /\.backward\(\)|\.(?:step|zeroGrad)\(\)/;
export const LOSS = /const (?:loss|cost)/;
