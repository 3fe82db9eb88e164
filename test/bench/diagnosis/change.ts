/** A change of a program's text; null where the program has nothing to change. */
export type Change = (text: string) => string | null;

/** Replaces the first place (or with the flag g, every place). */
export const swap =
  (pattern: RegExp, by: string): Change =>
  (text) => {
    const changed = text.replace(pattern, by);
    return changed === text ? null : changed;
  };

/** One change after the other; null if one of them has nothing to change. */
export const all =
  (...changes: Change[]): Change =>
  (text) =>
    changes.reduce<string | null>((done, change) => (done === null ? null : change(done)), text);

/** The first of some changes that has something to change. */
export const either =
  (...changes: Change[]): Change =>
  (text) => {
    for (const change of changes) {
      const changed = change(text);
      if (changed !== null) return changed;
    }
    return null;
  };

/** Adds a name to what is imported of gradlens. */
export const importing =
  (name: string): Change =>
  (text) =>
    new RegExp(`import \\{[^}]*\\b${name}\\b[^}]*\\} from 'gradlens'`).test(text)
      ? text
      : text.replace(/ \} from 'gradlens'/, `, ${name} } from 'gradlens'`);

/** Lines between the model and its optimizer. */
export const afterModel = (...lines: string[]): Change =>
  swap(/\nconst optimizer /, `\n${lines.join('\n')}\nconst optimizer `);

/** What is done with every parameter before training; `name` and `p` are at hand. */
export const everyParameter = (body: string): Change =>
  afterModel(`for (const [name, p] of model.namedParameters()) ${body}`);

/** The data of the first batch, whatever they are called. */
export const beforeModel = (...lines: string[]): Change =>
  either(
    swap(/\nclass \w+ extends nn.Module/, `\n${lines.join('\n')}\n$&`),
    swap(/\nconst model = /, `\n${lines.join('\n')}$&`),
  );

export const optimizer = (made: string): Change =>
  swap(/new optim\.\w+\(model\.parameters\(\), \{.*\}\)/, `new optim.${made.replace('(', '(model.parameters(), ')}`);

export const rate =
  (factor: number): Change =>
  (text) =>
    swap(
      /(new optim\..*?lr: )([\d.]+)/,
      '$1·',
    )(text)?.replace(/·/, String(Number((Number(/lr: ([\d.]+)/.exec(text)?.[1]) * factor).toPrecision(4)))) ?? null;

const LOSS = /const loss = (.*);/;
/** Another loss, made of the one there is: `·`. */
export const lossOf =
  (expression: string): Change =>
  (text) => {
    const given = LOSS.exec(text)?.[1];
    return given ? text.replace(LOSS, () => `const loss = ${expression.replace('·', given)};`) : null;
  };

export const afterBackward = (...lines: string[]): Change =>
  swap(/( *)loss\.backward\(\);\n/, `$&${lines.map((line) => `$1${line}\n`).join('')}`);
export const afterUpdate = (...lines: string[]): Change =>
  swap(/( *)optimizer\.step\(\);\n/, `$&${lines.map((line) => `$1${line}\n`).join('')}`);
export const beforeLoop = (...lines: string[]): Change => swap(/\nfor \(let (?:step|epoch)/, `\n${lines.join('\n')}$&`);
/** A schedule of the learning rate, taken on after every update. */
export const schedule = (made: string): Change =>
  all(beforeLoop(`const schedule = new optim.${made};`), afterUpdate('schedule.step();'));
export const beforeZeroing = (...lines: string[]): Change =>
  swap(/( *)optimizer\.zeroGrad\(\);\n/, `${lines.map((line) => `$1${line}\n`).join('')}$&`);

/** Another activation, in both ways of writing one. */
export const activation = (method: string, module: string): Change =>
  either(swap(/new nn\.ReLU\(\)/g, `new nn.${module}()`), swap(/\.(?:relu|tanh|silu)\(\)/g, `.${method}()`));

/** PyTorch's own initialization, instead of what the program asks for. */
export const plainInitialization: Change = swap(/\n {2}constructor\(\) \{[\s\S]*?\n {2}\}\n/, '');

/** The deep network with so many hidden layers. */
export const deep = (depth: number, ...changes: Change[]): Change =>
  all((text) => text.replace(/depth = \d+/, `depth = ${depth}`), ...changes);

/** So many layers more, with one activation between all of them, in a network that has two. */
export const deeper = (activation: string, depth: number): Change =>
  swap(
    /new nn\.Linear\((\w+), (\d+)\),\s*new nn\.(?:Tanh|ReLU|ELU|GELU|SiLU)\(\),\s*new nn\.Linear\(\d+, (\d+)\),\s*new nn\.(?:Tanh|ReLU|ELU|GELU|SiLU)\(\)/,
    `new nn.Linear($1, $2), new nn.${activation}(), ...Array.from({ length: ${depth} }, () => [new nn.Linear($2, $2), new nn.${activation}()]).flat(), new nn.Linear($2, $3), new nn.${activation}()`,
  );
