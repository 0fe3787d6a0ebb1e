import type { RefObject } from 'preact';

interface FileInputProps {
  /** What a button clicks. */
  at: RefObject<HTMLInputElement | null>;
  part?: string;
  /** What else an input of files may be told: `multiple`, `accept`, `capture`, `webkitdirectory`. */
  more?: Readonly<Record<string, string | boolean>>;
  onFiles: (files: File[]) => void;
}

/** Asks the browser for files. A button stands for it, for eyes and ears, since browsers draw it each their own way. */
export function FileInput({ at, part, more, onFiles }: FileInputProps) {
  return (
    <input
      ref={at as RefObject<HTMLInputElement>}
      type="file"
      class="for-ears"
      tabIndex={-1}
      aria-hidden="true"
      data-part={part}
      {...more}
      onChange={(event) => {
        onFiles([...(event.currentTarget.files ?? [])]);
        // The same file may be chosen again.
        event.currentTarget.value = '';
      }}
    />
  );
}
