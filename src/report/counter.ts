/** Counts what passes while a report is streamed, for its last line and for the exit code. */
import type { Exposure } from '../model/exposure.js';
import type { ResultCounts } from './records.js';

export class ResultCounter {
  #secrets = 0;
  #locations = 0;
  #open = 0;

  add(exposure: Exposure): void {
    this.#secrets++;
    this.#locations += exposure.locations.length;
    if (exposure.locations.some((location) => location.status.status === 'open')) this.#open++;
  }

  get counts(): ResultCounts {
    return { secrets: this.#secrets, locations: this.#locations, open: this.#open };
  }
}
