import { useSignal } from '@preact/signals';
import { laterWords } from '../later/words';
import { inWords } from '../parts/comments';
import type { Lesson, LessonWords } from './lesson';
import { sharedWords } from './words';

/** Comments, texts, and the words of JavaScript and Python that begin something. */
const MARKED =
  /(?<comment>(?:\/\/|#).*)|(?<text>'[^'\n]*'|"[^"\n]*"|`[^`]*`)|\b(?<word>import|from|export|const|let|await|async|for|of|in|if|else|return|new|while|def|class|with|as|lambda|assert|not|range|None)\b/g;

/** The lines with what is said and what is done told apart. */
function marked(code: string) {
  const parts = [];
  let end = 0;
  for (const match of code.matchAll(MARKED)) {
    const kind = Object.entries(match.groups!).find(([, found]) => found !== undefined)![0];
    parts.push(
      code.slice(end, match.index),
      <span key={match.index} class={`code-${kind}`}>
        {match[0]}
      </span>,
    );
    end = match.index + match[0].length;
  }
  return [...parts, code.slice(end)];
}

/** The lines that do the same as the lesson, in mapling and in Keras. */
export function Code({ code, comments }: Pick<Lesson, 'code'> & Pick<LessonWords, 'comments'>) {
  const text = laterWords.value.lessons;
  const shared = sharedWords.value;
  const shown = useSignal<keyof Lesson['code']>('mapling');
  const said = useSignal('');
  const lines = inWords(code[shown.value].trim(), comments);
  const copy = () =>
    void navigator.clipboard
      .writeText(`${lines}\n`)
      .then(
        () => shared.copied,
        () => shared.notCopied,
      )
      .then((words) => {
        said.value = words;
      });
  return (
    <section class="lesson-code" data-part="code">
      <h3>{text.code}</h3>
      <div class="lesson-code-head">
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form */}
        <div role="group" aria-label={text.code}>
          {(['mapling', 'keras'] as const).map((library) => (
            <button
              key={library}
              type="button"
              aria-pressed={shown.value === library}
              onClick={() => {
                shown.value = library;
                said.value = '';
              }}
            >
              {library === 'keras' ? 'Keras' : library}
            </button>
          ))}
        </div>
        <p class="hint">{shown.value === 'keras' ? shared.runsKeras : shared.runs}</p>
        <span class="hint" role="status">
          {said.value}
        </span>
        <button type="button" onClick={copy} data-part="copy">
          {shared.copy}
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <pre tabIndex={0}>
        <code>{marked(lines)}</code>
      </pre>
    </section>
  );
}
