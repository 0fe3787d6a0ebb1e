// The built page, opened in Chromium: what every end-to-end test starts from.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { at } from '../../scripts/run.mjs';
import { launch } from '../browser/chromium.mjs';
import { serve } from '../browser/serve.mjs';

/** Thirty digits that two people drew with a pen: `{ label, writer, strokes }` in a 500 × 500 box. */
export const penDigits = JSON.parse(readFileSync(at('tests/data/pen-digits.json'), 'utf8'));

/** The browser of a file's tests, in which each visit has a context of its own, and how many visits there are. */
let browser;
let visits = 0;
let closing;

async function newVisit(settings) {
  clearTimeout(closing);
  visits++;
  if (!(await browser)?.isConnected()) browser = launch();
  return (await browser).newContext(settings);
}

/** The browser ends once no other visit has begun for a moment. */
async function endVisit(visit) {
  await visit?.close();
  visits--;
  if (visits > 0) return;
  closing = setTimeout(async () => {
    // Whoever visits while it ends begins another one.
    const ending = browser;
    browser = undefined;
    await (await ending).close();
  }, 200);
}

/** A visit to a server that has no MNIST. */
export const withoutMnist = { missing: (path) => path.includes('/mnist/') };

/**
 * Before the page's scripts: the worker does not learn what is no digit, which takes a core for a minute from four seconds
 * after the beginning on. It is told that the digits have changed meanwhile, after which the page asks no more.
 */
const withoutLearning = () => {
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (message, ...rest) {
    if (message?.name !== 'learnOthers') return postMessage.call(this, message, ...rest);
    const error = { name: 'Error', code: 'state', message: 'not in this test' };
    queueMicrotask(() =>
      this.dispatchEvent(new MessageEvent('message', { data: { answer: message.call, error } })),
    );
  };
};

/**
 * Serves the site from a sub-path and opens it, then hands the page to `body`.
 * `query` is the address' end; `missing` says which paths the server lacks; `headers` go with every answer;
 * `silent` says after how many bytes of a path's answer nothing more comes; `version` gives a path's entity tag, `changed` the date of its last change; `rate` is that of a slow line, in bytes a second; `context` goes to Playwright, `init` runs in each page before its own scripts; with `learnsOthers`
 * the worker learns what is no digit, as it does for visitors.
 * Fails when the page throws or asks for anything outside its sub-path.
 */
