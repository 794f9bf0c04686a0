// Opens the pages of a register whose names are hostile: nothing of a name runs, loads, or
// moves what is around it.
//
// node hostile.mjs ADDRESS
import { fits, loaded, open, watch, watchShifts } from './checks.mjs';
import { each, finish, launch } from './chromium.mjs';
import { samplePages } from './sample.mjs';

const [, , base] = process.argv;
const ATTACK = encodeURIComponent('"><script>alert(8)</script>');
const attacks = ['/search?q=', '/history?subject=', '/attention?for=', '/bodies?on=', '/bodies/', '/no/'];
const paths = [
  ...(await samplePages(base, 1)).map(({ path }) => path),
  ...attacks.map((path) => path + ATTACK),
];
const faults = [];
const browser = await launch();
const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
await watchShifts(context);

// Elements that no page of ours has, and a name could add.
const intruders = () => {
  const found = [...document.querySelectorAll('img, iframe, object, embed, base, meta[http-equiv], svg script, svg image')];
  found.push(...[...document.scripts].filter((script) => !script.src.startsWith(`${location.origin}/assets/`)));
  for (const element of document.querySelectorAll('*')) {
    if ([...element.attributes].some(({ name }) => name.startsWith('on') || name === 'style')) found.push(element);
  }
  found.push(...[...document.links].filter((link) => !['http:', 'https:'].includes(link.protocol)));
  return found.map((element) => element.outerHTML.slice(0, 120));
};
// Marks that turn the direction of what follows, or are not seen.
const STEERING = /[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/;

await each(paths, 3, async (path) => {
  const page = await context.newPage();
  const seen = watch(page, base);
  const report = (found) => faults.push(...found.map((fault) => `${path}: ${fault}`));
  await open(page, base + path);
  report(await loaded(page, seen));
  report((await page.evaluate(intruders)).map((html) => `a name became ${html}`));
  const text = await page.evaluate(() => document.body.textContent);
  const steers = STEERING.exec(text);
  if (steers) report([`a mark that steers the text, in "${text.slice(Math.max(0, steers.index - 20), steers.index + 5)}"`]);
  for (const width of [320, 360, 1280]) {
    await page.setViewportSize({ width, height: 740 });
    report((await fits(page)).map((fault) => `at ${width}, ${fault}`));
  }
  await page.close();
});
await browser.close();
finish(faults, `${paths.length} pages; ${new Set(faults).size} faults`);
