// Which pages are looked at: some of each kind, found by following links as a reader would.

// Pages that only a form, an address or a slip leads to, each a kind of its own.
const UNLINKED = [
  '/search?q=kennels',
  '/search?q=nothing-is-called-so',
  '/collaborations/east-midlands/contributions/2020-21',
  '/collaborations/fictional-three-shires/contributions/2024-25',
  '/changes?from=2024-06-14&to=2024-10-01',
  '/bodies?on=2016-12-31&known=2016-12-31',
  '/attention?on=2020-12-31',
  '/collaborations/bch?on=2018-03-14&known=300',
  '/bodies/nobody',
  '/bodies?on=yesterday',
  '/no/such/page',
];

// So many pages of a kind are read, to find the longest.
const READ_OF_A_KIND = 6;

// The kind of an address: its path without names.
function kindOf(path) {
  if (UNLINKED.includes(path)) return path;
  const { pathname } = new URL(path, 'http://here');
  const parts = pathname.split('/').slice(1);
  const named = parts.map((part, at) => (at % 2 === 1 ? '*' : part));
  return `/${named.join('/')}`;
}

// The addresses on this server that a page leads to.
function links(html) {
  const hrefs = [...html.matchAll(/href="(\/[^"#]*)/g)].map(([, href]) => href.replaceAll('&amp;', '&'));
  // Each page leads to itself on another day; UNLINKED has some of those.
  const isOther = (href) => href.startsWith('/assets/') || /[?&](on|known)=/.test(href);
  return hrefs.filter((href) => !isOther(href) && !/\.(csv|json|ics|atom)(\?|$)/.test(href));
}

// `count` pages of each kind, the longest first, each as `{ path, kind, length }`.
export async function samplePages(base, count) {
  const found = new Map();
  const seen = new Set();
  const queue = ['/attention', ...UNLINKED];
  while (queue.length > 0) {
    const path = queue.shift();
    const kind = kindOf(path);
    const alike = found.get(kind) ?? [];
    if (seen.has(path) || alike.length >= Math.max(READ_OF_A_KIND, count)) continue;
    seen.add(path);
    const answer = await fetch(base + path, { headers: { accept: 'text/html' } });
    const html = await answer.text();
    if (!answer.headers.get('content-type')?.startsWith('text/html')) continue;
    alike.push({ path, kind, length: html.length });
    found.set(kind, alike);
    queue.push(...links(html));
  }
  return [...found.values()].flatMap((alike) => {
    alike.sort((one, other) => other.length - one.length);
    return alike.slice(0, count);
  });
}
