/** Exports written by somebody who means harm, or who has pasted things where nobody expects them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type SlackMessage, slackChannels, slackUsers } from '../support/exports-of-acme.js';
import { fakeSecret } from '../support/fake-secret.js';
import { CliHome, scratch } from '../support/scratch.js';

/** Sequences that paint, set the window's title, clear the screen and turn the direction of text. */
const escapes = '\u001b[31mRED\u001b]0;owned\u0007\u009b2J\u202e';

function writeSlack(folder: string, name: string, messages: readonly SlackMessage[]): void {
  const day = join(folder, 'deploys');
  mkdirSync(day, { recursive: true });
  const [ana, ...others] = slackUsers;
  const renamed = { ...ana, profile: { ...ana?.profile, real_name: name } };
  writeFileSync(join(folder, 'users.json'), JSON.stringify([renamed, ...others]));
  writeFileSync(join(folder, 'channels.json'), JSON.stringify(slackChannels));
  const lines = messages.map((message) => ({ type: 'message', ...message }));
  writeFileSync(join(day, '2024-03-01.json'), JSON.stringify(lines));
}

test('what an author is called does not steer the terminal, in no format', () => {
  const folder = scratch();
  const secret = fakeSecret('github-pat-classic', 'author with escapes');
  const text = `see ${secret} there`;
  writeSlack(join(folder, 'all'), `Ana ${escapes}`, [{ ts: '1709287200.000100', user: 'U01ANA', text }]);
  const home = new CliHome(folder);
  const [found] = home
    .json(['scan', join(folder, 'all'), '--people', 'full'])
    .filter(({ type }) => type === 'finding');
  expect(found?.['author']).toMatch(/^Ana /);
  for (const format of ['text', 'jsonl', 'md', 'csv', 'html', 'sarif', 'gitlab', 'junit']) {
    const { stdout } = home.run(['report', '--format', format]);
    // SARIF names no authors.
    if (format !== 'sarif') expect(stdout).toContain('Ana');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be there
    expect(stdout).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e]/);
    // JSON writes them as escapes, which the next program would undo.
    expect(stdout).not.toMatch(/\\u00(?:1b|9b)/i);
  }
});

test('a person without an address has none, instead of an empty one', () => {
  const folder = scratch();
  const text = `see ${fakeSecret('github-pat-classic', 'no address')}`;
  writeSlack(join(folder, 'all'), 'Ana', [{ ts: '1709287200.000100', user: 'U01ANA', text }]);
  const found = new CliHome(folder)
    .json(['scan', join(folder, 'all')])
    .find(({ type }) => type === 'finding');
  expect(found?.['author']).toMatch(/^person-/);
  expect(found).not.toHaveProperty('authorEmail');
});

test('several secrets of records that share their id and field are each shown', () => {
  const folder = scratch();
  const secrets = Array.from({ length: 12 }, (_, i) => fakeSecret('github-pat-classic', `same record ${i}`));
  const messages = secrets.map((secret) => ({
    ts: '1709287200.000100',
    user: 'U01ANA',
    text: `see ${secret}`,
  }));
  writeSlack(join(folder, 'all'), 'Ana', messages);
  const lines = new CliHome(folder).json(['scan', join(folder, 'all'), '--show-secrets']);
  const shown = lines.filter(({ type }) => type === 'finding').map(({ secret }) => secret);
  expect(new Set(shown)).toEqual(new Set(secrets));
});

test('a value in a damaged file is told at its line when no record has it, and once when one has', () => {
  const folder = scratch();
  const inRecord = fakeSecret('github-pat-classic', 'in a record');
  const nowhere = fakeSecret('github-pat-classic', 'nowhere');
  writeSlack(join(folder, 'all'), 'Ana', [
    { ts: '1709287200.000100', user: 'U01ANA', text: `see ${inRecord}` },
    { ts: '1709287200.000200', user: 'U01ANA', text: 'last' },
  ]);
  const file = join(folder, 'all', 'deploys', '2024-03-01.json');
  // Behind the root nothing belongs to any record.
  writeFileSync(file, `${readFileSync(file, 'utf8')}\n}} x: ${nowhere} {\n`);
  const lines = new CliHome(folder).json(['scan', join(folder, 'all'), '--show-secrets']);
  const found = lines.filter(({ type }) => type === 'finding');
  const told = found.map(({ secret, recordType, locationKind, line }) => [
    secret,
    recordType ?? locationKind,
    line,
  ]);
  expect(told).toEqual(
    expect.arrayContaining([
      [inRecord, 'message', 1],
      [nowhere, 'loose-file', 2],
    ]),
  );
  expect(told).toHaveLength(2);
  expect(lines.find(({ type }) => type === 'receipt')).toMatchObject({ gaps: { 'export-damaged': 1 } });
});

test('a damaged talk that is left out is not read as a plain file either', () => {
  const folder = scratch();
  const secret = fakeSecret('github-pat-classic', 'left out');
  mkdirSync(join(folder, 'all', 'D01ABCDEF'), { recursive: true });
  const messages = [{ type: 'message', ts: '1709287200.000100', user: 'U01ANA', text: `see ${secret}` }];
  writeFileSync(
    join(folder, 'all', 'dms.json'),
    JSON.stringify([{ id: 'D01ABCDEF', created: 1, members: ['U01ANA', 'U02BEN'] }]),
  );
  writeFileSync(join(folder, 'all', 'D01ABCDEF', '2024-03-01.json'), `${JSON.stringify(messages)} }} {`);
  const lines = new CliHome(folder).json(['scan', join(folder, 'all')]);
  expect(lines.filter(({ type }) => type === 'finding')).toEqual([]);
});

test('room keys under a pass phrase are told as encrypted', () => {
  const folder = scratch();
  mkdirSync(join(folder, 'all'));
  const keys = ['-----BEGIN MEGOLM SESSION DATA-----', 'AXNhbHQ=', '-----END MEGOLM SESSION DATA-----', ''];
  writeFileSync(join(folder, 'all', 'element-keys.txt'), keys.join('\n'));
  const lines = new CliHome(folder).json(['scan', join(folder, 'all')]);
  expect(lines.find(({ type }) => type === 'receipt')).toMatchObject({ gaps: { 'export-encrypted': 1 } });
});

test('what stands behind the first line of room keys is read all the same', () => {
  const folder = scratch();
  mkdirSync(join(folder, 'all'));
  const lines = [
    '-----BEGIN MEGOLM SESSION DATA-----',
    'x',
    `GITHUB_TOKEN=${fakeSecret('github-pat', 'hidden')}`,
    '',
  ];
  writeFileSync(join(folder, 'all', 'notes.txt'), lines.join('\n'));
  const found = new CliHome(folder)
    .json(['scan', join(folder, 'all')])
    .filter(({ type }) => type === 'finding');
  expect(found.map(({ path, line }) => `${path}:${line}`)).toEqual(['notes.txt:3']);
});
