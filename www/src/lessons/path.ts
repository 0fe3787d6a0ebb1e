/** The eight lessons, in the order of the path. */
import type { Lesson } from './lesson';

/** What loads each lesson. */
export const path = {
  line: () => import('./line/line'),
  neurons: () => import('./neurons/neurons'),
  backwards: () => import('./backwards/backwards'),
  tutorial: () => import('./tutorial/tutorial'),
  pictures: () => import('./pictures/pictures'),
  sequences: () => import('./sequences/sequences'),
  better: () => import('./better/better'),
  why: () => import('./why/why'),
} satisfies Record<string, () => Promise<{ lesson: Lesson }>>;

export type LessonName = keyof typeof path;
export const lessonNames = Object.keys(path) as LessonName[];

export const isLesson = (name: string): name is LessonName => Object.hasOwn(path, name);
