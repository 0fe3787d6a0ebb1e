import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../parts/icons';
import { paintInk } from '../parts/paint';
import { classNames, nameOf } from '../state/classes';
import { trainsOnMine } from '../state/lessons';
import { theme, tokenRgb } from '../state/theme';
import { asIdx, asJson, save } from './files';
import { setTrainsOnMine } from './lesson';
import { forget, forgetAll, isKept, type Own, own, ownScore, pixelsOf } from './own';
import { yoursWords } from './words';

/** So many fit on the screen; older ones are kept. */
const SHOWN = 60;

function Digit({ one }: { one: Own }) {
  const text = yoursWords.value.gallery;
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = theme.value;
  useLayoutEffect(() => {
    paintInk(canvas.current!.getContext('2d')!, pixelsOf(one), tokenRgb('ink'), 1 / 255);
  }, [one, scheme]);
  const { label, guess } = one;
  const isWrong = guess !== null && guess !== label;
  const said = isWrong ? text.misread(nameOf(label), nameOf(guess)) : text.read(nameOf(label));
  return (
    <li class={isWrong ? 'own-digit wrong' : 'own-digit'} data-tip={said}>
      <canvas ref={canvas} width={28} height={28} role="img" aria-label={said} />
      <b>{nameOf(label)}</b>
      <button type="button" class="quiet" aria-label={text.remove(nameOf(label))} onClick={() => forget(one)}>
        <Icon name="close" size={12} />
      </button>
    </li>
  );
}

/** What the visitor drew and said the truth of, with its own score. */
export function Gallery() {
  const text = yoursWords.value.gallery;
  const all = own.value;
  const { right, total } = ownScore.value;
  return (
    <section class="own" aria-labelledby="own-heading" data-part="own" data-value={all.length}>
      <h3 id="own-heading">{text.heading}</h3>
      {all.length === 0 ? (
        <p class="lead">{text.none}</p>
      ) : (
        <>
          <p class="lead">
            {total > 0 && <b>{text.score(right, total)}</b>} {text.kept}
          </p>
          <ul class="own-digits">
            {all
              .slice(-SHOWN)
              .toReversed()
              .map((one) => (
                <Digit key={one} one={one} />
              ))}
          </ul>
          <label class="own-mine">
            <input
              type="checkbox"
              data-part="train-on-mine"
              checked={trainsOnMine.value}
              onChange={(event) => setTrainsOnMine(event.currentTarget.checked)}
            />
            {text.mine}
          </label>
          <div class="row">
            <button type="button" data-part="own-idx" onClick={() => save(asIdx(own.peek()))}>
              {text.idx}
            </button>
            <button
              type="button"
              data-part="own-json"
              onClick={() => save(asJson(own.peek(), classNames.peek()))}
            >
              {text.json}
            </button>
            <button type="button" data-part="own-forget" onClick={forgetAll}>
              {text.forget}
            </button>
          </div>
        </>
      )}
      {!isKept.value && <p class="wrong">{text.refused}</p>}
    </section>
  );
}
