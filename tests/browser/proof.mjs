// An entry's page checks its proof in the browser, and notices a proof that was changed on
// the way.
//
// node proof.mjs ADDRESS ENTRY
import { watch } from './checks.mjs';
import { finish, launch } from './chromium.mjs';

const [, , base, position] = process.argv;
const faults = [];
const browser = await launch();
const context = await browser.newContext();

// Another byte at `at` of a text in base64.
function changed(text, at) {
  const bytes = Buffer.from(text, 'base64');
  bytes[at] ^= 1;
  return bytes.toString('base64');
}

function withLine(proof, at, change) {
  const lines = proof.checkpoint.split('\n');
  lines[at] = change(lines[at]);
  return { ...proof, checkpoint: lines.join('\n') };
}

// The answer of the page when its proof is served through `change`.
async function answer(change, wait = 20_000) {
  const page = await context.newPage();
  const seen = watch(page, base);
  let isAsked = false;
  await page.route(/\/proof\.json/, async (route) => {
    isAsked = true;
    const served = await route.fetch();
    await route.fulfill(await change(served, await served.json()));
  });
  await page.goto(`${base}/entries/${position}`);
  const section = page.locator('#proof');
  const ended = /Unaltered|does not lead|could not be made/;
  await section.filter({ hasText: ended }).waitFor({ timeout: wait }).catch(() => {});
  if (!isAsked) faults.push('the page asks for no proof');
  const text = (await section.innerText()).replace(/\s+/g, ' ');
  await page.close();
  return { text, faults: seen.faults };
}

const unaltered = await answer((response) => ({ response }));
if (!unaltered.text.includes('Unaltered')) faults.push(`as served: ${unaltered.text}`);
faults.push(...unaltered.faults);

const other = await fetch(`${base}/entries/${Number(position) + 1}/proof.json`).then((answer) => answer.json());
for (const [name, change] of [
  ['its first byte changed', (proof) => ({ ...proof, record: changed(proof.record, 0) })],
  ['its last byte changed', (proof) => ({ ...proof, record: changed(proof.record, Buffer.from(proof.record, 'base64').length - 1) })],
  ['a hash changed', (proof) => ({ ...proof, hashes: proof.hashes.map((hash, at) => (at === 1 ? changed(hash, 5) : hash)) })],
  ['a hash left out', (proof) => ({ ...proof, hashes: proof.hashes.slice(1) })],
  ['a hash too many', (proof) => ({ ...proof, hashes: [...proof.hashes, proof.hashes[0]] })],
  ['the root changed', (proof) => withLine(proof, 2, (root) => changed(root, 3))],
  ['another size', (proof) => withLine(proof, 1, (size) => String(Number(size) * 2 + 1))],
  ['the proof of another entry', () => other],
]) {
  const { text } = await answer((response, proof) => ({ response, json: change(proof) }));
  if (text.includes('Unaltered')) faults.push(`with ${name}, the page says: ${text}`);
  if (!/does not lead|could not be made/.test(text)) faults.push(`with ${name}, the page says nothing of it: ${text}`);
}
// Without a proof, the page does not call the entry unaltered.
const { text } = await answer(() => ({ status: 503, body: 'no' }), 1_000);
if (text.includes('Unaltered')) faults.push(`without a proof, the page says: ${text}`);

await browser.close();
finish(faults, `entry ${position}; ${faults.length} faults`);
