// A virement from its request to its refusal to its approval, by the keyboard alone: the Tab
// key, arrows, Enter, the space bar and letters. The register has the book of fiction, and
// lets everybody record.
//
// node virement.mjs ADDRESS
import { accessibility, fits, loaded, watch, watchShifts } from './checks.mjs';
import { finish, launch } from './chromium.mjs';

const [, , base] = process.argv;
const COLLABORATION = 'collaborations/fictional-three-shires';
const TITLE = 'A roof for the kennels';
// More stops than any of these pages has.
const STOPS_MAX = 400;

const faults = [];
const browser = await launch();
const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
await watchShifts(context);
const page = await context.newPage();
const seen = watch(page, base);
// A refusal is answered with its code, which the browser remarks.
const isRemark = (fault) => /status of 4(00|09)/.test(fault);

const focused = () =>
  page.evaluate(() => {
    const { activeElement: element } = document;
    return {
      name: element.name ?? '',
      value: element.value ?? '',
      type: element.type ?? '',
      href: element.getAttribute('href') ?? '',
      text: element.textContent.trim(),
    };
  });

// Presses Tab until the focus is on what is meant, as somebody does who sees it.
async function reach(what, isIt) {
  for (let stop = 0; stop < STOPS_MAX; stop += 1) {
    const at = await focused();
    if (isIt(at)) return at;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${what} on ${page.url()}`);
}

// Begins at the top of the page again.
async function settle() {
  await page.waitForLoadState('load');
  const report = [...(await fits(page)), ...(await accessibility(page))];
  faults.push(...report.map((fault) => `${page.url()}: ${fault}`));
}

async function follow(what, isIt) {
  await reach(what, ({ href }) => href !== '' && isIt(href));
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  await settle();
}

async function press(text) {
  await reach(`the button "${text}"`, (at) => at.type === 'submit' && at.text.startsWith(text));
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  await settle();
}

// Types over a box, or chooses with the arrows.
async function fill(name, value) {
  const at = await reach(`the box ${name}`, (at) => at.name === name);
  if (at.type === 'radio') {
    await page.keyboard.press('Space');
    for (let step = 0; step < 12 && (await focused()).value !== value; step += 1) {
      await page.keyboard.press('ArrowDown');
    }
  } else if (at.type === 'select-one') {
    for (let step = 0; step < 40 && (await focused()).value !== value; step += 1) {
      await page.keyboard.press('ArrowDown');
    }
  } else {
    await page.keyboard.press('Control+A');
    await page.keyboard.type(value);
    // A list of suggestions may be open.
    await page.keyboard.press('Escape');
  }
  const left = (await focused()).value;
  if (left !== value) throw new Error(`the box ${name} has ${left} and not ${value}`);
}

async function shows(text) {
  const main = (await page.locator('main').innerText()).replace(/\s+/g, ' ');
  if (!main.includes(text)) throw new Error(`${page.url()} does not say "${text}": ${main.slice(0, 600)}`);
}

async function open(path) {
  await page.goto(base + path);
  await settle();
}

// The boxes in the order of the form, from the top.
async function fillAll(boxes) {
  const order = await page.evaluate(() => [...document.querySelectorAll('form.record [name]')].map(({ name }) => name));
  for (const name of Object.keys(boxes)) if (!order.includes(name)) throw new Error(`there is no box ${name}`);
  await page.evaluate(() => document.activeElement.blur());
  for (const name of [...new Set(order)]) if (name in boxes) await fill(name, boxes[name]);
}

const sides = (virement, amount) => ({
  [`${virement}.financial_year`]: '2024/25',
  [`${virement}.sources[0].head.service_id`]: 'Training',
  [`${virement}.sources[0].amount_pence`]: amount,
  [`${virement}.targets[0].head.service_id`]: 'Dogs',
  [`${virement}.targets[0].head.head`]: 'Kennels',
  [`${virement}.targets[0].amount_pence`]: '£30,000.00',
  [`${virement}.permanence`]: 'PERMANENCE_ONE_OFF',
});

try {
  await open(`/record/virement_requested?subject=${COLLABORATION}`);
  const requested = {
    'acted_by.body_id': 'Fictional Northshire Chief Constable',
    'virement_requested.title': TITLE,
    'virement_requested.reason': TITLE,
    'virement_requested.board_id': 'Fictional Three Shires Board',
    recorded_by: 'Secretary to the Board',
  };
  await fillAll({ ...requested, ...sides('virement_requested.virement', 'thirty thousand') });
  await press('Check');
  await shows('There is a problem');
  if (!(await page.title()).startsWith('Problem:')) faults.push('the title does not say that there is a problem');
  await fillAll({ 'virement_requested.virement.sources[0].amount_pence': '30,000' });
  await press('Check');
  await shows('You record, for ever:');
  await shows('the board, by majority');
  await press('Record this');
  await shows('Recorded as entry');
  await follow('the proposal', (href) => href.startsWith('/proposals/'));
  const proposal = new URL(page.url()).pathname;

  // It is refused before it is approved.
  const made = {
    'acted_by.body_id': 'Fictional Northshire PCC',
    'authority.basis': 'proposal_id',
    'authority.proposal_id': TITLE,
    recorded_by: 'Treasurer',
    ...sides('virement_made.virement', '30,000'),
  };
  await open(`/record/virement_made?subject=${COLLABORATION}`);
  await fillAll(made);
  await press('Check');
  await shows('It would be refused.');

  for (const voter of ['eastvale-pcc', 'westmoor-pcc', 'northshire-pcc']) {
    await open(proposal);
    await follow('the vote for it', (href) => href.startsWith(`${proposal}/vote?choice=for`));
    await shows('You record, for ever:');
    await fillAll({
      speaker: `fictional-${voter}|fictional-three-shires-board|`,
      recorded_by: 'Secretary to the Board',
    });
    await press('Record this');
  }
  await open(proposal);
  await follow('the decision', (href) => href.startsWith(`${proposal}/decide`));
  await fillAll({ recorded_by: 'Secretary to the Board' });
  await press('Record this');
  await open(proposal);
  await shows('Approved on');

  await open(`/record/virement_made?subject=${COLLABORATION}`);
  await fillAll(made);
  await press('Check');
  await press('Record this');
  await open(proposal);
  await shows('Nothing is left.');
} catch (error) {
  faults.push(error.message.split('\n')[0]);
}
faults.push(...(await loaded(page, seen)).filter((fault) => !isRemark(fault)));
await browser.close();
finish(faults, `a virement by keyboard; ${faults.length} faults`);
