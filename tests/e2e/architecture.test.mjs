// The editor of networks: layers are added, moved, configured and taken away; nothing is lost, and a link builds the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becomes, part, phone, value, withoutMnist, withPage } from './page.mjs';

const kinds = (page) =>
  page.locator('[data-drafted]').evaluateAll((rows) => rows.map(({ dataset }) => dataset.drafted));
const outcomes = (page) => part(page, 'draft-outcome').allTextContents();
const built = (page) =>
  page
    .locator('.layers .layer-line')
    .evaluateAll((rows) => rows.map((row) => row.textContent.trim().replace(/ +/g, ' ')));

/** Waits until the worker has said what the layers would be. */
const isPlanned = (page, count) =>
  page.waitForFunction((count) => {
    const all = [...document.querySelectorAll('[data-part="draft-outcome"]')];
    return all.length === count && all.every(({ textContent }) => !textContent.includes('…'));
  }, count);

test('layers are added, configured and moved; shapes, numbers and work stand there before anything is built', () =>
  withPage({ ...withoutMnist, query: '?autostart=0' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'edit-network').click();
    await isPlanned(page, 3);
    assert.deepEqual(await kinds(page), ['Flatten', 'Dense']);
    await part(page, 'draft-add').selectOption('Conv2D');
    await part(page, 'draft-add').selectOption('MaxPooling2D');
    await isPlanned(page, 5);
    assert.deepEqual(await kinds(page), ['Conv2D', 'MaxPooling2D', 'Flatten', 'Dense']);
    const filters = page.locator('[data-drafted="Conv2D"] input[name="filters"]');
    await filters.fill('0');
    assert.equal(await filters.getAttribute('aria-invalid'), 'true');
    await filters.fill('4');
    await page.locator('[data-drafted="Conv2D"] input[name="kernelSize"]').fill('5');
    await page.waitForFunction(() =>
      document.querySelector('[data-part="draft-outcome"]').textContent.includes('24 × 24 × 4'),
    );
    const [conv, pool, flat, dense, answer] = await outcomes(page);
    // 5 · 5 · 4 weights and 4 biases; each weight is used at 24 · 24 places.
    assert.match(conv, /24 × 24 × 4.*104 to learn.*57,600 multiply/);
    assert.match(pool, /^12 × 12 × 4$/);
    assert.match(flat, /^576$/);
    assert.match(dense, /128.*73,856 to learn.*73,728 multiply/);
    assert.match(answer, /10.*1,290 to learn.*1,280 multiply/);
    assert.match(await part(page, 'draft-total').textContent(), /75,250 numbers to learn.*132,608/);
    // The network that is there has not changed.
    assert.doesNotMatch(page.url(), /net=/);
    await part(page, 'draft-build').click();
    await becomes(page, 'status', 'training');
    assert.match(page.url(), /net=conv4x5relu-pool2-flatten-dense128relu/);
    assert.equal(await part(page, 'preset').inputValue(), 'own');
    await page.locator('.layers .layer').nth(5).waitFor();
    assert.deepEqual(
      (await built(page)).slice(1).map((line) => line.split(' ')[0]),
      ['Convolution', 'Max', 'Flatten', 'Dense', 'Dense'],
    );
  }));

test('layers that the page’s own module lacks are planned, built, trained and linked to like the others', () =>
  withPage({ ...withoutMnist, query: '?epochs=2' }, async (page) => {
    await becomes(page, 'status', 'done');
    await part(page, 'edit-network').click();
    await isPlanned(page, 3);
    await part(page, 'draft-add').selectOption('Conv2D');
    await part(page, 'draft-add').selectOption('AveragePooling2D');
    await part(page, 'draft-add').selectOption('BatchNormalization');
    await isPlanned(page, 6);
    const [, pool, , , norm] = await outcomes(page);
    assert.match(pool, /^13 × 13 × 8$/);
    // Of each of 128 units a scale, a shift, and a mean and a variance that no gradient changes.
    assert.match(norm, /^128.*512/);
    await part(page, 'draft-build').click();
    await page.waitForURL(/net=conv8x3relu-avg2-flatten-dense128relu-norm/);
    await becomes(page, 'status', 'done');
    assert.ok(Number(await value(page, 'accuracy')) > 0.5, await value(page, 'accuracy'));
    const names = [
      'Image',
      'Convolution',
      'Average pooling',
      'Flatten',
      'Dense',
      'Batch normalization',
      'Dense',
    ];
    await page.locator('.layers .layer').nth(6).waitFor();
    assert.deepEqual(
      (await page.locator('.layers .layer b').allTextContents()).map((name) => name.trim()),
      names,
    );
    // A link that is pasted into a page with another network leads to the same.
    await part(page, 'preset').selectOption('lenet');
    await page.waitForFunction(() => !location.hash.includes('net='));
    await page.evaluate(() => {
      location.hash = 'net=conv4x3-norm-relu-mean&epochs=1';
    });
    await becomes(page, 'status', 'done');
    await page.locator('.layers .layer').nth(5).waitFor();
    // What opens a layer opens these too.
    await part(page, 'test-digit').click();
    await page.locator('button.layer-line').nth(1).click();
    await page.locator('.zoom').waitFor();
  }));

