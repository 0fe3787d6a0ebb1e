/** Does `paint` before the next frame is shown: once, however often it is asked for in between. */
export function oncePerFrame(paint: () => void): () => void {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      paint();
    });
  };
}
