/** What a command gets: the world, the services, and the flags that all commands share. */
import type { Io } from './io.js';
import type { Output } from './output.js';
import type { Services } from './services.js';
import type { ColorMode, Terminal } from './terminal.js';

/** Flags that every command takes, before or after its name. */
export interface GlobalFlags {
  readonly db?: string;
  readonly keyFile?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  /** How often `-v` was given. */
  readonly verbose?: number;
  readonly color?: ColorMode;
}

export interface Context {
  readonly io: Io;
  readonly services: Services;
  readonly flags: GlobalFlags;
  readonly terminal: Terminal;
  readonly out: Output;
  readonly version: string;
  /** Aborted at SIGINT. */
  readonly signal: AbortSignal;
  /** A line for people on stderr; silent under `--quiet`. */
  tell(line: string): Promise<void>;
}

/**
 * Turns a handler into a commander action. The handler gets the options, checked by the parsers that were
 * declared with them, then the positional arguments in order.
 */
export type Bind = <Options, Args extends readonly unknown[]>(
  handler: (context: Context, options: Options, ...args: Args) => Promise<number>,
) => (...args: unknown[]) => Promise<void>;
