/** The script of the lessons' worker: the library's own, with all of mapling. */
// @ts-expect-error The mark is for the bundler (www/vite.config.ts); types know no marks.
import '../../../../js/worker/worker.ts?whole';
