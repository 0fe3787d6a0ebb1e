// Three figures of a sample, and how they are printed.

/** The value that a share `part` of the values does not exceed; between two neighbours, a mixture of them. */
export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = part * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at % 1);
}

export const median = (values) => quantile(values, 0.5);

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
