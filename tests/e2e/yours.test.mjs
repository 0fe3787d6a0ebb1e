// What is the visitor's own: their digits, kept and saved; tables, folders and photos; the network as code that runs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { python } from '../../scripts/python.mjs';
import { at } from '../../scripts/run.mjs';
import {
  becomes,
  draw,
  drop,
  part,
  penDigits,
  readDigit,
  seenPicture,
  withoutMnist,
  withPage,
} from './page.mjs';

const quiet = { ...withoutMnist, query: '?autostart=0&preset=dense' };
const three = penDigits.find(({ label }) => label === 3).strokes;
const folder = mkdtempSync(join(tmpdir(), 'mapling-yours-'));
const text = (content) => Buffer.from(content).toString('base64');

async function ready(page) {
  await becomes(page, 'status', 'ready');
}
async function openYours(page) {
  await page.locator('.below').scrollIntoViewIfNeeded();
  await part(page, 'yours').scrollIntoViewIfNeeded();
}

test('a digit that was judged is kept, with its score, over a reload, until it is removed', () =>
  withPage(quiet, async (page) => {
    await ready(page);
    await part(page, 'step').click();
    await draw(page, three);
    await page.locator('.truth button').first().click();
    await openYours(page);
    await becomes(page, 'own', 1);
    assert.match(await part(page, 'own').textContent(), /1 of 1 was read right/);
    await page.reload();
    await page.waitForSelector('[data-part="status"]:is([data-value="ready"], [data-value="paused"])');
    await openYours(page);
    await becomes(page, 'own', 1);
    await part(page, 'own').locator('.own-digit button').click();
    await becomes(page, 'own', 0);
  }));

test('a line that is taken back ends the word on the drawing: the next word is about another one', () =>
  withPage(quiet, async (page) => {
    await ready(page);
    await part(page, 'step').click();
    await draw(page, three);
    await draw(page, [
      [
        [50, 480],
        [450, 480],
      ],
    ]);
    await readDigit(page);
    const say = async (at) => {
      await page.locator('.truth button').nth(1).click();
      await page.locator('.teach-digits button:not([disabled])').nth(at).click();
      await page.locator('[data-part="taught"]').waitFor();
    };
    await say(0);
    await part(page, 'undo').click();
    await page.locator('[data-part="taught"]').waitFor({ state: 'detached' });
    await readDigit(page);
    await say(1);
    const kept = await page.evaluate(() => JSON.parse(localStorage.getItem('mapling.own')).own);
    assert.deepEqual(
      kept.map(({ strokes }) => strokes.length),
      [2, 1],
    );
  }));

test('digits that are judged in two tabs are kept from both', () =>
  withPage(quiet, async (page, server) => {
    const other = await page.context().newPage();
    await other.goto(`${server.origin}/some/where/${quiet.query}`);
    for (const tab of [page, other]) {
      await tab.bringToFront();
      await ready(tab);
      await part(tab, 'step').click();
      await openYours(tab);
      await draw(tab, three);
      await tab.locator('.truth button').first().click();
    }
    for (const tab of [page, other]) await becomes(tab, 'own', 2);
    await page.reload();
    await page.waitForSelector('[data-part="status"]:is([data-value="ready"], [data-value="paused"])');
    await openYours(page);
    await becomes(page, 'own', 2);
  }));

test('a digit that was judged and wiped before its part of the page came is kept when that comes', () =>
  withPage(quiet, async (page) => {
    let letThrough;
    const held = new Promise((resolve) => {
      letThrough = resolve;
    });
    await page.route(/\/Yours-[^/]*\.js/, (route) => held.then(() => route.continue()));
    await ready(page);
    await part(page, 'step').click();
    for (const { strokes } of penDigits.slice(0, 2)) {
      await part(page, 'clear').click();
      await draw(page, strokes);
      await readDigit(page);
      await page.locator('.truth button').first().click();
    }
    await part(page, 'clear').click();
    letThrough();
    await openYours(page);
    await becomes(page, 'own', 2);
    assert.match(await part(page, 'own').textContent(), /2 of 2 were read right/);
  }));

