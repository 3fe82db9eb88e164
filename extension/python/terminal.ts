import {
  Disposable,
  ProcessExecution,
  Task,
  TaskPanelKind,
  TaskRevealKind,
  TaskScope,
  type Terminal,
  tasks,
  window,
} from 'vscode';
import type { Start, Started } from '../../engine/host/python/launchPython.ts';
import type { Gone } from '../../engine/host/training.ts';

/** How long a task that has ended may take to say how, in milliseconds. */
const PATIENCE = 500;

/**
 * Runs commands as a task: in a terminal of their own, so that tracebacks, colours and progress bars are Python's, and
 * stay on the screen afterwards.
 */
export function startInTerminal(name: string, { quiet }: { readonly quiet: boolean }): Start {
  return async ({ program, arguments: args, cwd, environment }): Promise<Started> => {
    const execution = new ProcessExecution(program, [...args], { cwd, env: { ...environment } });
    const task = new Task({ type: 'gradlens', script: name }, TaskScope.Workspace, name, 'GradLens', execution, []);
    task.presentationOptions = {
      reveal: quiet ? TaskRevealKind.Silent : TaskRevealKind.Always,
      panel: TaskPanelKind.Dedicated,
      clear: true,
      focus: false,
      showReuseMessage: false,
    };
    const events: Disposable[] = [];
    const isOurs = (other: { readonly execution: { readonly task: Task } }) => other.execution.task.name === name;
    const started = Promise.withResolvers<number | undefined>();
    const gone = new Promise<Gone>((resolve) => {
      const end = (how: string, exitCode: number | null) => {
        started.resolve(undefined);
        resolve({ how, exitCode, orKilled: true });
        Disposable.from(...events).dispose();
      };
      events.push(
        tasks.onDidStartTaskProcess((event) => isOurs(event) && started.resolve(event.processId)),
        tasks.onDidEndTaskProcess((event) => {
          if (!isOurs(event)) return;
          const { exitCode } = event;
          if (exitCode === undefined) end('was ended with its terminal', null);
          else end(`ended with exit code ${exitCode}`, exitCode);
        }),
        tasks.onDidEndTask((event) => {
          if (isOurs(event)) setTimeout(end, PATIENCE, 'could not be started in a terminal', null);
        }),
      );
    });
    await tasks.executeTask(task);
    return { pid: await started.promise, gone, lastWords: () => '' };
  };
}

/** The terminal of a task of that name, while it is open. */
export const terminalOf = (name: string): Terminal | undefined =>
  window.terminals.find((terminal) => terminal.name === name || terminal.name.endsWith(` ${name}`));
