/** The script of a worker: it answers its page. */
import { serve } from './inside/service.js';

serve();
