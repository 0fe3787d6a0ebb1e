import { dismissNotice, notice } from '../state/session';
import { words } from '../words';
import { Icon } from './icons';

/** What happened, what it means, what to do. */
export function NoticeLine() {
  const now = notice.value;
  if (!now) return null;
  const text = words.value.notice;
  return (
    <div class="notice" role="alert" data-kind={now.kind}>
      <p>
        {text[now.kind]} {now.detail && <small>{now.detail}</small>}
      </p>
      <button type="button" class="quiet square" onClick={dismissNotice} aria-label={text.dismiss}>
        <Icon name="close" />
      </button>
    </div>
  );
}
