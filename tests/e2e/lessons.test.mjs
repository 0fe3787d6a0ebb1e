// The frame of the lessons and the first three: each trains live, by pointer and by keys, and shows numbers that hold.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { nothingSerious } from './axe.mjs';
import { becomes, lessonNames, openLesson, part, phone, value, withoutMnist, withPage } from './page.mjs';

const lesson = (name, more = {}) => ({ ...withoutMnist, query: `?autostart=0#lesson=${name}`, ...more });
const number = async (page, name) => Number(await value(page, name));
/** Waits until a part's number is as wanted. */
async function until(page, name, holds) {
  const begin = performance.now();
  while (!holds(await number(page, name))) {
    assert.ok(performance.now() - begin < 60_000, `${name} is ${await value(page, name)}`);
    await wait(20);
  }
}
const press = (page, name) => part(page, name).click();

/** The line of least squares through the houses as the page says they stand. */
async function leastSquares(page) {
  const texts = await page
    .locator('.house')
    .evaluateAll((houses) => houses.map((house) => house.getAttribute('aria-valuetext')));
  const houses = texts.map((text) => text.match(/[\d.]+/g).map(Number));
  const mean = (values) => values.reduce((sum, one) => sum + one, 0) / values.length;
  const [x, y] = [mean(houses.map(([area]) => area)), mean(houses.map(([, price]) => price))];
  const w =
    mean(houses.map(([area, price]) => (area - x) * (price - y))) /
    mean(houses.map(([area]) => (area - x) ** 2));
  return { w, b: y - w * x };
}
/** Houses are written with three digits. */
async function isFitted(page) {
  const best = await leastSquares(page);
  assert.ok(Math.abs((await number(page, 'w')) - best.w) < 0.02, `${await value(page, 'w')}, not ${best.w}`);
  assert.ok(Math.abs((await number(page, 'b')) - best.b) < 0.02, `${await value(page, 'b')}, not ${best.b}`);
}

test('the line arrives at the least squares, from where houses stand and from where they are moved to', () =>
  withPage(lesson('line'), async (page) => {
    await part(page, 'line-lab').waitFor();
    await part(page, 'rate').fill('-5');
    await press(page, 'lesson-play');
    await until(page, 'line-steps', (value) => value > 500);
    await press(page, 'lesson-play');
    await isFitted(page);
    // By pointer.
    const [before, w] = [await number(page, 'line-loss'), await number(page, 'w')];
    const box = await page.locator('.house').last().locator('.dot').boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x, box.y + 150, { steps: 4 });
    await page.mouse.up();
    assert.ok((await number(page, 'line-loss')) > 2 * before, 'a house that moves away is missed');
    // By keys.
    const price = () => page.locator('.house').first().getAttribute('aria-valuenow').then(Number);
    const low = await price();
    await page.locator('.house').first().focus();
    for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowUp');
    // It is shown with the next frame.
    await wait(100);
    assert.ok(Math.abs((await price()) - low - 1) < 1e-6, `from ${low} to ${await price()}`);
    const steps = await number(page, 'line-steps');
    await page.keyboard.press(' ');
    await until(page, 'line-steps', (value) => value > steps + 500);
    await page.keyboard.press(' ');
    await isFitted(page);
    assert.ok((await number(page, 'w')) < w - 1, 'the line has followed');
  }));

test('a step of the line is shown part by part, with numbers that add up', () =>
  withPage(lesson('line'), async (page) => {
    await part(page, 'line-lab').waitFor();
    const current = () => page.locator('[aria-current="step"]').getAttribute('data-part');
    const [w, b] = [await number(page, 'w'), await number(page, 'b')];
    const begun = await number(page, 'line-loss');
    for (const name of ['forward', 'loss', 'gradient']) {
      await page.keyboard.press('s');
      assert.equal(await current(), `phase-${name}`);
      assert.equal(await number(page, 'w'), w, 'nothing has moved yet');
    }
    const gradient = Number((await part(page, 'dw').textContent()).replace('−', '-'));
    await page.keyboard.press('s');
    assert.equal(await current(), 'phase-update');
    assert.ok(Math.abs((await number(page, 'w')) - (w - 0.1 * gradient)) < 0.001 * Math.abs(gradient) + 1e-3);
    assert.ok((await number(page, 'line-loss')) < begun);
    await page.keyboard.press('r');
    assert.deepEqual([await number(page, 'w'), await number(page, 'b')], [w, b]);
  }));

