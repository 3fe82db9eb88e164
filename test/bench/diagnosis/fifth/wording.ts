import { all, beforeLoop, type Change, either, swap } from '../change.ts';

/** Changes of programs in the words of the fifth part: a `net`, its `opt`, batches `xb` and `yb`. */

/** Lines between the network and its optimizer. */
export const afterNet = (...lines: string[]): Change => swap(/\nconst opt = /, `\n${lines.join('\n')}\nconst opt = `);

/** What is done with every parameter before training; `name` and `p` are at hand. */
export const each = (body: string): Change => afterNet(`for (const [name, p] of net.namedParameters()) ${body}`);

export const optimizer = (made: string): Change =>
  swap(/new optim\.\w+\(net\.parameters\(\), \{.*?\}\)/, `new optim.${made.replace('(', '(net.parameters(), ')}`);

export const held = (by: string): Change => swap(/(new optim\.\w+\()net\.parameters\(\)/, `$1${by}`);

export const withoutZeroing: Change = swap(/ *opt\.zeroGrad\(\);\n/, '');

export const afterStep = (...lines: string[]): Change =>
  swap(/( *)opt\.step\(\);\n/, `$&${lines.map((line) => `$1${line}\n`).join('')}`);

/** A schedule of the learning rate, taken on after every update. */
export const scheduled = (made: string): Change =>
  all(beforeLoop(`const schedule = new optim.${made};`), afterStep('schedule.step();'));

/** The answer that the loss is given, made of the one there is: `$1`. */
export const answer = (expression: string): Change => swap(/(?<=const loss = [\w.]+\()(net\(xb\))/, expression);

/** The targets, made of those there are: `$1`. */
export const targets = (expression: string): Change => swap(/(?<=const loss = [\w.]+\(net\(xb\), )(yb)/, expression);

/** Another activation everywhere, in both ways of writing one. */
export const bend = (module: string, method: string): Change =>
  either(swap(/new nn\.(?:ReLU|Tanh|GELU)\(\)/g, `new nn.${module}()`), swap(/\.(?:relu|tanh)\(\)/g, `.${method}()`));

/** Lines to blame. */
export const MADE =
  /new nn\.(?:Linear|Conv\w+|LSTM|RNN|Embedding|TransformerEncoder|Parameter)|nn\.init|namedParameters|\.\.\.convolved|new (?:Layer|Attend|ResidualBlock)\(/;
export const OPT = /new optim\./;
export const STEP = /loss\.backward|opt\.step|opt\.zeroGrad/;
export const LOSS = /const loss/;
