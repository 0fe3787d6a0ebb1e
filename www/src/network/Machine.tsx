import type { ComponentChildren } from 'preact';
import { laterWords } from '../later/words';
import { type Choice, choose } from '../state/choice';
import { asked, cores, machine } from '../state/machine';
import { words } from '../words';

interface OfferedProps {
  part: Choice;
  name: string;
  tip: string;
  value: string | number;
  children: ComponentChildren;
}

/** One thing about what computes, and what it may be instead. */
const Offered = ({ part, name, tip, value, children }: OfferedProps) => (
  <label class="field half" data-tip={tip}>
    <span>{name}</span>
    <select
      aria-description={tip}
      data-part={part}
      data-value={machine.value ? value : undefined}
      value={value}
      onChange={(event) => void choose(part, event.currentTarget.value)}
    >
      {children}
    </select>
  </label>
);

/** What computes, as it is, and the choice of something else. */
export function Machine() {
  const text = laterWords.value.machine;
  // Until it is known, what is asked for stands there: the page does not move once it comes.
  const now = machine.value ?? { mode: asked().mode, threads: 1, isolated: true, notes: [] };
  const { sentences } = words.value;
  // What has not come yet the page says elsewhere (state/cut-line.ts).
  const why = now.notes
    .filter((note) => !note.startsWith('rest'))
    .map((note) =>
      note.startsWith('mode') ? text.notes.exact : now.isolated ? text.notes.fewer : text.notes.alone,
    );
  return (
    <>
      <Offered part="mode" name={text.mode} tip={text.tips.mode} value={now.mode}>
        <option value="exact">{text.exact}</option>
        <option value="fast">{text.fast}</option>
      </Offered>
      <Offered
        part="threads"
        name={text.threads}
        tip={sentences(text.tips.threads, ...new Set(why))}
        value={now.threads}
      >
        {Array.from({ length: Math.max(cores, now.threads) }, (_, at) => (
          <option key={at} value={at + 1}>
            {at + 1}
          </option>
        ))}
      </Offered>
    </>
  );
}
