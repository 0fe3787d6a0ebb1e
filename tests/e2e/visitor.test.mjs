import assert from 'node:assert/strict';
import { test } from 'node:test';
import { becomes, draw, firstLoss, part, penDigits, readDigit, seenPicture, withPage } from './page.mjs';

const rate = (page) => page.locator('input[name="learningRate"]');

test('once it is loaded the page needs no network to train, to start anew and to read', () =>
  withPage({}, async (page, { requests }) => {
    await becomes(page, 'status', 'ready');
    // The rest of the core's module comes two seconds after its first part.
    while (!requests.some((path) => /_rest-[^/]*wasm/.test(path))) await page.waitForTimeout(50);
    await page.waitForTimeout(500);
    await page.context().setOffline(true);
    await part(page, 'step').click();
    await firstLoss(page);
    await part(page, 'reset').click();
    await becomes(page, 'status', 'ready');
    await draw(page, penDigits[0].strokes);
    assert.match(await readDigit(page), /^[0-9]$/);
  }));

test('a preset and an optimizer bring their learning rate along, and the address keeps what was chosen', () =>
  withPage({ query: '?autostart=0&preset=convnet&seed=7' }, async (page) => {
    await becomes(page, 'status', 'ready');
    assert.equal(await rate(page).inputValue(), '0.002');
    await part(page, 'preset').selectOption('dense');
    assert.equal(await rate(page).inputValue(), '0.001');
    await page.locator('select[name="optimizer"]').selectOption('sgd');
    assert.equal(await rate(page).inputValue(), '0.1');
    await page.reload();
    await becomes(page, 'status', 'ready');
    assert.equal(await part(page, 'preset').inputValue(), 'dense');
    assert.equal(await rate(page).inputValue(), '0.1');
    assert.equal(await part(page, 'seed').inputValue(), '7');
  }));

test('a learning rate that kills the network is named as the cause', () =>
  withPage({ query: '?autostart=0&optimizer=sgd&learningRate=10&epochs=1' }, async (page) => {
    await becomes(page, 'status', 'ready');
    await part(page, 'play').click();
    assert.match(await page.getByRole('alert').textContent({ timeout: 60_000 }), /lower learning rate/);
  }));

test('undo takes the last stroke back, and a tap that trembles is a dot', () =>
  withPage({}, async (page) => {
    await becomes(page, 'status', 'ready');
    const seen = async () => (await seenPicture(page)).join();
    const shows = async (wanted) => {
      await readDigit(page);
      assert.equal(await seen(), wanted);
    };
    const [down, across] = [
      [
        [250, 100],
        [250, 400],
      ],
      [
        [100, 250],
        [400, 250],
      ],
    ];
    await draw(page, [down]);
    await readDigit(page);
    const bar = await seen();
    await draw(page, [across]);
    await page.keyboard.press('z');
    await shows(bar);
    await part(page, 'clear').click();
    await draw(page, [[[250, 250]]]);
    await readDigit(page);
    const dot = await seen();
    assert.notEqual(dot, bar);
    await part(page, 'clear').click();
    await draw(page, [
      [
        [250, 250],
        [251, 252],
        [250, 251],
      ],
    ]);
    await shows(dot);
  }));

test('the page speaks Chinese to whoever wants it, and remembers', () =>
  withPage({ context: { locale: 'zh-CN' } }, async (page) => {
    await becomes(page, 'status', 'ready');
    assert.equal(await part(page, 'reset').textContent(), '重置');
    await page.getByRole('button', { name: '切换到英文' }).click();
    assert.equal(await part(page, 'reset').textContent(), 'Reset');
    await page.reload();
    await becomes(page, 'status', 'ready');
    assert.equal(await part(page, 'reset').textContent(), 'Reset');
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  }));
