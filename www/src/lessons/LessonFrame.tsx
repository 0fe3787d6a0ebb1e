import { useSignal } from '@preact/signals';
import { laterWords } from '../later/words';
import type { Lesson, LessonWords } from './lesson';
import { type LessonName, lessonNames } from './path';

/** A question whose answer is shown once somebody has guessed. */
function Question({ question }: { question: LessonWords['question'] }) {
  const text = laterWords.value.lessons;
  const guessed = useSignal<number | null>(null);
  return (
    <section class="lesson-question" data-part="question">
      <h3>{text.guess}</h3>
      <p>{question.ask}</p>
      <ul>
        {question.guesses.map((guess, at) => (
          <li key={guess}>
            <button
              type="button"
              aria-pressed={guessed.value === at}
              data-right={guessed.value === null ? undefined : at === question.right}
              onClick={() => {
                guessed.value = at;
              }}
            >
              {guess}
            </button>
          </li>
        ))}
      </ul>
      <p class="lesson-answer" role="status">
        {guessed.value === null
          ? ''
          : `${guessed.value === question.right ? text.right : text.wrong} ${question.why}`}
      </p>
    </section>
  );
}

/** The lines that do the same, in mapling and in Keras. */
function Code({ code }: { code: Lesson['code'] }) {
  const text = laterWords.value.lessons;
  const shown = useSignal<keyof Lesson['code']>('mapling');
  return (
    <section class="lesson-code" data-part="code">
      <h3>{text.code}</h3>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form */}
      <div role="group" aria-label={text.code}>
        {(['mapling', 'keras'] as const).map((library) => (
          <button
            key={library}
            type="button"
            aria-pressed={shown.value === library}
            onClick={() => {
              shown.value = library;
            }}
          >
            {library === 'keras' ? 'Keras' : library}
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <pre tabIndex={0}>
        <code>{code[shown.value].trim()}</code>
      </pre>
    </section>
  );
}

/** What all lessons have: the text beside the interactive part, a question, things to try, the code, the way on. */
export function LessonFrame({ name, lesson }: { name: LessonName; lesson: Lesson }) {
  const text = laterWords.value.lessons;
  const words = lesson.words.value;
  const next = lessonNames[lessonNames.indexOf(name) + 1];
  const { Interactive } = lesson;
  return (
    <article class="lesson" aria-labelledby="lesson-heading" data-part="lesson" data-value={name}>
      <header>
        <p class="lesson-count">{text.of(lessonNames.indexOf(name) + 1, lessonNames.length)}</p>
        <h2 id="lesson-heading">{words.title}</h2>
      </header>
      <div class="lesson-body">
        <div class="lesson-text">
          {words.text.map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
        </div>
        <div class="lesson-interactive">
          <Interactive />
        </div>
      </div>
      <Question question={words.question} />
      <section class="lesson-tries">
        <h3>{text.tries}</h3>
        <ol>
          {words.tries.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ol>
      </section>
      <Code code={lesson.code} />
      {next && (
        <p class="lesson-next">
          <a href={`#lesson=${next}`}>{text.next(text.names[next])}</a>
        </p>
      )}
    </article>
  );
}
