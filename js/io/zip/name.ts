/** Names of members, by the same rule for archives that are read and that are written. */

/**
 * Whether a name is none, or no text that UTF-8 can say, or leads out of the archive: programs that unpack all of it would
 * write elsewhere.
 */
export const isOutside = (name: string): boolean =>
  /^([/\\]|[a-z]:|$)|\p{Cs}|(^|[/\\])\.\.([/\\]|$)/iu.test(name);
