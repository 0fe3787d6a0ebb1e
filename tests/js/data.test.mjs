// Data sets that come element by element.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { assert, mapling, test, unrecorded } from './mapling.mjs';
import { list } from './numbers.mjs';

const { data, memory, setSeed, tensor, tensor1d } = mapling;
const count = (n) => Array.from({ length: n }, (_, at) => at);
const numbers = (n) => data.array(count(n));

test('data.array gives its items, as often as it is gone through', async () => {
  const three = data.array([3, 1, 2]);
  assert.equal(three.size, 3);
  assert.deepEqual(await three.toArray(), [3, 1, 2]);
  assert.deepEqual(await three.toArrayForTest(), [3, 1, 2]);
  const iterator = await three.iterator();
  assert.deepEqual(await iterator.next(), { value: 3, done: false });
  await iterator.next();
  await iterator.next();
  assert.deepEqual(await iterator.next(), { value: null, done: true });
  const seen = [];
  for await (const value of three) seen.push(value);
  await three.forEachAsync((value) => seen.push(value));
  await three.forEachAsync(async (value) => seen.push(value));
  assert.deepEqual(seen, [3, 1, 2, 3, 1, 2, 3, 1, 2]);
});

test('data.generator takes functions of all kinds that give iterators, and asks anew each time', async () => {
  let made = 0;
  const kinds = [
    function* () {
      made++;
      yield* [1, 2];
    },
    async function* () {
      yield* [1, 2];
    },
    () => [1, 2],
    async () => [1, 2][Symbol.iterator](),
    () => {
      let at = 0;
      return { next: () => ({ value: ++at, done: at > 2 }) };
    },
    () => {
      let at = 0;
      return { next: async () => ({ value: ++at, done: at > 2 }) };
    },
  ];
  for (const kind of kinds) assert.deepEqual(await data.generator(kind).toArray(), [1, 2]);
  const twice = data.generator(kinds[0]);
  await twice.toArray();
  await twice.toArray();
  assert.equal(made, 3);
  assert.equal(twice.size, null);
  let at = 0;
  const func = data.func(() => ({ value: at, done: at++ >= 2 }));
  assert.deepEqual(await func.toArray(), [0, 1]);
});

test('map, mapAsync and filter change and choose; tensors made on the way are freed', async () => {
  const doubled = numbers(4).map((x) => x * 2);
  assert.deepEqual(await doubled.toArray(), [0, 2, 4, 6]);
  assert.deepEqual(
    await numbers(3)
      .mapAsync(async (x) => x + 1)
      .toArray(),
    [1, 2, 3],
  );
  assert.deepEqual(
    await numbers(6)
      .filter((x) => x % 2 === 1)
      .toArray(),
    [1, 3, 5],
  );
  assert.equal(numbers(6).filter(() => true).size, null);
  const before = memory().numTensors;
  const tensors = await numbers(5)
    .map((x) => tensor1d([x, x]).mul(2).add(1))
    .map((x) => x.sum())
    .toArray();
  assert.deepEqual(
    tensors.map((one) => list(one)[0]),
    [2, 6, 10, 14, 18],
  );
  // At most: what earlier tests made may have gone meanwhile.
  assert.ok(memory().numTensors - before <= 5);
});

test('a program’s own tensors stay its own, whatever a data set does with them', async () => {
  const items = [tensor([1, 2]), tensor([3, 4])];
  const sums = data.array(items).map((x) => x.sum());
  for (let round = 0; round < 2; round++)
    assert.deepEqual(
      (await sums.toArray()).map((one) => list(one)[0]),
      [3, 7],
    );
  const w = mapling.variable(tensor([5, 6]));
  assert.deepEqual((await data.array([w, w]).batch(2).toArray()).map(list), [[5, 6, 5, 6]]);
  const { numTensors } = memory();
  await (await data.array(items).repeat(50).iterator()).resolveFully();
  assert.ok(memory().numTensors <= numTensors);
  const same = data.generator(() => items.map((xs) => ({ xs }))).batch(2);
  for (let round = 0; round < 2; round++)
    assert.deepEqual(
      (await same.toArray()).map(({ xs }) => list(xs)),
      [[1, 2, 3, 4]],
    );
  assert.deepEqual(items.map(list), [
    [1, 2],
    [3, 4],
  ]);
});

