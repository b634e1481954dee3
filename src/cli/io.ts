/** The outside world of the command line as one value, so that tests can call `main(argv, io)`. */

export interface OutputStream {
  write(text: string, callback: (error?: Error | null) => void): boolean;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface InputStream extends AsyncIterable<Buffer | string> {
  readonly isTTY?: boolean;
  setRawMode?(on: boolean): unknown;
}

export interface Io {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path. */
  readonly cwd: string;
  /** RFC 3339 UTC. */
  now(): string;
  /** Calls the handler at the first SIGINT or SIGTERM; returns how to stop listening. */
  onInterrupt(handler: () => void): () => void;
}
