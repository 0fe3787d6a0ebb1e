// What a visitor would see at once: text that is cut off, that leaves the screen, or that lies on other text; a number on one
// line and its % on the next.
import assert from 'node:assert/strict';

/** Runs in the page: what is wrong with the texts that are shown. */
const wrongTexts = () => {
  const found = [];
  const beyond = document.documentElement.scrollWidth - innerWidth;
  if (beyond > 0) found.push(`the page is ${beyond} px too wide`);
  const told = (element) =>
    [element.parentElement, element]
      .map(({ tagName, className }) => `${tagName.toLowerCase()}.${String(className).split(' ')[0]}`)
      .join(' > ');
  // What lies around a text is asked once, however many texts lie in it.
  const places = new Map();
  const placeOf = (element) => {
    if (!element || element === document.body)
      return { scrolls: false, isHidden: false, isLaidOver: false, edges: [] };
    if (!places.has(element)) {
      const around = placeOf(element.parentElement);
      const style = getComputedStyle(element);
      const scrolls = /auto|scroll/.test(style.overflowX);
      const cuts = /hidden|clip/.test(style.overflowX) && style.textOverflow !== 'ellipsis';
      places.set(element, {
        scrolls: scrolls || around.scrolls,
        isHidden: style.clipPath === 'inset(50%)' || around.isHidden,
        isLaidOver: /fixed|sticky|absolute/.test(style.position) || around.isLaidOver,
        // What scrolls out of an inner box is not cut off by those around it.
        edges: scrolls ? [] : [...(cuts ? [element.getBoundingClientRect()] : []), ...around.edges],
      });
    }
    return places.get(element);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const shown = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    // What is for the ear alone, for later, or in the browser's own controls is not drawn by the page.
    if (!text || element.closest('.for-ears, .skip, .tip, noscript, option, textarea, pre')) continue;
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    // The box of a line is higher than what is drawn of its text.
    const boxes = [...range.getClientRects()]
      .filter(({ width, height }) => width > 1 && height > 1)
      .map(({ left, right, top, height }) => ({
        left,
        right,
        top: top + 0.15 * height,
        bottom: top + 0.85 * height,
        height: 0.7 * height,
      }));
    if (boxes.length === 0) continue;
    const { scrolls, isHidden, isLaidOver, edges } = placeOf(element);
    if (isHidden) continue;
    if (
      edges.some((edge) =>
        boxes.some(({ left, right }) => right > edge.right + 1.5 || left < edge.left - 1.5),
      )
    )
      found.push(`cut off: ${told(element)} “${text.slice(0, 40)}”`);
    if (!scrolls && boxes.some(({ left, right }) => right > innerWidth + 1 || left < -1))
      found.push(`off the screen: ${told(element)} “${text.slice(0, 40)}”`);
    for (const { index, 0: share } of walker.currentNode.textContent.matchAll(/\d\s%/g)) {
      range.setStart(walker.currentNode, index);
      range.setEnd(walker.currentNode, index + share.length);
      const lines = [...range.getClientRects()]
        .filter(({ width }) => width > 1)
        .map(({ top }) => Math.round(top));
      if (new Set(lines).size > 1) found.push(`a number without its %: “${text.slice(0, 40)}”`);
    }
    if (isLaidOver || scrolls) continue;
    const [top, bottom] = [
      Math.min(...boxes.map((box) => box.top)),
      Math.max(...boxes.map((box) => box.bottom)),
    ];
    shown.push({ element, text, boxes, top, bottom });
  }
  shown.sort((one, other) => one.top - other.top);
  for (const [at, one] of shown.entries())
    for (let next = at + 1; next < shown.length && shown[next].top < one.bottom; next++) {
      const other = shown[next];
      if (one.element.contains(other.element) || other.element.contains(one.element)) continue;
      const covers = one.boxes.some((a) =>
        other.boxes.some(
          (b) =>
            Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 &&
            Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.5 * Math.min(a.height, b.height),
        ),
      );
      if (covers)
        found.push(
          `on each other: “${one.text.slice(0, 30)}” (${told(one.element)}), “${other.text.slice(0, 30)}”`,
        );
    }
  return [...new Set(found)];
};

/** Fails unless all text that the page shows is whole, on the screen and free, at each of these sizes. */
export async function nothingCut(page, state, sizes) {
  const before = page.viewportSize();
  for (const [width, height] of sizes) {
    await page.setViewportSize({ width, height });
    // Charts are drawn anew for their size with the next pictures, which come late where the machine is busy.
    let wrong;
    for (let tries = 0; tries < 5 && wrong?.length !== 0; tries++) {
      if (tries > 0) await page.waitForTimeout(100 * tries);
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      wrong = await page.evaluate(wrongTexts);
    }
    assert.deepEqual(wrong, [], `${state}, ${width} × ${height}`);
  }
  await page.setViewportSize(before);
}
