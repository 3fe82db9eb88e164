import { all, type Change, swap } from '../change.ts';

/**
 * Changes of programs in the words of this part. Templates say `@model` and `@optimizer` for a program's own names; a loss is
 * `const loss = …(answer, target);` in most of them.
 */

/** A change that is told the program's own names. */
const named =
  (change: (fill: (template: string) => string) => Change): Change =>
  (text) => {
    const made = /const (\w+) = new optim\.\w+\((\w+)\./.exec(text);
    if (!made) return null;
    const names: { readonly [name: string]: string } = { optimizer: made[1], model: made[2] };
    return change((template) => template.replace(/@(\w+)/g, (_, name: string) => names[name]))(text);
  };

/** A pattern with names in it, and what comes in its place. */
export const replacing = (pattern: string, by: string): Change =>
  named((fill) => swap(new RegExp(fill(pattern)), fill(by)));

const indented = (lines: readonly string[]): string => lines.map((line) => `$1${line}\n`).join('');

/** Lines between a model and its optimizer. */
export const begin = (...lines: string[]): Change => replacing('\nconst @optimizer = ', `\n${lines.join('\n')}$&`);
/** What is done with every parameter before training; `name` and `p` are at hand. */
export const parameters = (body: string): Change => begin(`for (const [name, p] of @model.namedParameters()) ${body}`);
/** The same of matrices, tables and kernels alone. */
export const matrices = (body: string): Change => parameters(`if (p.shape.length > 1) ${body};`);

/** Lines before the loop. */
export const beforehand = (...lines: string[]): Change =>
  replacing('\n( *)(?=for \\(let (?:step|epoch))', `\n${indented(lines)}$1`);
/** Lines at the beginning of every epoch. */
export const everyEpoch = (...lines: string[]): Change =>
  replacing('\nfor \\(let epoch.*\n', `$&${lines.map((line) => `  ${line}\n`).join('')}`);
export const withGradients = (...lines: string[]): Change =>
  replacing('( *)loss\\.backward\\(\\);\n', `$&${indented(lines)}`);
export const updated = (...lines: string[]): Change =>
  replacing('( *)@optimizer\\.step\\(\\);\n', `$&${indented(lines)}`);
/** In place of the line that clears gradients. */
export const zeroing = (...lines: string[]): Change => replacing('( *)@optimizer\\.zeroGrad\\(\\);\n', indented(lines));
/** In place of the line that updates. */
export const updating = (...lines: string[]): Change => replacing('( *)@optimizer\\.step\\(\\);\n', indented(lines));

/** Another optimizer. */
export const trainedBy = (made: string): Change =>
  replacing(
    'new optim\\.\\w+\\(@model\\.parameters\\(\\), \\{.*?\\}\\)',
    `new optim.${made.replace('(', '(@model.parameters(), ')}`,
  );
/** Which parameters the optimizer is given. */
export const given = (expression: string): Change =>
  replacing('(new optim\\.\\w+\\()@model\\.parameters\\(\\)', `$1${expression}`);
/** More options for the optimizer. */
export const also = (option: string): Change =>
  swap(/(new optim\.\w+\(\w+\.parameters\(\), \{ lr: [\d.]+)/, `$1, ${option}`);
/** Another rate. */
export const rateOf = (value: string): Change => swap(/(?<=new optim\.\w+\(\w+\.parameters\(\), \{ lr: )[\d.]+/, value);
/** A schedule that goes on with every update. */
export const planned = (made: string): Change =>
  all(beforehand(`const plan = new optim.${made};`), updated('plan.step();'));

/** What the model is given in training: `$1`. */
export const fed = (expression: string): Change =>
  replacing('(?<=const (?:out|score) = @model\\()(\\w+)(?=\\);)', expression);
/** The answer that the loss is given: `$1`. */
export const answered = (expression: string): Change => swap(/(?<=const loss = [\w.]+\()(\w+)(?=, )/, expression);
/** The target that the loss is given: `$1`. */
export const aimed = (expression: string): Change => swap(/(?<=const loss = [\w.]+\(\w+, )(\w+)(?=\))/, expression);
/** Another loss of answer and target: `$1` and `$2`. */
export const minimizing = (expression: string): Change =>
  swap(/(?<=const loss = )[\w.]+\((\w+), (\w+)\)(?=;)/, expression);
/** Another loss, made of the one there is: `·`. */
export const ofLoss = (expression: string): Change =>
  named((fill) =>
    swap(
      /(?<=const loss = )(.*)(?=;)/,
      fill(expression).replace('·', () => '$1'),
    ),
  );
/** Lines behind the test data. */
export const prepared = (...lines: string[]): Change =>
  swap(/\nconst \[testX, testY\] = .*;/, `$&\n${lines.join('\n')}`);

/** Batches so many times as large, however they are drawn. */
export const batchTimes =
  (times: number): Change =>
  (text) => {
    const scaled = (_: string, before: string, size: string) => before + Math.max(1, Math.round(Number(size) * times));
    const changed = text
      .replace(/(batchSize: )(\d+)/, scaled)
      .replace(/(randint\(0, 500, \[)(\d+)/, scaled)
      .replace(/(randperm\(700\)\.slice\(0, 0, )(\d+)/, scaled)
      .replace(/((?:from|first) \+=? )(\d+)/g, scaled)
      .replace(/(step \* )(\d+)/, scaled)
      .replace(/( = (?:sample|waves)\()(\d+)(?=\);\n {2}(?! ))/, (whole, before, size) =>
        /\d{3}/.test(size) ? whole : scaled(whole, before, size),
      )
      .replace(/(const \[batch, noise\] = \[)(\d+)/, scaled);
    return changed === text ? null : changed;
  };
/** So many times as many epochs or steps. */
export const timeTimes =
  (times: number): Change =>
  (text) => {
    const scaled = (_: string, before: string, count: string) =>
      before + Math.max(1, Math.round(Number(count) * times));
    const changed = text
      .replace(/(\nfor \(let (?:step|epoch) = 0; \w+ < )(\d+)/, scaled)
      .replace(/(\ntrain\()(\d+)/, scaled);
    return changed === text ? null : changed;
  };

/** Another activation between layers, in each way of writing one. */
export const bends =
  (module: string, method: string): Change =>
  (text) => {
    const changed = text
      .replace(/new nn\.(?:ReLU\(\)|GELU\(\)|ELU\(\)|LeakyReLU\(0\.1\))/g, `new nn.${module}()`)
      .replace(/F\.(?:relu|silu|tanh|leakyRelu)\(/g, `F.${method}(`)
      .replace(/(?<=rung\(h\)|dense\(heard\))\.relu\(\)/g, `.${method}()`)
      .replace(/(?<=this\.wide\(x\)|\))\.tanh\(\)/g, `.${method}()`);
    return changed === text ? null : changed;
  };

/** Lines to blame. */
export const BUILT =
  /new nn\.(?:Linear|Conv2d|LSTM|GRU|RNN|Embedding|ModuleList)|nn\.init|namedParameters|new (?:Dense|Unit|Ladder|Forger|Judge)\(|parameters\(\)\.at/;
export const OPTIMIZED = /new optim\./;
export const UPDATE = /\.backward\(\)|\.(?:step|zeroGrad)\(\)/;
export const COMPARED = /const loss/;
