import { useEffect } from 'preact/hooks';
import { laterWords } from '../later/words';
import { useRoving } from '../parts/roving';
import { ShareButton } from '../share/ShareButton';
import { lesson } from '../state/lesson';
import { lessonNames } from './path';

/** The way through the lessons, on top of the page: the main screen first. */
export function LessonBar() {
  const roving = useRoving<HTMLElement>();
  const bar = roving.ref;
  const text = laterWords.value.lessons;
  const open = lesson.value;
  useEffect(() => {
    // On a phone the bar is wider than the screen: the lesson that is open stands in its middle.
    const current = bar.current?.querySelector<HTMLElement>('[aria-current]');
    if (!bar.current || !current) return;
    bar.current.scrollLeft = current.offsetLeft + current.offsetWidth / 2 - bar.current.clientWidth / 2;
  }, [open, text]);
  return (
    <>
      <nav class="lesson-bar" aria-label={text.label} data-part="lessons" {...roving}>
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
      </nav>
      <ShareButton />
    </>
  );
}
