import { describe, expect, it } from 'vitest';
import type { ExportSummary, Receipt } from '../../../src/model/receipt.js';
import { receiptLines } from '../../../src/report/receipt-text.js';

const receipt: Receipt = {
  documents: 2,
  bytes: 10,
  cached: 0,
  skipped: {},
  gaps: {},
  problems: [],
  complete: true,
  interrupted: false,
};

function summaryOf(places: number): ExportSummary {
  return {
    reader: 'env-file',
    system: 'folder',
    texts: 3,
    files: 1,
    records: 3,
    places,
    notes: {},
    unknownKeys: [],
  };
}

describe('the lines of a receipt', () => {
  it('do not call content known from earlier scans that may stand twice in this one', () => {
    expect(receiptLines({ ...receipt, cached: 7 })[0]).toBe('Read 2 documents, 10 B, 7 more known already.');
  });

  it('name places only of records that have some', () => {
    expect(receiptLines({ ...receipt, exports: [summaryOf(0)] })[1]).toBe('env-file: 3 records from 1 file.');
    expect(receiptLines({ ...receipt, exports: [summaryOf(2)] })[1]).toBe(
      'env-file: 3 records in 2 places from 1 file.',
    );
  });
});
