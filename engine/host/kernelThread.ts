import { workerData } from 'node:worker_threads';
import { serve } from '../kernels/wasm/team/member.ts';

// A further thread for kernels, started by kernels.ts. It does what the team's board says until its process ends.
serve(workerData);
