/**
 * A page's module may come in two parts (scripts/divide.mjs): what training begins with, and the rest, which is late where the
 * line is slow or cut. What takes the rest waits for it; a call into it that did not wait would end the worker.
 */
import { isCut, isWhole, restComes } from '../../engine/instance.js';
import type { ModelSource } from '../protocol.js';

/** What the first part does by itself, and what it does for networks that begin to train. */
const FIRST =
  /^(begin|holdLock|cancel|backend|pause|resume|stop|evaluate|save|weights|prefetch|areDigits|digitIm)/;
const BEGINS = /^(setModel|start|loadDigits)$/;
/** What is done without the rest where the line is cut, if with less to tell. */
const ANYWAY = /^(step|stepInside)$/;
/** Of what begins what takes the rest: other layers and optimizers, what goes on or changes on the way, files. */
const LATER = /"class_?name":"(?!Sequential|Flatten|Dense|Adam)|"(resume|adjustments|augment)"|"files"/i;

/** What a request has to wait for; nothing where it need not. */
export function needs(name: string | number, [asked]: readonly unknown[]): Promise<void> | undefined {
  if (isWhole() || FIRST.test(String(name)) || (isCut() && ANYWAY.test(String(name)))) return undefined;
  const isFresh = !ArrayBuffer.isView(asked) && !(asked as ModelSource | undefined)?.weights;
  const isFirst = BEGINS.test(String(name)) && isFresh && !LATER.test(JSON.stringify(asked));
  return isFirst ? undefined : restComes();
}
