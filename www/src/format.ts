import { locale } from './words';

const memo = new Map<string, Intl.NumberFormat>();

/** With so many digits after the point, at least and at most. */
function write(value: number, least: number, most = least): string {
  const key = `${locale()} ${least} ${most}`;
  let format = memo.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale(), { minimumFractionDigits: least, maximumFractionDigits: most });
    memo.set(key, format);
  }
  return format.format(value);
}

/** 12,345 */
export const count = (value: number) => write(Math.round(value), 0);

/** 97.62, without the sign */
export const hundredths = (share: number, digits = 2) => write(share * 100, digits);

/** 98, or 99.6 where no more than 99 would be true, and > 99.9: nothing is certain. */
export function percent(share: number, digits = 0): string {
  if (share > 0.999) return `>\u00a0${write(99.9, 1)}`;
  return share >= 0.995 ? write(Math.floor(share * 1000) / 10, 1) : write(share * 100, digits);
}

/** 98 of a hundred, in the space of a number: what is more than 99.5 is `>99`, since nothing is certain. */
export const ofHundred = (share: number): string => (share >= 0.995 ? '>99' : write(share * 100, 0));

/** 0.0812, or 2.31e+8 where the loss has run away */
export function lossText(loss: number): string {
  if (!Number.isFinite(loss)) return '∞';
  if (loss >= 1000) return loss.toExponential(1);
  const digits = loss >= 10 ? 1 : loss >= 1 ? 2 : 3;
  return write(loss, digits);
}

/** 0:07, 12:40 */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** 11.5 */
export const megabytes = (bytes: number) => write(bytes / 1e6, 0, 1);
