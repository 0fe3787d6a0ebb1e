import { computed, effect, signal } from '@preact/signals';
import { remember, remembered } from './remembered';

type Theme = 'light' | 'dark';

const system = matchMedia('(prefers-color-scheme: dark)');
const systemTheme = signal<Theme>(system.matches ? 'dark' : 'light');
system.addEventListener('change', () => {
  systemTheme.value = system.matches ? 'dark' : 'light';
});

const chosen = signal<Theme | null>(asTheme(remembered('theme')));

function asTheme(text: string | null): Theme | null {
  return text === 'light' || text === 'dark' ? text : null;
}

/** The visitor's choice, or else the system's. */
export const theme = computed<Theme>(() => chosen.value ?? systemTheme.value);

/** Choosing what the system says anyway means following the system again. */
export function toggleTheme(): void {
  const next: Theme = theme.value === 'dark' ? 'light' : 'dark';
  chosen.value = next === systemTheme.value ? null : next;
  remember('theme', chosen.value);
}

/** The system's own colours take the place of the page's, where somebody has chosen them for everything. */
const forced = matchMedia('(forced-colors: active)');

/** What the tokens are in this theme: to ask for one takes working out the page's styles. */
const tokens = new Map<string, string>();

effect(() => {
  document.documentElement.dataset.theme = theme.value;
  tokens.clear();
});
forced.addEventListener('change', () => tokens.clear());

/** A token's present value, for canvases. */
export function token(name: string): string {
  const known = tokens.get(name);
  if (known) return known;
  const value = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const colour = forced.matches && name !== 'font' ? resolved(value) : value;
  tokens.set(name, colour);
  return colour;
}

/** A colour of the system, by its name, as #rrggbb. */
function resolved(name: string): string {
  const probe = document.createElement('i');
  probe.style.setProperty('forced-color-adjust', 'none');
  probe.style.color = name;
  document.body.append(probe);
  const parts = getComputedStyle(probe).color.match(/\d+/g) ?? [];
  probe.remove();
  return `#${[0, 1, 2]
    .map((at) =>
      Number(parts[at] ?? 0)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}

/** A colour token as red, green and blue, 0 to 255 each. Tokens that canvases blend are written as #rrggbb. */
export function tokenRgb(name: string): [number, number, number] {
  const value = Number.parseInt(token(name).slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
