/** Which view decides what stands in a text of a record. */
import { expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/detect/create-analyzer.js';
import { fingerprintOf } from '../../../src/identity/fingerprint.js';
import { deriveKeys, masterKeyBytes } from '../../../src/identity/hkdf-keys.js';
import { judgeRecord } from '../../../src/scan/records/judge-record.js';
import { viewsOf } from '../../../src/scan/records/record-views.js';
import type { Dialect, ExportRecord } from '../../../src/sources/exports/contract.js';
import { builtInRules, fakeSecret } from '../../support/fake-secret.js';

const keys = deriveKeys(Buffer.alloc(masterKeyBytes, 7));
const analyzer = createAnalyzer({ rules: builtInRules(), keys, known: new Map() });
const engine = (bytes: Buffer): ReturnType<typeof analyzer.analyze>['findings'] =>
  analyzer.analyze({ bytes, chain: [], collectTags: false }).findings;

function recordOf(dialect: Dialect, ...texts: string[]): ExportRecord {
  return {
    place: { kind: 'channel', id: 'C1', name: '#c', audience: 'unknown' },
    type: 'message',
    id: '1',
    revision: { state: 'current' },
    texts: texts.map((text, i) => ({ text, dialect, field: { path: `t${i}`, role: 'body' } })),
  };
}

const token = fakeSecret('github-pat-classic', 'judge');

test.each<[string, Dialect, string, string]>([
  ['an escape behind a token', 'slack-mrkdwn', `see ${token}\u001b[31mRED`, 'decoded'],
  ['a tag between a token and a word', 'html', `<code>${token}</code>and`, 'decoded'],
  ['a tag within a token', 'html', `<b>${token.slice(0, 9)}</b>${token.slice(9)}`, 'plain'],
  ['entities around a token', 'slack-mrkdwn', `a &amp; ${token} &lt;b&gt;`, 'decoded'],
  ['nothing to undo', 'plain', `use ${token}`, 'decoded'],
])('%s', (_name, dialect, text, view) => {
  const judged = judgeRecord(viewsOf(recordOf(dialect, text)), engine);
  expect(judged).toHaveLength(1);
  const [finding] = judged[0]?.findings ?? [];
  expect(judged[0]?.findings).toHaveLength(1);
  expect(finding).toMatchObject({ fingerprint: fingerprintOf(keys.fingerprint, Buffer.from(token)), view });
  const bytes = Buffer.from(text);
  const ranges = finding?.rawRanges ?? [finding?.span ?? { start: 0, end: 0 }];
  const written = Buffer.concat(ranges.map(({ start, end }) => bytes.subarray(start, end))).toString();
  expect(written.replace(/<[^>]*>/g, '')).toBe(token);
});

test('a password within a link of Slack is what was typed, not what the link made of it', () => {
  const password = 'Vx9kLm2pQz';
  const text = `psql postgres://app:<mailto:${password}@db.acme.dev|${password}@db.acme.dev>/x`;
  const judged = judgeRecord(viewsOf(recordOf('slack-mrkdwn', text)), engine);
  const found = judged.flatMap(({ findings }) => findings.map(({ fingerprint }) => fingerprint));
  expect(found).toEqual([fingerprintOf(keys.fingerprint, Buffer.from(password))]);
});
