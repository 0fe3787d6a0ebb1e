/** Classes beyond the ten digits have names that the visitor gave them. */
import { signal } from '@preact/signals';

export const classNames = signal<Readonly<Record<number, string>>>({});

/** What a class is called: a digit by itself. */
export const nameOf = (index: number): string => classNames.value[index] ?? String(index);
