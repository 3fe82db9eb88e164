import { all, type Change, swap } from '../change.ts';

/**
 * Changes of programs in the words of this part. Templates say `‹opt›`, `‹all›`, `‹model›`, `‹back›`, `‹loss›`, `‹answer›` and
 * `‹target›` for a program's own names: of its first optimizer, the parameters that has, the model they are of, what goes backward
 * first, what is compared and the two sides of it.
 */

interface Names {
  readonly [name: string]: string | undefined;
}

function namesIn(text: string): Names | null {
  const made = /const (\w+) = new optim\.\w+\(([\w.]+(?:\(\))?), /.exec(text);
  const backward = /(\w+)\.backward\(\)/.exec(text);
  if (!made || !backward) return null;
  const compared = /const (loss|cost|mse) = [\w.]+\((\w+), (\w+)\);/.exec(text);
  const given = made[2];
  return {
    opt: made[1],
    all: given,
    model: given.endsWith('.parameters()') ? given.replace('.parameters()', '') : 'predict',
    back: backward[1],
    loss: compared?.[1],
    answer: compared?.[2],
    target: compared?.[3],
  };
}

/** Replaces the first place; the pattern and what comes instead may use the program's names. */
const edit =
  (pattern: string, by: string): Change =>
  (text) => {
    const names = namesIn(text);
    if (!names) return null;
    const literally = (template: string) => template.replace(/‹(\w+)›/g, (_, of) => names[of] ?? _);
    const asPattern = (template: string) =>
      template.replace(/‹(\w+)›/g, (_, of) => (names[of] ?? _).replace(/[.()]/g, '\\$&'));
    return swap(new RegExp(asPattern(pattern)), literally(by))(text);
  };

const lined = (lines: readonly string[]): string => lines.map((line) => `$1${line}\n`).join('');
const OPT = '(?:this\\.optimizer|‹opt›)';

/** Lines between a model and its optimizer. */
export const prepared = (...lines: string[]): Change => edit('\nconst ‹opt› = ', `\n${lines.join('\n')}$&`);
/** What is done before training with every parameter `p`. */
export const eachOne = (body: string): Change => prepared(`for (const p of ‹all›) ${body}`);
/** The same of matrices, tables and kernels alone. */
export const eachMatrix = (body: string): Change => eachOne(`if (p.shape.length > 1) ${body};`);
/** The same with a `name`. */
export const eachNamed = (body: string): Change =>
  prepared(`for (const [name, p] of ‹model›.namedParameters()) ${body}`);
/** Lines before training begins. */
export const begun = (...lines: string[]): Change => edit('\nconst ‹opt› = .*\n', `$&${lines.join('\n')}\n`);
/** Lines at the beginning of every epoch. */
export const eachEpoch = (...lines: string[]): Change =>
  edit('\n( *)for \\(let (?:epoch|pass) .*\n', `$&${lined(lines.map((line) => `  ${line}`))}`);

/** Lines between backward and update. */
export const derived = (...lines: string[]): Change => edit('( *)‹back›\\.backward\\(\\);\n', `$&${lined(lines)}`);
export const stepped = (...lines: string[]): Change => edit(`( *)${OPT}\\.step\\(\\);\n`, `$&${lined(lines)}`);
/** In place of the line that clears gradients. */
export const clearing = (...lines: string[]): Change => edit(`( *)${OPT}\\.zeroGrad\\(\\);\n`, lined(lines));
/** In place of the line that updates. */
export const stepping = (...lines: string[]): Change => edit(`( *)${OPT}\\.step\\(\\);\n`, lined(lines));

/** Another optimizer. */
export const optimized = (made: string): Change =>
  edit('new optim\\.\\w+\\(‹all›, \\{.*?\\}\\)', `new optim.${made.replace('(', '(‹all›, ')}`);
/** Which parameters the optimizer is given. */
export const handed = (expression: string): Change => edit('(new optim\\.\\w+\\()‹all›', `$1${expression}`);
/** A setting of the optimizer, in place of one of the same name. */
export const set = (setting: string): Change => {
  const name = /^\w+/.exec(setting)?.[0];
  return all(
    (text) => text.replace(new RegExp(`(new optim\\.\\w+\\(.*), ${name}: (?:\\[.*?\\]|[\\w.-]+)`), '$1'),
    edit('(new optim\\.\\w+\\(‹all›, \\{ lr: [\\w.]+)', `$1, ${setting}`),
  );
};
/** The first rate so many times as high, or all of them. */
export const rateTimes =
  (factor: number, every = false): Change =>
  (text) => {
    const changed = text.replace(new RegExp('(?<=\\blr: )0\\.\\d+', every ? 'g' : ''), (rate) =>
      String(Number((Number(rate) * factor).toPrecision(3))),
    );
    return changed === text ? null : changed;
  };
/** A schedule that goes on with every update. */
export const scheduled = (made: string): Change =>
  all(begun(`const plan = new optim.${made};`), stepped('plan.step();'));

/** What the model is given in training: `$1`. */
export const given = (expression: string): Change =>
  edit('(?<=const \\w+ = (?:this\\.model|‹model›)\\()(\\w+)(?=\\);)', expression);
/** The answer that the loss is given: `$1`. */
export const answered = (expression: string): Change =>
  edit('(?<=const ‹loss› = [\\w.]+\\()(\\w+)(?=, \\w+\\);)', expression);
/** The target that the loss is given: `$1`. */
export const aimed = (expression: string): Change =>
  edit('(?<=const ‹loss› = [\\w.]+\\(\\w+, )(\\w+)(?=\\);)', expression);
/** Another loss of `‹answer›` and `‹target›`. */
export const compared = (expression: string): Change =>
  edit('(?<=const ‹loss› = )[\\w.]+\\(\\w+, \\w+\\)(?=;)', expression);
/** Another loss, made of the one there is: `·`. */
export const weighed = (expression: string): Change =>
  edit(
    '(?<=const ‹loss› = )(.*)(?=;)',
    expression.replace('·', () => '$1'),
  );
/** Options of a loss that is a function. */
export const lossOption = (option: string): Change =>
  edit('(const ‹loss› = F\\.\\w+\\(\\w+, \\w+)\\)', `$1, { ${option} })`);
/** What a class of models returns: `$1`. */
export const returned = (expression: string): Change =>
  swap(
    /(?<=return )(this\.(?:last|exit|fc|guess|which|unembed|head)\((?:[^()]|\([^()]*\))*\)(?:\.flatten\(0, 1\))?)(?=;)/,
    expression,
  );

/** Data for training and for the test alike, in place. */
export const measured = (change: string): Change =>
  swap(/\nconst \[(?:testX, testY|trainX, testX)\] = .*;/, `$&\nfor (const half of [trainX, testX]) half.${change};`);

/** Batches so many times as large, however they are drawn. */
export const batchTimes =
  (factor: number): Change =>
  (text) => {
    const changed = text.replace(
      /((?:batchSize: |BATCH = |split\(|beats\(|windows\(|sample\(|(?:at|from) \+=? )|randint\(0, [^,]+, \[)(\d+)/g,
      (whole, before: string, size: string) =>
        Number(size) < 16 || Number(size) >= 150 ? whole : before + Math.max(1, Math.round(Number(size) * factor)),
    );
    return changed === text ? null : changed;
  };
/** So many times as many epochs or steps. */
export const lengthTimes =
  (factor: number): Change =>
  (text) => {
    const changed = text.replace(
      /(EPOCHS = |epochs: |\b(?:epoch|pass|i|step|iter|iteration) <=? |shuffle: true \}\), )(\d+)/g,
      (_, before: string, count: string) => before + Math.max(1, Math.round(Number(count) * factor)),
    );
    return changed === text ? null : changed;
  };

/** Another activation between layers, in each way of writing one. */
export const bent =
  (module: string, method: string): Change =>
  (text) => {
    const changed = text
      .replace(/new nn\.(?:ReLU|SiLU|GELU)\(\)/g, `new nn.${module}()`)
      .replace(/F\.(?:relu|selu)\(/g, `F.${method}(`)
      .replace(/\.relu\(\);/g, `.${method}();`);
    return changed === text ? null : changed;
  };

/** Lines to blame. */
export const MADE =
  /new nn\.(?:Linear|Conv2d|ConvTranspose2d|LSTM|GRU|RNNCell|Embedding|Parameter|ModuleList|MultiheadAttention|Transformer)|nn\.init|for \(const (?:p|\[name, p\]) of|parameters\(\)\.at|\bconv\(|build\(|new (?:Shortcut|Attentive)\(|const [wb]\d = /;
export const OPTIMIZED = /new optim\.|cfg = /;
export const UPDATE = /\.backward\(\)|\.(?:step|zeroGrad)\(\)/;
export const COMPARED =
  /const (?:loss|cost|mse|part) = |criterion = |(?:bce|nll) = |negLogLikelihood = |scores\.logsumexp/;
