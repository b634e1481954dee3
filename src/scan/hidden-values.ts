/**
 * Values that the bytes of a document do not show (a PDF, a sheet, a notebook), for `--show-secrets`: its reader gives its texts once
 * more, and the engine finds them there. All values of one document are kept until the next one is asked for, since reports ask
 * for its locations one after the other.
 */
import { createHash } from 'node:crypto';
import { createAnalyzer } from '../detect/create-analyzer.js';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import { anchorTableOf } from '../identity/sweep.js';
import type { KnownAnchor } from '../model/finding.js';
import type { Fingerprint } from '../model/ids.js';
import { loadRuleSet } from '../rules/load-bundle.js';
import { hidesText } from '../sources/exports/hidden-texts.js';

export interface HiddenValuesDeps {
  readonly keys: IdentityKeys;
  readonly anchors: readonly KnownAnchor[];
  readonly signal: AbortSignal;
}

type Values = ReadonlyMap<Fingerprint, Buffer>;

/** Of one document. */
const mostValues = 10_000;

export class HiddenValues {
  #last: { readonly document: string; readonly values: Promise<Values> } | undefined;

  /** The value that has the fingerprint, in a document whose bytes hide text. */
  async of(document: Buffer, fingerprint: Fingerprint, deps: HiddenValuesDeps): Promise<Buffer | undefined> {
    if (!hidesText(document)) return undefined;
    const digest = createHash('sha256').update(document).digest('base64');
    if (this.#last?.document !== digest) this.#last = { document: digest, values: valuesIn(document, deps) };
    return (await this.#last.values).get(fingerprint);
  }
}

async function valuesIn(document: Buffer, { keys, anchors, signal }: HiddenValuesDeps): Promise<Values> {
  const values = new Map<Fingerprint, Buffer>();
  const analyzer = createAnalyzer({
    rules: await loadRuleSet(),
    keys,
    known: anchorTableOf(anchors),
    onValue: (seen, value) => {
      if (values.size < mostValues && !values.has(seen)) values.set(seen, Buffer.from(value));
    },
  });
  const { readBlobTexts } = await import('./records/export-entry.js');
  await readBlobTexts(document, 'document', {
    keys,
    signal,
    collectsTags: false,
    engine: (input) => analyzer.analyze(input),
    finding: () => {},
    tags: () => {},
    problem: () => {},
  });
  return values;
}
