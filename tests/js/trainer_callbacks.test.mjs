// Callbacks of a trainer's runs: those of the page, and ready-made ones in the worker.
import { assert, mapling, test } from './mapling.mjs';
import { line, linear, withTrainer } from './trainer_here.mjs';

test('callbacks stay in the page: each is waited for, can stop training, and what it throws comes out as it was', async () => {
  await withTrainer(async (trainer) => {
    await trainer.setModel(linear());
    const told = [];
    let { x, y } = line();
    const { epoch } = await trainer.fit(x, y, {
      epochs: 3,
      batchSize: 32,
      callbacks: {
        onEpochBegin: (epoch) => told.push(`begin ${epoch}`),
        onBatchEnd: async (batch, { size }) => told.push(`batch ${batch} of ${size}`),
        onEpochEnd: (epoch, logs) => told.push(`end ${epoch} ${Object.keys(logs)}`),
      },
    });
    assert.deepEqual(epoch, [0, 1, 2]);
    assert.deepEqual(told.slice(0, 4), ['begin 0', 'batch 0 of 32', 'batch 1 of 32', 'end 0 loss,mse']);
    assert.equal(told.length, 12);
    class Stop {
      setModel(model) {
        this.model = model;
      }
      onEpochEnd() {
        this.model.stopTraining = true;
      }
    }
    ({ x, y } = line());
    assert.deepEqual((await trainer.fit(x, y, { epochs: 9, callbacks: new Stop() })).epoch, [0]);
    class Own extends Error {}
    const own = new Own('mine');
    ({ x, y } = line());
    const failing = trainer.fit(x, y, {
      callbacks: {
        onEpochEnd() {
          throw own;
        },
      },
    });
    await assert.rejects(failing, (failure) => failure === own);
  });
});

test('ready-made callbacks work beside the model in the worker, and the page sees what they found', async () => {
  await withTrainer(async (trainer) => {
    const { callbacks } = mapling;
    await trainer.setModel(linear());
    const rates = [];
    const lines = [];
    const checkpoint = callbacks.modelCheckpoint({ monitor: 'loss', saveBestOnly: true });
    let { x, y } = line();
    const { history, epoch } = await trainer.fit(x, y, {
      epochs: 50,
      batchSize: 8,
      callbacks: [
        callbacks.earlyStopping({ monitor: 'loss', minDelta: 1e9, patience: 2, restoreBestWeights: true }),
        callbacks.learningRateScheduler((epoch, rate) => {
          rates.push(rate);
          return 0.5 / (epoch + 1);
        }),
        callbacks.csvLogger({ write: (line) => lines.push(line) }),
        checkpoint,
      ],
    });
    // The first epoch is the best, since no other is better by a thousand million.
    assert.deepEqual(epoch, [0, 1, 2]);
    assert.equal(history.loss.length, 3);
    assert.deepEqual(rates, [0.05, 0.5, 0.25]);
    assert.match(lines[0], /^epoch,.*loss/);
    assert.equal(lines.length, 4);
    assert.ok(
      checkpoint.saved.weights.length > 0 && checkpoint.saved.logs.loss === Math.min(...history.loss),
    );
    const [kernel] = await trainer.weights();
    ({ x, y } = line());
    await trainer.setModel(linear());
    await trainer.fit(x, y, {
      epochs: 1,
      batchSize: 8,
      callbacks: callbacks.learningRateScheduler(() => 0.5),
    });
    assert.deepEqual([...(await trainer.weights())[0].values], [...kernel.values], 'the first epoch’s');
  });
});
