import { describe, expect, it } from 'vitest';
import type { Draft } from '../../../src/detect/draft.js';
import { detectTable } from '../../../src/detect/table.js';
import { makeRule } from './rule-fixture.js';

const rule = makeRule('table', [], { detector: 'table', specificity: 0, confidence: 'medium' });
const first = ['trkg', 'A47', '!mkl'].join('');
const second = ['bnwr', 'E92', '*gst'].join('');

/** Value and account of the drafts at each place of the keyword. */
function found(text: string, keyword: string): [string, string | undefined][] {
  const bytes = Buffer.from(text);
  const drafts: Draft[] = [];
  for (let at = bytes.indexOf(keyword); at >= 0; at = bytes.indexOf(keyword, at + 1)) {
    detectTable(rule, bytes, at, at + keyword.length, (draft) => drafts.push(draft));
  }
  return drafts.map(({ value, account }) => [value.reveal().toString(), account]);
}

describe('SQL', () => {
  it('matches values to the columns of INSERT, over rows, lines, prefixes and calls', () => {
    const text = `INSERT INTO \`users\` (\`id\`, "login", [password]) VALUES
      (1, 'ana', '${first}'),
      (2, N'bob', N'${second}'),
      (3, 'eve', MD5('${first}')),
      (4, 'joe', NULL);`;
    expect(found(text, 'INSERT INTO ')).toEqual([
      [first, 'ana'],
      [second, 'bob'],
    ]);
  });
  it('undoes doubled quotes and keeps commas and parentheses of a value', () => {
    const text = `insert into t (a, api_secret) values ((select 1), 'k''v,(${first})');`;
    expect(found(text, 'insert into ')).toEqual([[`k'v,(${first})`, undefined]]);
  });
  it('reads the lines of COPY', () => {
    const text = `COPY public.users (id, email, password) FROM stdin;\n1\ta@b.internal\t${first}\n2\tc@d.internal\t\\N\n\\.\n`;
    expect(found(text, ') FROM stdin')).toEqual([[first, 'a@b.internal']]);
  });
  it.each([
    `INSERT INTO users VALUES (1, '${first}');`,
    'INSERT INTO users (login, password) VALUES (?, ?);',
    `INSERT INTO users (login, password_hint) VALUES ('ana', '${first}');`,
    `INSERT INTO users (login, password) SELECT login, '${first}' FROM old;`,
  ])('is silent for %s', (text) => {
    expect(found(text, 'INSERT INTO ')).toEqual([]);
  });
});

describe('delimited text', () => {
  it.each([
    [',password', `login,password\nana,${first}\nbob,${second}\n`],
    [';password', `login;password\r\nana;${first}\r\nbob;"${second}"\r\n`],
    ['password', `login\tpassword\nana\t${first}\nbob\t${second}\n`],
    [',"password', `"login","password"\n"ana","${first}"\n"bob","${second}"\n`],
    [',password', `\ufeff# exported\n\nlogin,password\nana,${first}\nbob,${second}\n`],
  ])('%s', (keyword, text) => {
    expect(found(text, keyword)).toEqual([
      [first, 'ana'],
      [second, 'bob'],
    ]);
  });
  it('is read at the start of a document and with rows as wide as the header', () => {
    expect(found(`x = 1\nlogin,password\nana,${first}\n`, ',password')).toEqual([]);
    expect(found(`login,password\nana,${first},3\n`, ',password')).toEqual([]);
    expect(found(`from x import login, password\nana,${first}\n`, ' password')).toEqual([]);
  });
});

describe('tables of markup', () => {
  it.each([
    `| login | password |\n|-------|:--------|\n| ana | ${first} |\n| bob | \`${second}\` |\n\ntext`,
    `||login||password||\n|ana|${first}|\n|bob|*${second}*|\n`,
  ])('%s', (text) => {
    const keyword = text.startsWith('||') ? '|password' : '| password';
    expect(found(text, keyword)).toEqual([
      [first, 'ana'],
      [second, 'bob'],
    ]);
  });
  it('needs the line of dashes, and a header that names a secret', () => {
    expect(found(`| login | password |\n| ana | ${first} |\n`, '| password')).toEqual([]);
    expect(found(`| password policy | x |\n|---|---|\n| ${first} | y |\n`, '| password')).toEqual([]);
  });
});

it('ends for headers and rows without end', () => {
  const wide = `login,password\n${'a,b'.repeat(300_000)}`;
  expect(found(wide, ',password')).toEqual([]);
  expect(found(`INSERT INTO t (password) VALUES ('${'x'.repeat(300_000)}`, 'INSERT INTO ')).toEqual([]);
});
