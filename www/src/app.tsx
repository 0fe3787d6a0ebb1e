import { Header } from './parts/Header';
import { Below, Foot, Lesson, LessonBar, Network, Over, Strip } from './parts/late';
import { useOnRoot } from './parts/on-root';
import { Read } from './parts/Read';
import { Deck, Training } from './parts/Training';
import { hasOwnNetwork, lesson, lessonTitle } from './state/lesson';
import { words } from './words';

/** The first thing that Tab comes to. It leads past the tiles; the address, which holds the settings, stays as it is. */
const Skip = () => (
  <button type="button" class="skip" onClick={() => document.getElementById('play')?.focus()}>
    {words.value.skip}
  </button>
);

export function App() {
  document.title = lessonTitle.value ? `${lessonTitle.value} · mapling` : words.value.title;
  const name = lesson.value;
  const isWide = name !== null && hasOwnNetwork(name);
  useOnRoot('lesson', name !== null);
  useOnRoot('wide', isWide);
  return (
    <>
      <Skip />
      <Header />
      <div class="lesson-bar-place">
        <LessonBar />
      </div>
      <main>
        <div class="bench" data-lesson={name ?? undefined} data-wide={isWide || undefined}>
          {!isWide && <Read />}
          {name === null ? (
            <Training strip={<Strip />} />
          ) : (
            <div class="column lesson-column">
              <Lesson />
              {!isWide && <Deck />}
            </div>
          )}
          {!isWide && (
            <section class="column network">
              <Network />
            </section>
          )}
        </div>
        {name === null && <Below />}
      </main>
      <Foot />
      <Over />
    </>
  );
}
