// A person with a browser: opens the address in the first argument, and fills in each form
// as the office in the second, until no form is left or the program's own page is reached:
// at /callback, or on the host in the third.
const jar = new Map();

async function go(address, options = {}) {
  let target = address;
  let settings = options;
  for (let steps = 0; steps < 30; steps += 1) {
    const { host, pathname } = new URL(target);
    const cookies = [...(jar.get(host) ?? new Map())].map(([name, value]) => `${name}=${value}`);
    const answer = await fetch(target, {
      ...settings,
      redirect: 'manual',
      headers: { ...settings.headers, cookie: cookies.join('; ') },
    });
    const kept = jar.get(host) ?? new Map();
    for (const line of answer.headers.getSetCookie()) {
      const [name, ...value] = line.split(';')[0].split('=');
      kept.set(name, value.join('='));
    }
    jar.set(host, kept);
    const next = answer.headers.get('location');
    if (!next) return { target, pathname, status: answer.status, text: await answer.text() };
    target = new URL(next, target).href;
    settings = {};
  }
  throw new Error('it redirects for ever');
}

const attribute = (tag, name) => new RegExp(`${name}="([^"]*)"`).exec(tag)?.[1];
const [, , address, login, home] = process.argv;
const isHome = (page) => page.pathname === '/callback' || new URL(page.target).host === home;
let page = await go(address);
for (let steps = 0; steps < 10; steps += 1) {
  const form = /<form[\s\S]*?<\/form>/.exec(page.text)?.[0];
  if (isHome(page) || !form) break;
  const fields = new URLSearchParams();
  for (const [input] of form.matchAll(/<(input|button)[^>]*>/g)) {
    const name = attribute(input, 'name');
    if (name === 'login') fields.set(name, login);
    else if (name === 'password') fields.set(name, 'any');
    else if (name && name !== 'abort') fields.set(name, attribute(input, 'value') ?? '');
  }
  const action = (attribute(form, 'action') ?? page.target).replaceAll('&amp;', '&');
  page = await go(new URL(action, page.target).href, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: fields,
  });
}
console.log(page.status, page.text.replace(/<style>[\s\S]*?<\/style>/g, '').replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').slice(0, 200));
