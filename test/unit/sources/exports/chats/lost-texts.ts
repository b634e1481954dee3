import type { ExportRecord } from '../../../../../src/sources/exports/contract.js';
import { lostMarkers, type Planted } from '../../../../support/plant-markers.js';

/** Paths of the planted strings that are in no text of the records. */
export function lostTexts(planted: Planted<unknown>, records: readonly ExportRecord[]): string[] {
  return lostMarkers(
    planted.markers,
    records.flatMap((record) => record.texts.map((text) => text.text)),
  );
}
