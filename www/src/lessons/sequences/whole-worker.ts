/** The worker of this lesson: the library's own, with all of mapling, since the page's module has no layers for sequences. */
import '../../../../js/worker/worker.ts?whole';
