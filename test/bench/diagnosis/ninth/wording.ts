import { all, type Change, swap } from '../change.ts';

/**
 * Changes of programs in the words of this part. Templates say `@model`, `@optimizer` and `@loss` for a program's own names: what
 * the first optimizer is called, whose parameters it is given, and what goes backward first.
 */

/** A change that is told the program's own names. */
const named =
  (change: (fill: (template: string) => string) => Change): Change =>
  (text) => {
    const made = /const (\w+) = new optim\.\w+\((\w+)\./.exec(text);
    const backward = /(\w+)\.backward\(\)/.exec(text);
    if (!made || !backward) return null;
    const names: { readonly [name: string]: string } = { optimizer: made[1], model: made[2], loss: backward[1] };
    return change((template) => template.replace(/@(\w+)/g, (_, name: string) => names[name]))(text);
  };

/** A pattern with names in it, and what comes in its place. */
export const replacing = (pattern: string, by: string): Change =>
  named((fill) => swap(new RegExp(fill(pattern)), fill(by)));

const indented = (lines: readonly string[]): string => lines.map((line) => `$1${line}\n`).join('');

/** Lines between a model and its optimizer. */
export const built = (...lines: string[]): Change => replacing('\nconst @optimizer = ', `\n${lines.join('\n')}$&`);
/** What is done with every parameter before training; `name` and `p` are at hand. */
export const eachParameter = (body: string): Change =>
  built(`for (const [name, p] of @model.namedParameters()) ${body}`);
/** The same of matrices, tables and kernels alone. */
export const eachWeight = (body: string): Change => eachParameter(`if (p.shape.length > 1) ${body};`);

/** Lines before training begins: its loop is the last that stands in no other. */
export const first = (...lines: string[]): Change =>
  replacing('\n(?=for \\(let )(?![\\s\\S]*\nfor \\(let )', `\n${lines.join('\n')}\n`);
/** Lines at the beginning of every epoch. */
export const perEpoch = (...lines: string[]): Change =>
  replacing('\nfor \\(let epoch.*\n', `$&${lines.map((line) => `  ${line}\n`).join('')}`);
/** Lines between backward and update. */
export const graded = (...lines: string[]): Change =>
  replacing('( *)@loss\\.backward\\(\\);\n', `$&${indented(lines)}`);
export const updated = (...lines: string[]): Change =>
  replacing('( *)@optimizer\\.step\\(\\);\n', `$&${indented(lines)}`);
/** In place of the line that clears gradients. */
export const clearing = (...lines: string[]): Change =>
  replacing('( *)@optimizer\\.zeroGrad\\(\\);\n', indented(lines));
/** In place of the line that updates. */
export const stepping = (...lines: string[]): Change => replacing('( *)@optimizer\\.step\\(\\);\n', indented(lines));

/** Another optimizer. */
export const optimizedBy = (made: string): Change =>
  replacing(
    'new optim\\.\\w+\\(@model\\.parameters\\(\\), \\{.*?\\}\\)',
    `new optim.${made.replace('(', '(@model.parameters(), ')}`,
  );
/** Which parameters the optimizer is given. */
export const handed = (expression: string): Change =>
  replacing('(new optim\\.\\w+\\()@model\\.parameters\\(\\)', `$1${expression}`);
/** More options for the optimizer. */
export const option = (more: string): Change =>
  swap(/(new optim\.\w+\(\w+\.parameters\(\), \{ lr: [\w.]+)/, `$1, ${more}`);
/** The rate so many times as high, where it stands; `all` of them where there are two. */
export const speed =
  (factor: number, every = false): Change =>
  (text) =>
    swap(
      new RegExp('(?<=\\b(?:lr|rate): )(0\\.\\d+)', every ? 'g' : ''),
      '$1·',
    )(text)?.replace(/(0\.\d+)·/g, (_, value: string) => String(Number((Number(value) * factor).toPrecision(3)))) ??
    null;
/** A schedule that goes on with every update. */
export const scheduled = (made: string): Change =>
  all(first(`const plan = new optim.${made};`), updated('plan.step();'));

/** What the model is given in training: `$1`. */
export const shown = (expression: string): Change => replacing('(?<= = @model\\()(\\w+)(?=\\);\n)', expression);
/** The answer that the loss is given: `$1`. */
export const answering = (expression: string): Change =>
  replacing('(?<=const @loss = [\\w.]+\\()(\\w+)(?=, \\w+\\);)', expression);
/** The target that the loss is given: `$1`. */
export const aiming = (expression: string): Change =>
  replacing('(?<=const @loss = [\\w.]+\\(\\w+, )(\\w+)(?=\\);)', expression);
/** Another loss of answer and target: `$1` and `$2`. */
export const comparing = (expression: string): Change =>
  replacing('(?<=const @loss = )[\\w.]+\\((\\w+), (\\w+)\\)(?=;)', expression);
/** Another loss, made of the one there is: `·`. */
export const costing = (expression: string): Change =>
  replacing(
    '(?<=const @loss = )(.*)(?=;)',
    expression.replace('·', () => '$1'),
  );
/** What a class of models returns: `$1`. */
export const returning = (expression: string): Change =>
  swap(/(?<=return )(this\.(?:roof|l3|fc|readout|decoder|lmHead)\(.*\)(?:\.flatten\(0, 1\))?)(?=;)/, expression);
/** Data for training and for the test alike, in place: `set`. */
export const measured = (change: string): Change =>
  swap(/\nconst \[testX, testY\] = .*;/, `$&\nfor (const set of [trainX, testX]) set.${change};`);

/** Batches so many times as large, however they are drawn. */
export const batches =
  (times: number): Change =>
  (text) => {
    const changed = text.replace(
      /(batchSize: |epoch\(|= sequences\(|randint\(0, 1300, \[|\+ (?=65\))|i \+= )(\d+)/g,
      (whole, before: string, size: string) =>
        size === '400' ? whole : before + Math.max(1, Math.round(Number(size) * times)),
    );
    return changed === text ? null : changed;
  };
/** So many times as many epochs or steps. */
export const duration = (times: number): Change => {
  const counted = /(?<=epochs: |\nfor \(let \w+ = [01]; \w+ <=? )(\d+)/;
  return (text) => {
    const changed = text.replace(counted, (count) => String(Math.max(1, Math.round(Number(count) * times))));
    return changed === text ? null : changed;
  };
};

/** Another activation between layers, in each way of writing one. */
export const bent =
  (module: string, method: string): Change =>
  (text) => {
    const changed = text
      .replace(/new nn\.(?:ReLU|GELU|Tanh)\(\)/g, `new nn.${module}()`)
      .replace(/F\.(?:relu|sigmoid)\(/g, `F.${method}(`);
    return changed === text ? null : changed;
  };

/** Lines to blame. */
export const MADE =
  /new nn\.(?:Linear|Conv2d|LSTM|GRU|RNN|Embedding|ModuleList)|nn\.init|namedParameters|parameters\(\)\.at|\b(?:dense|conv3)\(|new (?:Block|ResBlock|SelfAttention|TransformerBlock)\(/;
export const OPTIMIZED = /new optim\.|(?:config|cfg) = /;
export const UPDATE = /\.backward\(\)|\.(?:step|zeroGrad)\(\)/;
export const COMPARED = /const (?:loss|cost|mse|err|total) = /;
