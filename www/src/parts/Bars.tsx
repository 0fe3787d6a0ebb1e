import { ofHundred } from '../format';
import { nameOf } from '../state/classes';
import { digitsRead, guess, reading } from '../state/drawing';
import { network } from '../state/session';
import { likeliestFirst } from '../state/testset';
import { words } from '../words';
import { explained } from './explained';

/** Ten digits, and as many classes of the visitor's own as there is room for. */
const MOST = 12;
const firstOf = (count: number): number[] => Array.from({ length: count }, (_, digit) => digit);

/** A bar for each digit, and for a class of the visitor's own; of many more classes the ten likeliest. */
export function Bars() {
  const probabilities = reading.value?.probabilities;
  const best = guess.value?.digit;
  const text = words.value.reading;
  const isOne = !probabilities || digitsRead.value.length === 1;
  const known = network.value?.layers.at(-1)?.outputShape.at(-1) ?? 10;
  // Before there is something to read, there is no likeliest of many.
  const classes = probabilities?.length ?? (known > MOST ? 10 : known);
  const shown = classes > MOST ? likeliestFirst(probabilities!).slice(0, 10) : firstOf(Math.max(10, classes));
  return (
    <ol
      class={isOne ? 'bars' : 'bars subdued'}
      data-part="bars"
      style={{ '--rows': Math.ceil(shown.length / 2) }}
      aria-label={text.bars}
    >
      {shown.map((digit) => {
        const share = probabilities?.[digit] ?? 0;
        return (
          <li
            key={digit}
            class={digit === best ? 'best' : undefined}
            data-value={share}
            {...explained(probabilities && text.bar(nameOf(digit), share))}
          >
            <span class="bar-digit">{nameOf(digit)}</span>
            <span class="bar-track">
              <span class="bar-fill" style={{ transform: `scaleX(${share})` }} />
            </span>
            <span class="bar-share">{probabilities ? ofHundred(share) : ''}</span>
          </li>
        );
      })}
    </ol>
  );
}
