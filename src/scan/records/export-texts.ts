/**
 * Texts in which locations of exports stand, read again for `--show-secrets`. A file of an export may be of any size, and
 * an archive holds thousands of them, so that each file on disk is read once for all locations in it, and not for each.
 */
import type { RecordAppearance } from '../../model/appearance.js';
import type { Location } from '../../model/exposure.js';
import type { Place } from '../../model/place.js';
import type { Store } from '../../store/store.js';
import { outerPathOf, type RereadText, rereadFields, wantedKeyOf } from './reread-record.js';

/** Fields remembered as wanted; further ones are read one by one. */
const mostWanted = 100_000;
/** Bytes of texts that are kept; then files read first are forgotten. */
const mostBytes = 64 << 20;

interface ReadFile {
  /** Fields that were looked for; fields that there was no room for are none of them. */
  readonly wanted: ReadonlySet<string>;
  readonly texts: ReadonlyMap<string, readonly RereadText[]>;
  readonly bytes: number;
  /** True when there was no room for all. */
  readonly isCut: boolean;
}

const none: ReadonlySet<string> = new Set();

export class ExportTexts {
  readonly #store: Pick<Store, 'exposures'>;
  readonly #signal: AbortSignal;
  /** By system: fields of locations by the file on disk in which they stand. */
  readonly #wanted = new Map<string, Promise<ReadonlyMap<string, ReadonlySet<string>>>>();
  readonly #files = new Map<string, ReadFile>();
  #bytes = 0;

  constructor(store: Pick<Store, 'exposures'>, signal: AbortSignal) {
    this.#store = store;
    this.#signal = signal;
  }

  /**
   * Texts of the location's field.
   *
   * @param folder absolute path of a folder that its export may lie in, base64 of its bytes
   */
  async of(folder: string, place: Place, appearance: RecordAppearance): Promise<readonly RereadText[]> {
    const key = wantedKeyOf(appearance);
    if (key === undefined) return [];
    const path = outerPathOf(key);
    const name = `${folder}\0${place.system}\0${path}`;
    let read = this.#files.get(name);
    if (read?.wanted.has(key) !== true) {
      const others = (await this.#wantedOf(place.system)).get(path) ?? none;
      const known = read?.isCut === true ? read.wanted : none;
      read = await this.#read(folder, path, new Set([...others, key].filter((each) => !known.has(each))));
      if (!read.wanted.has(key)) read = await this.#read(folder, path, new Set([key]));
      this.#keep(name, read);
    }
    return read.texts.get(key) ?? [];
  }

  async #read(folder: string, path: string, wanted: ReadonlySet<string>): Promise<ReadFile> {
    const { texts, bytes, isCut } = await rereadFields({ folder, path, wanted, mostBytes }, this.#signal);
    // A single field is all that there is of it.
    const isAll = !isCut || wanted.size === 1;
    return { wanted: isAll ? wanted : new Set(texts.keys()), texts, bytes, isCut };
  }

  #keep(name: string, read: ReadFile): void {
    this.#forget(name);
    this.#files.set(name, read);
    this.#bytes += read.bytes;
    for (const oldest of this.#files.keys()) {
      if (this.#bytes <= mostBytes || oldest === name) break;
      this.#forget(oldest);
    }
  }

  #forget(name: string): void {
    this.#bytes -= this.#files.get(name)?.bytes ?? 0;
    this.#files.delete(name);
  }

  #wantedOf(system: Place['system']): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const known = this.#wanted.get(system) ?? this.#listed(system);
    this.#wanted.set(system, known);
    return known;
  }

  async #listed(system: Place['system']): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const wanted = new Map<string, Set<string>>();
    let count = 0;
    for await (const { locations } of this.#store.exposures({ systems: [system] })) {
      for (const location of locations) {
        const found = fieldOf(location);
        if (found === undefined) continue;
        if (++count > mostWanted) return wanted;
        const fields = wanted.get(found.file) ?? new Set();
        wanted.set(found.file, fields.add(found.key));
      }
    }
    return wanted;
  }
}

function fieldOf({ appearance }: Location): { readonly file: string; readonly key: string } | undefined {
  const key = appearance.type === 'record' ? wantedKeyOf(appearance) : undefined;
  return key === undefined ? undefined : { file: outerPathOf(key), key };
}
