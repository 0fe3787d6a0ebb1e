import { hundredths, megabytes } from '../format';
import { dataInfo, dataProgress, isFresh, run, status, warmUp } from '../state/session';
import { theme, toggleTheme } from '../state/theme';
import { toggleLanguage, words } from '../words';
import { explained } from './explained';
import { Icon } from './icons';

/** Where the digits come from, or how far they have come. */
function Dataset() {
  const info = dataInfo.value;
  const progress = dataProgress.value;
  const { dataset, loading } = words.value;
  // That MNIST cannot be had a notice says.
  const stage = warmUp.value === 'instead' ? null : warmUp.value;
  const isLoading = status.value === 'loading' || progress !== null || stage !== null || isFresh.value;
  const short = info ? dataset.short[info.name] : dataset.none;
  const left = progress?.secondsLeft == null ? '' : loading.left(Math.ceil(progress.secondsLeft));
  const said = progress
    ? loading.mnist(megabytes(progress.loaded), megabytes(progress.total)) + left
    : stage && stage !== 'coming'
      ? loading.here
      : isFresh.value
        ? loading.fresh
        : short;
  return (
    <span
      class="dataset"
      data-part="dataset"
      data-value={info?.name ?? ''}
      data-loading={isLoading}
      {...explained(info ? dataset[info.name](info.train, info.test) : undefined)}
    >
      {stage === 'coming' && <span class="wide">{loading.warmUp} </span>}
      {said}
    </span>
  );
}

/** An honest line: its length is the share that has arrived. */
function LoadingLine() {
  const progress = dataProgress.value;
  if (status.value !== 'loading' && !progress) return null;
  const share = progress ? progress.loaded / progress.total : 0;
  return (
    <div
      class="loading"
      role="progressbar"
      aria-label={words.value.loading.label}
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <div class="loading-bar" style={{ transform: `scaleX(${share})` }} />
    </div>
  );
}

/** On a phone the figures lie below the pad: this one comes along in the header. */
function SmallAccuracy() {
  const share = run.value?.testAccuracy;
  return share === undefined ? null : <span class="small-accuracy">{hundredths(share)} %</span>;
}

export function Header() {
  const text = words.value;
  const other = theme.value === 'dark' ? 'light' : 'dark';
  return (
    <header class="header">
      <h1>
        <Icon name="leaf" size={22} />
        <span class="name">mapling</span>
      </h1>
      <p class="tagline">
        {text.tagline} <span class="privacy">{text.privacy}</span>
      </p>
      <div class="header-end">
        <Dataset />
        <span class="status" role="status" data-part="status" data-value={status.value}>
          {text.status[status.value]}
        </span>
        <SmallAccuracy />
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
