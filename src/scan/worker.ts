/**
 * Entry of a worker thread: builds one engine and runs ranges one after the other. Values never leave this
 * thread; what is posted back is findings.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
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

const neverAborted = new AbortController().signal;

async function start(port: MessagePort): Promise<void> {
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
  const post = (message: FromWorker): void => port.postMessage(message);
  const work = async ({ id, task, skip }: ToWorker & { type: 'task' }): Promise<void> => {
    analyzer.startTask(id, skip);
    try {
      post({ type: 'result', id, result: await runner.run(task, neverAborted) });
    } catch (error) {
      post({ type: 'failed', id, name: errorName(error) });
    }
  };
  let chain: Promise<void> = Promise.resolve();
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
}

// What it throws ends the thread, and the pool hears of it.
void start(port);
