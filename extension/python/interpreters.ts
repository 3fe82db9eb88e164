import { type Extension, extensions, type Uri, workspace } from 'vscode';
import { SETTINGS } from '../ids.ts';

/** The part of the Python extension's API (ms-python.python) that is used here. */
interface PythonApi {
  readonly environments?: {
    getActiveEnvironmentPath(resource?: Uri): { readonly path: string };
    resolveEnvironment(environment: unknown): Promise<{ readonly executable: { readonly uri?: Uri } } | undefined>;
  };
}

/** The same of the Python Environments extension (ms-python.vscode-python-envs). */
interface EnvironmentsApi {
  getEnvironment?(
    scope?: Uri,
  ): Promise<{ readonly execInfo?: { readonly run?: { readonly executable?: string } } } | undefined>;
}

export const PYTHON_EXTENSION = 'ms-python.python';
const ENVIRONMENTS_EXTENSION = 'ms-python.vscode-python-envs';

/**
 * The interpreter that a person has chosen for a script: in the Python extension if it's installed, else in the
 * settings; undefined if none was, so that the path decides.
 */
export async function chosenInterpreter(script: Uri): Promise<string | undefined> {
  const chosen =
    (await ask<EnvironmentsApi>(ENVIRONMENTS_EXTENSION, async (api) => {
      const environment = await api.getEnvironment?.(script);
      return environment?.execInfo?.run?.executable;
    })) ??
    (await ask<PythonApi>(PYTHON_EXTENSION, async ({ environments }) => {
      const active = environments?.getActiveEnvironmentPath(script);
      return active && (await environments?.resolveEnvironment(active))?.executable.uri?.fsPath;
    }));
  return chosen ?? (workspace.getConfiguration('gradlens', script).get<string>(SETTINGS.python) || undefined);
}

export const hasPythonExtension = (): boolean => extensions.getExtension(PYTHON_EXTENSION) !== undefined;

/** What another extension answers; undefined if it isn't there or fails, which is no reason not to run a script. */
async function ask<Api>(id: string, question: (api: Api) => Promise<string | undefined>): Promise<string | undefined> {
  const extension: Extension<Api> | undefined = extensions.getExtension<Api>(id);
  if (!extension) return undefined;
  try {
    return await question(await extension.activate());
  } catch {
    return undefined;
  }
}
