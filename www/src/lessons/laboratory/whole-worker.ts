/** The script of the lessons' worker: the library's own, with all of mapling. */
// The mark is for the bundler (www/vite.config.ts).
import '../../../../js/worker/worker.ts?whole';