test('what cannot be built says why on the layer, and the network that trains goes on', () =>
  withPage({ ...withoutMnist, query: '' }, async (page) => {
    await becomes(page, 'status', 'training');
    await part(page, 'preset').selectOption('own');
    await isPlanned(page, 3);
    assert.equal(await value(page, 'status'), 'training');
    // A convolution after Flatten.
    await part(page, 'draft-add').selectOption('Conv2D');
    await isPlanned(page, 4);
    for (let i = 0; i < 2; i++) await page.getByRole('button', { name: 'Move Convolution down' }).click();
    const refusal = part(page, 'draft-refusal');
    await refusal.waitFor();
    assert.equal(await refusal.getAttribute('data-why'), 'picture');
    assert.match(await refusal.textContent(), /looks at pictures.*128 numbers/);
    assert.ok(await part(page, 'draft-build').isDisabled());
    // A kernel larger than what is left of the picture.
    for (let i = 0; i < 2; i++) await page.getByRole('button', { name: 'Move Convolution up' }).click();
    await part(page, 'draft-add').selectOption('MaxPooling2D');
    await page.locator('[data-drafted="MaxPooling2D"] input').fill('14');
    await part(page, 'draft-add').selectOption('Conv2D');
    await page.waitForSelector('[data-part="draft-refusal"][data-why="window"]');
    assert.match(await refusal.textContent(), /3 × 3 does not fit into 1 × 1/);
    // Pictures to the end.
    await page.getByRole('button', { name: 'Remove Convolution' }).nth(1).click();
    await page.getByRole('button', { name: 'Remove Flatten' }).click();
    await page.waitForSelector('[data-part="draft-refusal"][data-why="flat"]');
    assert.doesNotMatch(page.url(), /net=/);
    await page.keyboard.press('Escape');
    await part(page, 'edit-network').waitFor();
    assert.equal(await part(page, 'preset').inputValue(), 'dense');
    assert.notEqual(await value(page, 'status'), 'error');
  }));

test('a pointer drags layers to their place', () =>
  withPage({ ...withoutMnist, query: '?autostart=0' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'edit-network').click();
    await part(page, 'draft-add').selectOption('Dropout');
    await isPlanned(page, 4);
    assert.deepEqual(await kinds(page), ['Flatten', 'Dense', 'Dropout']);
    const grip = page.locator('[data-drafted="Dropout"] [data-part="draft-grip"]');
    await grip.scrollIntoViewIfNeeded();
    const from = await grip.boundingBox();
    const to = await page.locator('[data-drafted="Flatten"]').boundingBox();
    await page.mouse.move(from.x + 5, from.y + 5);
    await page.mouse.down();
    await page.mouse.move(from.x + 5, to.y + 6, { steps: 12 });
    await page.mouse.up();
    assert.deepEqual(await kinds(page), ['Dropout', 'Flatten', 'Dense']);
  }));

test('the run before stays, and there is a way back to it', () =>
  withPage({ ...withoutMnist, query: '?autostart=0' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'step').click();
    await becomes(page, 'status', 'paused');
    await page.waitForFunction(() => Number(document.querySelector('[data-part="loss"]').dataset.value) > 0);
    await part(page, 'edit-network').click();
    await page.getByRole('button', { name: 'Remove Dense' }).click();
    await isPlanned(page, 2);
    await part(page, 'draft-build').click();
    await becomes(page, 'status', 'training');
    await part(page, 'back').click();
    await page.waitForFunction(() => document.querySelector('[data-part="preset"]').value === 'dense');
    assert.doesNotMatch(page.url(), /net=/);
  }));

test('the editor fits a phone, and its words are in Chinese there', () =>
  withPage(
    { ...withoutMnist, query: '?autostart=0', context: { ...phone, locale: 'zh-CN' } },
    async (page) => {
      await becomes(page, 'status', 'ready');
      await part(page, 'edit-network').click();
      await page.getByRole('button', { name: '去掉展平' }).click();
      await part(page, 'draft-refusal').waitFor();
      assert.match(await part(page, 'draft-refusal').textContent(), /答案需要一排数/);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
    },
  ));

test('a layer of the picture opens on a click, down to one sum, and Escape comes out', () =>
  withPage({ ...withoutMnist, query: '?autostart=0' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'test-digit').click();
    const layer = page.locator('button.layer-line').nth(1);
    await layer.click();
    const units = page.locator('.zoom .units button');
    await units.first().waitFor();
    assert.equal(await units.count(), 128);
    await units.nth(7).click();
    await page.locator('.zoom .terms').waitFor();
    assert.match(await page.locator('.zoom .inside-detail').textContent(), /784 products/);
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.zoom .inside-detail').count(), 0);
    await page.keyboard.press('Escape');
    assert.equal(await part(page, 'zoom').count(), 0);
    assert.ok(await layer.evaluate((line) => line === document.activeElement));
    // What was on the pad is still there.
    assert.notEqual((await part(page, 'guess').textContent()).trim(), '');
  }));