test('own digits are saved as IDX, which the page takes back', () =>
  withPage(quiet, async (page) => {
    await ready(page);
    await part(page, 'step').click();
    for (const { strokes } of penDigits.slice(0, 3)) {
      await part(page, 'clear').click();
      await draw(page, strokes);
      await readDigit(page);
      await page.locator('.truth button').first().click();
    }
    await openYours(page);
    await becomes(page, 'own', 3);
    const coming = [];
    page.on('download', (download) => coming.push(download));
    await part(page, 'own-idx').click();
    while (coming.length < 2) await page.waitForTimeout(50);
    const files = [];
    for (const download of coming) {
      const name = download.suggestedFilename();
      await download.saveAs(join(folder, name));
      files.push({ name, base64: readFileSync(join(folder, name)).toString('base64') });
    }
    const images = readFileSync(join(folder, 'my-train-images-idx3-ubyte'));
    assert.deepEqual([...images.subarray(0, 8)], [0, 0, 8, 3, 0, 0, 0, 3]);
    assert.equal(images.length, 16 + 3 * 784);
    await drop(page, files);
    await page.waitForSelector('.notice[data-kind="taken"]');
  }));

test('where storage is refused, a word says so and the visit goes on', () =>
  withPage(quiet, async (page) => {
    await page.evaluate(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException('no', 'QuotaExceededError');
      };
    });
    await ready(page);
    await part(page, 'step').click();
    await draw(page, three);
    await page.locator('.truth button').first().click();
    await openYours(page);
    await becomes(page, 'own', 1);
    assert.match(await part(page, 'own').textContent(), /This browser keeps nothing/);
  }));

/** A table of bars: the label says in which row of the picture it lies. */
const table = (rows, change = (cells) => cells) =>
  Array.from({ length: rows }, (_, row) => {
    const label = row % 10;
    const pixels = Array.from({ length: 784 }, (_, pixel) => (Math.floor(pixel / 56) === label ? 255 : 0));
    return change([label, ...pixels], row).join(',');
  }).join('\n');

test('a table is trained on; a broken one is refused by its row, and nothing changes', () =>
  withPage(quiet, async (page) => {
    await ready(page);
    const broken = table(30, (cells, row) => (row === 6 ? cells.slice(1) : cells));
    await drop(page, [{ name: 'broken.csv', base64: text(broken) }]);
    await page.waitForSelector('.notice[data-kind="refused"]');
    assert.match(await page.locator('.notice').textContent(), /Row 7 of broken\.csv/);
    assert.match(await page.locator('header').textContent(), /Generated digits/);
    const names = `label,${Array.from({ length: 784 }, (_, pixel) => `p${pixel}`).join(',')}\n`;
    await drop(page, [{ name: 'bars.csv', base64: text(names + table(60)) }]);
    await page.waitForSelector('.notice[data-kind="taken"]');
    assert.match(await page.locator('.notice').textContent(), /50 digits to learn from, 10 to be tested on/);
  }));

test('a folder of pictures, named by their labels, is trained on', () =>
  withPage(quiet, async (page) => {
    await ready(page);
    const pictures = await page.evaluate(() => {
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 64;
      const sheet = canvas.getContext('2d');
      return Array.from({ length: 12 }, (_, place) => {
        sheet.fillStyle = 'white';
        sheet.fillRect(0, 0, 64, 64);
        sheet.fillStyle = 'black';
        sheet.fillRect(place % 2 ? 10 : 28, place % 2 ? 28 : 10, place % 2 ? 44 : 8, place % 2 ? 8 : 44);
        return canvas.toDataURL('image/png').split(',')[1];
      });
    });
    const root = join(folder, 'digits');
    pictures.forEach((base64, place) => {
      mkdirSync(join(root, String(place % 2)), { recursive: true });
      writeFileSync(join(root, String(place % 2), `${place}.png`), Buffer.from(base64, 'base64'));
    });
    writeFileSync(join(root, 'README.txt'), 'ones and bars');
    await part(page, 'folder').setInputFiles(root);
    await page.waitForSelector('.notice[data-kind="taken"]');
    assert.match(await page.locator('.notice').textContent(), /10 digits to learn from, 2 to be tested on/);
  }));

