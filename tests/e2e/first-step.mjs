// A first visit whose first step is timed, over a line of a known rate.
import { withServiceWorker as withPage } from './page.mjs';

/** Bytes a second: 1.5 Mbit/s, and lines on which MNIST comes in some seconds, and in a minute. */
export const [SLOW, SOME, MINUTE] = [187_500, 2_000_000, 200_000];

/** Notes when the first step was shown, before anything runs. */
const watchFirstStep = () => {
  const watch = new MutationObserver(() => {
    if (window.firstStep || !(Number(document.querySelector('[data-part="loss"]')?.dataset.value) > 0))
      return;
    window.firstStep = performance.now();
  });
  watch.observe(document, { subtree: true, childList: true, attributes: true });
};
/** Milliseconds until the first step was shown. */
export const firstStep = async (page) => {
  await page.waitForFunction(() => window.firstStep);
  return page.evaluate(() => window.firstStep);
};

/** Opens the page in a fresh context whose first step is timed; `site` is as for `withPage`. */
export const visit = (site, body) =>
  withPage({ query: 'licences.txt', learnsOthers: true, ...site }, async (page, server) => {
    await page.addInitScript(watchFirstStep);
    server.requests.length = 0;
    await page.goto(`${server.origin}/some/where/${site.query ?? ''}`, { waitUntil: 'commit' });
    await body(page, server);
  });
