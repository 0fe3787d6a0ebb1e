// What tests do to teach the page's network: say that a digit was read wrong, and make a class of hearts.
import { becomes, draw, part } from './page.mjs';

/** *Wrong: it was a…*, beside what the network has read. */
export const wrong = (page) => page.locator('.truth button').nth(1);

/** What each class's bar says, as a number. */
export const barValues = (page) =>
  part(page, 'bars')
    .locator('li')
    .evaluateAll((bars) => bars.map(({ dataset }) => Number(dataset.value)));

/** A heart of this width and height, in a box of 500. */
export const heart = (width, height) => [
  Array.from({ length: 31 }, (_, at) => {
    const turn = (2 * Math.PI * at) / 30;
    const y = 13 * Math.cos(turn) - 5 * Math.cos(2 * turn) - 2 * Math.cos(3 * turn) - Math.cos(4 * turn);
    return [250 + width * 16 * Math.sin(turn) ** 3, 230 - height * y];
  }),
];

/** Draws so many hearts for a class of one's own, which has this name if one is given. */
export async function collectHearts(page, count, name) {
  await draw(page, heart(10, 10));
  await wrong(page).click();
  await part(page, 'new-class').click();
  if (name) await page.locator('.teach-class input').fill(name);
  for (let at = 0; at < count; at++) {
    if (at > 0) await draw(page, heart(8 + (at % 4), 8 + ((3 * at) % 4)));
    await page.locator('.teach-class .row button').first().click();
    await becomes(page, 'collecting', at + 1);
  }
}

/** Teaches the class of what was collected, and waits until that is done. */
export async function teachClass(page) {
  await page.locator('.teach-class .row button').nth(1).click();
  await page.locator('[data-part="taught"][data-after]').waitFor({ timeout: 60_000 });
}
