import { laterWords } from '../later/words';
import { ShareButton } from '../share/ShareButton';
import { lesson } from '../state/lesson';
import { lessonNames } from './path';

/** The way through the lessons, on top of the page: the main screen first. */
export function LessonBar() {
  const text = laterWords.value.lessons;
  const open = lesson.value;
  return (
    <nav class="lesson-bar" aria-label={text.label} data-part="lessons">
      <ol>
        <li>
          <a href="#lesson=" aria-current={open === null ? 'page' : undefined}>
            {text.main}
          </a>
        </li>
        {lessonNames.map((name, at) => (
          <li key={name}>
            <a href={`#lesson=${name}`} aria-current={open === name ? 'page' : undefined}>
              <span class="lesson-number">{at + 1}</span> {text.names[name]}
            </a>
          </li>
        ))}
      </ol>
      <ShareButton />
    </nav>
  );
}
