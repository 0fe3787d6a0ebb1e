import type { Named } from '../state/runs';
import { timeWords } from './words';

/** What a run is called: by the visitor, or by its number. */
export const nameOf = ({ name, number }: Named): string => name.trim() || timeWords.value.run(number);
