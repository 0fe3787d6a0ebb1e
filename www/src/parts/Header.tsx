import { megabytes } from '../format';
import { dataInfo, dataProgress, status } from '../state/session';
import { theme, toggleTheme } from '../state/theme';
import { toggleLanguage, words } from '../words';
import { Icon } from './icons';

function Dataset() {
  const info = dataInfo.value;
  const { dataset } = words.value;
  return (
    <span
      class="dataset"
      data-part="dataset"
      data-value={info?.name ?? ''}
      data-tip={info ? dataset[info.name](info.train, info.test) : undefined}
    >
      {info ? dataset.short[info.name] : dataset.none}
    </span>
  );
}

/** An honest line: its length is the share that has arrived. */
function LoadingLine() {
  const progress = dataProgress.value;
  if (status.value !== 'loading') return null;
  const share = progress?.total ? progress.loaded / progress.total : 0;
  const { loading } = words.value;
  return (
    <div
      class="loading"
      role="progressbar"
      aria-label={loading.unknown}
      aria-valuenow={Math.round(share * 100)}
    >
      <div class="loading-bar" style={{ transform: `scaleX(${share})` }} />
      <span class="loading-text">
        {progress?.total
          ? loading.mnist(megabytes(progress.loaded), megabytes(progress.total))
          : loading.unknown}
      </span>
    </div>
  );
}

export function Header() {
  const text = words.value;
  const other = theme.value === 'dark' ? 'light' : 'dark';
  return (
    <header class="header">
      <h1>
        <Icon name="leaf" size={22} />
        mapling
      </h1>
      <p class="tagline">
        {text.tagline} <span class="privacy">{text.privacy}</span>
      </p>
      <div class="header-end">
        <Dataset />
        <span
          class="status"
          role="status"
          data-part="status"
          data-value={status.value === 'idle' ? 'loading' : status.value}
        >
          {text.status[status.value]}
        </span>
        <button type="button" class="quiet" onClick={toggleLanguage} aria-label={text.language}>
          {text.otherLanguage}
        </button>
        <button
          type="button"
          class="quiet square"
          onClick={toggleTheme}
          aria-label={text.theme[other]}
          data-tip={text.theme[other]}
        >
          <Icon name={other === 'dark' ? 'moon' : 'sun'} />
        </button>
      </div>
      <LoadingLine />
    </header>
  );
}
