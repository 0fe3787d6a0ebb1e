/** A number among products: two digits after the point at most, with a minus sign of its own width. */
export const number = (value: number): string => String(Math.round(value * 100) / 100 || 0).replace('-', '−');

/** What somebody typed; null if it is no number. */
export function typedNumber(text: string): number | null {
  const plain = text.trim().replace('−', '-').replace(',', '.');
  return plain !== '' && Number.isFinite(Number(plain)) ? Number(plain) : null;
}
