import { digitsRead, guess, reading } from '../state/drawing';
import { likeliestFirst } from '../state/testset';
import { words } from '../words';
import { explained } from './explained';

const TEN = Array.from({ length: 10 }, (_, digit) => digit);

/** Ten bars, one for each digit; of more classes the ten likeliest. */
export function Bars() {
  const probabilities = reading.value?.probabilities;
  const best = guess.value?.digit;
  const text = words.value.reading;
  const isOne = !probabilities || digitsRead.value.length === 1;
  const isMore = probabilities && probabilities.length > TEN.length;
  const shown = isMore ? likeliestFirst(probabilities).slice(0, TEN.length) : TEN;
  return (
    <ol class={isOne ? 'bars' : 'bars subdued'} data-part="bars" aria-label={text.bars}>
      {shown.map((digit) => {
        const share = probabilities?.[digit] ?? 0;
        return (
          <li
            key={digit}
            class={digit === best ? 'best' : undefined}
            data-value={share}
            {...explained(probabilities && text.bar(digit, share))}
          >
            <span class="bar-digit">{digit}</span>
            <span class="bar-track">
              <span class="bar-fill" style={{ transform: `scaleX(${share})` }} />
            </span>
            <span class="bar-share">{probabilities ? Math.min(99, Math.round(share * 100)) : ''}</span>
          </li>
        );
      })}
    </ol>
  );
}
