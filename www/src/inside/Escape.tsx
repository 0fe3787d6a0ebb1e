import { insideWords } from './words';

/** The key that leads out, for those who have one. */
export const Escape = () => <span class="of-keys">{insideWords.value.inside.escape}</span>;
