/** What the user decides about the reading of exports; part of each work range. */
import type { PeopleMode } from '../../model/people-mode.js';

/** Raised with every change of what readers hand over: exports are then read again. */
export const readersVersion = 5;

export interface ExportOptions {
  /** `--system`: every file of the target is read by the readers of this system. */
  readonly system?: string;
  readonly people: PeopleMode;
  readonly includeDirect: boolean;
  /** `--base-url`: the site that the export comes from, where it does not say. */
  readonly baseUrl?: string;
}

export const defaultExportOptions: ExportOptions = { people: 'pseudonym', includeDirect: false };