test('a photo of a digit is cut out and laid on the pad; one of nothing is refused', () =>
  withPage(quiet, async (page) => {
    await ready(page);
    await openYours(page);
    const photo = (draws) =>
      page.evaluate((withDigit) => {
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [800, 600];
        const sheet = canvas.getContext('2d');
        // Light falls on the paper from the left.
        const light = sheet.createLinearGradient(0, 0, 800, 600);
        light.addColorStop(0, '#f4f1e8');
        light.addColorStop(1, '#9d988c');
        sheet.fillStyle = light;
        sheet.fillRect(0, 0, 800, 600);
        sheet.strokeStyle = '#26304a';
        sheet.lineWidth = 7;
        sheet.beginPath();
        sheet.moveTo(420, 180);
        sheet.lineTo(400, 430);
        if (withDigit) sheet.stroke();
        return canvas.toDataURL('image/png').split(',')[1];
      }, draws);
    const file = async (name, draws) => ({
      name,
      mimeType: 'image/png',
      buffer: Buffer.from(await photo(draws), 'base64'),
    });
    await part(page, 'photo-file').setInputFiles(await file('empty.png', false));
    await becomes(page, 'photo-refused', 'ink');
    await part(page, 'photo-file').setInputFiles({
      name: 'x.png',
      mimeType: 'image/png',
      buffer: Buffer.from('no picture'),
    });
    await becomes(page, 'photo-refused', 'picture');
    await part(page, 'photo-file').setInputFiles(await file('one.png', true));
    await readDigit(page);
    const seen = await seenPicture(page);
    const rows = Array.from({ length: 28 }, (_, y) => seen.slice(28 * y, 28 * y + 28));
    // Twenty rows high, a few pixels wide in each, as MNIST's ones are.
    assert.equal(rows.filter((row) => Math.max(...row) > 100).length, 20);
    for (const row of rows.slice(6, 22)) {
      const inked = row.filter((ink) => ink > 100).length;
      assert.ok(inked >= 1 && inked <= 5, `${inked} pixels`);
    }
  }));

/** The program as the page shows it. */
async function codeOf(page, library) {
  await page.locator(`[data-library="${library}"]`).click();
  return part(page, 'code-lines').textContent();
}

const keras = (program) => `import os; os.environ["KERAS_BACKEND"] = "jax"
import keras, numpy
rng = numpy.random.default_rng(1)
some = (rng.integers(0, 255, (32, 28, 28)).astype("uint8"), rng.integers(0, 10, 32).astype("uint8"))
keras.datasets.mnist.load_data = lambda: (some, some)
exec(${JSON.stringify(program)})`;

const networks = {
  dense: 'preset=dense',
  lenet: 'preset=lenet',
  convnet: 'preset=convnet',
  normalized: 'net=conv4x3-norm-relu-avg2-conv8x3same-norm-relu-mean',
};
for (const [preset, query] of Object.entries(networks))
  test(`${preset} as code runs in mapling, Keras and TensorFlow.js`, () =>
    withPage({ ...withoutMnist, query: `?autostart=0&${query}&epochs=1` }, async (page) => {
      await ready(page);
      await openYours(page);
      await part(page, 'own-code').waitFor();
      const lines = {};
      for (const library of ['mapling', 'keras', 'tensorflow']) lines[library] = await codeOf(page, library);
      const params = await page.evaluate(
        () => document.querySelector('.network')?.textContent.match(/([\d,]+) numbers to learn/)?.[1],
      );
      // mapling: the page's own digits, fewer of them.
      const program = lines.mapling
        .replace("from 'mapling'", `from ${JSON.stringify(at('dist/npm/index.js'))}`)
        .replace('digits({ seed: 1 })', 'digits({ seed: 1, count: 64 })');
      writeFileSync(join(folder, `${preset}.mjs`), `${program}\nconsole.log(model.countParams());`);
      const said = execFileSync(process.execPath, [join(folder, `${preset}.mjs`)], { encoding: 'utf8' });
      assert.equal(Number(said.trim().split('\n').at(-1)).toLocaleString('en'), params);
      const counted = execFileSync(python, ['-c', `${keras(lines.keras)}\nprint(model.count_params())`], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      assert.equal(Number(counted.trim().split('\n').at(-1)).toLocaleString('en'), params);
      const tfjs = lines.tensorflow
        .replace("'@tensorflow/tfjs'", JSON.stringify(at('dist/npm/auto.js')))
        .replace(
          /const folder[\s\S]*?\nasync function read/,
          'const bytesOf = async (name) => new Uint8Array(name.includes("images") ? 16 + 32 * 784 : 8 + 32).fill(1);\nasync function read',
        );
      writeFileSync(join(folder, `${preset}-tf.mjs`), `${tfjs}\nconsole.log(model.countParams());`);
      const last = execFileSync(process.execPath, [join(folder, `${preset}-tf.mjs`)], { encoding: 'utf8' });
      assert.equal(Number(last.trim().split('\n').at(-1)).toLocaleString('en'), params);
    }));

test('in Chinese the comments of the network as code are Chinese', () =>
  withPage(
    { ...withoutMnist, query: '?autostart=0&preset=convnet', context: { locale: 'zh-CN' } },
    async (page) => {
      await ready(page);
      await openYours(page);
      await part(page, 'own-code').waitFor();
      for (const library of ['mapling', 'keras', 'tensorflow']) {
        const comments = (await codeOf(page, library)).match(/^(\/\/|#) .*/gm) ?? [];
        assert.equal(comments.length > 0, library !== 'mapling', library);
        for (const comment of comments) assert.match(comment, /\p{Script=Han}/u);
      }
    },
  ));
