import { spawn } from 'node:child_process';
import { packagedExtension } from '../package/path.mjs';
import { inRoot } from '../support/paths.mjs';
import { runTool } from '../support/process.mjs';
import { freePort } from '../vscode/port.mjs';
import { startServer } from '../vscode/server.mjs';
import { quietSettings } from '../vscode/settings.mjs';

const preferredPort = 8777;

/** Serves VS Code's workbench on the loopback address, with the extension installed as a user has it, until asked to stop. */
export async function serveWeb({ port, open }) {
  const free = await choosePort(port);
  console.log('Building and packing the extension …');
  if ((await runTool('tools/package.mjs')) !== 0) throw new Error('The extension could not be built; see above.');
  console.log('Starting VS Code …');
  const folder = inRoot('examples');
  const server = await startServer({
    port: free,
    // the first thing to be seen says what there is to open
    settings: { ...quietSettings, 'workbench.startupEditor': 'readme' },
    vsix: packagedExtension(),
    folder,
    // whoever starts this has just run the checkout's own code
    trustEverything: true,
  });
  console.log(`
VS Code with GradLens is at

    ${server.url}

Open a script and press ▷ "Run with GradLens" at the top right of its editor. Ctrl-C ends it.
`);
  if (open) openBrowser(server.url);
  await server.ended;
  throw new Error(`VS Code's server has ended:\n${server.output().slice(-2000)}`);
}

async function choosePort(wanted) {
  const free = await freePort(wanted ?? preferredPort);
  if (free) return free;
  if (wanted) throw new Error(`Port ${wanted} is in use. Choose another: npm start -- --port N`);
  return freePort();
}

/** Where there is a screen; where it fails, the address has been printed. */
function openBrowser(url) {
  const screen = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!screen || process.env.CI) return;
  const [command, ...args] = { darwin: ['open'], win32: ['cmd', '/c', 'start'] }[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
