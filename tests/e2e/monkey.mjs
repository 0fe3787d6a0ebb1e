// A visitor without a plan: presses, types, drags, drops and draws whatever is there, as numbers from a seed say.
import { drop, part, penDigits } from './page.mjs';

/** Numbers from 0 to 1, the same for the same seed (xorshift, 32 bits). */
export function numbersFrom(seed) {
  let state = seed * 2654435761 + 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
}

const KEYS =
  'Escape Escape Space Enter Tab z c r s ArrowLeft ArrowRight ArrowUp Home End Backspace 3 ?'.split(' ');
const TYPED = ['0', '-1', '1e9', 'NaN', '', '0.01', '64', '3', '١', '<b>', '1e-7', '0x10'];
/** Buttons that lead away from the page, or open a window of the system. */
const AWAY = 'a:not([href^="#"]), [data-part="download"], input[type="file"]';

/** Does one thing in the page to what is visible, and says what it was. The choice is `pick`, from 0 to 1. */
const act = (page, pick, typed) =>
  page.evaluate(
    ([pick, typed, away]) => {
      const all = [...document.querySelectorAll('button, select, input, a[href], summary, [role="slider"]')];
      const open = all.filter((one) => one.checkVisibility() && !one.disabled && !one.matches(away));
      const one = open[Math.floor(pick * open.length)];
      if (!one) return 'nothing';
      const name = one.dataset.part ?? one.name ?? one.ariaLabel;
      const said = `${one.localName} ${name || one.textContent.trim().slice(0, 30)}`;
      const part = (pick * open.length) % 1;
      one.focus();
      if (one.localName === 'select') one.selectedIndex = Math.floor(part * one.options.length);
      else if (one.type === 'range') one.value = String(Number(one.min) + part * (one.max - one.min));
      else if (one.matches('input:not([type="checkbox"], [type="radio"])')) one.value = typed;
      else {
        one.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
        return said;
      }
      one.dispatchEvent(new Event('input', { bubbles: true }));
      one.dispatchEvent(new Event('change', { bubbles: true }));
      return `${said} = ${one.value}`;
    },
    [pick, typed, AWAY],
  );

/** Draws on the pad, with pointers of some kinds, now and then beyond its edge or with two at once. */
async function scribble(page, random) {
  const pad = part(page, 'pad');
  if (!(await pad.isVisible())) return 'no pad';
  const { strokes } = penDigits[Math.floor(random() * penDigits.length)];
  const [scale, kind] = [0.5 + random() * 2, ['mouse', 'pen', 'touch'][Math.floor(random() * 3)]];
  const [isTwo, isLost] = [random() < 0.3, random() < 0.3];
  await pad.evaluate(
    (canvas, { strokes, scale, kind, isTwo, isLost }) => {
      const box = canvas.getBoundingClientRect();
      const send = (type, [x, y], pointerId, pointerType) =>
        canvas.dispatchEvent(
          new PointerEvent(type, {
            clientX: box.left + (x / 500) * box.width * scale,
            clientY: box.top + (y / 500) * box.height * scale,
            pointerId,
            pointerType,
            isPrimary: pointerId === 1,
            buttons: type === 'pointerup' ? 0 : 1,
            bubbles: true,
            cancelable: true,
          }),
        );
      for (const stroke of strokes) {
        send('pointerdown', stroke[0], 1, kind);
        if (isTwo) send('pointerdown', [400, 20], 2, 'touch');
        for (const point of stroke) send('pointermove', point, 1, kind);
        if (isTwo) send('pointermove', [20, 400], 2, 'touch');
        send(isLost ? 'pointercancel' : 'pointerup', stroke.at(-1), 1, kind);
        if (isTwo) send('pointerup', [20, 400], 2, 'touch');
      }
    },
    { strokes, scale, kind, isTwo, isLost },
  );
  return `drew with ${kind}${isTwo ? ' and a palm' : ''}`;
}

const hash = async (page, text) => {
  await page.evaluate((text) => {
    location.hash = text;
  }, text);
  return `#${text}`;
};

/** Files that are not what is wanted, and one that is. */
const FILES = {
  'nothing.csv': '',
  'letter.pdf': '%PDF-1.7',
  '7.png': 'no picture',
  'net.keras': 'PK no archive',
  'model.json': '{',
  'rows.csv': Array.from({ length: 12 }, (_, at) => [at % 10, ...Array(784).fill(at)].join(',')).join('\n'),
};

async function dropOne(page, random) {
  const names = Object.keys(FILES);
  const name = names[Math.floor(random() * names.length)];
  await drop(page, [{ name, base64: Buffer.from(FILES[name]).toString('base64') }]);
  return `drop ${name}`;
}

/** One thing that somebody without a plan does; says what it was. */
export async function monkey(page, random) {
  const chance = random();
  if (chance < 0.03) return dropOne(page, random);
  if (chance < 0.5) return act(page, random(), TYPED[Math.floor(random() * TYPED.length)]);
  if (chance < 0.65) {
    const key = KEYS[Math.floor(random() * KEYS.length)];
    await page.keyboard.press(key);
    return `key ${key}`;
  }
  if (chance < 0.75) return scribble(page, random);
  if (chance < 0.95) {
    const name = ['play', 'pause', 'step', 'reset', 'clear', 'undo'][Math.floor(random() * 6)];
    return page.evaluate((name) => {
      const button = document.querySelector(`[data-part="${name}"]`);
      button?.click();
      return `press ${name}${button ? '' : ', which is not there'}`;
    }, name);
  }
  const links = [
    '',
    'lesson=why',
    'lesson=line',
    'seed=9',
    'net=nonsense',
    'ink=AAAA',
    'lesson=__proto__',
    '%',
  ];
  return hash(page, links[Math.floor(random() * links.length)]);
}
