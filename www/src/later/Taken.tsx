import { useLayoutEffect, useRef } from 'preact/hooks';
import { count } from '../format';
import { paintInk } from '../parts/paint';
import { turnFiles } from '../state/files';
import { dataInfo } from '../state/session';
import { testImage, testSet } from '../state/testset';
import { theme, tokenRgb } from '../state/theme';
import { words } from '../words';
import { laterWords } from './words';

/** So many pictures are enough to see whether they stand upright. */
const MOST = 8;

function Picture({ index }: { index: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [set, scheme] = [testSet.value, theme.value];
  useLayoutEffect(() => {
    if (set) paintInk(canvas.current!.getContext('2d')!, testImage(index), tokenRgb('ink'), 1 / 255);
  }, [set, scheme, index]);
  return <canvas ref={canvas} width={28} height={28} />;
}

/** What was made of the visitor's files, with the first pictures, so that one sees whether they stand upright. */
export function Taken() {
  const text = laterWords.value.taken;
  const info = dataInfo.value;
  if (!info) return null;
  const { train, test, fittedFrom, classes, turned } = info;
  const all = count(train + test);
  const shown = Math.min(MOST, testSet.value?.labels.length ?? 0);
  const { sentences, dataset } = words.value;
  return (
    <>
      {sentences(dataset.file(train, test))} {fittedFrom && text.from(all, text.size(fittedFrom))}{' '}
      {classes > 10 && text.classes(classes)} {turned && text.turned}
      <span class="taken" role="img" aria-label={text.label}>
        {Array.from({ length: shown }, (_, index) => (
          <Picture key={index} index={index} />
        ))}
      </span>
      {text.upright}{' '}
      <button type="button" class="link" data-part="turn" onClick={turnFiles}>
        {turned ? text.turnBack : text.turn}
      </button>
    </>
  );
}
