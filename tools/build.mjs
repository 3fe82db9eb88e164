// npm run build [-- --production]; npm run watch
import { build, watch } from './build/build.mjs';

try {
  if (process.argv.includes('--watch')) await watch();
  else await build({ production: process.argv.includes('--production') });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
