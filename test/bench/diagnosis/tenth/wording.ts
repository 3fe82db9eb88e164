import { all, type Change, swap } from '../change.ts';

/**
 * Changes of programs in the words of this part. Templates say `%opt`, `%model`, `%loss`, `%answer` and `%target` for a program's
 * own names: of its first optimizer, whose parameters that has, what goes backward first, and what the loss compares.
 */

interface Names {
  readonly [name: string]: string | undefined;
}

function namesIn(text: string): Names | null {
  const made = /const (\w+) = new optim\.\w+\((\w+)\.parameters/.exec(text);
  const backward = /(\w+)\.backward\(\)/.exec(text);
  if (!made || !backward) return null;
  const compared = new RegExp(`const ${backward[1]} = [\\w.]+\\((\\w+), (\\w+)\\);`).exec(text);
  return { opt: made[1], model: made[2], loss: backward[1], answer: compared?.[1], target: compared?.[2] };
}

/** Replaces the first place; both the pattern and what comes instead may use the program's names. */
export const put =
  (pattern: string, by: string): Change =>
  (text) => {
    const names = namesIn(text);
    if (!names) return null;
    const fill = (template: string) =>
      template.replace(/%(opt|model|loss|answer|target)\b/g, (_, of) => names[of] ?? _);
    return swap(new RegExp(fill(pattern)), fill(by))(text);
  };

const below = (lines: readonly string[]): string => lines.map((line) => `$1${line}\n`).join('');

/** Lines between a model and its optimizer. */
export const beforeOptimizer = (...lines: string[]): Change => put('\nconst %opt = ', `\n${lines.join('\n')}$&`);
/** What is done with every parameter before training; `name` and `p` are at hand. */
export const eachTensor = (body: string): Change =>
  beforeOptimizer(`for (const [name, p] of %model.namedParameters()) ${body}`);
/** The same of matrices, tables and kernels alone. */
export const eachMatrix = (body: string): Change => eachTensor(`if (p.shape.length > 1) ${body};`);
/** Lines before training begins. */
export const afterOptimizer = (...lines: string[]): Change => put('\nconst %opt = .*\n', `$&${lines.join('\n')}\n`);

/** Lines between backward and update. */
export const afterBackward = (...lines: string[]): Change => put('( *)%loss\\.backward\\(\\);\n', `$&${below(lines)}`);
export const afterStep = (...lines: string[]): Change => put('( *)%opt\\.step\\(\\);\n', `$&${below(lines)}`);
/** In place of the line that clears gradients. */
export const insteadOfZeroing = (...lines: string[]): Change => put('( *)%opt\\.zeroGrad\\(\\);\n', below(lines));
/** In place of the line that updates. */
export const insteadOfStep = (...lines: string[]): Change => put('( *)%opt\\.step\\(\\);\n', below(lines));

/** Another optimizer. */
export const trainedBy = (made: string): Change =>
  put(
    'new optim\\.\\w+\\(%model\\.parameters\\(\\), \\{.*?\\}\\)',
    `new optim.${made.replace('(', '(%model.parameters(), ')}`,
  );
/** Which parameters the optimizer has. */
export const holding = (expression: string): Change =>
  put('(new optim\\.\\w+\\()%model\\.parameters\\(\\)', `$1${expression}`);
/** More settings of the optimizer, in place of those of the same name. */
export const setting = (more: string): Change => {
  const name = /^\w+/.exec(more)?.[0];
  return all(
    (text) => text.replace(new RegExp(`(new optim\\.\\w+\\(.*), ${name}: [\\w.-]+(?= \\}|, )`), '$1'),
    put('(new optim\\.\\w+\\(%model\\.parameters\\(\\), \\{ lr: [\\w.]+)', `$1, ${more}`),
  );
};
/** The first rate so many times as high, or every one. */
export const faster =
  (factor: number, every = false): Change =>
  (text) => {
    const rates = new RegExp(`(?<=\\b(?:lr|maxLr): )(0\\.\\d+)`, every ? 'g' : '');
    const changed = text.replace(rates, (rate) => String(Number((Number(rate) * factor).toPrecision(3))));
    return changed === text ? null : changed;
  };
/** A schedule that goes on with every update. */
export const planned = (made: string): Change =>
  all(afterOptimizer(`const plan = new optim.${made};`), afterStep('plan.step();'));

/** What the model is given in training: `$1`. */
export const fed = (expression: string): Change => put('(?<= = %model\\()(\\w+)(?=\\);\n)', expression);
/** The answer that the loss is given: `$1`. */
export const said = (expression: string): Change =>
  put('(?<=const %loss = [\\w.]+\\()(\\w+)(?=, \\w+\\);)', expression);
/** The target that the loss is given: `$1`. */
export const wanted = (expression: string): Change =>
  put('(?<=const %loss = [\\w.]+\\(\\w+, )(\\w+)(?=\\);)', expression);
/** Another loss of `%answer` and `%target`. */
export const judged = (expression: string): Change =>
  put('(?<=const %loss = )[\\w.]+\\(\\w+, \\w+\\)(?=;)', expression);
/** Another loss, made of the one there is: `·`. */
export const charged = (expression: string): Change =>
  put(
    '(?<=const %loss = )(.*)(?=;)',
    expression.replace('·', () => '$1'),
  );
/** Options of a loss that is a function. */
export const lossOption = (given: string): Change =>
  put('(const %loss = F\\.\\w+\\(\\w+, \\w+)\\)', `$1, { ${given} })`);
/** What a class of models returns: `$1`. */
export const returned = (expression: string): Change =>
  swap(
    /(?<=return )(this\.(?:top|output|place|fc|out|project|head|last)\(.*\)(?:\.flatten\(0, 1\))?)(?=;)/,
    expression,
  );
/** A layer at the end of a sequence, after its last linear one. */
export const atTheEnd =
  (layer: string): Change =>
  (text) => {
    const changed = text
      .replace(/(new nn\.Linear\((?:24|hp\.width), 1\)|new nn\.Linear\((?:24|48), 10\)),\n\);/, `$1,\n  ${layer},\n);`)
      .replace(/new nn\.Linear\(32, 10\)\);/, `new nn.Linear(32, 10), ${layer});`)
      .replace(/new nn\.Sequential\(\.\.\.body, head\)/, `new nn.Sequential(...body, head, ${layer})`);
    return changed === text ? null : changed;
  };

