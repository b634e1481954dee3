/**
 * Names of files and folders of a history that hold a secret. Each is a content of its own, whose places are all paths
 * that end in it, with the commits that brought them and took them away; in any other path it stands redacted.
 */
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import type { Appearance, PathName } from '../model/appearance.js';
import type { ContentId, PlaceKey } from '../model/ids.js';
import type { OpenSource, PlanEvents } from '../sources/source.js';
import type { ContentResult } from '../store/store.js';
import { type MetadataHit, metadataContent, redactAppearance } from './metadata.js';
import type { Redactor } from './redactor.js';

interface Flagged {
  /** As trees have it: one for each spelling that is shown alike, since bytes that are no UTF-8 are not shown. */
  readonly spellings: Uint8Array[];
  readonly hit: MetadataHit;
}

export class FlaggedNames {
  /** By the name as it is shown. */
  readonly #flagged = new Map<string, Flagged>();

  get count(): number {
    return this.#flagged.size;
  }

  /** Looks at names, given as bytes. */
  check(names: Iterable<Uint8Array>, redactor: Redactor): void {
    for (const bytes of names) {
      const name = textOf(bytes);
      const known = this.#flagged.get(name);
      if (known !== undefined) {
        known.spellings.push(bytes.slice());
        continue;
      }
      const { text: redacted, findings } = redactor.look(name);
      if (findings.length === 0) continue;
      const hit = { label: 'path', redacted, findings, bytes: bytes.length };
      this.#flagged.set(name, { spellings: [bytes.slice()], hit });
    }
  }

  /** The appearance without flagged names in its path. */
  redacted(appearance: Appearance): Appearance {
    if (appearance.type !== 'git-blob' || appearance.path === undefined || this.count === 0)
      return appearance;
    return { ...appearance, path: this.#inPath(appearance.path) };
  }

  /** The names as contents, each with its places. Names that are alike once they are redacted are one content. */
  async contents(
    source: OpenSource,
    place: PlaceKey,
    keys: IdentityKeys,
    redactor: Redactor,
    events: PlanEvents,
  ): Promise<{ readonly contents: readonly ContentResult[]; readonly hits: readonly MetadataHit[] }> {
    if (source.attributeNames === undefined) return { contents: [], hits: [] };
    const flagged = [...this.#flagged.values()].flatMap(({ spellings, hit }) =>
      spellings.map((bytes) => ({ bytes, hit })),
    );
    const names = flagged.map(({ bytes }) => bytes);
    const contents = new Map<ContentId, ContentResult & { readonly appearances: Appearance[] }>();
    const hits: MetadataHit[] = [];
    // An interrupted scan still says where the things stand that it found.
    const signal = new AbortController().signal;
    for await (const { name, appearances } of source.attributeNames(names, events, signal)) {
      const hit = flagged[name]?.hit;
      if (hit === undefined || appearances.length === 0) continue;
      const content = metadataContent(keys, place, hit, true);
      const known = contents.get(content.id) ?? { ...content, appearances: [] };
      for (const appearance of appearances) {
        const checked = redactAppearance(this.redacted(appearance), redactor);
        known.appearances.push(checked.appearance);
        for (const found of checked.hits) hits.push(found);
      }
      contents.set(content.id, known);
    }
    return { contents: [...contents.values()], hits };
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
