/** The script of the threads of a worker with all of mapling: the library's own. */
// The mark is for the bundler (www/vite.config.ts).
import '../../../../js/engine/crew-worker.ts?whole';