test('batch makes tensors of objects, numbers, lists, typed arrays and tensors; the last may be smaller', async () => {
  const rows = count(5).map((at) => ({
    number: at,
    list: [at, at + 1],
    inner: { typed: Float32Array.of(at), flag: at % 2 === 0, tensor: tensor([[at]], [1, 1], 'int32') },
  }));
  const [first, second, third] = await data.array(rows).batch(2).toArray();
  assert.deepEqual(list(first.number), [0, 1]);
  assert.deepEqual(
    [first.list.shape, list(first.list)],
    [
      [2, 2],
      [0, 1, 1, 2],
    ],
  );
  assert.deepEqual(
    [first.inner.typed.shape, list(second.inner.typed)],
    [
      [2, 1],
      [2, 3],
    ],
  );
  assert.deepEqual([first.inner.flag.dtype, list(first.inner.flag)], ['bool', [1, 0]]);
  assert.deepEqual([first.inner.tensor.shape, first.inner.tensor.dtype], [[2, 1, 1], 'int32']);
  assert.deepEqual(list(third.number), [4]);
  assert.equal(data.array(rows).batch(2).size, 3);
  const whole = data.array(rows).batch(2, false);
  assert.equal(whole.size, 2);
  assert.equal((await whole.toArray()).length, 2);
  const missing = await data
    .array([{ a: 1 }, { a: undefined }])
    .batch(2)
    .toArray();
  assert.deepEqual(list(missing[0].a), [1, Number.NaN]);
  assert.deepEqual(await data.array(['x', 'y']).batch(2).toArray(), [['x', 'y']]);
});

test('an iterator has the same methods, lists of rows, and batches by a function of one’s own', async () => {
  const of = (n) => numbers(n).iterator();
  assert.deepEqual(await (await of(5)).rowMajorBatch(2).toArray(), [[0, 1], [2, 3], [4]]);
  assert.deepEqual(await (await of(5)).rowMajorBatch(2, false).toArray(), [
    [0, 1],
    [2, 3],
  ]);
  const sum = (rows) => rows.reduce((all, one) => all + one, 0);
  assert.deepEqual(await (await of(4)).columnMajorBatch(2, true, sum).toArray(), [1, 5]);
  assert.deepEqual(await (await of(2)).flatmap((x) => [x, x]).toArray(), [0, 0, 1, 1]);
  assert.deepEqual(await (await of(3)).serialMapAsync(async (x) => -x).toArrayForTest(), [-0, -1, -2]);
  const seen = [];
  await (await of(5)).serialForEach(async (x) => seen.push(x) < 3);
  await (await of(5)).resolveWhile((x) => seen.push(x) < 5);
  await (await of(2)).resolveFully();
  assert.deepEqual(seen, [0, 1, 2, 0, 1]);
});

test('take, skip, repeat and concatenate, with their sizes', async () => {
  assert.deepEqual(await numbers(5).take(2).toArray(), [0, 1]);
  assert.deepEqual(await numbers(5).take(-1).toArray(), [0, 1, 2, 3, 4]);
  assert.deepEqual(await numbers(5).skip(3).toArray(), [3, 4]);
  assert.deepEqual(await numbers(2).repeat(2).toArray(), [0, 1, 0, 1]);
  assert.deepEqual(await numbers(2).repeat().take(5).toArray(), [0, 1, 0, 1, 0]);
  assert.deepEqual(await numbers(0).repeat().toArray(), []);
  assert.deepEqual(await numbers(2).concatenate(numbers(1)).toArray(), [0, 1, 0]);
  const sizes = [
    numbers(5).take(2),
    numbers(5).take(),
    numbers(5).skip(3),
    numbers(5).skip(9),
    numbers(5).repeat(3),
    numbers(5).repeat(),
    numbers(5).repeat(0),
    numbers(5).concatenate(numbers(2)),
    numbers(5).concatenate(numbers(2).repeat()),
    numbers(5).map((x) => x),
  ];
  assert.deepEqual(
    sizes.map(({ size }) => size),
    [2, 5, 2, 0, 15, Number.POSITIVE_INFINITY, 0, 7, Number.POSITIVE_INFINITY, 5],
  );
  await assert.rejects(numbers(1).repeat().toArray(), /^Error: toArray: the data set is infinite/);
});

