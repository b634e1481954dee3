/** The real world: this process's streams, environment and signals. */
import type { Io } from './io.js';

export function processIo(): Io {
  const { stdout, stderr } = process;
  // A write after the reader has gone also raises an event; the write's callback already tells us.
  for (const stream of [stdout, stderr]) stream.on('error', () => {});
  return {
    get stdin() {
      return process.stdin;
    },
    stdout,
    stderr,
    env: process.env,
    cwd: process.cwd(),
    now: () => new Date().toISOString(),
    onInterrupt: (handler) => {
      // Once: a second signal ends the process the ordinary way.
      process.once('SIGINT', handler);
      process.once('SIGTERM', handler);
      return () => {
        process.off('SIGINT', handler);
        process.off('SIGTERM', handler);
      };
    },
  };
}
