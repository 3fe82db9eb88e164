import { commands, env, window } from 'vscode';
import { InterpreterError, installCommand } from '../engine/host/python/interpreter.ts';
import { SETTINGS } from './ids.ts';
import { hasPythonExtension } from './python/interpreters.ts';

/** A command that fails says so instead of doing nothing. */
export function guarded(act: (...args: never[]) => unknown) {
  return async (...args: never[]) => {
    try {
      await act(...args);
    } catch (error) {
      if (error instanceof InterpreterError) await offerHelp(error);
      else void window.showErrorMessage(`GradLens: ${error instanceof Error ? error.message : error}`);
    }
  };
}

const SELECT = 'Select Interpreter';
const COPY = 'Copy pip Command';

async function offerHelp({ problem, message, interpreter }: InterpreterError): Promise<void> {
  const command = problem === 'no-torch' && interpreter ? installCommand(interpreter) : null;
  const choice = await window.showErrorMessage(`GradLens: ${message}`, SELECT, ...(command ? [COPY] : []));
  if (choice === COPY && command) await env.clipboard.writeText(command);
  if (choice !== SELECT) return;
  if (hasPythonExtension()) await commands.executeCommand('python.setInterpreter');
  else await commands.executeCommand('workbench.action.openSettings', `gradlens.${SETTINGS.python}`);
}
