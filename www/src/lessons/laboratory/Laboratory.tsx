import { effect } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import '../../style/laboratory.css';
import { session } from '../../state/session';
import { closeLaboratory } from './laboratory';

/** The digits that each lesson has found something out about. */
const known = new Map<() => void, unknown>();

/**
 * The place of a lesson that tries things in the second worker. When somebody goes, `leave` ends what is under way; when
 * other digits come, what was found out cannot be compared any more, and `forget` lets go of it.
 */
export function Laboratory({ leave, forget, children }: LaboratoryProps) {
  useEffect(() => {
    const end = effect(() => {
      const { data } = session.value;
      const isSame = !known.has(forget) || known.get(forget) === data;
      known.set(forget, data);
      if (isSame) return;
      leave();
      closeLaboratory();
      forget();
    });
    return () => {
      end();
      leave();
      closeLaboratory();
    };
  }, []);
  return <div class="laboratory">{children}</div>;
}

interface LaboratoryProps {
  leave: () => void;
  forget: () => void;
  children: ComponentChildren;
}
