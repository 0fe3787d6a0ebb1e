// Places that misbehave: folders that cannot be made, saving and loading at once, servers and functions that break off.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { mapling } from './mapling.mjs';
import { sharedFolder } from './python.mjs';

const { layers, loadLayersModel, sequential, tensor } = mapling;
const folder = sharedFolder();
const model = (value) => {
  const made = sequential({
    layers: [layers.dense({ units: 3, inputShape: [4] }), layers.dense({ units: 3 })],
  });
  made.setWeights(
    made.weights.map(({ shape }) => tensor(Array(3 * (shape.length > 1 ? shape[0] : 1)).fill(value), shape)),
  );
  return made;
};
const refused = (promise, code, message) =>
  assert.rejects(promise, (error) => {
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  });

test('a folder that cannot be made is an error', { skip: process.platform !== 'linux' }, () =>
  refused(model(1).save('file:///proc/mapling/model'), 'name', /^save: \/proc\/mapling/),
);

test('a folder below one that is not there is made, and what is a file is no folder', async () => {
  await model(1).save(`file://${join(folder, 'one/two')}`);
  await refused(model(1).save(`file://${join(folder, 'one/two/model.json')}`), 'state', /EEXIST/);
});

test('models that are saved and loaded at once in one folder are whole', async () => {
  const place = `file://${join(folder, 'busy')}`;
  await model(0).save(place);
  const found = await Promise.all(
    Array.from({ length: 24 }, async (_, turn) => {
      if (turn % 2) return loadLayersModel(`${place}/model.json`);
      await model(turn).save(place);
      return undefined;
    }),
  );
  for (const one of found.filter(Boolean))
    assert.equal(new Set(one.getWeights().flatMap((weight) => [...weight.dataSync()])).size, 1);
  assert.deepEqual(readdirSync(join(folder, 'busy')).sort(), ['group1-shard1of1.bin', 'model.json']);
});

const server = createServer((request, response) => {
  if (request.url.startsWith('/whole/model.json'))
    return response.end(
      JSON.stringify({
        modelTopology: JSON.parse(model(1).toJSON()),
        weightsManifest: [
          { paths: ['cut.bin'], weights: [{ name: 'dense/kernel', shape: [4, 3], dtype: 'float32' }] },
        ],
      }),
    );
  response.writeHead(200, { 'content-length': 1000 });
  response.write('{');
  setTimeout(() => response.destroy(), 20);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
after(() => server.close());
const base = `http://127.0.0.1:${server.address().port}`;

test('a connection that breaks off is an error that says which file', async () => {
  await refused(loadLayersModel(`${base}/cut/model.json`), 'state', /cut\/model\.json breaks off/);
  await refused(loadLayersModel(`${base}/whole/model.json`), 'state', /whole\/cut\.bin breaks off/);
  await refused(loadLayersModel(`${base}/cut/model.keras`), 'state', /cut\/model\.keras breaks off/);
});

test('functions that give no answer and no address are named', async () => {
  const address = `${base}/whole/model.json`;
  for (const answer of [undefined, null, 5, {}, { ok: 'yes' }, { ok: true }])
    await refused(
      loadLayersModel(address, { fetchFunc: async () => answer }),
      'type',
      /fetchFunc: expected a Response/,
    );
  await refused(
    loadLayersModel(address, { weightUrlConverter: async () => undefined }),
    'type',
    /weightUrlConverter: expected the address of "cut\.bin", got undefined/,
  );
});

test('a request that is aborted is an error, and no model', () =>
  refused(
    loadLayersModel(`${base}/x/model.json`, { requestInit: { signal: AbortSignal.abort() } }),
    'state',
    /cannot be reached/,
  ));
