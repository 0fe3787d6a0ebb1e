import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import '../style/lessons.css';
import '../style/lesson-lab.css';
import { laterWords } from '../later/words';
import { lesson } from '../state/lesson';
import { AGAIN } from '../state/trainer';
import { LessonFrame } from './LessonFrame';
import type { Lesson } from './lesson';
import { isLesson, type LessonName, path } from './path';

/** The lessons that have been fetched. */
const fetched = signal<{ [name in LessonName]?: Lesson }>({});
const failed = signal<LessonName | null>(null);

async function fetchLesson(name: LessonName): Promise<void> {
  if (fetched.peek()[name]) return;
  failed.value = null;
  try {
    const { lesson } = await path[name]();
    fetched.value = { ...fetched.peek(), [name]: lesson };
  } catch {
    failed.value = name;
    // It comes by itself once the line is whole again.
    setTimeout(() => failed.peek() === name && lesson.peek() === name && fetchLesson(name), AGAIN);
  }
}

/** The lesson of this name, once it has been fetched. */
export function LessonPlace({ name }: { name: string }) {
  const text = laterWords.value.lessons;
  useEffect(() => {
    if (isLesson(name)) void fetchLesson(name);
  }, [name]);
  if (!isLesson(name)) return <p class="lesson-missing">{text.unknown(name)}</p>;
  if (failed.value === name)
    return (
      <p class="lesson-missing" role="alert">
        {text.failed}{' '}
        <button type="button" onClick={() => void fetchLesson(name)}>
          {text.again}
        </button>
      </p>
    );
  const lesson = fetched.value[name];
  return lesson ? <LessonFrame key={name} name={name} lesson={lesson} /> : <div class="lesson" aria-busy />;
}
