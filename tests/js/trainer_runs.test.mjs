// Runs of a trainer: how they are paused, stepped and stopped, and what waits for them.
import { assert, test } from './mapling.mjs';
import { line, linear, withTrainer } from './trainer_here.mjs';

test('a run is paused, stepped, resumed and stopped, and events say so', async () => {
  await withTrainer(async (trainer) => {
    await trainer.setModel(linear());
    const { x, y } = line();
    await trainer.setData('train', x, y);
    const states = [];
    trainer.subscribe((event) => event.type === 'state' && states.push(event.state));
    await trainer.start({ epochs: 1000, batchSize: 8, paused: true });
    assert.equal((await trainer.step()).step, 1);
    assert.equal((await trainer.step(3)).step, 4);
    assert.equal((await trainer.pause()).status, 'paused');
    await trainer.resume();
    while ((states.at(-1)?.step ?? 0) < 50) await new Promise((resolve) => setTimeout(resolve, 5));
    const { status, step, logs } = await trainer.pause();
    assert.equal(status, 'paused');
    assert.ok(step >= 50 && Number.isFinite(logs.loss) && Number.isFinite(logs.mse), JSON.stringify(logs));
    assert.equal((await trainer.step()).step, step + 1);
    await trainer.stop();
    assert.equal(states.at(-1).status, 'ready');
    await assert.rejects(trainer.step(), /step: there is no training under way/);
    for (const odd of [5, [], 'fast']) {
      const expected = { code: 'type', message: /^(fit|start): expected an object of options, got / };
      await assert.rejects(trainer.fit(x, y, odd), expected);
      await assert.rejects(trainer.start(odd), expected);
    }
    const noFile = { code: 'type', message: /^read: expected files, got .* at 0$/ };
    for (const odd of [5, null, { name: 'model.json' }]) await assert.rejects(trainer.read([odd]), noFile);
    await assert.rejects(trainer.resume(), /resume: training is not paused/);
  });
});

test('an answer that nobody waits for is dropped, and what is pending when the trainer ends is refused', async () => {
  await withTrainer(async (trainer) => {
    await trainer.setModel(linear());
    const many = { values: new Float32Array(400_000), shape: [200_000, 2] };
    const abort = new AbortController();
    const asked = trainer.predict(many, { signal: abort.signal });
    abort.abort();
    await assert.rejects(asked, { name: 'AbortError' });
    // The worker does not go on with it: the next answer is quick.
    assert.equal((await trainer.predict([[0, 0]])).values.length, 1);
    const pending = trainer.predict({ values: new Float32Array(400_000), shape: [200_000, 2] });
    trainer.terminate();
    await assert.rejects(pending, /the trainer was terminated/);
    await assert.rejects(trainer.save(), /the trainer was terminated/);
  });
});

test('a callback may stop the run that waits for it, and what would wait for ever is refused', async () => {
  await withTrainer(async (trainer) => {
    await trainer.setModel(linear());
    let { x, y } = line();
    const refusals = [];
    const { epoch } = await trainer.fit(x, y, {
      epochs: 50,
      callbacks: {
        async onEpochEnd() {
          for (const ask of [() => trainer.step(2), () => trainer.evaluate('train'), () => trainer.start()])
            await ask().catch(({ message }) => refusals.push(message));
          await trainer.stop();
        },
      },
    });
    assert.deepEqual(epoch, [0]);
    assert.match(refusals[0], /step: training waits for a callback/);
    assert.match(refusals[1], /evaluate: training waits for a callback/);
    assert.match(refusals[2], /start: the model is being trained/);
    ({ x, y } = line());
    assert.equal((await trainer.fit(x, y)).history.loss.length, 1);
  });
});

test('two runs at once: the second is refused, and the first goes on with its own data', async () => {
  await withTrainer(async (trainer) => {
    await trainer.setModel(linear());
    const [first, second] = [line(), line()];
    const running = trainer.fit(first.x, first.y, { epochs: 20 });
    await assert.rejects(trainer.fit(second.x, second.y), { code: 'state', message: /being trained/ });
    const { params, epoch } = await running;
    assert.deepEqual([params.samples, epoch.length], [64, 20]);
    // A signal that was raised before ends no run of others.
    const { x, y } = line();
    await trainer.setData('train', x, y);
    await trainer.start({ epochs: 100_000 });
    const late = trainer.fit(line().x, line().y, { signal: AbortSignal.abort() });
    await assert.rejects(late, { name: 'AbortError' });
    assert.equal((await trainer.pause()).status, 'paused');
  });
});

test('a test that fails while training ends the run with its error', async () => {
  await withTrainer(async (trainer) => {
    await trainer.setModel(linear());
    const { x, y } = line();
    await trainer.setData('train', x, y);
    await trainer.setData('other', new Float32Array(6), new Float32Array(6));
    await assert.rejects(trainer.start({ evaluateOn: 'other' }), { code: 'shape' });
    await trainer.setData('test', line().x, line().y);
    const failed = new Promise((resolve) => {
      trainer.subscribe((event) => event.type === 'error' && resolve(event));
    });
    await trainer.start({ epochs: 100_000, evaluateOn: 'test' });
    await trainer.setData('test', new Float32Array(6), new Float32Array(6));
    assert.equal((await failed).code, 'shape');
  });
});

test('a callback that never ends does not keep a run that is stopped', async () => {
  await withTrainer(async (trainer) => {
    await trainer.setModel(linear());
    const { x, y } = line();
    let told;
    const isTold = new Promise((resolve) => {
      told = resolve;
    });
    const onEpochEnd = () => {
      told();
      return new Promise(() => {});
    };
    const run = trainer.fit(x, y, { epochs: 3, callbacks: { onEpochEnd } });
    await isTold;
    await trainer.stop();
    assert.equal((await run).epoch.length, 1);
  });
});
