/**
 * Takes hold of a pointer until it is let go. What is selected makes way: where it lies under the pointer the browser would
 * drag it in the place of what is meant.
 */
export function hold(element: Element, pointer: number): void {
  getSelection()?.removeAllRanges();
  element.setPointerCapture(pointer);
}
