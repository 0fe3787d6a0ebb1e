/** The script of a thread of Node's: it answers the thread that started it. */
import { parentPort } from 'node:worker_threads';
import type { Endpoint } from './calls.js';
import { serve } from './inside/service.js';

// `@types/node` gives ports the events of Node's, and not yet those of pages, which they have as well.
serve(parentPort as unknown as Endpoint);
