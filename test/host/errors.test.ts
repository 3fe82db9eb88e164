import { describe, expect, test } from 'vitest';
import { folder, placeOf, run, runFile, type Watched, write } from './scripts.ts';

/** What a failed run says of its error. */
function errorOf({ run }: Watched) {
  expect(run.end?.ended).toBe('failed');
  return { name: run.error?.name, message: run.error?.message, at: placeOf(run.error?.site) };
}

describe('what does not compile', () => {
  test.each([
    ['script.ts', "import { tensor } from 'gradlens';\nconst a: number = 1;\nconst b = = 2;\n", 3, 11],
    ['script.mts', 'const a: number = 1;\n  let x: string = (1 + ;\n', 2, 24],
    ['script.js', "import { tensor } from 'gradlens';\nconst a = tensor([1]);\nif (a { }\n", 3, 7],
    ['script.mjs', 'const a = 1;\n\n   let 2b = 3;\n', 3, 9],
  ])('%s', async (name, text, line, column) => {
    const watched = await run({ [name]: text });
    expect(errorOf(watched)).toMatchObject({ name: 'SyntaxError', at: `${name}:${line}:${column}` });
    expect(watched.run.end?.exitCode).toBe(1);
    expect([...watched.run.sources.values()]).toEqual([text]);
  });

  test('TypeScript that is more than types', async () => {
    const watched = await run('const a = 1;\nenum Color { red, green }\nconsole.log(Color.red);\n');
    const { message, at } = errorOf(watched);
    expect(message).toMatch(/enum/);
    expect(at).toBe('script.ts:2:1');
  });

  test('TypeScript that is more than types, over several lines', async () => {
    const watched = await run('const a = 1;\n  enum Color {\n    red,\n  }\nconsole.log(Color.red);\n');
    expect(errorOf(watched).at).toBe('script.ts:2:3');
  });

  test('in a file that is imported: that file and its line', async () => {
    const watched = await run({
      'script.ts': "import { f } from './helper.ts';\nf();\n",
      'helper.ts': 'export function f() {\n  return 1 +;\n}\n',
    });
    expect(errorOf(watched)).toMatchObject({ name: 'SyntaxError', at: 'helper.ts:2:13' });
  });

  test('in imported JavaScript: that file and its line', async () => {
    const watched = await run({
      'script.mjs': "import { f } from './helper.mjs';\nf();\n",
      'helper.mjs': 'export function f() {\n  return 1 +;\n}\n',
    });
    expect(errorOf(watched)).toMatchObject({ name: 'SyntaxError', at: 'helper.mjs:2:13' });
  });
});

describe('what is thrown', () => {
  test('deep in functions: the line that threw, and the user’s stack only', async () => {
    const watched = await run(`import { nn, randn } from 'gradlens';
function inner(x) {
  return x.nothing.more;
}
class Net extends nn.Module {
  forward(x) {
    return inner(x);
  }
}
new Net()(randn([2]));
`);
    expect(errorOf(watched)).toMatchObject({ name: 'TypeError', at: 'script.ts:3:20' });
    const places = watched.run.error!.stack!.match(/script\.ts:\d+/g);
    expect(places).toEqual(['script.ts:3', 'script.ts:7', 'script.ts:10']);
    expect(watched.run.error!.stack).not.toMatch(/node:internal|engine/);
  });

  test('by the engine: where the user called it', async () => {
    const watched = await run(`import { randn } from 'gradlens';
const a = randn([2, 3]);
  a.matmul(randn([4, 5]));
`);
    expect(errorOf(watched)).toMatchObject({ name: 'ShapeError', at: 'script.ts:3:5' });
  });

  test.each([
    ['"a text"', 'The script threw "a text".'],
    ['{ a: 1 }', 'The script threw { a: 1 }.'],
    ['null', 'The script threw null.'],
    ['undefined', 'The script threw undefined.'],
    ['Object.create(null)', /^The script threw /],
    ['Symbol("s")', /^The script threw Symbol\(s\)/],
  ])('something that is no Error: %s', async (value, message) => {
    const { name, message: got } = errorOf(await run(`throw ${value};\n`));
    expect(name).toBe('Error');
    expect(got).toMatch(message);
  });

  test('in a promise that nobody waits for', async () => {
    const watched = await run(`await 0;
async function later() {
  await 0;
  throw new RangeError('too late');
}
void later();
await new Promise((resolve) => setImmediate(resolve));
`);
    expect(errorOf(watched)).toEqual({ name: 'RangeError', message: 'too late', at: 'script.ts:4:9' });
  });

  test('in a timer, after the module has been loaded', async () => {
    const watched = await run("setTimeout(() => {\n  throw new Error('tick');\n}, 1);\n");
    expect(errorOf(watched)).toEqual({ name: 'Error', message: 'tick', at: 'script.ts:2:9' });
  });

  test('the frames before it are all there', async () => {
    const watched = await run("console.log('one');\nconsole.error('two');\nthrow new Error('three');\n");
    expect(watched.frames.map(({ kind }) => kind)).toEqual(['start', 'source', 'output', 'output', 'error', 'end']);
    expect(watched.all('output').map(({ stream, text, site }) => [stream, text, placeOf(site)])).toEqual([
      ['stdout', 'one\n', 'script.ts:1:9'],
      ['stderr', 'two\n', 'script.ts:2:9'],
    ]);
  });
});

