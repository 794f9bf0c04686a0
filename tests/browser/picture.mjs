// The picture in the README: one page, as it opens on a desk.
//
// node picture.mjs ADDRESS PATH FILE
import { open } from './checks.mjs';
import { finish, launch } from './chromium.mjs';

const [, , base, path, file] = process.argv;
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1280, height: 960 }, colorScheme: 'light' });
await open(page, base + path);
await page.screenshot({ path: file });
await browser.close();
finish([], file);
