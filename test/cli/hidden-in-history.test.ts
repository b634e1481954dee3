/** Documents that hide their text from whoever looks at their bytes are read in a history as they are in a folder. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { compoundFile } from '../support/compound-file.js';
import { drawer } from '../support/draw.js';
import { fakeSecret } from '../support/fake-secret.js';
import { GitFixture } from '../support/git-fixture.js';
import { pdfOfLines } from '../support/make-pdf.js';
import { CliHome, scratch } from '../support/scratch.js';
import { zipOf } from '../unit/sources/exports/documents/make-zip.js';

/** Bytes that cannot be packed: two versions that share them are stored as one and a delta. */
function noise(seed: number): Buffer {
  const draw = drawer(seed);
  return Buffer.from(Array.from({ length: 20_000 }, () => draw.below(256)));
}

function tokenLine(seed: string): string {
  return `token: ${fakeSecret('github-pat', seed)}`;
}

function repository(folder: string): GitFixture {
  return new GitFixture(join(folder, 'repo'));
}

type Line = Record<string, unknown>;

function copiesOf(lines: readonly Line[]): string[] {
  return lines
    .filter(({ type }) => type === 'finding')
    .map(({ locationKind, path, kind, line, exact }) => `${locationKind} ${path} ${kind} ${line} ${exact}`)
    .sort();
}

describe('a PDF in a history', () => {
  test('is read in every version, stored whole or as a delta, packed or loose', () => {
    const folder = scratch();
    const repo = repository(folder);
    const picture = noise(1);
    const versions = ['first', 'second', 'third'].map((seed) => pdfOfLines([tokenLine(seed)], picture));
    versions.forEach((bytes, i) => {
      repo.commit(`version ${i}`, { 'manual.pdf': bytes });
    });
    const copies = [
      'git-head manual.pdf github-pat-classic 1 false',
      'git-history manual.pdf github-pat-classic 1 false',
      'git-history manual.pdf github-pat-classic 1 false',
    ];
    const loose = new CliHome(join(folder, 'loose')).json(['scan', repo.path]);
    expect(copiesOf(loose)).toEqual(copies);
    expect(loose.at(-1)?.['gaps']).toEqual({});
    repo.git('repack', '-a', '-d', '-f');
    const chains = repo.git('verify-pack', '-v', ...packsOf(repo));
    expect(chains).toMatch(/chain length = 1/);
    const home = new CliHome(join(folder, 'packed'));
    const packed = home.json(['scan', repo.path]);
    expect(copiesOf(packed)).toEqual(copies);
    const secrets = new Set(
      packed.filter(({ type }) => type === 'finding').map(({ fingerprint }) => fingerprint),
    );
    expect(secrets.size).toBe(3);
    // What is read once is not read again, and stays.
    expect(copiesOf(home.json(['scan', repo.path]))).toEqual(copies);
    const bytes = home.allBytes();
    for (const seed of ['first', 'second', 'third'])
      expect(bytes.includes(fakeSecret('github-pat', seed))).toBe(false);
  });

  test('gives what its bytes show once', () => {
    const folder = scratch();
    const repo = repository(folder);
    const line = tokenLine('twice');
    repo.commit('a', { 'x.pdf': pdfOfLines([line, line], Buffer.from(`\n${line}\n`)) });
    expect(copiesOf(new CliHome(folder).json(['scan', repo.path]))).toEqual([
      'git-head x.pdf github-pat-classic 26 true',
    ]);
  });

  test('is found again by a value that is learned later', () => {
    const folder = scratch();
    const repo = repository(folder);
    // Of no format: only a name makes it a password. It ends in letters and digits, which the index knows it by.
    const value = fakeSecret('generic-password-code', 'late');
    repo.commit('a', { 'x.pdf': pdfOfLines([`we use ${value} there`]) });
    const home = new CliHome(folder);
    expect(copiesOf(home.json(['scan', repo.path]))).toEqual([]);
    repo.commit('b', { '.env': `DB_PASSWORD=${value}\n` });
    const paths = home
      .json(['scan', repo.path])
      .filter(({ type }) => type === 'finding')
      .map(({ path }) => path);
    expect(paths.sort()).toEqual(['.env', 'x.pdf']);
  });

  test('that is damaged is read as bytes, and is a gap of every scan', () => {
    const folder = scratch();
    const repo = repository(folder);
    repo.commit('a', { 'x.pdf': `%PDF-1.4\n${tokenLine('plain')}\n` });
    const home = new CliHome(folder);
    for (let round = 0; round < 2; round++) {
      const lines = home.json(['scan', repo.path]);
      expect(copiesOf(lines)).toEqual(['git-head x.pdf github-pat-classic 2 true']);
      expect(lines.at(-1)?.['gaps']).toEqual({ 'export-damaged': 1 });
    }
  });
});

