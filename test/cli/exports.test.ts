/** Exports through the command line: records are places with an author, a time and a link. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { acmeFolder, jiraExport, type SlackMessage, slackExport, zipOf } from '../support/exports-of-acme.js';
import { fakeSecret } from '../support/fake-secret.js';
import { CliHome, scratch } from '../support/scratch.js';

type Line = Record<string, unknown>;

function findingsOf(lines: readonly Line[]): Line[] {
  return lines.filter(({ type }) => type === 'finding');
}

describe('one secret across systems', () => {
  test('is one secret with a place for each, told with author, time and link', async () => {
    const folder = scratch();
    const secret = fakeSecret('github-pat-classic', 'across systems');
    await acmeFolder(join(folder, 'all'), secret);
    const home = new CliHome(folder);
    const lines = home.json(['scan', join(folder, 'all')]);
    const found = findingsOf(lines);
    expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).toBe(1);
    const by = (system: string): Line | undefined => found.find((line) => line['system'] === system);
    expect(by('git')).toMatchObject({ path: 'client.js' });
    expect(by('slack')).toMatchObject({
      place: 'slack:T01ACME/C01OPS',
      placeName: '#deploys',
      recordType: 'message',
      recordId: '1709287620.000200',
      thread: '1709287200.000100',
      created: '2024-03-01T10:07:00.000200Z',
      path: 'one.zip!/deploys/2024-03-01.json',
    });
    expect(by('jira')).toMatchObject({
      place: 'jira:acme.atlassian.net/API',
      recordType: 'comment',
      recordId: '20002',
      thread: 'API-12',
      permalink: expect.stringContaining('https://acme.atlassian.net/browse/API-12?focusedCommentId=20002'),
    });
    expect(by('confluence')).toMatchObject({
      recordType: 'page',
      revision: 'previous',
      title: expect.stringContaining('Runbook'),
    });
    expect(by('mail')).toMatchObject({
      recordType: 'mail',
      created: expect.stringContaining('2024-03-04T12:00:00'),
    });
    expect(by('github-actions')).toMatchObject({ recordType: 'log-step' });
    // The same person under one name in both systems, since both say the address.
    expect(by('slack')?.['author']).toMatch(/^person-[0-9a-f]{10}$/);
    expect(by('slack')?.['author']).toBe(by('jira')?.['author']);
    expect(lines.at(-1)).toMatchObject({ type: 'receipt', complete: true, gaps: {} });

    const where = findingsOf(home.json(['where', '-'], { input: secret }));
    const systems = ['git', 'slack', 'jira', 'confluence', 'mail', 'github-actions'];
    expect(new Set(where.map((line) => line['system']))).toEqual(new Set(systems));
    expect(home.allBytes().includes(secret)).toBe(false);
    expect(home.allBytes().includes('Ana Ruiz')).toBe(false);

    const prefix = String(found[0]?.['fingerprint']).slice(0, 12);
    const shown = home.run(['show', prefix, '--show-secrets']).stdout;
    expect(shown.split(secret).length).toBeGreaterThan(4);
  });

  test('people are named when that is asked for, and left out when nobody is to be', async () => {
    for (const [mode, author] of [
      ['full', 'Ana Ruiz'],
      ['none', undefined],
    ] as const) {
      const folder = scratch();
      const secret = fakeSecret('github-pat-classic', mode);
      mkdirSync(join(folder, 'all'));
      writeFileSync(join(folder, 'all', 'jira.json'), jiraExport(`see ${secret}`));
      const found = findingsOf(new CliHome(folder).json(['scan', join(folder, 'all'), '--people', mode]));
      expect(found.map((line) => line['author'])).toEqual([author]);
    }
  });
});

test('a person is erased by address, also where only the pseudonym is kept', () => {
  const folder = scratch();
  mkdirSync(join(folder, 'all'));
  writeFileSync(
    join(folder, 'all', 'jira.json'),
    jiraExport(`see ${fakeSecret('github-pat-classic', 'erased')}`),
  );
  const home = new CliHome(folder);
  const [found] = findingsOf(home.json(['scan', join(folder, 'all')]));
  expect(found?.['author']).toMatch(/^person-/);
  expect(home.run(['db', 'forget', '--person', 'ana@ACME.example']).status).toBe(0);
  const [after] = findingsOf(home.json(['report', '--all']));
  expect(after?.['author']).not.toBe(found?.['author']);
  expect(home.allBytes().includes(String(found?.['author']))).toBe(false);
});

describe('the next export of a place', () => {
  const secret = fakeSecret('github-pat-classic', 'next month');
  const message = (minute: number, text: string): SlackMessage => ({
    ts: `${1709287200 + minute * 60}.000100`,
    user: 'U01ANA',
    text,
  });
  const scanned = async (
    home: CliHome,
    folder: string,
    name: string,
    messages: SlackMessage[],
  ): Promise<void> => {
    writeFileSync(join(folder, name), await zipOf(slackExport(messages)));
    home.run(['scan', join(folder, name)]);
  };
  const statuses = (home: CliHome): unknown[] =>
    findingsOf(home.json(['report', '--all'])).map((line) => line['status']);

  test('says that a message is gone only when it has messages before and after it', async () => {
    const folder = scratch();
    const home = new CliHome(folder);
    await scanned(home, folder, 'march.zip', [
      message(0, 'hello'),
      message(5, `use ${secret}`),
      message(9, 'bye'),
    ]);
    expect(statuses(home)).toEqual(['open']);
    await scanned(home, folder, 'later.zip', [message(6, 'later'), message(9, 'bye')]);
    expect(statuses(home)).toEqual(['open']);
    await scanned(home, folder, 'april.zip', [message(0, 'hello'), message(9, 'bye'), message(12, 'new')]);
    expect(statuses(home)).toEqual(['vanished']);
    expect(home.run(['where', '-'], { input: secret }).status).toBe(0);
  });

  test('keeps one copy of a message that both have', async () => {
    const folder = scratch();
    const home = new CliHome(folder);
    for (const name of ['march.zip', 'april.zip']) {
      await scanned(home, folder, name, [
        message(0, 'hello'),
        message(5, `use ${secret}`),
        message(9, 'bye'),
      ]);
    }
    expect(statuses(home)).toEqual(['open']);
  });
});

test('direct messages are left out unless they are asked for, and the receipt says so', async () => {
  const folder = scratch();
  const secret = fakeSecret('github-pat-classic', 'direct');
  const entries = {
    ...slackExport([]),
    'dms.json': JSON.stringify([{ id: 'D01AB', created: 1, members: ['U01ANA', 'U02BOB'] }]),
    'D01AB/2024-03-01.json': JSON.stringify([
      { type: 'message', ts: '1709287200.000100', user: 'U01ANA', text: `psst ${secret}` },
    ]),
  };
  writeFileSync(join(folder, 'export.zip'), await zipOf(entries));
  const without = new CliHome(join(folder, 'a')).json(['scan', join(folder, 'export.zip')]);
  expect(findingsOf(without)).toEqual([]);
  expect(without.at(-1)).toMatchObject({ skipped: { 'direct-messages': 1 }, complete: true });
  const withDirect = new CliHome(join(folder, 'b')).json([
    'scan',
    join(folder, 'export.zip'),
    '--include-direct',
  ]);
  expect(findingsOf(withDirect)).toMatchObject([{ system: 'slack', recordId: '1709287200.000100' }]);
});

test("a token of the export's own is told once", async () => {
  const folder = scratch();
  const token = `xoxe-${['123456789012', '234567890123', '345678901234', 'ab12cd34'.repeat(4)].join('-')}`;
  const files = (n: number): unknown[] => [
    {
      id: `F${n}`,
      name: 'a.txt',
      url_private: `https://files.slack.com/files-pri/T01ACME-F${n}/a.txt?t=${token}`,
    },
  ];
  const messages = [1, 2, 3].map((n) => ({
    ts: `170928720${n}.000100`,
    user: 'U01ANA',
    text: 'file',
    files: files(n),
  }));
  writeFileSync(join(folder, 'export.zip'), await zipOf(slackExport(messages)));
  const found = findingsOf(new CliHome(folder).json(['scan', join(folder, 'export.zip')]));
  expect(found).toMatchObject([{ exportArtifact: true, recordId: 'export', system: 'slack' }]);
});

test('an archive that packs nothing is opened, whatever page lies at its front', async () => {
  const folder = scratch();
  const page = '<html><body><div class="quip-canvas-content"><p>a page</p></div></body></html>';
  const secret = fakeSecret('github-pat-classic', 'in the archive within');
  const inner = await zipOf({ 'deep.txt': `token ${secret}` });
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(page), 'page.html', { compress: false });
  zip.addBuffer(inner, 'inner.zip', { compress: false });
  zip.end();
  const pieces: Buffer[] = [];
  for await (const piece of zip.outputStream) pieces.push(piece as Buffer);
  writeFileSync(join(folder, 'all.zip'), Buffer.concat(pieces));
  const lines = new CliHome(join(folder, 'home')).json(['scan', join(folder, 'all.zip')]);
  expect(findingsOf(lines).map(({ path }) => path)).toEqual(['all.zip!/inner.zip!/deep.txt']);
  const receipt = lines.find(({ type }) => type === 'receipt');
  expect(receipt?.['exports']).toMatchObject([{ reader: 'slack-canvas', files: 1 }]);
});
