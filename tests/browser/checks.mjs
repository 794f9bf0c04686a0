// What each page has to hold in a browser. Each check returns faults, a sentence each.
import { axeSource } from './chromium.mjs';

const BYTES_MAX = 300_000;

// A long table settles its columns while it arrives. A reader does not see less than this;
// browsers call ten times as much good.
const SHIFT_MAX = 0.01;

// Follows what a page loads and says. Call before the page is opened.
export function watch(page, base) {
  const seen = { faults: [], sizes: [] };
  const fault = (text) => seen.faults.push(text);
  page.on('console', (message) => {
    // A page that is not there is refused with its code, which the browser remarks.
    if (/status of 40[04]/.test(message.text()) && message.location().url === page.url()) return;
    fault(`the console says ${message.text()}`);
  });
  page.on('pageerror', (error) => fault(`a script failed: ${error.message}`));
  page.on('dialog', (dialog) => {
    fault(`a dialog opened: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`${base}/`)) fault(`it asks elsewhere: ${request.url()}`);
  });
  // The news of new entries is open as long as its page, and is cut off with it.
  const isNews = (url) => new URL(url).pathname === '/news';
  page.on('requestfailed', (request) => isNews(request.url()) || fault(`${request.url()} failed: ${request.failure()?.errorText}`));
  page.on('response', (response) => {
    if (response.status() >= 400 && !response.request().isNavigationRequest()) {
      fault(`${response.url()} answers ${response.status()}`);
    }
    if (isNews(response.url())) return;
    seen.sizes.push(response.body().then((body) => body.length, () => 0));
  });
  return seen;
}

// The shifts are kept from the first moment on.
export async function watchShifts(context) {
  await context.addInitScript(() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (entry.hadRecentInput) continue;
        const moved = entry.sources.map(({ node }) => node?.outerHTML?.slice(0, 60) ?? node?.nodeName);
        window.shifts.push({ value: entry.value, moved: moved.join(', ') });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

// Opens a page and waits until it has drawn, and its own script has done its work.
export async function open(page, address) {
  await page.goto(address, { waitUntil: 'load' });
  const proof = page.locator('[data-proof]');
  const isChecked = /Unaltered|does not lead|could not be made/;
  if (await proof.count()) await proof.filter({ hasText: isChecked }).waitFor({ timeout: 20_000 }).catch(() => {});
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

export async function loaded(page, seen) {
  const bytes = (await Promise.all(seen.sizes)).reduce((sum, size) => sum + size, 0);
  const shifts = await page.evaluate(() => window.shifts);
  const shifted = shifts.reduce((sum, { value }) => sum + value, 0);
  return [
    ...seen.faults,
    ...(bytes > BYTES_MAX ? [`it takes ${bytes} bytes`] : []),
    ...(shifted > SHIFT_MAX ? [`the layout shifts by ${shifted.toFixed(4)}: ${shifts.map(({ moved }) => moved).join('; ')}`] : []),
  ];
}

// WCAG 2.2 AA, as far as a machine can tell; of other colours, only the rules of contrast.
export async function accessibility(page, onlyColours = false) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource());
  const runOnly = onlyColours
    ? ['color-contrast', 'link-in-text-block']
    : ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  const violations = await page.evaluate(async (runOnly) => {
    const results = await window.axe.run({ runOnly, resultTypes: ['violations'] });
    return results.violations.map(({ id, help, nodes }) => ({
      rule: `${id} (${help}), ${nodes.length} times`,
      nodes: nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`),
    }));
  }, runOnly);
  return violations.map(({ rule, nodes }) => `${rule}: ${nodes.join(' | ')}`);
}