test('shuffle gives each element once, by its seed, in an order of its own each time', async () => {
  const shuffled = (seed, each) => numbers(50).shuffle(20, seed, each);
  const of = async (dataset) => (await dataset.toArray()).join();
  const [one, other] = [shuffled(3), shuffled(3)];
  const first = await of(one);
  assert.notEqual(first, count(50).join());
  assert.deepEqual(
    first
      .split(',')
      .map(Number)
      .sort((a, b) => a - b),
    count(50),
  );
  assert.equal(await of(other), first);
  const second = await of(one);
  assert.notEqual(second, first);
  assert.equal(await of(other), second);
  assert.notEqual(await of(shuffled(4)), first);
  const same = shuffled(3, false);
  assert.equal(await of(same), await of(same));
  assert.equal(await of(shuffled('seed')), await of(shuffled('seed')));
  // Pinned: the same on every engine.
  assert.deepEqual(
    await numbers(9).shuffle(9, 3).toArray(),
    [3, 5, 9, 1, 8, 2, 4, 6, 7].map((x) => x - 1),
  );
  // An element comes no sooner than the window reaches it.
  const order = (await numbers(50).shuffle(5, 1).toArray()).map((value, at) => at - value);
  assert.ok(Math.min(...order) >= -4);
  setSeed(7);
  const drawn = await of(numbers(20).shuffle(20));
  setSeed(7);
  assert.equal(await of(numbers(20).shuffle(20)), drawn);
});

test('prefetch asks ahead, keeps the order, and hands over errors where they belong', async () => {
  let asked = 0;
  const base = data.generator(function* () {
    for (let at = 0; ; at++) {
      asked++;
      yield at;
    }
  });
  const iterator = await base.prefetch(4).iterator();
  assert.equal((await iterator.next()).value, 0);
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(asked, 4);
  assert.equal((await iterator.next()).value, 1);
  await iterator.return();
  assert.deepEqual(await iterator.next(), { value: null, done: true });
  const broken = data
    .generator(function* () {
      yield 1;
      throw new TypeError('mine');
    })
    .prefetch(3);
  const seen = [];
  await assert.rejects(
    broken.forEachAsync((x) => seen.push(x)),
    (error) => error instanceof TypeError && error.message === 'mine',
  );
  assert.deepEqual(seen, [1]);
});

test('zip puts data sets side by side in objects and lists; the shortest ends it', async () => {
  const zipped = data.zip({ xs: numbers(3), more: [numbers(5).map((x) => -x), { inner: numbers(4) }] });
  assert.equal(zipped.size, 3);
  assert.deepEqual(await zipped.toArray(), [
    { xs: 0, more: [-0, { inner: 0 }] },
    { xs: 1, more: [-1, { inner: 1 }] },
    { xs: 2, more: [-2, { inner: 2 }] },
  ]);
  assert.deepEqual(await data.zip([numbers(2), numbers(2)]).toArray(), [
    [0, 0],
    [1, 1],
  ]);
  for (const odd of [numbers(2), 3, null, { xs: 3 }, [], { a: null }])
    assert.throws(() => data.zip(odd), /^Error: data.zip: (expected|there are no)/);
});

