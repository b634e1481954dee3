/** Reports of other scanners: each format to the same row, and what is wrong told by line and field. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReportRow } from '../../../../src/sources/reports/contract.js';
import { mayBeReport, readReport, type ScannerReport } from '../../../../src/sources/reports/read-report.js';
import '../../../support/fixed-seed.js';
import {
  detectSecretsBaseline,
  ggshieldReport,
  gitleaksFinding,
  kingfisherMatch,
  noseyParkerFinding,
  type Reported,
  sarifReport,
  secretlintFile,
  trufflehogLine,
} from '../../../support/scanner-reports.js';

const commit = '12'.repeat(20);
const repository = 'https://github.com/acme/api';
const value = 'value-of-a-test';
const found: Reported = { value, path: 'src/a.env', line: 3, commit, text: `KEY=${value}` };
const { commit: _, ...inFile } = found;

function read(text: string): ScannerReport {
  expect(mayBeReport(text)).toBe(true);
  const report = readReport(text);
  if (report === undefined || 'unreadable' in report) throw new Error(JSON.stringify(report));
  return report;
}

function only(text: string): ReportRow {
  const { rows, faults } = read(text);
  expect(faults).toEqual([]);
  expect(rows).toHaveLength(1);
  return rows[0] as ReportRow;
}

const gitForms: readonly (readonly [tool: string, text: string])[] = [
  ['gitleaks', JSON.stringify([gitleaksFinding(found)], undefined, 1)],
  ['trufflehog', `${trufflehogLine(found, repository)}\n`],
  ['kingfisher', JSON.stringify([{ id: 'x', matches: [kingfisherMatch(found, repository)] }])],
  ['kingfisher', JSON.stringify({ findings: [kingfisherMatch(found, repository)], metadata: {} })],
  ['kingfisher', `${JSON.stringify(kingfisherMatch(found, repository))}\n`],
  ['nosey-parker', JSON.stringify([noseyParkerFinding(found, repository)])],
  ['nosey-parker', `${JSON.stringify(noseyParkerFinding(found, repository))}\n`],
  ['ggshield', JSON.stringify(ggshieldReport(found))],
  ['gitleaks', JSON.stringify(sarifReport('gitleaks', { ...found, text: value }))],
];
const fileForms: readonly (readonly [tool: string, text: string])[] = [
  ['gitleaks', JSON.stringify([gitleaksFinding(inFile)])],
  ['kingfisher', JSON.stringify([kingfisherMatch(inFile, repository)])],
  ['nosey-parker', JSON.stringify([noseyParkerFinding(inFile, repository)])],
  ['ggshield', JSON.stringify(ggshieldReport(inFile))],
  ['secretlint', JSON.stringify([{ ...secretlintFile(inFile) }])],
];

describe('formats', () => {
  test.each(gitForms)('%s names path, line, column, commit, author and time', (tool, text) => {
    const row = only(text);
    expect(row).toMatchObject({ tool, spot: { path: 'src/a.env', line: 3, commit } });
    expect(row.values.map(({ byteLength }) => byteLength)).toEqual([value.length]);
    expect(row.spot.author).toMatchObject({ email: 'ana@example.org' });
    expect(Date.parse(row.spot.date ?? '')).toBeGreaterThan(Date.parse('2023-11-14T00:00:00Z'));
    expect(JSON.stringify(row)).not.toContain(value);
  });

  test.each(fileForms)('%s without a commit', (tool, text) => {
    const row = only(text);
    expect(row).toMatchObject({ tool, spot: { path: 'src/a.env', line: 3, column: 5 } });
    expect(row.spot.commit).toBeUndefined();
    expect(row.values.map(({ byteLength }) => byteLength)).toEqual([value.length]);
  });

  test('what a tool tried and found to work is marked', () => {
    const verified = [
      trufflehogLine(found, repository, { Verified: true }),
      JSON.stringify([kingfisherMatch(found, repository)]),
      JSON.stringify([{ ...gitleaksFinding(found), ValidationStatus: 'valid' }]),
      JSON.stringify(ggshieldReport(found)),
    ].map((text) => only(text).isVerified);
    expect(verified).toEqual([true, true, true, true]);
    expect(only(trufflehogLine(found, repository)).isVerified).toBeUndefined();
  });

  test('betterleaks is told from gitleaks, and its attributes are read', () => {
    const { File: _f, Commit: _c, ...own } = gitleaksFinding(found);
    const row = only(
      JSON.stringify([
        { ...own, File: '', Attributes: { path: 'b.env', 'git.sha': commit, 'git.remote_url': repository } },
      ]),
    );
    expect(row).toMatchObject({ tool: 'betterleaks', spot: { path: 'b.env', commit, repository } });
  });

  test('the repository of a link to a file', () => {
    const links = [
      ['https://github.com/acme/api/blob/', 'https://github.com/acme/api'],
      ['https://gitlab.acme.example/a/b/c/-/blob/', 'https://gitlab.acme.example/a/b/c'],
      ['https://bitbucket.org/acme/api/src/', 'https://bitbucket.org/acme/api'],
    ].map(([start, url]) => [
      only(JSON.stringify([{ ...gitleaksFinding(found), Link: `${start}${commit}/src/a.env#L3` }])).spot
        .repository,
      url,
    ]);
    for (const [seen, url] of links) expect(seen).toBe(url);
  });

  test('a snippet of an unknown tool is context, no value', () => {
    const row = only(JSON.stringify(sarifReport('Other Tool 2', inFile)));
    expect(row.tool).toBe('other-tool-2');
    expect(row.values).toEqual([]);
    expect(row.context?.byteLength).toBe(`KEY=${value}`.length);
    expect(row.hidden).toBeUndefined();
  });

  test('sources that are no repository are records of their place', () => {
    const data = {
      Slack: { channel_id: 'C1', timestamp: '2023-11-14', link: 'https://acme.slack.com/archives/C1/p1' },
    };
    const row = only(trufflehogLine(found, repository, { SourceMetadata: { Data: data } }));
    expect(row.spot.record).toEqual({
      system: 'slack',
      place: 'C1',
      id: 'https://acme.slack.com/archives/C1/p1',
    });
    const s3 = { S3: { bucket: 'b', file: 'f', link: '' } };
    const other = only(trufflehogLine(found, repository, { SourceMetadata: { Data: s3 } }));
    expect(other.spot.record).toEqual({ system: 'generic', tenant: 's3', place: 'b', id: 'f' });
  });
});

describe('values that a report hides', () => {
  test('by digest', () => {
    const row = only(detectSecretsBaseline('a.env', 3, 'ab'.repeat(20)));
    expect(row).toMatchObject({
      hidden: 'hashed',
      sha1: 'ab'.repeat(20),
      values: [],
      spot: { path: 'a.env', line: 3 },
    });
  });

  test('by redaction', () => {
    const masked = ['REDACTED', 'abcdef...', '******', '[REDACTED:1234]'];
    for (const shown of masked)
      expect(only(JSON.stringify([gitleaksFinding({ ...found, value: shown })])), shown).toMatchObject({
        hidden: 'redacted',
        values: [],
      });
    expect(only(JSON.stringify(ggshieldReport({ ...found, value: 'ab**********yz' }))).hidden).toBe(
      'redacted',
    );
    expect(only(trufflehogLine({ ...found, value: '' }, repository)).hidden).toBe('absent');
    const { sourceContent: _s, ...bare } = secretlintFile(inFile);
    expect(only(JSON.stringify([bare])).hidden).toBe('absent');
  });
});

describe('faults', () => {
  test('name line and field, and cost that finding only', () => {
    const text = `[\n${JSON.stringify(gitleaksFinding(found))},\n${JSON.stringify({ ...gitleaksFinding(found), StartLine: value })},\n${JSON.stringify({ ...gitleaksFinding(found), RuleID: '' })}\n]`;
    const { rows, faults, faultCount } = read(text);
    expect(rows).toHaveLength(1);
    expect(faultCount).toBe(2);
    expect(faults).toEqual([
      { where: 'finding 2 (line 3), StartLine', message: 'must be a whole number' },
      { where: 'finding 3 (line 4), RuleID', message: 'is missing' },
    ]);
  });

  test('a line that breaks off is told, and the others are read', () => {
    const line = trufflehogLine(found, repository);
    const log = '{"level":"info","msg":"done"}';
    const { rows, faults } = read(`${line}\n${log}\n\n${line.slice(0, 80)}\n${line}\n{"odd":1}\n`);
    expect(rows).toHaveLength(2);
    expect(faults.map(({ where }) => where)).toEqual(['line 4', 'line 6, DetectorName']);
  });

  test('a list that breaks off is no report, and the line is told', () => {
    const text = `[\n${JSON.stringify(gitleaksFinding(found))},\n{"RuleID": "x", "Sec`;
    expect(readReport(text)).toEqual({ unreadable: 'is not JSON from line 3 on' });
  });

  test('what is no report', () => {
    for (const text of [
      'version: 1\nruns: []\n',
      'a,b\n',
      '{"fingerprint":"ab","result":"dead"}',
      '{"version":1,"runs":[]}',
      '{"a":[{"filePath":1}]}',
    ])
      expect(mayBeReport(text) ? readReport(text) : undefined, text).toBeUndefined();
    expect(read('[]\n')).toMatchObject({ tool: 'none', rows: [], faultCount: 0 });
  });

  test('no damage makes it throw, or repeat what it reads', () => {
    const texts = [...gitForms, ...fileForms].map(([, text]) => text);
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom('', '0', '"', '[', '{', 'null', ',', '\n', '}', 'x')), {
          maxLength: 4,
        }),
        (text, edits) => {
          let damaged = text;
          for (const [at, put] of edits) {
            const where = at % damaged.length;
            damaged = damaged.slice(0, where) + put + damaged.slice(where + 1);
          }
          const report = readReport(damaged);
          if (report === undefined || 'unreadable' in report) return;
          expect(JSON.stringify(report.faults)).not.toContain(value);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('lists nested without end are read in time that grows with the text', () => {
    const deep = `[{"RuleID":"a","File":"f","Secret":${'['.repeat(100_000)}${']'.repeat(100_000)}}]`;
    expect(read(deep)).toMatchObject({ faultCount: 1, rows: [] });
  });
});
