/** Runs `main(argv, io)` in this process, in a home of its own, and gives what it printed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Io, OutputStream } from '../../src/cli/io.js';
import { main } from '../../src/cli/main.js';
import type { Services } from '../../src/cli/services.js';
import { formsOf } from '../../src/cli/value-forms.js';
import { literalOf } from '../../src/detect/literal-search.js';
import { deriveKeys, type IdentityKeys } from '../../src/identity/hkdf-keys.js';
import { writeKeyFile } from '../../src/identity/keys.js';
import type { Store } from '../../src/store/store.js';
import { providerTableOf } from './exposure-builder.js';
import { scanTime } from './exposures.js';
import { dossiersOf } from './planning.js';
import { scratch } from './scratch.js';

export interface MainResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A stream that keeps what it is given; it can pretend to be a pipe whose reader is gone. */
export class Sink implements OutputStream {
  text = '';
  readonly isTTY: boolean;
  readonly columns = 100;
  readonly #isBroken: boolean;

  constructor(options: { readonly isTTY?: boolean; readonly isBroken?: boolean } = {}) {
    this.isTTY = options.isTTY ?? false;
    this.#isBroken = options.isBroken ?? false;
  }

  write(text: string, callback: (error?: Error | null) => void): boolean {
    if (this.#isBroken) callback(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    else {
      this.text += text;
      callback();
    }
    return true;
  }
}

/** Services that fail when called; a test gives the ones its command uses. */
export const noServices: Services = {
  openStore: async () => Promise.reject(new Error('openStore')),
  readKeyId: async () => undefined,
  targetRoot: async (path) => path,
  baselineFindings: async () => Promise.reject(new Error('baselineFindings')),
  scan: async () => Promise.reject(new Error('scan')),
  takeReport: async () => Promise.reject(new Error('takeReport')),
  locate: () => {
    throw new Error('locate');
  },
  locateDeep: () => {
    throw new Error('locateDeep');
  },
  literalOf: async (value, keys) => literalOf(value, keys),
  formsOf: async (value, keys) => formsOf(value, keys),
  loadRuleSet: async () => Promise.reject(new Error('loadRuleSet')),
  ownRules: async () => Promise.reject(new Error('ownRules')),
  checkRules: async () => Promise.reject(new Error('checkRules')),
  providerTable: async () => Promise.reject(new Error('providerTable')),
  checkOwnRules: async () => Promise.reject(new Error('checkOwnRules')),
  tryRules: async () => Promise.reject(new Error('tryRules')),
  lookAtRoot: async () => Promise.reject(new Error('lookAtRoot')),
  refsReaching: async () => new Map(),
  isTracked: async () => false,
  hookFolder: async () => Promise.reject(new Error('hookFolder')),
  gitVersion: async () => '2.40',
  maskSecrets: async (text) => text,
  findSecrets: async () => [],
  // What the value's own facts say, from an estate of this one secret.
  dossier: async (_store, found, imports, now) => {
    const providers = providerTableOf();
    const [dossier] = dossiersOf([found], { now, imports, providers });
    if (dossier === undefined) throw new Error('no dossier');
    return { dossier, providers, unread: [], unscanned: [] };
  },
  rotation: () => Promise.reject(new Error('no rotation in this test')),
  reveal: async () => undefined,
};

export interface MainOptions {
  readonly input?: string | Buffer;
  readonly services?: Partial<Services>;
  readonly stdout?: Sink;
  readonly stderr?: Sink;
  readonly now?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Receives the handler of SIGINT. */
  readonly onInterrupt?: (handler: () => void) => void;
}

const master = Buffer.alloc(32, 7);
/** The keys of every {@link MainHome}. */
export const mainKeys: IdentityKeys = deriveKeys(master);

/** A home with a key and (an empty file for) a database, so that readers find both. */
export class MainHome {
  readonly folder: string = scratch();
  readonly databasePath: string;

  constructor() {
    writeKeyFile(join(this.folder, 'config', 'sprawl', 'keys', mainKeys.id), master);
    mkdirSync(join(this.folder, 'data', 'sprawl'), { recursive: true });
    this.databasePath = join(this.folder, 'data', 'sprawl', 'sprawl.db');
    writeFileSync(this.databasePath, '', { mode: 0o600 });
  }

  async run(argv: readonly string[], options: MainOptions = {}): Promise<MainResult> {
    const stdout = options.stdout ?? new Sink();
    const stderr = options.stderr ?? new Sink();
    const io: Io = {
      stdin: Readable.from(options.input === undefined ? [] : [Buffer.from(options.input)]),
      stdout,
      stderr,
      env: {
        HOME: this.folder,
        XDG_DATA_HOME: join(this.folder, 'data'),
        XDG_CONFIG_HOME: join(this.folder, 'config'),
        XDG_CACHE_HOME: join(this.folder, 'cache'),
        USER: 'ana',
        ...options.env,
      },
      cwd: options.cwd ?? this.folder,
      now: () => options.now ?? scanTime,
      onInterrupt: (handler) => {
        options.onInterrupt?.(handler);
        return () => undefined;
      },
    };
    const status = await main(argv, io, { ...noServices, ...options.services });
    return { status, stdout: stdout.text, stderr: stderr.text };
  }

  /** The same with a store that is already open. */
  async runWith(store: Store, argv: readonly string[], options: MainOptions = {}): Promise<MainResult> {
    return this.run(argv, { ...options, services: { openStore: async () => store, ...options.services } });
  }
}
