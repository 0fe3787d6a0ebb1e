import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { bring } from '../parts/bring';
import { Icon } from '../parts/icons';
import { useOnRoot } from '../parts/on-root';
import { lesson } from '../state/lesson';
import type { Notice } from '../state/notice';
import { dismissNotice, notice } from '../state/session';
import { Taken } from './Taken';
import { laterWords } from './words';

/** Why files cannot be used, what was expected, and that nothing was lost. */
function Refused({ refusal, detail }: Notice & { kind: 'refused' }) {
  const text = laterWords.value.refused;
  const say = refusal && (text[refusal.why] as (of: typeof refusal) => string);
  return (
    <>
      <b>{say ? say(refusal) : text.other}</b> {text.expected} {text.stays}
      {!say && <Detail text={detail} />}
    </>
  );
}

/** What the library said, which speaks English only. */
function Detail({ text }: { text: string }) {
  return (
    <details>
      <summary>{laterWords.value.notice.detail}</summary>
      <small lang="en">{text}</small>
    </details>
  );
}

/** Words of what became of a network come with the first that somebody drops. */
const brought = signal<typeof import('../yours/Brought') | null>(null);

function OfNetwork({ now }: Notice & { kind: 'brought' }) {
  useEffect(() => {
    if (!brought.value) bring(() => import('../yours/Brought'), brought);
  }, []);
  const Told = brought.value?.Brought;
  return Told ? (
    <>
      <Told now={now} /> {'detail' in now && <Detail text={now.detail} />}
    </>
  ) : null;
}

function Words({ now }: { now: Notice }) {
  if (now.kind === 'refused') return <Refused {...now} />;
  if (now.kind === 'taken') return <Taken />;
  if (now.kind === 'brought') return <OfNetwork {...now} />;
  if (now.kind === 'filesGone') return <>{laterWords.value.notice.filesGone(now.name)}</>;
  if (now.kind === 'restarted') return <>{laterWords.value.notice.restarted(now.step ?? null)}</>;
  if (now.kind === 'badLink') {
    const { begin, ...say } = laterWords.value.notice.badLink;
    return (
      <>
        <b>{begin}</b> {now.parts.map((part) => say[part]).join(' ')}
      </>
    );
  }
  return (
    <>
      {laterWords.value.notice[now.kind]}
      {(now.kind === 'exploded' || now.kind === 'stuck') &&
        ` ${laterWords.value.notice.lowerRate(now.step ?? null)}`}
      {(now.kind === 'failed' || now.kind === 'tooLarge') && <Detail text={now.detail} />}
    </>
  );
}

/** Where digits come from matters to nobody who reads a lesson; the header says it too, and the main screen once more. */
const isAside = ({ kind }: Notice): boolean =>
  (kind === 'noMnist' || kind === 'noMnistNow') && lesson.value !== null;

/** What happened, what it means, what to do: laid over the page, so that nothing moves under a hand. */
export function NoticeLine() {
  const now = notice.value;
  const isShown = now !== null && !isAside(now);
  useOnRoot('notice', isShown);
  if (!isShown) return null;
  return (
    <div
      class="notice"
      role="alert"
      data-kind={now.kind}
      data-good={now.kind === 'taken' || (now.kind === 'brought' && now.now.kind === 'taken')}
    >
      <div class="notice-words">
        <Words now={now} />
      </div>
      <button
        type="button"
        class="quiet square"
        onClick={dismissNotice}
        aria-label={laterWords.value.notice.dismiss}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
