/** Where a chart's plot ends on each side, from the picture's own edges, in CSS pixels. */
export interface Edge {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A mark of an axis: its place in the picture and what stands there. */
export type Tick = readonly [place: number, text: string | number];

interface AxesProps {
  width: number;
  height: number;
  edge: Edge;
  /** Marks from left to right, under the plot. */
  across: readonly Tick[];
  /** Marks upwards, at the left of the plot. */
  up: readonly Tick[];
  /** Whether a line goes through the plot at each mark upwards. */
  hasLines?: boolean;
  /** What the axes count: the one across stands below its marks, the one upwards above the plot. */
  nameAcross?: string;
  nameUp?: string;
}

/** The two axes of a lesson's chart, with marks, lines and names. */
export function Axes({ width, height, edge, across, up, hasLines, nameAcross, nameUp }: AxesProps) {
  const end = width - edge.right;
  return (
    <g class="axes">
      {up.map(([y, text]) => (
        <g key={text}>
          {hasLines && <line x1={edge.left} x2={end} y1={y} y2={y} />}
          <text x={edge.left - 6} y={y} dy="0.35em" text-anchor="end">
            {text}
          </text>
        </g>
      ))}
      {across.map(([x, text], at) => (
        <text
          key={text}
          x={x}
          y={height - edge.bottom + 16}
          // A mark at the end of the picture stays inside it.
          text-anchor={at === across.length - 1 && x + 24 > width ? 'end' : 'middle'}
        >
          {text}
        </text>
      ))}
      {nameAcross && (
        <text x={end} y={height - 3} text-anchor="end">
          {nameAcross}
        </text>
      )}
      {nameUp && (
        <text x={2} y={edge.top - 12}>
          {nameUp}
        </text>
      )}
    </g>
  );
}
