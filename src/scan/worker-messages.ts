/** Messages between the pool and its workers. */
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import type { KnownAnchor } from '../model/finding.js';
import type { RuleSet } from '../rules/rule-set.js';
import type { EngineCall } from './call-cells.js';
import type { RangeResult, RangeTask } from './range-result.js';

/** Handed to a worker when it starts; structured clone turns the buffers into Uint8Arrays. */
export interface WorkerInit {
  readonly rules: RuleSet;
  readonly keys: IdentityKeys;
  readonly known: readonly KnownAnchor[];
  /** Where the worker says what it is at, see call-cells.ts. */
  readonly cells: SharedArrayBuffer;
  /** Keep what V8 compiled of the worker in the user's cache folder. */
  readonly codeCache: boolean;
}

export type ToWorker =
  | {
      readonly type: 'task';
      readonly id: number;
      readonly task: RangeTask;
      /** Calls to be passed over, since a worker was stuck in them. */
      readonly skip: readonly EngineCall[];
    }
  | { readonly type: 'close' };

export type FromWorker =
  | { readonly type: 'result'; readonly id: number; readonly result: RangeResult }
  /** The range could not be opened at all; `name` is the error's class and code, never its message. */
  | { readonly type: 'failed'; readonly id: number; readonly name: string };

/** Rules as a worker needs them: where they have tables, a clone of a thousand parsed rules is spared. */
export function postedRules(ruleSet: RuleSet): RuleSet {
  const { digest, packed } = ruleSet;
  return packed === undefined ? ruleSet : { digest, rules: [], packed };
}

/** Structured clone loses the Buffer class; this puts it back. */
export function revivedKeys(keys: IdentityKeys): IdentityKeys {
  return {
    id: keys.id,
    fingerprint: Buffer.from(keys.fingerprint),
    content: Buffer.from(keys.content),
    sweep: Buffer.from(keys.sweep),
    pseudonym: Buffer.from(keys.pseudonym),
  };
}
