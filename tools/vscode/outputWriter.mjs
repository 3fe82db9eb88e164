// VS Code writes output channels through a native module, which an installation without install scripts lacks: every
// channel would stay empty. It needs only Node's stable C interface, so a compiler and the interface's headers do.
import fs from 'node:fs';
import path from 'node:path';
import { capture } from '../support/process.mjs';

/** The npm package with the headers, to be installed beside the server. */
export const headersPackage = 'node-api-headers@1.9.0';

const settings = ['-shared', '-fPIC', '-O1', '-std=c++17'];
const definitions = [
  'NODE_GYP_MODULE_NAME=spdlog',
  'BUILDING_NODE_EXTENSION',
  'NAPI_CPP_EXCEPTIONS',
  'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
  'FMT_CONSTEVAL=',
];

/**
 * Compiles the module into its place.
 * @param {string} server the folder of VS Code's server
 * @param {string} headers the folder of the headers' package
 * @returns {Promise<string | null>} why it could not be done
 */
export async function compileOutputWriter(server, headers) {
  const folder = path.join(server, 'node_modules/@vscode/spdlog');
  const includes = [
    path.join(headers, 'include'),
    path.join(folder, 'node_modules/node-addon-api'),
    'deps/spdlog/include',
  ];
  const output = path.join(folder, 'build/Release/spdlog.node');
  fs.mkdirSync(path.dirname(output), { recursive: true });
  const platform = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : [];
  const compiler = process.env.CXX ?? 'c++';
  const result = await capture(
    compiler,
    [
      ...settings,
      ...platform,
      ...definitions.map((name) => `-D${name}`),
      ...includes.map((name) => `-I${name}`),
      'src/main.cc',
      'src/logger.cc',
      '-o',
      output,
    ],
    { cwd: folder },
  ).catch((error) => ({ status: 1, output: error.message }));
  return result.status === 0 ? null : result.output.slice(0, 500);
}
