/** How lessons write numbers. */

/** About three digits, a real minus, and powers of ten where there would be too many digits. */
export function short(value: number): string {
  if (Number.isNaN(value)) return '?';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  const text =
    size !== 0 && (size >= 1e5 || size < 5e-4)
      ? value.toExponential(1).replace('e+', 'e')
      : value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
  // What rounds to nothing has no sign.
  return /^-0\.?0*$/.test(text) ? text.slice(1) : text.replaceAll('-', '−');
}

/** As a factor or a summand in a formula: negative numbers stand in brackets. */
export const inFormula = (value: number): string => (value < 0 ? `(${short(value)})` : short(value));
