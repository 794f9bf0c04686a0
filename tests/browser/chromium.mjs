// The browser of the tests: Debian's chromium, driven by playwright-core. `node chromium.mjs`
// says whether it can run here.
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

// Unlike `import`, it also looks in NODE_PATH.
const require = createRequire(import.meta.url);

// The path of the browser.
function program() {
  if (process.env.MINUTEBOOK_CHROMIUM) return process.env.MINUTEBOOK_CHROMIUM;
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    for (const folder of (process.env.PATH ?? '').split(':')) {
      try {
        accessSync(`${folder}/${name}`, constants.X_OK);
        return `${folder}/${name}`;
      } catch {
        // Not here.
      }
    }
  }
  throw new Error('there is no chromium on the path');
}

// The source of axe-core, to be run in a page.
export const axeSource = () => require('axe-core').source;

export async function launch() {
  const { chromium } = require('playwright-core');
  return chromium.launch({ executablePath: program() });
}

// Runs `work` on each item, some at a time.
export async function each(items, atOnce, work) {
  const queue = [...items];
  const take = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, take));
}

// Ends the process with the faults, a line each.
export function finish(faults, summary) {
  for (const fault of [...new Set(faults)]) console.log(fault);
  console.log(summary);
  process.exit(faults.length === 0 ? 0 : 1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    axeSource();
    await (await launch()).close();
  } catch (error) {
    console.log(error.message.split('\n')[0]);
    process.exit(1);
  }
}
