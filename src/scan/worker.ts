/**
 * Entry of a worker thread: builds one engine and runs ranges one after the other. Values never leave this
 * thread; what is posted back is findings.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { createAnalyzer } from '../detect/create-analyzer.js';
import { anchorTableOf } from '../identity/sweep.js';
import { CallCells } from './call-cells.js';
import { errorName } from './error-name.js';
import { openCores } from './open-cores.js';
import { outsideOf } from './outside-of.js';
import { RangeRunner } from './range-runner.js';
import { WatchedAnalyzer } from './watched-analyzer.js';
import { type FromWorker, revivedKeys, type ToWorker, type WorkerInit } from './worker-messages.js';

const port = parentPort;
if (port === null) throw new Error('this module runs as a worker thread only');

const init = workerData as WorkerInit;
const keys = revivedKeys(init.keys);
const cores = openCores(keys, init.known);
const analyzer = new WatchedAnalyzer(
  createAnalyzer({
    rules: init.rules,
    outside: await outsideOf(init.rules),
    keys,
    known: anchorTableOf(init.known),
    cores,
  }),
  new CallCells(init.cells),
);
const runner = new RangeRunner(analyzer, keys, cores);
const neverAborted = new AbortController().signal;
let chain: Promise<void> = Promise.resolve();

function post(message: FromWorker): void {
  port?.postMessage(message);
}

async function work(message: ToWorker & { type: 'task' }): Promise<void> {
  analyzer.startTask(message.id, message.skip);
  try {
    const result = await runner.run(message.task, neverAborted);
    post({ type: 'result', id: message.id, result });
  } catch (error) {
    post({ type: 'failed', id: message.id, name: errorName(error) });
  }
}

port.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'task':
      chain = chain.then(() => work(message));
      return;
    case 'close':
      chain = chain.then(() => runner.close()).finally(() => port.close());
      return;
  }
});
