// Three figures of a sample, and how they are printed.

const sorted = (values) => [...values].sort((a, b) => a - b);

/** The value that a share `part` of the values does not exceed. */
export const quantile = (values, part) =>
  sorted(values)[Math.min(values.length - 1, Math.floor(values.length * part))];

export const median = (values) => (quantile(values, 0.5) + quantile(values, 0.499999)) / 2;

/** Three significant digits, no exponent. */
export function short(value) {
  if (value >= 1000) return Math.round(value).toLocaleString('en');
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
}

/** The median and its surroundings. */
export const spread = (values) =>
  `${short(median(values))} (${short(Math.min(...values))} to ${short(Math.max(...values))})`;

/** A Markdown table with its columns in line; the first is aligned to the left, the others to the right. */
export function table(head, rows) {
  const cells = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column].length)));
  const pad = (cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]));
  const [first, ...others] = cells.map((row) => `| ${row.map(pad).join(' | ')} |`);
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [first, `| ${rule.join(' | ')} |`, ...others].join('\n');
}