test('errors of a program’s own arrive as they are, and what was begun is ended', async () => {
  const mine = new RangeError('mine');
  const fail = () => {
    throw mine;
  };
  let ended = 0;
  const base = data.generator(function* () {
    try {
      yield* [1, 2, 3];
    } finally {
      ended++;
    }
  });
  const failing = [
    base.map(fail),
    base.mapAsync(async () => fail()),
    base.filter(fail),
    base.batch(2).map(fail),
    base.shuffle(2, 1).map(fail),
    base.prefetch(2).map(fail),
    base.repeat().map(fail),
    data.zip([base, base.map(fail)]),
  ];
  for (const dataset of failing) await assert.rejects(dataset.toArray(), (error) => error === mine);
  assert.equal(ended, failing.length + 1);
  for (const make of [fail, async () => fail()])
    await assert.rejects(data.generator(make).toArray(), (error) => error === mine);
  ended = 0;
  await base.take(1).toArray();
  assert.equal(ended, 1);
});

test('what is no data set, no function or no number is refused by name', async () => {
  const { data } = unrecorded;
  const one = data.array([1]);
  const refused = [
    [() => data.array(3), 'data.array: expected an array, got 3'],
    [() => data.generator([1]), 'data.generator: expected a function, got [1]'],
    [() => one.map(3), 'map: expected a function, got 3'],
    [() => one.filter(), 'filter: expected a function, got undefined'],
    [() => one.batch(0), 'batch: batchSize: expected a whole number of at least 1, got 0'],
    [() => one.take(0.5), 'take: count: expected a whole number of at least 0, got 0.5'],
    [() => one.shuffle(), 'shuffle: bufferSize: expected a whole number of at least 1; there are 1 elements'],
    [() => one.shuffle(1, {}), 'shuffle: seed: expected a number or a text, got an object'],
    [() => one.prefetch(), 'prefetch: bufferSize: expected a whole number of at least 1, got undefined'],
    [() => one.concatenate([1]), 'concatenate: expected a data set, got [1]'],
    [() => data.webcam(), /^data.webcam: not in mapling; the nearest is navigator.mediaDevices/],
    [() => data.microphone(), /^data.microphone: not in mapling; the nearest is navigator.mediaDevices/],
  ];
  for (const [call, message] of refused)
    assert.throws(call, ({ message: got }) => (message.test ? message.test(got) : got === message));
  for (const [make, message] of [
    [() => 3, 'data.generator: expected an iterator, got 3'],
    [() => ({ next: () => 3 }), 'data.generator: next: expected { value, done }, got 3'],
  ])
    await assert.rejects(data.generator(make).toArray(), { message });
  await assert.rejects(
    data
      .array([{ a: 1 }, { b: 1 }])
      .batch(2)
      .toArray(),
    /^Error: batch: elements differ/,
  );
  await assert.rejects(
    data
      .array([tensor([1]), tensor([1, 2])])
      .batch(2)
      .toArray(),
    /^Error: batch: elements of different shapes, \[1\] and \[2\]/,
  );
});

// Comma-separated values.

const table = 'a,b,label\r\n1,"x, ""y""\r\nz",3\r\n\r\n-4.5e1,,6\r\n';

test('a table gives objects by its header, with quotes, line ends of all kinds and a mark of byte order', async () => {
  const rows = [
    { a: 1, b: 'x, "y"\nz', label: 3 },
    { a: -45, b: undefined, label: 6 },
  ];
  for (const text of [
    table,
    `\ufeff${table}`,
    table.replaceAll('\r\n', '\n'),
    table.replaceAll('\r\n', '\r'),
    table.trimEnd(),
  ])
    assert.deepEqual(await data.csv(text).toArray(), rows);
  const csv = data.csv(table);
  assert.deepEqual(await csv.columnNames(), ['a', 'b', 'label']);
  assert.deepEqual(await csv.toArray(), await csv.toArray());
});

