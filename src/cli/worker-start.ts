/** What a worker thread runs: `worker-entry.cjs`, compiled once for all workers of all scans. */
import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import type { WorkerInit } from '../scan/worker-messages.js';
import { allowCodeCache, codeCacheEnv, loadBundle } from './code-cache.js';

/** Put in by the build: of the content of worker-entry.cjs. */
declare const entryId: string;

if ((workerData as WorkerInit).codeCache) allowCodeCache();
const file = join(__dirname, 'worker-entry.cjs');
const bundle = loadBundle({ file, id: entryId, use: 'worker', grows: true }, codeCacheEnv());
process.once('exit', () => bundle.save());
