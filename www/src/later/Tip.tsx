import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { escapesTo } from '../parts/escape';

const shown = signal<{ text: string; box: DOMRect } | null>(null);

function show(event: Event): void {
  const owner = (event.target as Element).closest?.('[data-tip]');
  const text = owner?.getAttribute('data-tip');
  shown.value = owner && text ? { text, box: owner.getBoundingClientRect() } : null;
}

const hide = () => {
  shown.value = null;
};

/** One floating line for everything that carries `data-tip`: it says what the thing under the pointer or focus is. */
export function Tip() {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const onPointer = (event: PointerEvent) => event.pointerType === 'mouse' && show(event);
    // A finger cannot hover: it taps, except where a tap does something.
    const onTap = (event: PointerEvent) => {
      const isFree = !(event.target as Element).closest('button, input, select, label');
      if (event.pointerType !== 'mouse' && isFree) show(event);
    };
    const onFocus = (event: FocusEvent) => (event.target as Element).matches(':focus-visible') && show(event);
    addEventListener('pointerover', onPointer);
    addEventListener('click', onTap);
    addEventListener('focusin', onFocus);
    for (const gone of ['focusout', 'scroll', 'pointerdown', 'keydown']) addEventListener(gone, hide, true);
    return () => {
      removeEventListener('pointerover', onPointer);
      removeEventListener('click', onTap);
      removeEventListener('focusin', onFocus);
      for (const gone of ['focusout', 'scroll', 'pointerdown', 'keydown'])
        removeEventListener(gone, hide, true);
    };
  }, []);
  useLayoutEffect(() => {
    if (shown.value) return escapesTo(hide);
  }, [shown.value !== null]);
  useLayoutEffect(() => {
    const [tip, at] = [box.current, shown.value?.box];
    if (!tip || !at) return;
    const { width, height } = tip.getBoundingClientRect();
    const left = Math.min(Math.max(8, at.left + at.width / 2 - width / 2), innerWidth - width - 8);
    const above = at.top - height - 8;
    tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(above > 4 ? above : at.bottom + 8)}px)`;
  });
  return shown.value ? (
    <div class="tip" ref={box} aria-hidden="true">
      {shown.value.text}
    </div>
  ) : null;
}
