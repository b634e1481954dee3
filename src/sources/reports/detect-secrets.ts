/** The baseline of detect-secrets: by file, the SHA-1 of each value, its type and its line. It has no values. */
import { defined } from '../exports/defined.js';
import type { ReportedSpot, ReportNode, ReportReader, ReportSink } from './contract.js';
import { Fields, isObject } from './fields.js';

export const detectSecrets: ReportReader = {
  name: 'detect-secrets',
  recognises: (value) =>
    isObject(value) &&
    isObject(value['results']) &&
    ('plugins_used' in value || 'generated_at' in value || 'exclude_regex' in value),
  read({ value, where }: ReportNode, sink: ReportSink): void {
    const results = new Fields(value, where, sink).object('results');
    for (const [number, file] of (results?.names() ?? []).entries()) {
      // The name of the file may be anything, so that faults tell its number.
      for (const [i, item] of (results?.list(file) ?? []).entries()) {
        const at = `results, file ${number + 1}, finding ${i + 1}`;
        const fields = new Fields(item.value, at, sink);
        const sha1 = fields.required('hashed_secret').toLowerCase();
        if (!fields.isBroken && !/^[0-9a-f]{40}$/.test(sha1))
          fields.fault('hashed_secret', 'must be a SHA-1 in hex');
        const isVerified = fields.flag('is_verified');
        const spot = defined<ReportedSpot>({
          path: fields.text('filename') ?? file,
          line: fields.count('line_number'),
        });
        const rule = fields.required('type');
        if (fields.isBroken) continue;
        sink.row({
          tool: 'detect-secrets',
          rule,
          where: at,
          values: [],
          hidden: 'hashed',
          sha1,
          ...(isVerified ? { isVerified } : {}),
          spot,
        });
      }
    }
  },
};