test('columns are configured: labels, kinds, what is required, what stands for nothing', async () => {
  const text = 'a,b,c\n1.7,true,x\n2,0,\n';
  const of = (columnConfigs, more = {}) => data.csv(text, { columnConfigs, ...more }).toArray();
  assert.deepEqual(await of({ b: { isLabel: true } }), [
    { xs: { a: 1.7, c: 'x' }, ys: { b: 'true' } },
    { xs: { a: 2, c: undefined }, ys: { b: 0 } },
  ]);
  assert.deepEqual(await of({ a: { dtype: 'int32' }, b: { dtype: 'bool' }, c: { default: 'none' } }), [
    { a: 1, b: 1, c: 'x' },
    { a: 2, b: 0, c: 'none' },
  ]);
  assert.deepEqual(await of({ a: { dtype: 'string' } }, { configuredColumnsOnly: true }), [
    { a: '1.7' },
    { a: '2' },
  ]);
  const only = data.csv(text, { columnConfigs: { c: {} }, configuredColumnsOnly: true });
  assert.deepEqual(await only.columnNames(), ['c']);
  await assert.rejects(
    of({ c: { required: true } }),
    /^Error: data.csv: row 3: column c is required, and empty$/,
  );
});

test('names of columns, other delimiters and white space', async () => {
  const named = data.csv('1;2\n3;4\n', { hasHeader: false, columnNames: ['x', 'y'], delimiter: ';' });
  assert.deepEqual(await named.toArray(), [
    { x: 1, y: 2 },
    { x: 3, y: 4 },
  ]);
  const renamed = data.csv('a,b\n1,2\n', { columnNames: ['x', 'y'] });
  assert.deepEqual(await renamed.toArray(), [{ x: 1, y: 2 }]);
  const spaced = data.csv('  a  b\tc \n 1   2 3\n', { delimWhitespace: true });
  assert.deepEqual(await spaced.toArray(), [{ a: 1, b: 2, c: 3 }]);
});

test('what is wrong with a table or its settings is said by name', async () => {
  const refused = [
    ['a,a\n1,2\n', {}, 'data.csv: two columns have the name "a"'],
    ['a,b\n1\n', {}, 'data.csv: row 2 has 1 cells; there are 2 columns'],
    [
      'a,b\n1,2\n',
      { columnConfigs: { c: {} } },
      'data.csv: columnConfigs: there is no column "c"; there are a, b',
    ],
    ['1,2\n', { hasHeader: false }, 'data.csv: columnNames: needed where no row names the columns'],
    ['a,b\n', { columnNames: ['a'] }, 'data.csv: columnNames: 1 names for 2 columns'],
    ['\n', {}, 'data.csv: there are no rows'],
    ['a,b\n"1,2\n3,4\n', {}, 'data.csv: a quote is opened and never closed'],
  ];
  for (const [text, config, message] of refused)
    await assert.rejects(data.csv(text, config).toArray(), { message });
  const csv = (config) => () => unrecorded.data.csv('a\n1\n', config);
  assert.throws(csv({ delimeter: ';' }), /unknown key "delimeter"; did you mean "delimiter"/);
  assert.throws(csv({ columnConfigs: { a: { label: true } } }), /columnConfigs: a: unknown key "label"/);
  assert.throws(csv({ columnConfigs: { a: { dtype: 'complex' } } }), /dtype: expected float32/);
  assert.throws(csv({ delimiter: '\n' }), /delimiter: expected a text/);
  assert.throws(csv({ delimiter: ' ', delimWhitespace: true }), /cannot be given together/);
  assert.throws(() => unrecorded.data.csv(3), /^Error: URLDataSource: expected an address, got 3$/);
  await assert.rejects(data.csv('/nowhere/at/all.csv').toArray(), {
    code: 'value',
    message: /^\/nowhere\/at\/all.csv could not be read: ENOENT/,
  });
  await assert.rejects(data.csv('http://127.0.0.1:9/x.csv').toArray(), {
    code: 'value',
    message: /^http:\/\/127.0.0.1:9\/x.csv could not be loaded: /,
  });
});