describe('how a script ends itself', () => {
  test('process.exit(3): failed, with the line', async () => {
    const { run: run_ } = await run('const a = 1;\n  process.exit(3);\n');
    expect(run_.end).toMatchObject({ ended: 'failed', exitCode: 3 });
    expect(run_.end?.message).toContain('3');
    expect(placeOf(run_.end?.site)).toBe('script.ts:2:11');
    expect(run_.error).toBeNull();
  });

  test('process.exitCode = 2: failed', async () => {
    const { run: run_ } = await run('process.exitCode = 2;\n');
    expect(run_.end).toMatchObject({ ended: 'failed', exitCode: 2 });
  });

  test('process.exit(0) in the middle of training: completed, the step under way counted', async () => {
    const watched = await run(`import { tensor, optim } from 'gradlens';
const w = tensor([2], { requiresGrad: true });
const optimizer = new optim.SGD([w], { lr: 0.1 });
for (let i = 0; ; i++) {
  optimizer.zeroGrad();
  w.mul(3).sum().backward();
  if (i === 2) process.exit(0);
  optimizer.step();
}
`);
    expect(watched.run.end).toMatchObject({ ended: 'completed', exitCode: 0, message: null });
    expect(watched.losses).toHaveLength(3);
  });

  test('a promise that never settles', async () => {
    const { run: run_ } = await run('await new Promise(() => {});\n');
    expect(run_.end).toMatchObject({ ended: 'failed', exitCode: 13 });
  });
});

describe('imports', () => {
  test('a file that is not there', async () => {
    const { message, at } = errorOf(await run("import { f } from './missing.ts';\nf();\n"));
    expect(message).toContain('missing.ts');
    expect(at === null || at.startsWith('script.ts:1:')).toBe(true);
  });

  test('a name that is not there', async () => {
    const { name, message, at } = errorOf(await run("import { tensr } from 'gradlens';\ntensr([1]);\n"));
    expect(at).toBe('script.ts:1:10');
    expect(name).toBe('SyntaxError');
    expect(message).toContain('tensr');
  });

  test('a file of the user’s: sites in it, and its text', async () => {
    const files = {
      'script.ts': `import { randn } from 'gradlens';
import { Net } from './model/net.ts';
const net = new Net();
net(randn([4, 2])).sum().backward();
`,
      'model/net.ts': `import { nn } from 'gradlens';
export class Net extends nn.Module {
  fc = new nn.Linear(2, 1);
  forward(x: unknown) {
    return this.fc(x);
  }
}
`,
    };
    const watched = await run(files);
    expect(watched.run.end?.ended).toBe('completed');
    expect(watched.run.layers.map(({ name, site }) => [name, placeOf(site)])).toEqual([
      ['net', 'script.ts:3:13'],
      ['fc', 'net.ts:3:8'],
    ]);
    expect(watched.run.operations.map(({ operation, site }) => [operation, placeOf(site)])).toContainEqual([
      'sum',
      'script.ts:4:20',
    ]);
    expect([...watched.run.sources.values()].sort()).toEqual(Object.values(files).sort());
  });

  test('no gradlens at all', async () => {
    const watched = await run("console.log('hello');\n");
    expect(watched.run.end).toMatchObject({ ended: 'completed', exitCode: 0 });
    expect(watched.output).toBe('hello\n');
    expect(watched.run.stepCount).toBe(0);
  });

  test.each(['script.cjs', 'script.js'])('CommonJS: %s', async (name) => {
    const watched = await run({
      [name]: `const { tensor } = require('gradlens');
const w = tensor([2], { requiresGrad: true });
w.mul(w).sum().backward();
console.log(w.grad.item());
`,
    });
    expect(watched.run.error).toBeNull();
    expect(watched.output).toBe('4\n');
    expect(watched.run.parameters.map(({ name, site }) => [name, placeOf(site)])).toEqual([['w', `${name}:2:11`]]);
  });
});

test('arguments, and the script’s own path', async () => {
  const watched = await run('console.log(JSON.stringify(process.argv.slice(2)), process.argv[1]);\n', {
    arguments: ['--epochs', '3', 'a b', ''],
  });
  expect(watched.output).toBe(`["--epochs","3","a b",""] ${watched.run.start?.script}\n`);
  expect(watched.run.start?.arguments).toEqual(['--epochs', '3', 'a b', '']);
});

test('the variable that carries the options is not left to the script', async () => {
  const watched = await run('console.log(Object.keys(process.env).filter((key) => key.startsWith("GRADLENS")));\n');
  expect(watched.output).toBe('[]\n');
});

describe('paths that are hard to write', () => {
  test.each(['script.ts', 'script.cjs', 'script.mjs'])(
    '%s in a folder with a space, #, percent and ä',
    async (name) => {
      const into = folder('gradlens a #50% ä-');
      const bad = await runFile(write({ [name]: 'const a = 1;\nconst b = = 2;\n' }, into));
      expect(bad.run.error?.site).toEqual({ file: bad.run.start?.script, line: 2, column: 11 });
      const good = await runFile(write({ [name]: 'const a = 1;\nnull.x;\n' }, into));
      expect(good.run.error).toMatchObject({ name: 'TypeError', site: { file: good.run.start?.script, line: 2 } });
    },
  );
});
