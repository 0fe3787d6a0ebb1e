// Other digits take the place of those in use: runs that knew these stay beside, and whoever goes back has them again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutMnist as noMnist } from '../mnist.mjs';
import { isOfL, set } from './digit-files.mjs';
import { dropKeptFiles, keptAt, keptRun } from './kept-run.mjs';
import { accuracy, becomes, drop, part, setNumber, value, withoutMnist, withPage } from './page.mjs';
import { collectHearts, teachClass } from './teaching.mjs';

const runOf = (page, number) => page.locator(`[data-part="run"][data-value="${number}"]`);
const backTo = (page, number) => runOf(page, number).locator('[data-part="run-back"]').click();
/** What the list says of each run, and which is the present one. */
const listed = (page) =>
  page
    .locator('[data-part="run"]')
    .evaluateAll((rows) =>
      rows.map((row) => [
        row.dataset.value,
        row.querySelector('.run-settings').textContent,
        row.getAttribute('aria-current') === 'true',
      ]),
    );
const use = async (page, name) => {
  await page.locator('.below').scrollIntoViewIfNeeded();
  await page.getByRole('button', { name, exact: true }).click();
};
async function trained(page) {
  await part(page, 'play').click();
  await becomes(page, 'status', 'done');
  return { accuracy: await accuracy(page), loss: await value(page, 'loss') };
}
/** 300 pictures of one letter, shifted by their class, and 40 to test on. */
const letters = () => {
  const at = (x, y, count) => (isOfL(x - (count % 10), y, 28) ? 255 : 0);
  return [
    ...set(300, [28, 28], 10, at, ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte']),
    ...set(40, [28, 28], 10, at, ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte']),
  ];
};

/** As many others, and of the same sizes. */
const otherLetters = () =>
  [
    [300, ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte']],
    [40, ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte']],
  ].flatMap(([count, names]) =>
    set(count, [28, 28], 10, (x, y, at) => (isOfL(y - (at % 10), x, 28) ? 255 : 0), names),
  );
const takesFiles = async (page, files) => {
  await drop(page, files);
  await becomes(page, 'dataset', 'file');
};

/** A run of generated digits that has ended, and beside it a network for digits in files; how the run ended. */
async function trainedBeforeFiles(page) {
  await becomes(page, 'status', 'ready');
  await setNumber(page, 'epochs', 1);
  const first = await trained(page);
  await drop(page, letters());
  await becomes(page, 'dataset', 'file');
  await becomes(page, 'status', 'ready');
  return first;
}

/** A step on the digits in files, and what is kept of that and of the runs beside it, half a second later. */
async function steppedAndKept(page) {
  await part(page, 'step').click();
  await becomes(page, 'status', 'paused');
  await keptAt(page, 1);
  await page.waitForTimeout(1500);
}

/** Goes back to the run on files, which trains on as one that nobody left. */
async function goesOnAlike(page, why) {
  await backTo(page, 2);
  await becomes(page, 'dataset', 'file');
  await becomes(page, 'status', 'paused');
  const goneOn = await trained(page);
  await part(page, 'reset').click();
  await becomes(page, 'status', 'ready');
  assert.deepEqual(await trained(page), goneOn, why);
}

test('runs of generated digits and of files stand beside each other; each goes on with its own digits, to the same bits', () =>
  withPage(withoutMnist, async (page) => {
    const first = await trainedBeforeFiles(page);
    assert.deepEqual(await listed(page), [
      ['1', 'Generated digits', false],
      ['2', 'Your files', true],
    ]);
    await part(page, 'step').click();
    await becomes(page, 'status', 'paused');
    await part(page, 'step').click();
    await backTo(page, 1);
    await becomes(page, 'dataset', 'generated');
    await becomes(page, 'status', 'done');
    assert.equal(await accuracy(page), first.accuracy);
    assert.deepEqual(await listed(page), [
      ['1', 'Generated digits', true],
      ['2', 'Your files', false],
    ]);
    await goesOnAlike(page, 'as without the way back');
  }));

test('digits in files are there when the page is loaded again: a run goes on with them, and one beside it can be gone back to', () =>
  withPage({ ...withoutMnist, query: '?autostart=0' }, async (page) => {
    const first = await trainedBeforeFiles(page);
    await steppedAndKept(page);
    await page.reload();
    await becomes(page, 'dataset', 'file');
    await becomes(page, 'status', 'paused');
    assert.equal(await part(page, 'scrubber').getAttribute('data-value'), '1');
    assert.equal(await part(page, 'take-offered').count(), 0);
    await page.waitForTimeout(500);
    assert.equal(await page.locator('.notice').count(), 0, 'nobody learns from other digits');
    await runOf(page, 1).waitFor();
    await backTo(page, 1);
    await becomes(page, 'dataset', 'generated');
    await becomes(page, 'status', 'done');
    assert.equal(await accuracy(page), first.accuracy);
    await page.waitForTimeout(1500);
    await page.reload();
    await becomes(page, 'dataset', 'generated');
    await becomes(page, 'status', 'done');
    await runOf(page, 2).waitFor();
    assert.deepEqual(await listed(page), [
      ['1', 'Generated digits', true],
      ['2', 'Your files', false],
    ]);
    await goesOnAlike(page, 'as without the reloads');
    // An address that names other digits means them: the run on files is offered.
    const last = await part(page, 'scrubber').getAttribute('data-value');
    await keptAt(page, Number(last));
    const { origin, pathname } = new URL(page.url());
    await page.goto(`${origin}${pathname}?autostart=0&data=generated`);
    await becomes(page, 'dataset', 'generated');
    await part(page, 'take-offered').waitFor();
  }));

test('a network that has not trained on its files is there with them after a reload, and so are the runs beside it', () =>
  withPage({ ...withoutMnist, query: '?autostart=0&epochs=1' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await takesFiles(page, letters());
    await becomes(page, 'status', 'ready');
    const first = await trained(page);
    await page.waitForTimeout(1000);
    await takesFiles(page, otherLetters());
    await becomes(page, 'status', 'ready');
    await page.waitForTimeout(2000);
    assert.equal((await keptRun(page)).step, 0);
    await page.reload();
    await becomes(page, 'dataset', 'file');
    await becomes(page, 'status', 'ready');
    assert.equal(await value(page, 'loss'), '');
    await runOf(page, 1).waitFor();
    await backTo(page, 1);
    await becomes(page, 'dataset', 'file');
    await becomes(page, 'status', 'done');
    assert.equal(await accuracy(page), first.accuracy);
  }));

test('digits in files are there after a reload, though nothing has learned from them yet', () =>
  withPage(withoutMnist, async (page) => {
    await trainedBeforeFiles(page);
    await page.waitForTimeout(1500);
    await page.reload();
    await becomes(page, 'dataset', 'file');
    await becomes(page, 'status', 'ready');
    await backTo(page, 1);
    await becomes(page, 'dataset', 'generated');
    await becomes(page, 'status', 'done');
  }));

test('as many digits in other files are other digits, and so are the same pictures turned', () =>
  withPage({ ...withoutMnist, query: '?autostart=0&epochs=1' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await takesFiles(page, letters());
    await becomes(page, 'status', 'ready');
    const first = await trained(page);
    const last = Number(await part(page, 'scrubber').getAttribute('data-value'));
    await keptAt(page, last);
    // The run is offered where the address asks for other digits.
    const { origin, pathname } = new URL(page.url());
    await page.goto(`${origin}${pathname}?autostart=0&data=generated&epochs=1`);
    await becomes(page, 'dataset', 'generated');
    await part(page, 'take-offered').waitFor();
    await takesFiles(page, otherLetters());
    await becomes(page, 'status', 'ready');
    assert.equal(await part(page, 'take-offered').count(), 1);
    await takesFiles(page, letters());
    await becomes(page, 'status', 'done');
    assert.equal(await accuracy(page), first.accuracy);
    // Turned, they are what another run learns from.
    const turn = page.getByRole('main').getByRole('button', { name: 'Turn them', exact: true });
    await turn.click();
    await becomes(page, 'status', 'ready');
    await trained(page);
    await backTo(page, 1);
    await becomes(page, 'status', 'done');
    await turn.waitFor();
    assert.equal(await accuracy(page), first.accuracy);
  }));

test('runs stay when the page is loaded again without the files that the present one learned from', () =>
  withPage({ ...withoutMnist, query: '?autostart=0' }, async (page) => {
    const first = await trainedBeforeFiles(page);
    await steppedAndKept(page);
    await page.evaluate(dropKeptFiles);
    await page.reload();
    await becomes(page, 'status', 'ready');
    await page.getByText('Your last visit left a network').waitFor();
    await runOf(page, 1).waitFor();
    // With the files the run goes on too, and nothing stands there twice.
    await drop(page, letters());
    await becomes(page, 'dataset', 'file');
    await becomes(page, 'status', 'paused');
    assert.equal(await runOf(page, 1).count(), 1);
    await backTo(page, 1);
    await becomes(page, 'status', 'done');
    assert.equal(await accuracy(page), first.accuracy);
    assert.equal(await value(page, 'loss'), first.loss);
  }));

test('a run of other digits is there on the next visit, and goes back to them', { skip: noMnist }, () =>
  withPage({ query: '?autostart=0&data=generated&epochs=1' }, async (page) => {
    await becomes(page, 'status', 'ready');
    const first = await trained(page);
    await use(page, 'Use MNIST');
    await becomes(page, 'dataset', 'mnist');
    await becomes(page, 'status', 'ready');
    const second = await trained(page);
    assert.notEqual(second.accuracy, first.accuracy);
    await page.waitForTimeout(1200);
    await page.reload();
    await becomes(page, 'status', 'done');
    assert.equal(await value(page, 'dataset'), 'mnist');
    await runOf(page, 1).waitFor();
    await backTo(page, 1);
    await becomes(page, 'dataset', 'generated');
    await becomes(page, 'status', 'done');
    assert.equal(await accuracy(page), first.accuracy);
  }),
);

test('a class of one’s own stays when other digits are taken', () =>
  withPage({ ...withoutMnist, query: '?autostart=0&epochs=1' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await trained(page);
    await collectHearts(page, 12, 'heart');
    await teachClass(page);
    const bars = () => part(page, 'bars').locator('li').count();
    assert.equal(await bars(), 11);
    const firstTestDigit = () =>
      page
        .locator('.strip-tiles canvas')
        .first()
        .evaluate((one) => one.toDataURL());
    await page.waitForSelector('.strip-tiles button.tile');
    const shown = await firstTestDigit();
    await drop(page, letters());
    await becomes(page, 'dataset', 'file');
    await becomes(page, 'status', 'ready');
    // In files other numbers may stand for other things.
    await page.waitForFunction(() => document.querySelectorAll('[data-part="bars"] li').length === 10);
    await page.waitForSelector('.strip-tiles button.tile');
    assert.notEqual(await firstTestDigit(), shown);
    // The first run is the one before the class was taught.
    await backTo(page, 2);
    await becomes(page, 'dataset', 'generated');
    await page.waitForFunction(() => document.querySelectorAll('[data-part="bars"] li').length === 11);
    assert.match((await part(page, 'bars').locator('li').allTextContents()).at(-1), /heart/);
    await page.waitForTimeout(500);
    assert.equal(await firstTestDigit(), shown, 'the test digits are those of the run');
  }));
