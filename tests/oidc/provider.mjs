// The identity provider of tests/it/sign_in: a real one (oidc-provider), with a few more
// paths by which a test turns its keys, stops its answers, and has tokens signed.
//
// It prints its URL, and ends with its standard input. A login is the name of an office;
// what it has before an "@" are its groups, with "+" between them.
import { createServer } from 'node:http';
import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { existsSync } from 'node:fs';

// Modules are not looked for in NODE_PATH, where the package may be.
async function library() {
  for (const folder of (process.env.NODE_PATH ?? '').split(':').filter(Boolean)) {
    const file = `${folder}/oidc-provider/lib/index.js`;
    if (existsSync(file)) return import(pathToFileURL(file));
  }
  return import('oidc-provider');
}
const { default: Provider } = await library();
if (process.argv[2] === '--check') process.exit(0);

const kinds = {
  RS256: ['rsa', { modulusLength: 2048 }],
  ES256: ['ec', { namedCurve: 'P-256' }],
  EdDSA: ['ed25519', {}],
};

const state = { alg: 'RS256', ttl: 600, down: false, fetched: 0, keys: {}, handle: null };

function turnKeys(url) {
  const jwks = { keys: [] };
  for (const [alg, [kind, options]] of Object.entries(kinds)) {
    const { privateKey, publicKey } = generateKeyPairSync(kind, options);
    const kid = `${alg}-${randomUUID()}`;
    state.keys[alg] = { kid, privateKey, publicKey };
    jwks.keys.push({ ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg });
  }
  const provider = new Provider(url, {
    jwks,
    clients: [
      {
        client_id: 'cli',
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        redirect_uris: ['http://127.0.0.1/callback', 'http://127.0.0.1/sign-in/callback'],
        grant_types: [
          'authorization_code',
          'refresh_token',
          'urn:ietf:params:oauth:grant-type:device_code',
        ],
      },
      {
        client_id: 'feeder',
        client_secret: 'a secret of the test',
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
      },
    ],
    features: {
      deviceFlow: { enabled: true },
      clientCredentials: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => 'urn:example:register',
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'openid offline_access',
          audience: 'register',
          accessTokenTTL: state.ttl,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: state.alg } },
        }),
      },
    },
    enabledJWA: { idTokenSigningAlgValues: Object.keys(kinds) },
    // Without asking for consent to it again each time.
    issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
    extraTokenClaims: (_, token) =>
      token.accountId
        ? { groups: token.accountId.split('@')[0].split('+') }
        : { roles: ['feed'] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  });
  state.handle = provider.callback();
}

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

// A token with these headers and claims, signed by the key of the provider, or by its public
// key as a shared secret.
function signed({ header = {}, claims = {}, hmac = false }) {
  const { kid, privateKey, publicKey } = state.keys[state.alg];
  const now = Math.floor(Date.now() / 1000);
  const all = { iss: url, aud: 'register', sub: 's-1', iat: now, exp: now + 300, ...claims };
  const head = { alg: hmac ? 'HS256' : state.alg, kid, typ: 'at+jwt', ...header };
  for (const part of [all, head]) {
    for (const name of Object.keys(part)) if (part[name] === null) delete part[name];
  }
  const text = `${encoded(head)}.${encoded(all)}`;
  if (hmac) {
    const secret = publicKey.export({ format: 'pem', type: 'spki' });
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  }
  const hash = state.alg === 'EdDSA' ? null : 'sha256';
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' };
  return `${text}.${sign(hash, Buffer.from(text), key).toString('base64url')}`;
}

const commands = {
  turn: () => turnKeys(url),
  down: () => { state.down = true; },
  up: () => { state.down = false; },
  alg: ({ alg }) => { state.alg = alg; },
  ttl: ({ ttl }) => { state.ttl = ttl; },
  fetched: () => state.fetched,
  sign: signed,
};

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://127.0.0.1');
  if (pathname.startsWith('/test/')) {
    let text = '';
    for await (const chunk of request) text += chunk;
    const answer = commands[pathname.slice(6)](text ? JSON.parse(text) : {});
    response.end(JSON.stringify(answer ?? null));
    return;
  }
  if (state.down) {
    response.writeHead(503).end();
    return;
  }
  if (pathname === '/jwks') state.fetched += 1;
  state.handle(request, response);
});
await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
const url = `http://127.0.0.1:${server.address().port}`;
turnKeys(url);
console.log(url);
// The test reads this one line. Whatever the library prints later has no reader.
process.stdout.on('error', () => {});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
