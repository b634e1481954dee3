/**
 * Windows that were read with their escapes undone, and those readings in which anything was found: mostly
 * none. A window holds all that decides about its readings, and the same ones come again in every version of
 * a file and in every loop of a test table. Bounded, and forgotten whole.
 */
import type { Span } from '../model/span.js';
import { composeMaps, identityMap } from '../text/offset-map.js';
import { unescapeWindow } from '../text/unescape.js';
import type { TextView } from '../text/view.js';

/** Bytes of windows that are remembered. */
const mostBytes = 4 << 20;
const mostWindows = 8192;
/** Longer windows are made of many hits and come again less. */
const mostWindowBytes = 16_384;

export class ReadWindows {
  readonly #telling = new Map<string, readonly TextView[]>();
  #bytes = 0;

  /**
   * The readings of `bytes[start, end)` that matter, as of {@link unescapeWindow}.
   * @param isTelling whether anything is found in a reading; must depend on the reading's bytes only
   */
  readingsOf(
    bytes: Buffer,
    { start, end }: Span,
    isTelling: (reading: TextView) => boolean,
  ): readonly TextView[] {
    if (end - start > mostWindowBytes) return unescapeWindow(bytes, start, end);
    const key = bytes.toString('latin1', start, end);
    let telling = this.#telling.get(key);
    if (telling === undefined) {
      telling = unescapeWindow(Buffer.from(key, 'latin1'), 0, end - start).filter(isTelling);
      this.#keep(key, telling);
    }
    return telling.map((reading) => ({
      ...reading,
      map: composeMaps(identityMap(end - start, start), reading.map),
    }));
  }

  #keep(key: string, telling: readonly TextView[]): void {
    if (this.#bytes > mostBytes || this.#telling.size >= mostWindows) {
      this.#telling.clear();
      this.#bytes = 0;
    }
    this.#telling.set(key, telling);
    this.#bytes += key.length;
    for (const reading of telling) this.#bytes += reading.bytes.length;
  }
}