test('a learning rate that is too large is said kindly, and there is a way back', () =>
  withPage(lesson('line'), async (page) => {
    await part(page, 'line-lab').waitFor();
    await part(page, 'rate').fill('0');
    await press(page, 'lesson-play');
    await becomes(page, 'flown', 'true');
    assert.match(await part(page, 'flown').textContent(), /It flew off.*Nothing is broken/);
    // The sums of its last step add up all the same.
    const sums = await part(page, 'phase-update').locator('.formula').allTextContents();
    for (const sum of sums.slice(1)) {
      const [from, rate, slope, to] = sum
        .replaceAll('−', '-')
        .match(/-?[\d.]+(?:e\d+)?(?!\w)/g)
        .map(Number);
      assert.ok(
        Math.abs(from - rate * Math.abs(slope) - to) < 0.02 * Math.abs(to) ||
          Math.abs(from + rate * Math.abs(slope) - to) < 0.02 * Math.abs(to),
        sum,
      );
    }
    assert.equal(await value(page, 'player'), 'paused');
    await part(page, 'flown').getByRole('button').click();
    await becomes(page, 'flown', 'false');
    await press(page, 'lesson-play');
    await until(page, 'line-loss', (value) => value < 0.2);
  }));

test('a small network separates the moons, more units do better than one, and losses are compared', () =>
  withPage(lesson('neurons'), async (page) => {
    await part(page, 'neurons-lab').waitFor();
    await press(page, 'lesson-play');
    await until(page, 'net-steps', (value) => value > 200);
    const one = await number(page, 'net-loss');
    assert.ok((await number(page, 'net-right')) < 0.95, 'one line cannot separate moons');
    for (let i = 0; i < 3; i++) await press(page, 'more-0');
    assert.equal(await part(page, 'units-0').textContent(), '4');
    await until(page, 'net-right', (value) => value === 1);
    await until(page, 'net-loss', (value) => value < 0.05);
    assert.ok((await number(page, 'net-loss')) < one / 4);
    const rows = await page.locator('.runs tbody tr').allTextContents();
    assert.ok(
      rows.some((row) => row.startsWith('1 tanh, Moons')),
      String(rows),
    );
    assert.match(rows[0], /^4 tanh, Moons/);
  }));

test('without a bend no number of layers bends the border', () =>
  withPage(lesson('neurons'), async (page) => {
    await part(page, 'neurons-lab').waitFor();
    await press(page, 'pattern-rings');
    await part(page, 'activation').selectOption('linear');
    await press(page, 'add-layer');
    await press(page, 'lesson-play');
    await until(page, 'net-steps', (value) => value > 200);
    assert.ok((await number(page, 'net-right')) < 0.75);
    await part(page, 'activation').selectOption('tanh');
    for (let i = 0; i < 3; i++) await press(page, 'more-0');
    await until(page, 'net-right', (value) => value > 0.98);
  }));

test('points are painted with pointer and keys, and the network learns them', () =>
  withPage(lesson('neurons'), async (page) => {
    await part(page, 'neurons-lab').waitFor();
    await press(page, 'pattern-own');
    assert.match(await page.locator('.lab-notice').textContent(), /There are no points/);
    const box = await part(page, 'plane').boundingBox();
    const stroke = async (x, from, to) => {
      await page.mouse.move(box.x + x * box.width, box.y + from * box.height);
      await page.mouse.down();
      await page.mouse.move(box.x + x * box.width, box.y + to * box.height, { steps: 8 });
      await page.mouse.up();
    };
    await stroke(0.25, 0.2, 0.8);
    await page.getByRole('button', { name: 'Orange' }).click();
    await part(page, 'plane').focus();
    // Ten to the right of the middle, then downwards.
    for (let i = 0; i < 7; i++) await page.keyboard.press('ArrowRight');
    for (let i = 0; i < 5; i++) {
      await page.keyboard.press('Enter');
      await page.keyboard.press('ArrowDown');
    }
    assert.equal(await page.locator('.point.zero').count(), 5);
    const ones = await page.locator('.point.one').count();
    assert.ok(ones >= 5, String(ones));
    await press(page, 'lesson-play');
    await until(page, 'net-right', (value) => value === 1);
    await page.getByRole('button', { name: 'Erase' }).click();
    await stroke(0.25, 0.2, 0.8);
    assert.ok((await page.locator('.point.one').count()) < ones);
  }));

