import { useEffect } from 'preact/hooks';
import { testSet } from '../../state/testset';
import { Lines } from '../Lines';
import { beginSearch, endSearch, MOST, search } from './descent';
import { number } from './number';
import { Square } from './Square';
import { lessonWords } from './words';

const lossText = (loss: number): string => (Number.isFinite(loss) ? loss.toPrecision(2) : '–');

/** Orders of magnitude: 10 is at the top, a millionth at the bottom. */
const onScale = (loss: number): number => (Math.log10(Math.max(1e-6, loss)) + 6) / 7;

/** A network of as many weights as the kernel has looks for them. */
export function Search() {
  const text = lessonWords.value.lab.search;
  const now = search.value;
  useEffect(() => endSearch, []);
  return (
    <section class="exhibit" aria-labelledby="search-heading" data-part="search">
      <h3 id="search-heading">{text.heading}</h3>
      <p class="lead">{text.lead}</p>
      <div class="exhibit-controls">
        <button
          type="button"
          class={now ? undefined : 'first'}
          data-part="find-train"
          disabled={!testSet.value}
          onClick={() => (now?.isRunning ? endSearch() : beginSearch())}
        >
          {now?.isRunning ? text.stop : now ? text.again : text.begin}
        </button>
        {now && (
          <p data-part="find-loss" data-value={now.loss} data-running={now.isRunning}>
            {text.step(now.step, lossText(now.loss))}
          </p>
        )}
      </div>
      {now && (
        <div class="search-body">
          <figure>
            <figcaption>{text.wanted}</figcaption>
            <Square size={now.size} values={now.wanted}>
              {(at) => <b>{number(now.wanted[at]!)}</b>}
            </Square>
          </figure>
          <figure data-part="find-weights" data-value={[...now.found].join(' ')}>
            <figcaption>{text.found}</figcaption>
            <Square size={now.size} values={now.found}>
              {(at) => <b>{number(now.found[at]!)}</b>}
            </Square>
          </figure>
          <Lines
            lines={[{ name: text.line, values: now.losses.map(onScale), isMain: true }]}
            steps={Math.min(MOST, Math.max(100, now.step))}
            label={text.lossLabel(lossText(now.loss))}
            from={text.first}
            to={text.last(Math.min(MOST, Math.max(100, now.step)))}
            axis={['10⁻⁶', '10']}
          />
        </div>
      )}
      <p role="status">{now && !now.isRunning && now.loss < 1e-3 ? text.success : ''}</p>
    </section>
  );
}
