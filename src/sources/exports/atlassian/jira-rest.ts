/**
 * Jira's REST JSON as people save it: search pages, arrays of pages, single issues, arrays and lines of issues.
 */
import type { ExportFile, ExportReader, Probe, ReaderHints, Recognition, RecordSink } from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { type JsonRecord, readJsonRecords } from '../json-records.js';
import { jsonShapeOf } from '../json-shape.js';
import { noClaims, unclaimedTexts } from '../leaves.js';
import { isObject, type JsonObject } from '../object-texts.js';
import { HeldIssues, mayBeNamedLate } from './held-issues.js';
import { fieldNamesBeside } from './jira-field-names.js';
import { isIssue, JiraIssues } from './jira-issue.js';
import { restNoise } from './jira-mentions.js';
import { issuesFormOf } from './jira-rest-form.js';
import { sitePlace } from './jira-site.js';
import { LeanIssues } from './lean-issues.js';

export const jiraRest: ExportReader = {
  id: 'jira-rest',
  system: 'jira',
  label: 'Jira REST JSON',
  most: 0.95,
  jsonKeys: ['key', 'issues'],
  recognise: recogniseIssues,
  read: readIssues,
};

function recogniseIssues(probe: Probe): Recognition | undefined {
  const form = issuesFormOf(probe.text, probe.json);
  return form === undefined ? undefined : { score: form.score, reason: form.reason };
}

async function readIssues(file: ExportFile, sink: RecordSink, hints: ReaderHints): Promise<void> {
  const text = decodeHead(file.head);
  const shape = jsonShapeOf(text);
  // `--system` brings files that nothing recognised.
  const { isPages, path } = issuesFormOf(text, shape) ?? {
    isPages: false,
    path: shape?.root === 'array' ? '/*' : '',
  };
  const issues = new JiraIssues(sink, hints.baseUrl);
  const besides = await fieldNamesBeside(file);
  const held = new HeldIssues(issues, besides, besides === undefined && (await mayBeNamedLate(file)));
  const lean = sink.lean && new LeanIssues(sink.lean, sink, issues, (page) => held.namesOn(page));
  let count = 0;
  await readJsonRecords(file, [path], sink, {
    lean,
    record(record) {
      count++;
      if (isIssue(record.value)) held.add(record, record.value);
      else otherValue(record.value, record.pointer, issues, sink);
    },
    end(root) {
      if (!isPages) return;
      held.flush((record) => pageOf(record, root)?.['names']);
      for (const page of Array.isArray(root) ? root : [root]) if (isObject(page)) surroundings(page, issues);
    },
  });
  held.flush();
  if (isPages && shape?.root === 'object') await checkTotal(file, count + (lean?.count ?? 0), sink);
}

/** The page that a record came from, of one page or an array of them. */
function pageOf({ pointer }: JsonRecord, root: unknown): JsonObject | undefined {
  const page: unknown = Array.isArray(root) ? root[Number(pointer.split('/')[1])] : root;
  return isObject(page) ? page : undefined;
}

/** What stands among issues and is none, such as an error. */
function otherValue(value: unknown, pointer: string, issues: JiraIssues, sink: RecordSink): void {
  const site = issues.siteOf(isObject(value) ? value['self'] : undefined);
  const texts = unclaimedTexts(value, noClaims, {
    noise: restNoise,
    onUnknown: (key) => sink.unknownKey(key),
  });
  if (texts.length > 0)
    sink.record({
      place: sitePlace(site),
      type: 'event',
      id: pointer === '' ? 'root' : pointer,
      revision: { state: 'unknown' },
      texts,
    });
}

/** What stands around the issues of a page: names of fields, warnings. */
function surroundings(root: JsonObject, issues: JiraIssues): void {
  const { issues: _issues, schema: _schema, expand: _expand, nextPageToken: _token, ...others } = root;
  const site = issues.siteOf(root['self']);
  issues.mentions.setting('page', others, sitePlace(site), () =>
    unclaimedTexts(others, noClaims, { role: 'setting', noise: restNoise }),
  );
}

/** A first page alone, of a search that found more: what is missing is worth a word. */
async function checkTotal(file: ExportFile, count: number, sink: RecordSink): Promise<void> {
  const text = decodeHead(file.head);
  const total = Number(/"total"\s*:\s*(\d{1,10})/.exec(text.slice(0, text.indexOf('"issues"')))?.[1] ?? 0);
  if (total <= count) return;
  const folder = file.name.includes('/') ? file.name.slice(0, file.name.lastIndexOf('/')) : '';
  const neighbours = await file.tree.list(folder);
  const isAlone = !neighbours.some((name) => name !== file.name && /\.json\w?$/i.test(name));
  if (isAlone) sink.note('incomplete');
}
