import { describe, expect, test } from 'vitest';
import { ProblemError } from '../../../src/model/problem.js';
import { type Config, findConfig, parseConfig } from '../../../src/suppress/config.js';
import { maxConfigBytes } from '../../../src/suppress/fault.js';

const parse = (text: string): Config => parseConfig(Buffer.from(text), '.sprawl/config.yaml');

function messageOf(text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof ProblemError) {
      expect(error.problem.code).toBe('config-invalid');
      return error.message;
    }
    throw error;
  }
  throw new Error('no fault was found');
}

test('reads every field', () => {
  const text = `# a comment
include: ["src/**", docs]
exclude:
  - "*.min.js"
vendor: true
place: acme/api
people: pseudonym
allow:
  - secret: ${'ab'.repeat(6)}
    reason: rotated, kept for the test
    until: 2027-01-31
  - rule: generic-password
    reason: all fake here
  - path: test/**
    reason: fixtures
    until: 2027-01-31T12:00:00+02:00
`;
  expect(parse(text)).toEqual({
    include: ['src/**', 'docs'],
    exclude: ['*.min.js'],
    vendor: true,
    place: 'acme/api',
    people: 'pseudonym',
    allow: [
      {
        subject: 'secret',
        target: 'ab'.repeat(6),
        reason: 'rotated, kept for the test',
        until: '2027-01-31T23:59:59.000Z',
        line: 9,
      },
      { subject: 'rule', target: 'generic-password', reason: 'all fake here', line: 12 },
      { subject: 'path', target: 'test/**', reason: 'fixtures', until: '2027-01-31T10:00:00.000Z', line: 14 },
    ],
  });
});

test('an empty file is an empty configuration', () => {
  for (const text of ['', '# nothing\n', '---\n']) {
    expect(parse(text)).toEqual({ include: [], exclude: [], allow: [] });
  }
});

describe('a fault names file, line and field', () => {
  test.each([
    ['vendr: true', 'line 1: unknown field "vendr"'],
    ['vendor: maybe', 'line 1: field "vendor" must be true or false'],
    ['include: src', 'line 1: field "include" must be a list'],
    ['include: [1]', 'line 1: field "include" must be text'],
    ['include: [[a]]', 'line 1: field "include" must be text'],
    ['\n\npeople: some', 'line 3: field "people" must be one of none, pseudonym, full'],
    ['place:', 'line 1: field "place" is empty'],
    ['place: "a\\u0007b"', 'line 1: field "place" must be text of one line'],
    ['allow:\n  - secret: abc\n    reason: x', 'line 2: field "secret" must be a fingerprint'],
    ['allow:\n  - rule: No_Rule\n    reason: x', 'line 2: field "rule" must be a rule id'],
    ['allow:\n  - path: a', 'line 2: field "reason" is missing'],
    ['allow:\n  - reason: x', 'line 2: exactly one of'],
    ['allow:\n  - path: a\n    rule: b\n    reason: x', 'line 2: exactly one of'],
    ['allow:\n  - path: a\n    reason: x\n    until: soon', 'line 4: field "until" must be a date'],
    ['allow:\n  - path: a\n    reason: x\n    until: 2027-02-31', 'line 4: field "until" must be a date'],
    ['allow:\n  - path: a\n    reason: x\n    by: me', 'line 4: unknown field "by"'],
    ['- a', 'line 1: the file must be a mapping'],
    ['vendor: true\nvendor: false', 'line 2: YAML error DUPLICATE_KEY'],
    ['a: [', 'YAML error'],
    ['include: &a [x]\nexclude: *a', 'line 2: field "exclude" must be a list'],
    ['<<: {vendor: true}', 'line 1: unknown field with an odd name'],
    ['place: !!js/function "x"', 'YAML error'],
  ])('%j', (text, expected) => {
    const message = messageOf(text);
    expect(message).toContain('.sprawl/config.yaml');
    expect(message).toContain(expected);
  });

  test('all of them are told, and no text of the file', () => {
    const secret = ['not', 'for', 'the', 'log', '0123456789'].join('-');
    const message = messageOf(`a: 1\nb: 2\n"${secret} x": 1\nallow:\n  - secret: ${secret}\n    reason: x`);
    expect(message).toMatch(/line 1.*line 2.*line 3.*line 5/);
    expect(message).not.toContain(secret);
  });
});

test('hostile files end in a fault, soon', () => {
  expect(messageOf('x'.repeat(maxConfigBytes + 1))).toContain('larger than');
  expect(messageOf('['.repeat(100_000))).toContain('line 1');
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'.split('').map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`),
  ];
  expect(messageOf(bomb.join('\n'))).toContain('unknown field');
});

test('is found upward from the folder', () => {
  const files = new Map([
    ['/w/.sprawl/config.yaml', 'place: outer'],
    ['/w/a/b/.sprawl/config.yaml', 'place: inner'],
  ]);
  const read = (path: string): Uint8Array | undefined => {
    const text = files.get(path);
    return text === undefined ? undefined : Buffer.from(text);
  };
  expect(findConfig('/w/a/b/c', read)).toMatchObject({
    file: '/w/a/b/.sprawl/config.yaml',
    config: { place: 'inner' },
  });
  expect(findConfig('/w/a', read)?.config.place).toBe('outer');
  expect(findConfig('/other/a', read)).toBeUndefined();
});
