/** A report on one location of every shape, of a scan that could not read everything. */
import { emptyReceipt } from '../../src/model/receipt.js';
import { type ReportFormat, renderers } from '../../src/report/formats.js';
import type { ReportInput } from '../../src/report/report-input.js';
import { plainStyle } from '../../src/report/style.js';
import { appearances, exposure, location, scanTime, variedExposures } from './exposures.js';

const receipt = {
  ...emptyReceipt,
  documents: 3,
  bytes: 1000,
  complete: false,
  gaps: { 'broken-archive': 1 },
  problems: [{ code: 'broken-archive', where: 'a\u001b[2Jb.zip' }],
} as const;

const coverage = {
  place: location().place,
  placeName: location().placeName,
  system: 'git',
  lastScan: scanTime,
  complete: false,
  gaps: { 'broken-archive': 1 },
} as const;

export const reportInput: ReportInput = {
  exposures: variedExposures,
  receipt,
  coverage: [coverage],
  scan: 2,
  version: '1.2.3',
  generatedAt: scanTime,
};

/** The same scan, had it read everything. */
export const completeInput: ReportInput = {
  ...reportInput,
  receipt: { ...receipt, complete: true, gaps: {}, problems: [] },
  coverage: [{ ...coverage, complete: true, gaps: {} }],
};

/** Everything that comes from a target holds this text. */
export function hostileInput(nasty: string): ReportInput {
  const author = { name: nasty, email: nasty };
  const shared = {
    placeName: nasty,
    slot: nasty,
    chain: [nasty],
    status: { status: 'open', by: nasty },
  } as const;
  const locations = [
    location({
      ...shared,
      appearance: {
        ...appearances.head,
        path: { text: nasty },
        refs: [nasty],
        introduced: { ...appearances.history.introduced, author },
      },
    }),
    location({
      ...shared,
      appearance: {
        ...appearances.record,
        recordId: nasty,
        field: nasty,
        title: nasty,
        permalink: nasty,
        author,
      },
    }),
    location({ ...shared, status: { status: 'allowed', by: nasty } }),
  ];
  return {
    ...reportInput,
    exposures: [exposure({ locations, preview: nasty, knownPublic: nasty })],
    receipt: { ...receipt, problems: [{ code: 'unreadable', where: nasty, detail: nasty }] },
    coverage: [{ ...coverage, placeName: nasty }],
  };
}

export async function rendered(format: ReportFormat, from: ReportInput = reportInput): Promise<string> {
  let text = '';
  for await (const piece of renderers[format](from, { style: plainStyle, maxLocations: 20 })) text += piece;
  return text;
}
