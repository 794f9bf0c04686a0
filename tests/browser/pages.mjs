// Opens the pages of a server as readers do: narrow and wide, light, dark, printed and with
// forced colours, by keyboard, with scripts and without.
//
// node pages.mjs ADDRESS [PAGES OF EACH KIND]
import { accessibility, fits, keyboard, loaded, mainText, open, watch, watchShifts } from './checks.mjs';
import { each, finish, launch } from './chromium.mjs';
import { samplePages } from './sample.mjs';

const [, , base, count = '1'] = process.argv;
const AT_ONCE = 3;
// Tab stops that are followed on each page.
const STOPS_MAX = 40;
// The longest pages are looked at more closely, unless all pages are.
const CLOSER_MAX = 4;

const sampled = await samplePages(base, Number(count));
const longest = [...sampled].sort((one, other) => other.length - one.length);
const closer = Number(count) > 1 ? sampled : longest.slice(0, CLOSER_MAX);
const faults = [];
const titles = new Map();
const texts = new Map();
const browser = await launch();

// Runs `work` on each page, some at a time, each in a tab of its own.
async function onEach(name, pages, settings, work) {
  const context = await browser.newContext(settings);
  await watchShifts(context);
  await each(pages, AT_ONCE, async (sample) => {
    const page = await context.newPage();
    const report = (found, more = '') => faults.push(...found.map((fault) => `${sample.path}, ${name}${more}: ${fault}`));
    try {
      await work(page, sample, report);
    } catch (error) {
      report([error.message.split('\n')[0]]);
    }
    await page.close();
  });
  await context.close();
  console.log(`${name}: done after ${Math.round(performance.now() / 1000)} s`);
}

const phone = { viewport: { width: 360, height: 740 } };
await onEach('360 and wider', sampled, phone, async (page, sample, report) => {
  const seen = watch(page, base);
  await open(page, base + sample.path);
  report(await loaded(page, seen));
  texts.set(sample.path, await mainText(page));
  // With all that can be opened open, more is there to be wrong.
  await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
  report(await accessibility(page));
  for (const width of [320, 360, 1920, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    report(await fits(page), `, at ${width}`);
  }
  const title = await page.title();
  titles.set(title, (titles.get(title) ?? new Set()).add(new URL(page.url()).pathname));
  if (!closer.includes(sample)) return;
  report(await accessibility(page), ', at 1280');
  for (const media of [
    { colorScheme: 'dark' },
    { colorScheme: 'dark', forcedColors: 'active' },
    { colorScheme: 'light', forcedColors: 'none', media: 'print' },
  ]) {
    await page.emulateMedia(media);
    report(await accessibility(page, true), `, ${Object.values(media).join(' ')}`);
  }
  report(await fits(page), ', print');
});

await onEach('1280', closer, { viewport: { width: 1280, height: 740 } }, async (page, sample, report) => {
  const seen = watch(page, base);
  await open(page, base + sample.path);
  report(await loaded(page, seen));
  await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
  report(await keyboard(page, STOPS_MAX), ', by keyboard');
});

await onEach('without scripts', sampled, { ...phone, javaScriptEnabled: false }, async (page, sample, report) => {
  await page.goto(base + sample.path);
  const text = await mainText(page);
  if (text !== texts.get(sample.path)) report([`it reads otherwise: ${text.slice(0, 200)}`]);
});

for (const [title, paths] of titles) {
  const found = [...paths].filter((path) => !title.startsWith('There is nothing here'));
  if (found.length > 1) faults.push(`${found.join(', ')}: the title of each is "${title}"`);
}
await browser.close();
const kinds = new Set(sampled.map(({ kind }) => kind)).size;
finish(faults, `${sampled.length} pages of ${kinds} kinds; ${new Set(faults).size} faults`);
