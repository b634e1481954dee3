/**
 * Texts in which locations of exports stand, read again for `--show-secrets`. A file of an export may be of any size, so
 * it is read once for all locations in it, and not for each.
 */
import type { RecordAppearance } from '../../model/appearance.js';
import type { Location } from '../../model/exposure.js';
import type { Place } from '../../model/place.js';
import type { Store } from '../../store/store.js';
import { type ExportSource, fieldKeyOf, type RereadText, rereadFields } from './reread-record.js';

/** Fields remembered as wanted; further ones are read one by one. */
const mostWanted = 100_000;
/** Bytes of texts that are kept; then files read first are forgotten. */
const mostBytes = 64 << 20;

interface ReadFile {
  readonly wanted: ReadonlySet<string>;
  readonly texts: ReadonlyMap<string, readonly RereadText[]>;
  readonly bytes: number;
}

export class ExportTexts {
  readonly #store: Pick<Store, 'exposures'>;
  readonly #signal: AbortSignal;
  /** By system: fields of locations by the file in which they stand. */
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
    const { facts } = appearance;
    if (facts === undefined) return [];
    const key = fieldKeyOf(appearance);
    const file = { folder, source: facts.source, reader: facts.reader };
    const name = nameOf(file);
    let read = this.#files.get(name);
    if (read?.wanted.has(key) !== true) {
      const others = (await this.#wantedOf(place.system)).get(wantedName(file));
      read = await this.#read(file, others?.has(key) === true ? others : new Set([...(others ?? []), key]));
      this.#keep(name, read);
    }
    return read.texts.get(key) ?? [];
  }

  async #read(file: ExportSource, wanted: ReadonlySet<string>): Promise<ReadFile> {
    const texts = await rereadFields(file, wanted, this.#signal);
    let bytes = 0;
    for (const list of texts.values())
      for (const { decoded, views } of list) for (const each of [decoded, ...views]) bytes += each.length;
    return { wanted, texts, bytes };
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
  if (appearance.type !== 'record' || appearance.facts === undefined) return undefined;
  return { file: wantedName(appearance.facts), key: fieldKeyOf(appearance) };
}

function wantedName({ source, reader }: Omit<ExportSource, 'folder'>): string {
  return `${reader}\0${source}`;
}

function nameOf(file: ExportSource): string {
  return `${file.folder}\0${wantedName(file)}`;
}