export async function withPage(
  {
    query = '?autostart=0',
    missing,
    headers,
    version,
    changed,
    silent,
    rate,
    context,
    init,
    learnsOthers = false,
    prefix = '/some/where/',
  },
  body,
) {
  const server = await serve(
    { [prefix]: at('dist/www') },
    { missing, headers, version, changed, silent, rate },
  );
  // No page is kept for visits without a network, which takes a second of each visit that lasts eight.
  const usual = { viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' };
  let visit;
  try {
    visit = await newVisit({ ...usual, ...context });
    if (!learnsOthers) await visit.addInitScript(withoutLearning);
    const page = await visit.newPage();
    const thrown = [];
    page.on('pageerror', (error) => thrown.push(String(error)));
    if (init) await page.addInitScript(init);
    await page.goto(`${server.origin}${prefix}${query}`);
    await body(page, server);
    assert.deepEqual(thrown, [], 'the page threw');
    const strays = server.requests.filter((path) => !path.startsWith(prefix) && path !== '/favicon.ico');
    assert.deepEqual(strays, [], 'asked for files outside its sub-path');
  } finally {
    await endVisit(visit);
    await server.close();
  }
}

/** The same with the page's service worker, for what is about it or takes its time into account. */
export const withServiceWorker = (site, body) =>
  withPage({ ...site, context: { serviceWorkers: 'allow', ...site.context } }, body);

export const part = (page, name) => page.locator(`[data-part="${name}"]`);

/** A part's `data-value`. */
export const value = (page, name) => part(page, name).getAttribute('data-value');

/** Waits until a part's `data-value` is `wanted`. */
export const becomes = (page, name, wanted, timeout = 60_000) =>
  page.waitForSelector(`[data-part="${name}"][data-value="${wanted}"]`, { timeout, state: 'attached' });

export const accuracy = async (page) => Number(await value(page, 'accuracy'));

/** The names of the lessons, in their order. */
export const lessonNames = [
  ...['line', 'neurons', 'backwards', 'tutorial'],
  ...['pictures', 'sequences', 'better', 'why'],
];

/** Goes to a lesson by the page's address, and waits until it is seen. */
export async function openLesson(page, name) {
  await page.evaluate((name) => {
    location.hash = `lesson=${name}`;
  }, name);
  await page.locator(`[data-part="lesson"][data-value="${name}"]`).waitFor();
}

/** Types a number into a field of the settings. */
export async function setNumber(page, name, number) {
  await part(page, name).fill(String(number));
  await part(page, name).press('Tab');
}

/** Draws with the mouse; the drawing's 500 × 500 box becomes the pad. */
export async function draw(page, strokes) {
  await part(page, 'pad').scrollIntoViewIfNeeded();
  const box = await part(page, 'pad').boundingBox();
  const place = ([x, y]) => [box.x + (x / 500) * box.width, box.y + (y / 500) * box.height];
  for (const stroke of strokes) {
    await page.mouse.move(...place(stroke[0]));
    await page.mouse.down();
    // As fast as they come: the browser gathers what comes between two frames, as it does for a hand.
    await Promise.all(stroke.map((point) => page.mouse.move(...place(point))));
    await page.mouse.up();
  }
}

/** Waits until the page has opened, with a network that nobody has trained: the run of a visit before may be there again. */
export async function withFreshNetwork(page) {
  await page.waitForSelector('[data-part="status"]:is([data-value="ready"], [data-value="paused"])');
  await part(page, 'reset').click();
  await becomes(page, 'status', 'ready');
}

/** Waits until batches have been trained, and returns the loss. */
export async function firstLoss(page) {
  // Read where it is waited for: a run on the first digits is followed by one on all of them, which begins without a loss.
  const found = await page.waitForFunction(() => {
    const loss = Number(document.querySelector('[data-part="loss"]').dataset.value);
    return loss > 0 && loss;
  });
  return found.jsonValue();
}

/** The digit read, once the bars have held still for a moment. */
export async function readDigit(page) {
  await page.waitForFunction(() => document.querySelector('[data-part="guess"]').textContent.trim() !== '');
  await page.evaluate(async () => {
    const bars = () =>
      [...document.querySelector('[data-part="bars"]').children].map((bar) => bar.dataset.value);
    let [before, since] = [String(bars()), performance.now()];
    while (performance.now() - since < 150) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      const now = String(bars());
      if (now !== before) [before, since] = [now, performance.now()];
    }
  });
  return (await part(page, 'guess').textContent()).trim();
}

/** Drops files on the page: `{ name, base64 }` each. */
export async function drop(page, files) {
  const transfer = await page.evaluateHandle((files) => {
    const carried = new DataTransfer();
    for (const { name, base64 } of files) {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      carried.items.add(new File([bytes], name));
    }
    return carried;
  }, files);
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

/** Settings of a context that make it a phone. */
export const phone = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 3,
  hasTouch: true,
  isMobile: true,
};

/** How many pixels of the pad, in its canvas' own pixels, have ink, and where they lie. */
export const inkOnPad = (page) =>
  part(page, 'pad').evaluate(async (canvas) => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
    const found = { count: 0, left: width, right: -1, top: height, bottom: -1, width };
    for (let at = 0; at < width * height; at++) {
      if (data[4 * at + 3] < 128) continue;
      const [x, y] = [at % width, Math.floor(at / width)];
      found.count++;
      found.left = Math.min(found.left, x);
      found.right = Math.max(found.right, x);
      found.top = Math.min(found.top, y);
      found.bottom = Math.max(found.bottom, y);
    }
    return found;
  });

/** The 28 × 28 picture that the network is shown, as strengths from 0 to 255, row by row. */
export const seenPicture = (page) =>
  part(page, 'seen').evaluate(async (canvas) => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const { data } = canvas.getContext('2d').getImageData(0, 0, 28, 28);
    return Array.from({ length: 784 }, (_, at) => data[4 * at + 3]);
  });
