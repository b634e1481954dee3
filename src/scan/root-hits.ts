/** The contents with findings that a git root holds: met in reading or known from before, and where they stand. */
import {
  type ContentPart,
  contentIdBytes,
  contentIdsOf,
  contentParts,
  digestPrefixOf,
} from '../identity/content-id.js';
import type { IdentityKeys } from '../identity/hkdf-keys.js';
import type { Appearance } from '../model/appearance.js';
import { type ContentId, parseContentId } from '../model/ids.js';
import type { HitObject, OpenSource, PlanEvents } from '../sources/source.js';
import type { RootRef, ScanWriter } from '../store/store.js';
import type { FlaggedNames } from './flagged-names.js';
import { headerAppearance, type MetadataHit, redactAppearance } from './metadata.js';
import type { ObjectHit } from './range-result.js';
import type { Redactor } from './redactor.js';

/** Appearances written in one transaction. */
const appearanceBatch = 500;

/** A hit and what it is a hit in: the same object can hold one in its header and one in its message. */
interface Hit {
  readonly object: HitObject;
  readonly part: ContentPart;
}

interface HitDeps {
  readonly writer: ScanWriter;
  readonly keys: IdentityKeys;
  readonly analysisId: string;
  readonly redactor: () => Redactor;
}

/** From the part byte of a message to that of its header. */
const headerOffset = contentParts.commitHeader - contentParts.commit;

const partNames: ReadonlyMap<number, ContentPart> = new Map(
  Object.entries(contentParts).map(([name, part]) => [part, name as ContentPart]),
);

function objectTypeOf(part: ContentPart): HitObject['objectType'] {
  if (part === 'commit' || part === 'commitHeader') return 'commit';
  return part === 'tag' || part === 'tagHeader' ? 'tag' : 'blob';
}

export class RootHits {
  readonly #ref: RootRef;
  readonly #deps: HitDeps;
  readonly #hits = new Map<ContentId, Hit>();

  constructor(ref: RootRef, deps: HitDeps) {
    this.#ref = ref;
    this.#deps = deps;
  }

  get count(): number {
    return this.#hits.size;
  }

  has(content: ContentId): boolean {
    return this.#hits.has(content);
  }

  add(hits: readonly ObjectHit[]): void {
    for (const { content, oid, objectType } of hits) {
      const { part } = digestPrefixOf(this.#deps.keys.content, content);
      this.#hits.set(content, { object: { oid, objectType }, part: partNames.get(part) ?? 'blob' });
    }
  }

  /**
   * Says which objects need no reading: 1 for each of those. Such as have sightings are hits, and held by the root.
   * @param told how many those are
   */
  async known(oids: Uint8Array, types: Uint8Array, told: (count: number) => void): Promise<Uint8Array> {
    const held: ContentId[] = [];
    const known = await this.#hold(oids, types, held);
    // Headers have rows only where they hold a hit, so they are asked for apart.
    const stride = types.length === 0 ? 20 : oids.length / types.length;
    const texts = [...types.keys()].filter((i) => types[i] !== contentParts.blob && known[i] !== 0);
    if (texts.length > 0) {
      const textOids = Buffer.concat(texts.map((i) => oids.subarray(i * stride, (i + 1) * stride)));
      const parts = Uint8Array.from(texts, (i) => (types[i] as number) + headerOffset);
      await this.#hold(textOids, parts, held);
    }
    told(known.reduce((sum, flag) => sum + (flag === 0 ? 0 : 1), 0));
    if (held.length > 0) await this.#deps.writer.addHoldings(this.#ref, held);
    return known.map((flag) => (flag === 0 ? 0 : 1));
  }

  /** Finds where they stand, and writes it; gives what the names there hold. */
  async attribute(
    source: Required<Pick<OpenSource, 'attribute'>>,
    names: FlaggedNames,
    events: PlanEvents,
  ): Promise<readonly MetadataHit[]> {
    const { writer, redactor } = this.#deps;
    const byObject = new Map<string, [ContentId, Hit][]>();
    for (const entry of this.#hits) {
      const oid = Buffer.from(entry[1].object.oid).toString('hex');
      const same = byObject.get(oid);
      if (same === undefined) byObject.set(oid, [entry]);
      else same.push(entry);
    }
    const objects = [...byObject.values()].map((entries) => (entries[0] as [ContentId, Hit])[1].object);
    // An interrupted scan still says where the things stand that it found.
    const signal = new AbortController().signal;
    const metadata: MetadataHit[] = [];
    let batch: { content: ContentId; appearances: readonly Appearance[] }[] = [];
    for await (const attributed of source.attribute(objects, events, signal)) {
      for (const [content, hit] of byObject.get(attributed.oid) ?? []) {
        const isHeader = hit.part === 'commitHeader' || hit.part === 'tagHeader';
        const appearances = attributed.appearances.map((appearance) => {
          const checked = redactAppearance(names.redacted(appearance), redactor());
          metadata.push(...checked.hits);
          return isHeader ? headerAppearance(checked.appearance) : checked.appearance;
        });
        batch.push({ content, appearances });
      }
      if (batch.length >= appearanceBatch) {
        await writer.writeAppearances(this.#ref, batch);
        batch = [];
      }
    }
    if (batch.length > 0) await writer.writeAppearances(this.#ref, batch);
    return metadata;
  }

  /** Looks contents up and notes those that have sightings as this root's hits. */
  async #hold(oids: Uint8Array, parts: Uint8Array, held: ContentId[]): Promise<Uint8Array> {
    const { keys, writer, analysisId } = this.#deps;
    const ids = contentIdsOf(keys.content, oids, oids.length / Math.max(1, parts.length), parts);
    const known = await writer.knownContents(ids, analysisId);
    const stride = oids.length / Math.max(1, parts.length);
    for (let i = known.indexOf(2); i >= 0; i = known.indexOf(2, i + 1)) {
      const part = partNames.get(parts[i] as number) ?? 'blob';
      const id = parseContentId(ids.toString('hex', i * contentIdBytes, (i + 1) * contentIdBytes));
      held.push(id);
      this.#hits.set(id, {
        object: { oid: oids.slice(i * stride, (i + 1) * stride), objectType: objectTypeOf(part) },
        part,
      });
    }
    return known;
  }
}
