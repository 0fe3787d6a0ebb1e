import { percent as sayShare } from '../../format';
import { Picture } from '../../inside/Picture';
import { nameOf } from '../../state/classes';
import { IMAGE } from '../../state/testset';
import { LinesChart } from '../laboratory/LinesChart';
import { erased, isCurrent, STEPS, shares, step } from './erasing';
import { lessonWords } from './words';

/** Erases the ink that speaks most for an answer, and shows what becomes of it. */
export function Erase() {
  const text = lessonWords.value.erase;
  const found = erased.value;
  if (!found) return null;
  const name = nameOf(found.ofClass);
  const at = Math.min(step.value, STEPS);
  const { share, read, sure } = found.first[at]!;
  const percent = Math.round(100 * shares[at]!);
  const pixels = found.pictures;
  return (
    <section class="experiment-part" data-part="erase" aria-busy={!isCurrent.value}>
      <h3>{text.heading(name)}</h3>
      <p class="lead">{text.lead}</p>
      <div class="erase">
        <Picture
          width={28}
          height={28}
          value={(x, y) => pixels[at * IMAGE + y * 28 + x]!}
          full={1}
          label={text.picture(percent)}
        />
        <div>
          <label for="erase">{text.slider(percent)}</label>
          <input
            id="erase"
            type="range"
            min={0}
            max={STEPS}
            step={1}
            value={at}
            aria-valuetext={text.value(percent, nameOf(read), sayShare(sure))}
            onInput={(event) => {
              step.value = Number(event.currentTarget.value);
            }}
          />
          <p data-part="erased" data-read={read} data-share={share} data-random={found.random[at]}>
            {text.now(
              nameOf(read),
              sayShare(sure, 1),
              name,
              sayShare(share, 1),
              sayShare(found.random[at]!, 1),
            )}
          </p>
        </div>
      </div>
      <LinesChart
        title={text.probability(name)}
        label={text.chart}
        lines={[
          { name: text.first, x: shares, y: found.first.map(({ share }) => share), tone: 0 },
          { name: text.random, x: shares, y: found.random, tone: 2 },
        ]}
        x={{
          title: text.erased,
          end: 1,
          ticks: [0, 0.25, 0.5, 0.75, 1],
          write: (share) => `${100 * share} %`,
        }}
        y={{
          title: text.probability(name),
          from: 0,
          to: 1,
          ticks: [0, 0.25, 0.5, 0.75, 1],
          write: (share) => `${100 * share} %`,
        }}
        waiting=""
      />
      <p class="hint">{text.not}</p>
    </section>
  );
}