test('gradients on the way back are those of the formula, agree with differences, and make the loss fall', () =>
  withPage(lesson('backwards'), async (page) => {
    await part(page, 'backwards-lab').waitFor();
    const at = async (name, what = 'value') =>
      Number(await part(page, `node-${name}`).getAttribute(`data-${what}`));
    // Nothing is there before it was reckoned.
    assert.equal(await part(page, 'node-p').getAttribute('data-value'), null);
    for (let i = 0; i < 5; i++) await page.keyboard.press('s');
    const [x, w, b, y] = [await at('x'), await at('w'), await at('b'), await at('y')];
    const a = Math.tanh(w * x + b);
    assert.ok(Math.abs((await at('L')) - (a - y) ** 2) < 1e-5);
    assert.equal(await part(page, 'node-L').getAttribute('data-gradient'), null);
    for (let i = 0; i < 9; i++) await page.keyboard.press('s');
    const back = 2 * (a - y) * (1 - a * a);
    for (const [name, wanted] of Object.entries({
      L: 1,
      e: 2 * (a - y),
      a: 2 * (a - y),
      y: -2 * (a - y),
      s: back,
      b: back,
      p: back,
      w: back * x,
      x: back * w,
    })) {
      const found = await at(name, 'gradient');
      assert.ok(Math.abs(found - wanted) < 1e-4, `${name}: ${found}, not ${wanted}`);
      await part(page, 'check-node').selectOption(name);
      const slope = await number(page, 'difference');
      assert.ok(Math.abs(slope - found) < 2e-3, `${name}: difference ${slope}, gradient ${found}`);
    }
    await part(page, 'check-node').selectOption('w');
    const second = 2 * x * x * (1 - a * a) * (1 - a * a - 2 * a * (a - y));
    assert.ok(Math.abs((await number(page, 'curvature')) - second) < 1e-3);
    // One back, and on again; then the update.
    await press(page, 'step-back');
    assert.equal(await part(page, 'node-x').getAttribute('data-gradient'), null);
    const before = await number(page, 'graph-loss');
    await page.keyboard.press('s');
    await page.keyboard.press('s');
    assert.equal(await number(page, 'graph-steps'), 1);
    assert.ok(Math.abs((await at('w')) - (w - 0.1 * back * x)) < 1e-5);
    assert.ok((await number(page, 'graph-loss')) < before);
  }));

test('a lesson leaves the run of the digits alone, and its keys too', () =>
  withPage({ ...withoutMnist, query: '?autostart=0&epochs=100' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await page.locator('.lesson-bar').waitFor();
    await press(page, 'play');
    await becomes(page, 'status', 'training');
    await page.getByRole('link', { name: 'A line' }).click();
    await part(page, 'line-lab').waitFor();
    assert.equal(await page.title(), 'A line · mapling');
    assert.equal(await value(page, 'status'), 'training');
    for (const key of [' ', 's', 'r', 'c', 'Escape']) await page.keyboard.press(key);
    await wait(200);
    assert.notEqual(await value(page, 'status'), 'paused');
    await page.getByRole('link', { name: 'Train', exact: true }).click();
    await part(page, 'loss').waitFor();
    assert.ok(['training', 'done'].includes(await value(page, 'status')));
    assert.match(await page.title(), /watch a network|mapling/);
    assert.ok((await number(page, 'loss')) > 0);
  }));

