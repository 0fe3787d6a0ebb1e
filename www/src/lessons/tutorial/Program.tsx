import { useEffect } from 'preact/hooks';
import { count, hundredths, lossText, megabytes, percent } from '../../format';
import { presets } from '../../presets';
import { current } from '../../state/adjusting';
import { nameOf } from '../../state/classes';
import { allEpochs, dataInfo, dataProgress, network, run, session } from '../../state/session';
import { follow, kerasLayers, type LineName, lastTest, lines, lit, prediction, press } from './program';
import { lessonWords } from './words';

/** A line of the program as it stands in Keras. */
function codeOf(name: LineName): string {
  const { epochs, batchSize, optimizer, learningRate } = current.value;
  switch (name) {
    case 'load':
      return '(x_train, y_train), (x_test, y_test) = mnist.load_data()';
    case 'model':
      return `model = keras.Sequential([\n${kerasLayers.value.map((layer) => `    ${layer},\n`).join('')}])`;
    case 'compile': {
      const usual = { adam: 'Adam', sgd: 'SGD', momentum: 'SGD' }[optimizer];
      const momentum = optimizer === 'momentum' ? ', momentum=0.9' : '';
      return `model.compile(\n    optimizer=keras.optimizers.${usual}(${learningRate}${momentum}),\n    loss="sparse_categorical_crossentropy",\n    metrics=["accuracy"])`;
    }
    case 'fit':
      return `model.fit(x_train / 255, y_train, epochs=${epochs}, batch_size=${batchSize})`;
    case 'evaluate':
      return 'model.evaluate(x_test / 255, y_test)';
    case 'predict':
      return 'model.predict(drawing)';
  }
}

/** What the page does beside what the lines say. */
function compileText(): string {
  const { preset, learningRate } = current.value;
  const { finalRate = 1, augment } = presets[preset];
  return lessonWords.value.program.compile(
    finalRate < 1 ? String(Number((learningRate * finalRate).toPrecision(3))) : null,
    augment !== undefined,
  );
}

/** What a line has come to, in numbers. */
function numbersOf(name: LineName): string {
  const text = lessonWords.value.program;
  const now = run.value;
  switch (name) {
    case 'load': {
      const [data, progress] = [dataInfo.value, dataProgress.value];
      if (progress) return text.loading(megabytes(progress.loaded), megabytes(progress.total));
      return data ? text.load(count(data.train), count(data.test)) : '';
    }
    case 'model':
      return network.value ? text.model(count(network.value.params)) : '';
    case 'compile':
      return network.value ? compileText() : '';
    case 'fit': {
      if (!now) return '';
      const done = now.epochsBefore + Math.min(now.epoch, now.epochs - 1);
      const epoch = Math.floor(done + 1e-6) + 1;
      return text.fit(
        epoch,
        allEpochs.value,
        count(now.batch),
        count(now.batches),
        lossText(now.loss),
        hundredths(now.accuracy),
      );
    }
    case 'evaluate': {
      const test = lastTest.value;
      if (!test) return '';
      const { classes } = test;
      const wrong = classes ? [count(classes.total - classes.correct), count(classes.total)] : [];
      return text.evaluate(lossText(test.loss), hundredths(test.accuracy), wrong[0], wrong[1]);
    }
    case 'predict': {
      const read = prediction.value;
      if (!read) return '';
      return read.length > 0
        ? text.predict(read.map(({ digit, sure }) => text.digit(nameOf(digit), percent(sure, 1))))
        : text.predictNone;
    }
  }
}

/** The program, line by line: each lights up while it is at work, and pressing it does it. */
export function Program() {
  const text = lessonWords.value.program;
  useEffect(follow, [session.value.phase === 'loading']);
  const isReady = network.value !== null;
  const now = lit.value;
  return (
    <section class="program" data-part="program" aria-labelledby="program-heading">
      <h3 id="program-heading">{text.heading}</h3>
      <p class="lead">{text.lead}</p>
      <ol>
        {lines.map((name) => (
          <li key={name} data-line={name} data-lit={now.has(name)}>
            <button
              type="button"
              aria-current={now.has(name) ? 'step' : undefined}
              aria-describedby={`line-${name}`}
              data-tip={text.press[name]}
              disabled={!isReady}
              onClick={() => press(name)}
            >
              <code>{codeOf(name)}</code>
            </button>
            <p class="program-numbers" id={`line-${name}`} data-part={`line-${name}`}>
              {numbersOf(name) || text.notYet}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}
