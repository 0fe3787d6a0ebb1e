/**
 * The service worker of the page: where there is no network it gives the page that an earlier visit kept, and where a host
 * does not send the headers that threads need, and a visitor asks for threads, it adds them.
 *
 * The build (offline/build.ts) puts a line before this file, which says what the site is made of:
 * `first` is what the page begins with, `variants` what each variant of the module is, `rest` everything else, and
 * `version` tells builds apart. Each build has a cache of its own. A new build waits until no page of the old one is
 * open, so that a page finds the parts that it loads later.
 */
const { version, entry, first, rest, variants } = site;
const { scope } = self.registration;
const own = `mapling-page ${scope} `;
const cacheName = own + version;
const isolation = `mapling-isolated ${scope}`;
/** Milliseconds to wait for a server before the page is taken from an earlier visit. */
const PATIENCE = 3000;

/** Puts a file into this build's cache: from the build before where that has it, whose name then is the same. */
async function keep(cache, file) {
  const address = new URL(file, scope).href;
  if (await cache.match(address)) return;
  const before = file.startsWith('assets/') && (await caches.match(address));
  const response =
    before || (await fetch(address, { cache: file.startsWith('assets/') ? 'default' : 'no-cache' }));
  if (!response.ok) throw new Error(`${response.status} for ${address}`);
  await cache.put(address, response);
}

self.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(cacheName);
      await Promise.all(first.map((file) => keep(cache, file)));
      // The page must be of this build: a server may have changed in between, or have an old one in store.
      const page = await (await cache.match(scope)).text();
      if (page.includes(entry)) return;
      await caches.delete(cacheName);
      throw new Error('the page is of another build');
    })(),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((name) => name.startsWith(own) && name !== cacheName);
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

/** What the page asks for: that the rest is kept, with the variant that it uses; that it is isolated, or no longer. */
self.addEventListener('message', (event) => {
  const { keepRest, isolate } = event.data;
  if (keepRest !== undefined) event.waitUntil(keepAll([...(variants[keepRest] ?? []), ...rest]));
  if (isolate !== undefined) {
    const done = isolate ? caches.open(isolation) : caches.delete(isolation);
    event.waitUntil(done.then(() => event.ports[0].postMessage('done')));
  }
});

/** One after the other, so that nothing else waits for its turn on the line. */
async function keepAll(files) {
  const cache = await caches.open(cacheName);
  for (const file of files) await keep(cache, file).catch(() => {});
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = request.url.replace(/[?#].*/, '');
  if (request.method !== 'GET' || !address.startsWith(scope)) return;
  const file = address.slice(scope.length);
  if (file === '' || file === 'index.html') event.respondWith(newest(request).then(isolated));
  else if (/^(assets|wasm)\//.test(file) || rest.includes(file) || first.includes(file))
    event.respondWith(kept(request, address).then(isolated));
  // Everything else, MNIST's files among it, goes its own way.
});

/** The page as the server has it now, or as it was. */
async function newest(request) {
  const before = await (await caches.open(cacheName)).match(scope);
  const fresh = fetch(request);
  if (!before) return fresh;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const answer = await Promise.race([fresh, late]).catch(() => undefined);
  return answer?.ok ? answer : before;
}

/** Files whose names change with their content, and small ones beside the page. */
async function kept(request, address) {
  const cache = await caches.open(cacheName);
  const before = await cache.match(address);
  if (before) return before;
  const response = await fetch(request);
  if (response.ok) await cache.put(address, response.clone());
  return response;
}

/** The same answer with the headers for threads, if they are asked for. */
async function isolated(response) {
  if (response.status === 0 || !(await caches.has(isolation))) return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
