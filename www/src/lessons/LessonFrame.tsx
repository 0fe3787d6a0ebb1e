import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { laterWords } from '../later/words';
import { Icon } from '../parts/icons';
import { lessonTitle } from '../state/lesson';
import { Code } from './Code';
import type { Lesson, LessonWords } from './lesson';
import { type LessonName, lessonNames } from './path';

/** A line does not end between a number and its per cent sign, nor beside the sign in the middle of a formula. */
const unbroken = (text: string): string =>
  text.replace(/ (?=%)| ([=←+×÷]) /g, (_, sign) => (sign ? `\u00a0${sign}\u00a0` : '\u00a0'));

/** A question whose answer is shown once somebody has guessed. */
function Question({ question }: { question: LessonWords['question'] }) {
  const text = laterWords.value.lessons;
  const guessed = useSignal<number | null>(null);
  const isRight = guessed.value === question.right;
  return (
    <section class="lesson-question" data-part="question">
      <h3>{text.guess}</h3>
      <p>{unbroken(question.ask)}</p>
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
              {guessed.value !== null && at === question.right && <Icon name="right" />}
              {guessed.value === at && !isRight && <Icon name="close" />}
              {guess}
            </button>
          </li>
        ))}
      </ul>
      <p class="lesson-answer" role="status">
        {guessed.value !== null && (
          <>
            <b>{isRight ? text.right : text.wrong}</b> {unbroken(question.why)}
          </>
        )}
      </p>
    </section>
  );
}

/** The first lesson that is opened leaves the focus where it is. */
let hasOpened = false;

/** What all lessons have: the text beside the interactive part, a question, things to try, the code, the way on. */
export function LessonFrame({ name, lesson }: { name: LessonName; lesson: Lesson }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const text = laterWords.value.lessons;
  const words = lesson.words.value;
  const at = lessonNames.indexOf(name);
  const [before, next] = [lessonNames[at - 1], lessonNames[at + 1]];
  const { Interactive } = lesson;
  useEffect(() => {
    // A lesson is read from its beginning, by those who see it and by those who hear it.
    if (hasOpened) {
      scrollTo(0, 0);
      heading.current?.focus({ preventScroll: true });
    }
    hasOpened = true;
    return () => {
      lessonTitle.value = null;
    };
  }, []);
  useEffect(() => {
    lessonTitle.value = words.title;
  }, [words]);
  return (
    <article class="lesson" aria-labelledby="lesson-heading" data-part="lesson" data-value={name}>
      <header>
        <p class="lesson-count">{text.of(at + 1, lessonNames.length)}</p>
        <h2 id="lesson-heading" ref={heading} tabIndex={-1}>
          {words.title}
        </h2>
      </header>
      <div class="lesson-body">
        <div class="lesson-side">
          <div class="lesson-text">
            {words.text.map((paragraph) => (
              <p key={paragraph}>{unbroken(paragraph)}</p>
            ))}
          </div>
          <Question question={words.question} />
          <section class="lesson-tries">
            <h3>{text.tries}</h3>
            <ol>
              {words.tries.map((one) => (
                <li key={one}>{unbroken(one)}</li>
              ))}
            </ol>
          </section>
        </div>
        <div class="lesson-interactive">
          <Interactive />
        </div>
      </div>
      <Code code={lesson.code} comments={words.comments} />
      <nav class="lesson-next" aria-label={text.way}>
        {before && <a href={`#lesson=${before}`}>{text.before(text.names[before])}</a>}
        <a class="onward" href={`#lesson=${next ?? ''}`}>
          {next ? text.next(text.names[next]) : text.end}
        </a>
      </nav>
    </article>
  );
}
