/**
 * Names of files and folders of a history that hold a secret. Each is a content of its own, whose places are all paths
 * that end in it, with the commits that brought them and took them away; in any other path it stands redacted.
 */
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import type { Appearance, PathName } from '../model/appearance.js';
import type { PlaceKey } from '../model/ids.js';
import type { OpenSource, PlanEvents } from '../sources/source.js';
import type { ContentResult } from '../store/store.js';
import { type MetadataHit, metadataContent, redactAppearance } from './metadata.js';
import type { Redactor } from './redactor.js';

interface Flagged {
  readonly bytes: Uint8Array;
  readonly hit: MetadataHit;
}

export class FlaggedNames {
  readonly #flagged = new Map<string, Flagged>();

  get count(): number {
    return this.#flagged.size;
  }

  /** Looks at names, given as bytes. */
  check(names: Iterable<Uint8Array>, redactor: Redactor): void {
    for (const bytes of names) {
      const name = textOf(bytes);
      const { text: redacted, findings } = redactor.look(name);
      if (findings.length === 0) continue;
      const hit = { label: 'path', redacted, findings, bytes: bytes.length };
      this.#flagged.set(name, { bytes: bytes.slice(), hit });
    }
  }

  /** The appearance without flagged names in its path. */
  redacted(appearance: Appearance): Appearance {
    if (appearance.type !== 'git-blob' || appearance.path === undefined || this.count === 0)
      return appearance;
    return { ...appearance, path: this.#inPath(appearance.path) };
  }

  /** The names as contents, each with its places. */
  async *contents(
    source: OpenSource,
    place: PlaceKey,
    keys: IdentityKeys,
    redactor: Redactor,
    events: PlanEvents,
  ): AsyncGenerator<{ readonly content: ContentResult; readonly hits: readonly MetadataHit[] }> {
    if (source.attributeNames === undefined) return;
    const flagged = [...this.#flagged.values()];
    const names = flagged.map(({ bytes }) => bytes);
    // An interrupted scan still says where the things stand that it found.
    const signal = new AbortController().signal;
    for await (const { name, appearances } of source.attributeNames(names, events, signal)) {
      const hit = flagged[name]?.hit;
      if (hit === undefined || appearances.length === 0) continue;
      const checked = appearances.map((one) => redactAppearance(this.redacted(one), redactor));
      const content = metadataContent(keys, place, hit, true);
      yield {
        content: { ...content, appearances: checked.map(({ appearance }) => appearance) },
        hits: checked.flatMap(({ hits }) => hits),
      };
    }
  }

  #inPath(path: PathName): PathName {
    const parts = path.text.split('/');
    if (!parts.some((part) => this.#flagged.has(part))) return path;
    // The raw bytes would give the secret away.
    return { text: parts.map((part) => this.#flagged.get(part)?.hit.redacted ?? part).join('/') };
  }
}

/** As paths are shown. */
function textOf(name: Uint8Array): string {
  return Buffer.from(name.buffer, name.byteOffset, name.length).toString('utf8');
}
