// What a process takes while it reads one file after the other: each may take four times its length and a constant, and
// nothing may be left of it.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

const MB = 2 ** 20;
/** A file's buffers and what it makes of them: a megabyte is a constant's worth, since the smallest file is read by the same code. */
const BUFFERS = MB;
/**
 * The process at its greatest, over many files: the engine lets objects lie until it has some tens of megabytes of them, and
 * compiles what is called often.
 */
const PROCESS = 192 * MB;
/** What is kept once all are read: compiled code, and names that were met. */
const KEPT = 16 * MB;

/** Lets the collector through, finalizers too. */
export async function settle() {
  for (let turn = 0; turn < 3; turn++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const peak = () => process.resourceUsage().maxRSS * 1024;
const inMB = (bytes) => `${(bytes / MB).toFixed(1)} MB`;

/** Watches the process, which has read a few files before, so that what is loaded and compiled once is there. */
export async function watchMemory() {
  await settle();
  const begun = process.memoryUsage();
  const most = { file: 0, buffers: 0 };
  const first = peak();
  const wrong = [];
  let before = begun;
  return {
    wrong,
    /** Before a file is read. */
    begin() {
      before = process.memoryUsage();
    },
    /** After it: `size` is its length. */
    end(call, size) {
      const { arrayBuffers } = process.memoryUsage();
      // What lies outside of the engine's heap. Nothing of it is freed while no other turn begins, but by the collector.
      const made = arrayBuffers - before.arrayBuffers;
      most.file = Math.max(most.file, size);
      most.buffers = Math.max(most.buffers, made);
      if (made > 4 * size + BUFFERS) wrong.push(`${call}: ${made} bytes for ${size}`);
    },
    /** Once all are read: the figures as a sentence. */
    async close() {
      const grown = peak() - first;
      await settle();
      const now = process.memoryUsage();
      const heap = now.heapUsed - begun.heapUsed;
      const buffers = now.arrayBuffers - begun.arrayBuffers;
      if (grown > 4 * most.file + PROCESS) wrong.push(`the process grew by ${inMB(grown)}`);
      if (heap + buffers > KEPT) wrong.push(`${inMB(heap + buffers)} are left behind`);
      return (
        `files of ${Math.round(most.file / 1024)} KB at most; buffers of one file ${inMB(most.buffers)} at most; ` +
        `the process at its greatest ${inMB(grown)} more than before; ` +
        `left: heap ${inMB(heap)}, buffers ${inMB(buffers)}, resident ${inMB(now.rss - begun.rss)}`
      );
    },
  };
}
