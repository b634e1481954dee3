/** Names a source's state in the database: keyed, since ids of objects and refs would confirm a guess. */
import { createHmac } from 'node:crypto';
import type { IdentityKeys } from '../identity/hkdf-keys.js';

export function stateIdOf(keys: IdentityKeys, state: Uint8Array): Buffer {
  return createHmac('sha256', keys.content).update(state).digest();
}
