/** The real world: this process's streams, environment and signals. */
import type { Io, OutputStream } from './io.js';

/** Each stream is set up when first asked for: the hook mostly has nothing to say. */
function outputStream(name: 'stdout' | 'stderr'): () => OutputStream {
  let isAsked = false;
  return () => {
    const stream = process[name];
    // A write after the reader has gone also raises an event; the write's callback already tells us.
    if (!isAsked) stream.on('error', () => {});
    isAsked = true;
    return stream;
  };
}

export function processIo(): Io {
  const stdout = outputStream('stdout');
  const stderr = outputStream('stderr');
  return {
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return stdout();
    },
    get stderr() {
      return stderr();
    },
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
