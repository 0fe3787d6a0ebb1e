import { count } from '../format';
import type { Brought as Now } from '../state/notice';
import { yoursWords } from './words';

/** What became of a network in files, in words. */
export function Brought({ now }: { now: Now }) {
  const text = yoursWords.value.models;
  const say = () => {
    switch (now.kind) {
      case 'taken':
        return text.taken(now.name, count(now.params));
      case 'takes':
        return text.takes(now.name, now.shape);
      case 'gives':
        return text.gives(now.name, now.shape, now.expected);
      case 'lacks':
        return text.lacks(now.name, now.part);
      case 'unreadable':
        return text.unreadable(now.name);
      case 'failed':
        return text.failed;
    }
  };
  return (
    <>
      {say()} {now.kind !== 'taken' && text.stays}
    </>
  );
}