test('tables come from files, paths, bytes and servers, piece by piece', async () => {
  const { CSVDataset, FileDataSource, TextLineDataset, URLDataSource } = data;
  const folder = mkdtempSync(join(tmpdir(), 'mapling-csv-'));
  const path = join(folder, 'big.csv');
  const lines = count(20_000).map((at) => `${at},"é ${at}\r\n"`);
  const text = `number,text\r\n${lines.join('\r\n')}\r\n`;
  writeFileSync(path, text);
  const server = createServer((request, response) => {
    // A connection that is kept may be closed just when it is used again.
    response.setHeader('connection', 'close');
    if (request.url !== '/big.csv') response.writeHead(404).end();
    else for (let at = 0; at <= text.length; at += 4099) response.write(text.slice(at, at + 4099));
    response.end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/big.csv`;
  try {
    const bytes = new TextEncoder().encode(text);
    const sources = [
      path,
      pathToFileURL(path),
      `file://${path}`,
      new Blob([text]),
      bytes,
      url,
      new URL(url),
      new Request(url),
      new FileDataSource(bytes, { chunkSize: 7 }),
      new FileDataSource(path),
      new URLDataSource(url),
    ];
    for (const source of sources) {
      const rows = await data.csv(source).toArray();
      assert.equal(rows.length, 20_000);
      assert.deepEqual(rows[1], { number: 1, text: 'é 1\n' });
      assert.deepEqual(rows.at(-1), { number: 19_999, text: 'é 19999\n' });
    }
    const first = new CSVDataset(new URLDataSource(url), { columnConfigs: { number: { isLabel: true } } });
    assert.deepEqual(await first.take(1).toArray(), [{ xs: { text: 'é 0\n' }, ys: { number: 0 } }]);
    await assert.rejects(data.csv(`${url}.no`).toArray(), /could not be loaded: HTTP 404/);
    const source = new FileDataSource(new TextEncoder().encode('one\r\ntwo\n\nfour'), { chunkSize: 4 });
    assert.deepEqual(await new TextLineDataset(source).toArray(), ['one', 'two', '', 'four']);
    const bytesOf = await source.iterator();
    assert.equal((await bytesOf.next()).value.length, 4);
    const lineIterator = await new TextLineDataset(source).iterator();
    assert.equal((await lineIterator.next()).value, 'one');
    const pieces = await new URLDataSource(url).iterator();
    assert.ok((await pieces.next()).value.length > 0);
    await pieces.return();
    const rows = await first.iterator();
    assert.equal((await rows.next()).value.ys.number, 0);
    await rows.return();
  } finally {
    server.closeAllConnections?.();
    server.close();
    rmSync(folder, { recursive: true });
  }
});

test('ten thousand batches leave nothing behind', async () => {
  const endless = data.generator(function* () {
    for (let at = 0; ; at++) yield at;
  });
  const batches = endless
    .map((at) => ({ xs: tensor1d([at, 1]).mul(2).add(1), ys: at }))
    .filter(({ ys }) => ys % 3 > 0)
    .batch(4)
    .map(({ xs, ys }) => ({ xs: xs.reshape([8]), ys }))
    .prefetch(3);
  const { numTensors, numBytes } = memory();
  await (await batches.take(10_000).iterator()).resolveFully();
  assert.ok(memory().numTensors <= numTensors);
  assert.ok(memory().numBytes - numBytes < 1e5);
});

test('elements and lists of data sets that contain themselves are refused', async () => {
  const round = { xs: 1 };
  round.self = round;
  await assert.rejects(data.array([round]).toArray(), /^Error: data.array: elements are nested too deeply/);
  await assert.rejects(
    data
      .generator(() => [round, round])
      .batch(2)
      .toArray(),
    /^Error: batch: .*elements are nested too deeply/,
  );
  const sets = [data.array([1])];
  sets.push(sets);
  assert.throws(() => unrecorded.data.zip(sets), /^Error: data.zip: expected a data set/);
});
