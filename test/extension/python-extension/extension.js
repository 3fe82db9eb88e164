// The part of the Python extension's API that GradLens uses, as @vscode/python-extension documents it. Tests say which
// environment is active by the command `standIn.usePython`; none is at first.

const vscode = require('vscode');

let active = '';
const asked = [];

exports.activate = (context) => {
  context.subscriptions.push(
    vscode.commands.registerCommand('standIn.usePython', (path) => {
      active = path;
    }),
    vscode.commands.registerCommand('standIn.asked', () => asked.splice(0)),
    vscode.commands.registerCommand('python.setInterpreter', () => void asked.push('setInterpreter')),
  );
  return {
    ready: Promise.resolve(),
    environments: {
      /** Gives an EnvironmentPath; its path may be that of a folder (conda without Python) or a mere name. */
      getActiveEnvironmentPath(resource) {
        asked.push(String(resource));
        return { id: active, path: active };
      },
      /** Gives a ResolvedEnvironment, or undefined for what can't be resolved. */
      async resolveEnvironment(environment) {
        const path = typeof environment === 'string' ? environment : environment.path;
        if (!path) return undefined;
        return { id: path, path, executable: { uri: vscode.Uri.file(path), bitness: '64-bit', sysPrefix: '/usr' } };
      },
    },
  };
};
