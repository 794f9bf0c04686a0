// Pictures of the pages of a server, to be looked at by eye: narrow, wide and very wide in
// light, and some in dark and as printed.
//
// node screenshots.mjs ADDRESS FOLDER [PAGES OF EACH KIND]
import { mkdirSync } from 'node:fs';
import { open } from './checks.mjs';
import { each, finish, launch } from './chromium.mjs';
import { samplePages } from './sample.mjs';

const [, , base, folder, count = '1'] = process.argv;
mkdirSync(folder, { recursive: true });
const sampled = await samplePages(base, Number(count));
const browser = await launch();

// A name of a file that says the page.
function fileOf(path) {
  return path.replace(/^\//, '').replace(/[^a-z0-9]+/gi, '_').slice(0, 80) || 'start';
}

let pictures = 0;
for (const [name, width, media] of [
  ['360', 360, {}],
  ['1280', 1280, {}],
  ['1920', 1920, {}],
  ['dark', 1280, { colorScheme: 'dark' }],
  ['print', 794, { media: 'print' }],
]) {
  const context = await browser.newContext({ viewport: { width, height: 800 } });
  await each(sampled, 2, async ({ path }) => {
    const page = await context.newPage();
    await page.emulateMedia(media);
    await open(page, base + path);
    // A part of a very long page is enough to see it.
    const height = Math.min(await page.evaluate(() => document.documentElement.scrollHeight), 6_000);
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: `${folder}/${fileOf(path)}-${name}.png` });
    pictures += 1;
    await page.close();
  });
  await context.close();
}
await browser.close();
finish([], `${pictures} pictures in ${folder}`);
