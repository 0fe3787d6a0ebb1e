/** Icons on a 16 px grid, drawn with the text's colour. */
const drawn = {
  play: <path d="M4.5 2.8v10.4L13 8z" fill="currentColor" stroke="none" />,
  pause: <path d="M5.5 3v10M10.5 3v10" stroke-width="2.6" />,
  step: (
    <>
      <path d="M3.5 3v10l7-5z" fill="currentColor" stroke="none" />
      <path d="M12.5 3v10" stroke-width="2" />
    </>
  ),
  reset: <path d="M3 8a5 5 0 1 0 1.7-3.8M3 2.5v3h3" />,
  undo: <path d="M3 6.5h6.5a3.5 3.5 0 0 1 0 7H7M6 3.2 2.8 6.5 6 9.8" />,
  close: <path d="m4 4 8 8M12 4l-8 8" />,
  right: <path d="m3 8.5 3.2 3.2L13 4.5" stroke-width="2" />,
  sun: (
    <path d="M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6M8 1.2v1.3M8 13.5v1.3M1.2 8h1.3M13.5 8h1.3M3.2 3.2l.9.9M11.9 11.9l.9.9M3.2 12.8l.9-.9M11.9 4.1l.9-.9" />
  ),
  moon: <path d="M13.3 9.6A5.7 5.7 0 0 1 6.4 2.7a5.7 5.7 0 1 0 6.9 6.9z" />,
  dice: (
    <>
      <path d="M3.5 2.5h9a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1z" />
      <path d="M5.6 5.6h0M10.4 5.6h0M8 8h0M5.6 10.4h0M10.4 10.4h0" stroke-width="1.9" />
    </>
  ),
  leaf: (
    <path d="M8 14.5V7.5M8 10C4 10 2.5 7.5 2.5 4.5 6 4.5 8 6 8 10zM8 7.5C8 4 10 2 13.5 2c0 3.5-2 5.5-5.5 5.5z" />
  ),
};

export type IconName = keyof typeof drawn;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      class="icon"
      aria-hidden="true"
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
    >
      {drawn[name]}
    </svg>
  );
}
