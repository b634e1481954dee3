/** `--show-secrets`: reads a location's value again and hands it out only when it has the fingerprint. */
import { isUtf8 } from 'node:buffer';
import { createAnalyzer } from '../detect/create-analyzer.js';
import { aliasesOf, canonicalCandidates } from '../identity/canonical.js';
import { fingerprintOf } from '../identity/fingerprint.js';
import { aliasForms } from '../identity/normal-forms.js';
import { anchorTableOf } from '../identity/sweep.js';
import type { Location } from '../model/exposure.js';
import type { KnownAnchor } from '../model/finding.js';
import type { Fingerprint } from '../model/ids.js';
import { loadRuleSet } from '../rules/load-bundle.js';
import type { Store } from '../store/store.js';
import { HiddenValues } from './hidden-values.js';
import type { LocateDeps } from './locate.js';
import { type Reread, SourceRereader } from './reread.js';

/** One for each open database: sources stay open between the locations of one report. */
const rereaders = new WeakMap<Store, SourceRereader>();

/** One for each report: it is made after its scan, so the list does not change under it, and goes with it. */
const anchorLists = new WeakMap<LocateDeps, Promise<readonly KnownAnchor[]>>();

const hidden = new HiddenValues();

/** A value that has the fingerprint again, and how the document writes it. */
interface Revealed {
  readonly value: Buffer;
  readonly written: Buffer;
}

/** The literal value's bytes, or undefined when the source is gone, changed, or the spelling cannot be undone. */
export async function rereadValue(location: Location, deps: LocateDeps): Promise<Buffer | undefined> {
  return (await revealed(location, deps, () => deps.store.anchors()))?.value;
}

/**
 * The value as text for people. A key whose value is no text comes as it is written, or as `base64:`.
 * @param deps the same for all locations of one report
 */
export async function revealLocation(location: Location, deps: LocateDeps): Promise<string | undefined> {
  const { store } = deps;
  const anchors = (): Promise<readonly KnownAnchor[]> => {
    const list = anchorLists.get(deps) ?? store.anchors();
    anchorLists.set(deps, list);
    return list;
  };
  const found = await revealed(location, deps, anchors);
  if (found === undefined) return undefined;
  const text = [found.value, found.written].find((bytes) => isUtf8(bytes) && !bytes.includes(0));
  return text?.toString('utf8') ?? `base64:${found.value.toString('base64')}`;
}

async function revealed(
  location: Location,
  deps: LocateDeps,
  anchors: Store['anchors'],
): Promise<Revealed | undefined> {
  const rereader = rereaders.get(deps.store) ?? new SourceRereader(deps);
  rereaders.set(deps.store, rereader);
  const unread: Reread[] = [];
  for await (const reread of rereader.read(location)) {
    const value = readingOf(reread.spanBytes, location.fingerprint, deps.keys.fingerprint);
    if (value !== undefined) return { value, written: reread.spanBytes };
    unread.push(reread);
  }
  // The engine costs far more than a reading, so no text gets it before all were tried without.
  for (const { spanBytes, document } of unread) {
    if (document === undefined) continue;
    const value = await detectedIn(document, location.fingerprint, deps.keys, await anchors());
    if (value !== undefined) return { value, written: spanBytes };
  }
  for (const { document } of unread) {
    if (document === undefined) continue;
    const { keys, signal } = deps;
    const value = await hidden.of(document, location.fingerprint, { keys, signal, anchors: await anchors() });
    if (value !== undefined) return { value, written: value };
  }
  return undefined;
}

/** The reading of the span that is the secret: by its literal value, else by one of its normal forms. */
function readingOf(span: Buffer, fingerprint: Fingerprint, key: Buffer): Buffer | undefined {
  const candidates = canonicalCandidates(span);
  const literal = candidates.find(({ bytes }) => fingerprintOf(key, bytes) === fingerprint);
  if (literal !== undefined) return literal.bytes;
  return candidates.find(({ bytes }) =>
    aliasForms.some((form) => aliasesOf(form, bytes, key).some((alias) => alias.fingerprint === fingerprint)),
  )?.bytes;
}

/** What no reading of the span alone gives back (compressed, split, UTF-16): the engine finds it once more. */
async function detectedIn(
  document: Buffer,
  fingerprint: Fingerprint,
  keys: LocateDeps['keys'],
  anchors: readonly KnownAnchor[],
): Promise<Buffer | undefined> {
  let found: Buffer | undefined;
  const analyzer = createAnalyzer({
    rules: await loadRuleSet(),
    keys,
    known: anchorTableOf(anchors.filter((anchor) => anchor.fingerprint === fingerprint)),
    onValue: (seen, value) => {
      if (seen === fingerprint) found = Buffer.from(value);
    },
  });
  analyzer.analyze({ bytes: document, chain: [], collectTags: false });
  return found;
}