test('other documents in a history are read by their readers, also within archives', async () => {
  const folder = scratch();
  const repo = repository(folder);
  const runs = [...tokenLine('word')].map((letter) => `<w:r><w:t>${letter}</w:t></w:r>`).join('');
  const word = await zipOf({
    '[Content_Types].xml': '<Types><Override ContentType="application/vnd.ms-word"/></Types>',
    'word/document.xml': `<w:document xmlns:w="w"><w:body><w:p>${runs}</w:p></w:body></w:document>`,
  });
  const db = new Sqlite(':memory:');
  db.exec('CREATE TABLE logins (user TEXT, password TEXT)');
  db.prepare('INSERT INTO logins VALUES (?, ?)').run('ana', fakeSecret('generic-password-code', 'row'));
  const table = db.serialize();
  db.close();
  const rich = [...tokenLine('rich')].map((letter) => `{\\b ${letter}}`).join('');
  repo.commit('a', {
    'old.doc': compoundFile({ WordDocument: Buffer.from(`..${tokenLine('old')}\r`, 'utf16le') }),
    'new.docx': word,
    'rich.rtf': `{\\rtf1\\ansi ${rich}}`,
    'state.db': table,
    'all.zip': await zipOf({ 'in/a.pdf': pdfOfLines([tokenLine('zip')]), 'b.txt': 'nothing' }),
    'about-pdf.txt': 'A file begins with %PDF-1.4 and a line.\n',
  });
  const lines = new CliHome(folder).json(['scan', repo.path]);
  const found = lines.filter(({ type }) => type === 'finding');
  expect(found.map(({ path, kind }) => `${path} ${kind}`).sort()).toEqual([
    'all.zip!/in/a.pdf github-pat-classic',
    'new.docx github-pat-classic',
    'old.doc github-pat-classic',
    'rich.rtf github-pat-classic',
    'state.db generic-password-code',
  ]);
  expect(lines.at(-1)?.['gaps']).toEqual({});
});

describe('files of developers in a history', () => {
  const value = (seed: string): string => fakeSecret('generic-password-code', seed);
  /** An object in a text in a text ... */
  const nested = (seed: string, levels: number): string => {
    let text = JSON.stringify({ password: value(seed) });
    for (let i = 0; i < levels; i++) text = JSON.stringify({ payload: text });
    return text;
  };
  const request = (text: string) => ({
    startedDateTime: '2024-03-01T10:00:00Z',
    request: { method: 'POST', url: 'https://api.example.org/', headers: [], postData: { text } },
    response: { status: 200, headers: [], content: { text: '' } },
  });
  const entries = [request(nested('recorded', 4)), request('{}')];
  const files = {
    'a.har': JSON.stringify({ log: { version: '1.2', creator: { name: 'x' }, entries } }),
    'b.ipynb': JSON.stringify(
      {
        cells: [
          {
            cell_type: 'code',
            source: ['config = dict(\n', '  password=\n', `    "${value('next line')}",\n`, ')'],
            outputs: [],
          },
        ],
        nbformat: 4,
      },
      null,
      1,
    ),
    'c.json': JSON.stringify({
      info: { schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json', name: 'c' },
      item: [
        { name: 'x', request: { method: 'POST', body: { mode: 'raw', raw: nested('kept', 4) }, url: '' } },
      ],
    }),
    'd.json': JSON.stringify({
      _type: 'export',
      __export_format: 4,
      resources: [{ _id: 'r', _type: 'request', name: 'x', body: { text: nested('insomnia', 4) } }],
    }),
  };

  test('hold as much there as in a folder', () => {
    const folder = scratch();
    const repo = repository(folder);
    repo.commit('a', files);
    const plain = join(folder, 'plain');
    mkdirSync(plain);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(plain, name), text);
    const valuesIn = (target: string): string[] =>
      new CliHome(join(folder, `${target.length}`))
        .json(['scan', target, '--show-secrets'])
        .filter(({ type }) => type === 'finding')
        .map(({ path, secret }) => `${path} ${secret}`)
        .sort();
    const inHistory = valuesIn(repo.path);
    expect([...new Set(inHistory)]).toEqual([
      `a.har ${value('recorded')}`,
      `b.ipynb ${value('next line')}`,
      `c.json ${value('kept')}`,
      `d.json ${value('insomnia')}`,
    ]);
    expect([...new Set(valuesIn(plain))]).toEqual([...new Set(inHistory)]);
  });

  test('are no gap when a merge left them damaged', () => {
    const folder = scratch();
    const repo = repository(folder);
    const at = files['b.ipynb'].indexOf('"source"');
    const text = `${files['b.ipynb'].slice(0, at)}<<<<<<< HEAD\n=======\n>>>>>>> other\n${files['b.ipynb'].slice(at)}`;
    repo.commit('a', { 'b.ipynb': `${text}\n${tokenLine('plain')}\n` });
    const lines = new CliHome(folder).json(['scan', repo.path]);
    expect(lines.filter(({ type }) => type === 'finding').map(({ kind }) => kind)).toContain(
      'github-pat-classic',
    );
    expect(lines.at(-1)?.['gaps']).toEqual({});
  });
});

test('values of documents are shown on demand, from a history and from a folder', async () => {
  const folder = scratch();
  const repo = repository(folder);
  const files = {
    'a.pdf': pdfOfLines([tokenLine('page'), tokenLine('page two')]),
    'old.doc': compoundFile({ WordDocument: Buffer.from(`..${tokenLine('old')}\r`, 'utf16le') }),
    'all.zip': await zipOf({ 'in/b.pdf': pdfOfLines([tokenLine('zip')]) }),
  };
  repo.commit('a', files);
  const plain = join(folder, 'plain');
  mkdirSync(plain);
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(plain, name), bytes);
  const expected = ['old', 'page', 'page two', 'zip'].map((seed) => fakeSecret('github-pat', seed)).sort();
  for (const [i, target] of [repo.path, plain].entries()) {
    const home = new CliHome(join(folder, `home ${i}`));
    const lines = home.json(['scan', target, '--show-secrets']).filter(({ type }) => type === 'finding');
    expect(lines.map(({ secret }) => secret).sort()).toEqual(expected);
    const bytes = home.allBytes();
    for (const value of expected) expect(bytes.includes(value)).toBe(false);
  }
});

function packsOf(repo: GitFixture): string[] {
  const folder = join(repo.path, '.git/objects/pack');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.idx'))
    .map((name) => join(folder, name));
}
