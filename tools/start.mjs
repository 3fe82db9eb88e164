// npm start [-- --web] [--port N] [--no-open]
// Opens VS Code with this extension and the example scripts. Needs nothing but Node 18 or newer, npm and the network.
import { parseArgs } from 'node:util';
import { ensureDependencies } from './support/dependencies.mjs';
import { exitWhenAsked, isProjectNode, rerunOnProjectNode } from './support/process.mjs';

const options = readOptions();
try {
  await ensureDependencies();
  // from here on installed packages are needed, and the Node they want
  if (!isProjectNode()) {
    process.exitCode = await rerunOnProjectNode();
  } else {
    exitWhenAsked();
    const { desktopVsCode, openDesktop } = await import('./start/desktop.mjs');
    const code = options.web ? null : desktopVsCode();
    if (code) await openDesktop(code);
    else await (await import('./start/web.mjs')).serveWeb(options);
  }
} catch (error) {
  console.error(`\n${error.message}`);
  process.exit(1);
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: { web: { type: 'boolean' }, port: { type: 'string' }, 'no-open': { type: 'boolean' } },
    });
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536))
      throw new Error('--port wants a number from 1 to 65535');
    // both only make sense where a server is started
    return { web: values.web || values['no-open'] || port !== undefined, port, open: !values['no-open'] };
  } catch (error) {
    console.error(`${error.message}\nnpm start -- [--web] [--port N] [--no-open]`);
    process.exit(64);
  }
}
