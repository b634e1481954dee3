/** ggshield, JSON: files with incidents, of a scan or of one scan a commit. Values are masked unless it was told otherwise. */
import { defined } from '../exports/defined.js';
import type { ReportedSpot, ReportNode, ReportReader, ReportSink } from './contract.js';
import { commitOf, Fields, isMasked, isObject, secretOf } from './fields.js';

/** Parts of an incident that are no secret by themselves. */
const openParts =
  /^(?:client_id|username|user|host|port|database|scheme|connection_uri_(?:host|port|scheme))$/;

function readEntity(entity: Fields, commit: Partial<ReportedSpot>, sink: ReportSink): void {
  const path = entity.text('filename');
  for (const given of entity.list('incidents')) {
    const incident = new Fields(given.value, given.where, sink);
    const rule = incident.text('type') ?? incident.required('policy');
    const isVerified = /^valid$/i.test(incident.text('validity') ?? '');
    for (const item of incident.list('occurrences')) {
      const occurrence = new Fields(item.value, item.where, sink);
      const type = occurrence.text('type') ?? '';
      const match = occurrence.text('match');
      if (openParts.test(type) && !occurrence.isBroken) continue;
      const isHidden = match === undefined || isMasked(match) || /\*{2,}/.test(match);
      const line = occurrence.count('post_line_start') ?? occurrence.count('line_start');
      const column = occurrence.count('index_start', 0);
      const spot = defined<ReportedSpot>({
        ...commit,
        path,
        line,
        column: column === undefined ? undefined : column + 1,
      });
      if (occurrence.isBroken || incident.isBroken || entity.isBroken) continue;
      sink.row({
        tool: 'ggshield',
        rule,
        where: item.where,
        values: isHidden ? [] : [secretOf(match)],
        ...(isHidden ? { hidden: match === undefined ? 'absent' : 'redacted' } : {}),
        ...(isVerified ? { isVerified } : {}),
        spot,
      });
    }
  }
}

function readScan(scan: Fields, sink: ReportSink): void {
  const info = scan.object('extra_info');
  const commit = defined<Partial<ReportedSpot>>({
    ...commitOf(scan.text('id')),
    ...(info === undefined
      ? {}
      : {
          author: { name: info.text('author') ?? '', email: info.text('email') ?? '' },
          date: info.text('date'),
        }),
  });
  for (const { value, where } of scan.list('entities_with_incidents'))
    readEntity(new Fields(value, where, sink), commit, sink);
}

export const ggshield: ReportReader = {
  name: 'ggshield',
  recognises: (value) =>
    isObject(value) &&
    typeof value['type'] === 'string' &&
    ('entities_with_incidents' in value || (Array.isArray(value['scans']) && 'total_incidents' in value)),
  read({ value, where }: ReportNode, sink: ReportSink): void {
    const fields = new Fields(value, where, sink);
    readScan(fields, sink);
    for (const scan of fields.list('scans')) readScan(new Fields(scan.value, scan.where, sink), sink);
  },
};
