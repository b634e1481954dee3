/**
 * Ties shared secrets to the tokens that they signed when the two stand in different files. Neither value is kept, so
 * both are read again, at the end of the scan that learned one of them.
 */
import { hmacTokenOf, signedBy } from '../detect/token-signers.js';
import type { SecretSummary } from '../model/exposure.js';
import type { Fingerprint } from '../model/ids.js';
import type { ScanWriter } from '../store/store.js';
import type { LocateDeps } from './locate.js';
import { rereadValue } from './reveal.js';

const tokenKinds = ['jwt'] as const;
const secretKinds = ['jwt-signing-secret'] as const;

/** Most of either that are read again: an estate with more has them from fixtures. */
const mostTokens = 200;
const mostSecrets = 32;
/** Copies that are tried before a value counts as gone. */
const mostCopies = 4;

interface Read {
  readonly fingerprint: Fingerprint;
  readonly value: Buffer;
}

/** The literal value, from the first copy whose source still has it. */
async function literalOf(fingerprint: Fingerprint, deps: LocateDeps): Promise<Read[]> {
  const exposure = await deps.store.exposure(fingerprint, { limit: mostCopies });
  for (const location of exposure?.locations ?? []) {
    if (deps.signal.aborted) return [];
    try {
      const value = await rereadValue(location, deps);
      if (value !== undefined) return [{ fingerprint, value }];
    } catch {
      // A source that cannot be read now says nothing; it was told as a gap when it was scanned.
    }
  }
  return [];
}

async function valuesOf(secrets: readonly SecretSummary[], deps: LocateDeps): Promise<Read[]> {
  const values: Read[] = [];
  for (const { fingerprint } of secrets) values.push(...(await literalOf(fingerprint, deps)));
  return values;
}

/** Adds the relation `signs` where one of the two ends is new. */
export async function linkSigners(writer: ScanWriter, deps: LocateDeps): Promise<void> {
  const { store } = deps;
  const fresh = await store.listSecrets({ kinds: [...tokenKinds, ...secretKinds], sinceScan: writer.scan });
  if (fresh.length === 0) return;
  const isNew = new Set(fresh.map(({ fingerprint }) => fingerprint));
  const freshFirst = (all: readonly SecretSummary[]): readonly SecretSummary[] => [
    ...all.filter(({ fingerprint }) => isNew.has(fingerprint)),
    ...all.filter(({ fingerprint }) => !isNew.has(fingerprint)),
  ];
  const secrets = freshFirst(await store.listSecrets({ kinds: secretKinds })).slice(0, mostSecrets);
  const tokens = freshFirst(await store.listSecrets({ kinds: tokenKinds })).slice(0, mostTokens);
  if (secrets.length === 0 || tokens.length === 0) return;
  const signed = (await valuesOf(tokens, deps)).filter(
    ({ value }) => hmacTokenOf(value.toString('latin1')) !== undefined,
  );
  if (signed.length === 0) return;
  for (const { fingerprint, value } of await valuesOf(secrets, deps)) {
    const own = signed.filter((token) => isNew.has(fingerprint) || isNew.has(token.fingerprint));
    const numbers = signedBy(
      [value],
      own.map((token) => token.value.toString('latin1')),
      mostTokens,
    );
    const targets = (numbers.get(0) ?? []).flatMap((i) => own[i]?.fingerprint ?? []);
    if (targets.length > 0) {
      await writer.addRelations(
        fingerprint,
        targets.map((to) => ({ relation: 'signs', to })),
      );
    }
  }
}
