/** What the format allows, for what reads files and what writes them. */

/**
 * The longest head. Nothing else limits how many tensors there are: each takes at least fifty bytes of the head, and one and
 * a half kilobytes of memory while it is read, so that what is made of a file is at most thirty times as long.
 */
const MOST_HEAD = 100_000_000;

/** Refuses a head of so many bytes. */
export function checkHead(length: number, refuse: (why: string) => Error): void {
  if (length > MOST_HEAD)
    throw refuse(`its head would be ${length} bytes long, and at most ${MOST_HEAD} are allowed`);
}