test('the way leads from lesson to lesson, each by its link; an unknown name says so', () =>
  withPage(lesson('line'), async (page) => {
    await part(page, 'line-lab').waitFor();
    await page.locator('.lesson-next .onward').click();
    await part(page, 'neurons-lab').waitFor();
    assert.match(page.url(), /#lesson=neurons/);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'lesson-heading');
    assert.equal(await page.evaluate(() => scrollY), 0);
    assert.equal(
      await page
        .locator('.lesson-bar [aria-current]')
        .textContent()
        .then((text) => text.trim()),
      '2 Neurons and layers',
    );
    await page.goBack();
    await part(page, 'line-lab').waitFor();
    await page.evaluate(() => {
      location.hash = 'lesson=nonsense';
    });
    assert.match(await page.locator('.lesson-missing').textContent(), /no lesson “nonsense”/);
  }));

test('a guess is answered with the reason, and code can be copied', () =>
  withPage(
    lesson('line', { context: { permissions: ['clipboard-read', 'clipboard-write'] } }),
    async (page) => {
      await part(page, 'line-lab').waitFor();
      const question = part(page, 'question');
      assert.equal(await question.getByRole('status').textContent(), '');
      await question.getByRole('button').first().click();
      assert.match(await question.getByRole('status').textContent(), /^Not so\. Where the bowl is steep/);
      await question.getByRole('button').last().click();
      assert.match(await question.getByRole('status').textContent(), /^Right\./);
      await page.getByRole('button', { name: 'Keras', exact: true }).click();
      await press(page, 'copy');
      await page.getByText('Copied').waitFor();
      assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^# A line is one Dense layer/);
    },
  ));

for (const name of ['line', 'neurons', 'backwards'])
  test(`${name} opens in less than a second, fits every screen, and speaks Chinese`, () =>
    withPage(lesson(name, { context: { ...phone, deviceScaleFactor: 1, locale: 'zh-CN' } }), async (page) => {
      await part(page, `${name}-lab`).waitFor();
      assert.match(await page.locator('.lesson').textContent(), /动手试试/);
      const left = await page.locator('.lesson').evaluate((item) => {
        const copy = item.cloneNode(true);
        for (const code of copy.querySelectorAll('.lesson-code, .formula, svg, select, output'))
          code.remove();
        return copy.textContent.match(/[A-Za-z]{4,}/g) ?? [];
      });
      const known = ['mapling', 'Keras', 'Node', 'tanh', 'grad', 'loss'];
      assert.deepEqual(
        left.filter((word) => !known.includes(word)),
        [],
        'nothing is left in English',
      );
      for (const [width, height] of [
        [320, 640],
        [390, 844],
        [820, 1180],
        [1366, 650],
        [2560, 1440],
      ]) {
        await page.setViewportSize({ width, height });
        await wait(100);
        const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(beyond <= 0, `${beyond} px too wide at ${width} × ${height}`);
      }
      // What was fetched once is there: it opens from the bar, with all that it takes to make it.
      await page.evaluate(() => {
        location.hash = '';
      });
      await page.locator('.lesson').waitFor({ state: 'detached' });
      const took = await page.evaluate(async (name) => {
        const begin = performance.now();
        location.hash = `lesson=${name}`;
        while (!document.querySelector(`[data-part="${name}-lab"]`))
          await new Promise((done) => setTimeout(done, 5));
        return performance.now() - begin;
      }, name);
      assert.ok(took < 1000, `${took} ms`);
    }));

test('in Chinese, the comments of the code are Chinese, and the code is the same', () =>
  withPage(lesson('line', { context: { locale: 'zh-CN' } }), async (page) => {
    for (const name of lessonNames) {
      await openLesson(page, name);
      const code = part(page, 'code');
      for (const library of ['mapling', 'Keras']) {
        await code.getByRole('button', { name: library, exact: true }).click();
        const comments = await code.locator('.code-comment').allTextContents();
        assert.deepEqual(
          comments.filter((comment) => !/\p{Script=Han}/u.test(comment)),
          [],
          `${name}, ${library}`,
        );
        if (name !== 'pictures') continue;
        const file = library === 'Keras' ? 'keras.py' : 'mapling.mjs';
        const written = await readFile(`www/src/lessons/pictures/code/${file}`, 'utf8');
        const bare = (text) => text.trim().replace(/(\/\/|#) .*/g, '');
        assert.equal(bare(await code.locator('pre').textContent()), bare(written));
      }
    }
  }));

test('on a low screen the numbers of the line stand above its keys', () =>
  withPage(lesson('line', { context: { viewport: { width: 1366, height: 650 } } }), async (page) => {
    await part(page, 'line-lab').waitFor();
    const [figures, keys] = await page
      .locator('.lab-figures, .lab-controls')
      .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().toJSON()));
    assert.ok(figures.bottom <= keys.top, `numbers to ${figures.bottom}, keys from ${keys.top}`);
    assert.ok(keys.bottom <= 650);
  }));

for (const [colorScheme, context] of Object.entries({ light: {}, dark: { ...phone, deviceScaleFactor: 1 } }))
  test(`axe finds nothing serious in the first three lessons: ${colorScheme}`, () =>
    withPage(
      lesson('line', { context: { ...context, colorScheme, reducedMotion: 'reduce' } }),
      async (page) => {
        await becomes(page, 'status', 'ready');
        assert.equal(
          await page.locator('.notice').count(),
          0,
          'where digits come from matters to nobody here',
        );
        for (const name of ['line', 'neurons', 'backwards']) {
          await page.evaluate((name) => {
            location.hash = `lesson=${name}`;
          }, name);
          await part(page, `${name}-lab`).waitFor();
          for (let i = 0; i < 4; i++) await press(page, 'lesson-step');
          await part(page, 'question').getByRole('button').first().click();
          await nothingSerious(page, `${name}, some steps on`);
        }
        const moving = await page.evaluate(() =>
          [...document.querySelectorAll('.lesson *')]
            .filter((item) => Number.parseFloat(getComputedStyle(item).transitionDuration) > 0)
            .map((item) => item.className),
        );
        assert.deepEqual(moving, []);
      },
    ));
