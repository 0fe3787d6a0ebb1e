/** What says about a thing what it is: under a pointer, at the focus, on a tap, and to a screen reader. */
export const explained = (text: string | undefined) =>
  text ? { 'data-tip': text, 'aria-description': text } : {};