/** Data for training and for the test alike, in place. */
export const units =
  (change: string): Change =>
  (text) =>
    (/\nconst Y = /.test(text)
      ? swap(/\nconst Y = .*;/, `$&\nX.${change};`)
      : swap(/\nconst \[testX, testY\] = .*;/, `$&\nfor (const part of [trainX, testX]) part.${change};`))(text);

/** Batches so many times as large, however they are drawn. */
export const batched =
  (times: number): Change =>
  (text) => {
    const sizes =
      /(batchSize: |batch: |BATCH = |split\(|tones\(|lines\(|randint\(0, (?:700|1400|400), \[|\b(?:start|k|i) \+=? )(\d+)/g;
    const changed = text.replace(sizes, (whole, before: string, given: string) => {
      const size = Number(given);
      return size < 20 || size >= 150 ? whole : before + Math.max(1, Math.round(size * times));
    });
    return changed === text ? null : changed;
  };
/** So many times as many epochs or steps. */
export const lasting = (times: number): Change => {
  const counts =
    /(epochs: |updates: |steps = |tMax: |\b(?:epoch|i|step|iteration|round) <=? |fit\(trainLoader, )(\d+)/g;
  return (text) => {
    const changed = text
      .replace(counts, (whole, before: string, count: string) =>
        Number(count) > 1000 ? whole : before + Math.max(1, Math.round(Number(count) * times)),
      )
      .replace(/(?<=totalSteps: )\d+/, (count) => String(Math.ceil(Number(count) * times) + 33));
    return changed === text ? null : changed;
  };
};

/** Another activation between layers, in each way of writing one. */
export const bending =
  (module: string, method: string): Change =>
  (text) => {
    const changed = text
      .replace(/new nn\.(?:ReLU|Tanh|SiLU|ELU)\(\)/g, `new nn.${module}()`)
      .replace(/F\.(?:relu|tanh)\(/g, `F.${method}(`)
      .replace(/\.tanh\(\);/, `.${method}();`)
      .replace(/(this\.hidden\d\(\w\))\.sigmoid\(\)/g, `$1.${method}()`);
    return changed === text ? null : changed;
  };

/** Lines to blame. */
export const MADE =
  /new nn\.(?:Linear|Conv2d|ConvTranspose2d|LSTM|GRU|RNN|Embedding|Parameter|ModuleList)|nn\.init|namedParameters|parameters\(\)\.at|\blayer\(|new (?:Layer|Residual)\(/;
export const OPTIMIZED = /new optim\.|(?:settings|hp|options) = /;
export const UPDATE = /\.backward\(\)|\.(?:step|zeroGrad)\(\)/;
export const COMPARED = /const (?:loss|cost|objective|distance|mse|logLoss|nll) = |criterion = /;
