/** What a lesson is made of. Each lies in a folder of its own and is loaded when somebody opens it. */
import type { ReadonlySignal } from '@preact/signals';
import type { FunctionComponent } from 'preact';

export interface LessonWords {
  title: string;
  /** What the comments of its code say in this language, by what they say in English: there is an entry for each, or none. */
  comments: Record<string, string>;
  /** The text beside the interactive part, about two hundred words, a paragraph each. */
  text: string[];
  /** To be guessed before trying. `right` is the place of the guess that holds; `why` says why, once somebody has guessed. */
  question: { ask: string; guesses: string[]; right: number; why: string };
  /** Three things to try. */
  tries: [string, string, string];
}

export interface Lesson {
  words: ReadonlySignal<LessonWords>;
  /** The one thing that trains live. */
  Interactive: FunctionComponent;
  /** The lines that do just this, as the files `code/mapling.mjs` and `code/keras.py` of the lesson's folder, which tests run. */
  code: { mapling: string; keras: string };
}