// Nothing is cut off or has to be scrolled sideways, but in named regions that take the focus.
export async function fits(page) {
  return page.evaluate(() => {
    const faults = [];
    const name = (element) => element.outerHTML.slice(0, 100);
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) {
      const wide = [...document.body.querySelectorAll('*')].filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width > 0 && box.right > root.clientWidth + 1;
      });
      faults.push(`the page is ${root.scrollWidth} wide: ${wide.slice(-2).map(name).join(' | ')}`);
    }
    for (const element of document.body.querySelectorAll('*')) {
      const { overflowX } = getComputedStyle(element);
      const scrolls = ['auto', 'scroll'].includes(overflowX) && element.scrollWidth > element.clientWidth + 1;
      const named = element.hasAttribute('aria-label') || element.hasAttribute('aria-labelledby');
      if (scrolls && !(element.tabIndex === 0 && named)) {
        faults.push(`a region scrolls that has no name or takes no focus: ${name(element)}`);
      }
    }
    for (const svg of document.querySelectorAll('main svg[viewBox]')) {
      if (svg.getBoundingClientRect().width === 0) continue;
      const { x, y, width, height } = svg.viewBox.baseVal;
      const texts = [...svg.querySelectorAll('text')].map((text) => ({ text: text.textContent, box: text.getBBox() }));
      const seen = texts.filter(({ box }) => box.width > 0);
      for (const { text, box } of seen) {
        // Boxes of small text are rounded up.
        const right = box.x + box.width - x - width;
        const cut = Math.max(x - box.x, y - box.y, right, box.y + box.height - y - height) > 2;
        if (cut) faults.push(`a picture cuts off "${text}"`);
      }
      seen.forEach(({ text, box }, at) => {
        for (const other of seen.slice(at + 1)) {
          const across = Math.min(box.x + box.width, other.box.x + other.box.width) - Math.max(box.x, other.box.x);
          const down = Math.min(box.y + box.height, other.box.y + other.box.height) - Math.max(box.y, other.box.y);
          if (across > 1 && down > 4) faults.push(`in a picture, "${text}" and "${other.text}" overlap`);
        }
      });
    }
    return faults;
  });
}

// The text of the page, but for what its script says of a proof.
export async function mainText(page) {
  return page.evaluate(() => {
    const main = document.querySelector('main').cloneNode(true);
    for (const proof of main.querySelectorAll('[data-proof]')) proof.remove();
    return main.textContent.replace(/\s+/g, ' ').trim();
  });
}

// The Tab key reaches everything that can be used, in the order of the page, and shows where
// it is. Pages with more stops than `most` are followed that far.
export async function keyboard(page, most) {
  const stops = await page.evaluate(() => {
    const usable = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
    const groups = new Set();
    const expected = [...document.querySelectorAll(usable)].filter((element) => {
      if (element.disabled || !element.checkVisibility({ visibilityProperty: true })) return false;
      if (element.type !== 'radio') return true;
      // One stop for a group of choices: the chosen one.
      const group = `${element.form?.id ?? element.form?.action} ${element.name}`;
      const chosen = element.checked || (!groups.has(group) && !document.querySelector(`input[name="${element.name}"]:checked`));
      groups.add(group);
      return chosen;
    });
    window.focused = [];
    window.expectedStops = expected;
    document.addEventListener('focusin', ({ target }) => {
      const style = getComputedStyle(target);
      const box = target.getBoundingClientRect();
      const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
      const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
      const boxes = [...target.getClientRects()];
      const line = boxes[0] ?? box;
      const above = document.elementFromPoint(line.left + line.width / 2, line.top + line.height / 2);
      const covered = inside && above && !target.contains(above) && !above.contains(target);
      window.focused.push({ at: expected.indexOf(target), ring, inside, covered, html: target.outerHTML.slice(0, 90) });
    });
    return expected.length;
  });
  for (let stop = 0; stop < Math.min(stops, most); stop += 1) await page.keyboard.press('Tab');
  return page.evaluate((most) => {
    const { focused, expectedStops } = window;
    const faults = [];
    focused.forEach(({ at, ring, inside, covered, html }, step) => {
      if (at !== step && faults.length < 3) faults.push(`Tab ${step + 1} comes to ${html}, stop ${at + 1} of the page`);
      if (!ring) faults.push(`the focus does not show on ${html}`);
      if (!inside) faults.push(`the focus is out of sight on ${html}`);
      if (covered) faults.push(`something covers the focused ${html}`);
    });
    const missed = expectedStops.slice(0, most).filter((_, at) => !focused.some((stop) => stop.at === at));
    return [...faults, ...missed.slice(0, 3).map((element) => `Tab does not reach ${element.outerHTML.slice(0, 90)}`)];
  }, most);
}
