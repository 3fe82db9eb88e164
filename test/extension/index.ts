// VS Code's extension host calls `run` (extensionTestsPath names this file) and ends when it settles.
import fs from 'node:fs';
import path from 'node:path';
import util from 'node:util';
import Mocha from 'mocha';

export async function run(): Promise<void> {
  // the host's console goes to the workbench, so what mocha says is written where the launcher reads it
  Mocha.reporters.Base.consoleLog = (...parts: unknown[]) => say(util.format(...parts));
  const mocha = new Mocha({ ui: 'bdd', timeout: 600_000, forbidOnly: Boolean(process.env.CI) });
  const suites = path.join(__dirname, 'suites');
  for (const name of fs.readdirSync(suites).sort()) {
    if (name.endsWith('.cjs')) mocha.addFile(path.join(suites, name));
  }
  const { passes, failures } = await new Promise<Mocha.Stats>((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats!));
  });
  const result = process.env.GRADLENS_TEST_RESULT;
  if (result) fs.writeFileSync(result, JSON.stringify({ passed: passes, failed: failures }));
  if (failures || !passes) throw new Error(`${failures} of ${failures + passes} tests failed`);
}

function say(text: string): void {
  const output = process.env.GRADLENS_TEST_OUTPUT;
  if (output) fs.appendFileSync(output, `${text}\n`);
  else console.log(text);
}
