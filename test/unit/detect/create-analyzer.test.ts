import { describe, expect, it } from 'vitest';
import { createAnalyzer } from '../../../src/detect/create-analyzer.js';
import { fingerprintOf } from '../../../src/identity/fingerprint.js';
import { sipKeyOf, sipTag } from '../../../src/identity/siphash.js';
import { anchorOf, anchorTableOf } from '../../../src/identity/sweep.js';
import type { Finding } from '../../../src/model/finding.js';
import { parseKindId } from '../../../src/model/ids.js';
import { allTestRules, assignmentRule, makeRule, ruleSetOf, testKeys, tokenRule } from './rule-fixture.js';

const analyzer = createAnalyzer({ rules: allTestRules, keys: testKeys, known: new Map() });
const token = `tst_${'k7Qx2mV9tR4wZ8bN'}${'c3Hy6pLd5sGf1jAe'}`;

function findings(text: string | Buffer): readonly Finding[] {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  return analyzer.analyze({ bytes, chain: [], collectTags: false }).findings;
}

const print = (value: string): string => fingerprintOf(testKeys.fingerprint, Buffer.from(value));

describe('one secret in every spelling', () => {
  const base64 = Buffer.from(`user: me\ntoken: ${token}\n`).toString('base64');
  const spelled: readonly (readonly [string, string | Buffer, string])[] = [
    ['plain', `x = "${token}"`, 'plain'],
    ['JSON in JSON', JSON.stringify({ body: JSON.stringify({ key: token }) }), 'plain'],
    ['base64', `data: ${base64}\n`, 'base64'],
    ['twice base64', `data: ${Buffer.from(base64).toString('base64')}`, 'base64+base64'],
    ['UTF-16', Buffer.from(`\ufefftoken ${token}\r\n`, 'utf16le'), 'utf-16'],
    ['unicode escapes', `"${token.replace('k', '\\u006b')}"`, 'json-escaped'],
    ['percent', `?q=${token.replace('k', '%6B')}&b=1`, 'percent'],
    ['hex', `0x${Buffer.from(`the token is ${token}`).toString('hex')}`, 'hex'],
  ];
  for (const [name, text, spelling] of spelled) {
    it(name, () => {
      const found = findings(text).filter((finding) => finding.fingerprint === print(token));
      expect(found.map((finding) => finding.spelling.join('+'))).toEqual([spelling]);
      expect(found[0]).toMatchObject({
        rule: 'test-token',
        confidence: 'high',
        preview: 'tst_…1jAe',
        weak: false,
      });
    });
  }
  it('gives raw spans and positions', () => {
    const [finding] = findings(`é\nkey = ${token}\n`);
    expect(finding?.span).toEqual({ start: 9, end: 45 });
    expect(finding?.position).toEqual({ line: 2, column: 7, endLine: 2, endColumn: 43 });
  });
  it('maps a hit within base64 back to its encoded bytes', () => {
    const text = `data: ${base64}\n`;
    const [finding] = findings(text);
    expect(finding).toBeDefined();
    const piece = text.slice(finding?.span.start, finding?.span.end);
    expect(base64).toContain(piece);
    expect(piece.length).toBeGreaterThanOrEqual(48);
  });
});

describe('choice between sightings', () => {
  it('drops a generic hit on the bytes of a specific one', () => {
    const found = findings(`api_key = "${token}"`);
    expect(found.map((finding) => finding.rule)).toEqual(['test-token']);
  });
  it('reports two secrets of one line', () => {
    const other = 'gT#9x!mQ2z';
    expect(findings(`password="${other}" token="${token}"`)).toHaveLength(2);
  });
  it('gives the password of a header and a docker config', () => {
    const pair = Buffer.from('robot:gT#9x!mQ2z').toString('base64');
    for (const text of [`Authorization: Basic ${pair}`, `{"auths":{"r.io":{"auth": "${pair}"}}}`]) {
      const [finding] = findings(text);
      expect(finding).toMatchObject({ fingerprint: print('gT#9x!mQ2z'), account: 'robot' });
    }
  });
});

describe('rules', () => {
  it('names documented samples and gives them no anchor', () => {
    const rule = { ...tokenRule, knownPublic: [{ value: token, origin: 'the docs' }] };
    const own = createAnalyzer({ rules: ruleSetOf(rule), keys: testKeys, known: new Map() });
    const [finding] = own.analyze({ bytes: Buffer.from(token), chain: [], collectTags: false }).findings;
    expect(finding?.knownPublic).toBe('the docs');
    expect(finding?.anchor).toBeUndefined();
  });
  it('pairs the nearest companion, keeps identifiers as attributes and demands required ones', () => {
    const id = makeRule('acme-id', ['ACID'], {
      identifierOnly: true,
      pattern: { source: '(ACID[0-9]{6})', ignoreCase: false, minBytes: 10, maxBytes: 10 },
    });
    const secret = {
      ...tokenRule,
      companions: [{ kind: parseKindId('acme-id'), within: 200, required: true }],
    };
    const own = createAnalyzer({ rules: ruleSetOf(id, secret), keys: testKeys, known: new Map() });
    const scan = (text: string): readonly Finding[] =>
      own.analyze({ bytes: Buffer.from(text), chain: [], collectTags: false }).findings;
    const paired = scan(`{ id: ACID111111 }\n{ id: ACID123456, secret: ${token} }`);
    expect(paired).toHaveLength(1);
    expect(paired[0]?.attributes.map((attribute) => attribute.text)).toEqual(['ACID123456']);
    expect(scan(token)[0]).toMatchObject({
      confidence: 'low',
      reasons: expect.arrayContaining(['unpaired']),
    });
  });
  it('runs only provider formats in binary documents', () => {
    const bytes = Buffer.concat([
      Buffer.from([0x7f, 0x45, 0x4c, 0x46]),
      Buffer.alloc(200),
      Buffer.from(`\0${token}\0password="gT#9x!mQ2"\0`),
    ]);
    expect(findings(bytes).map((finding) => finding.rule)).toEqual(['test-token']);
  });
});

describe('known values', () => {
  const value = 'correct-horse9/battery+staple';
  const sipKey = sipKeyOf(testKeys.sweep);
  const anchor = anchorOf(sipKey, Buffer.from(value));
  if (anchor === undefined) throw new Error('the value has an anchor');
  const known = anchorTableOf([
    {
      ...anchor,
      fingerprint: fingerprintOf(testKeys.fingerprint, Buffer.from(value)),
      kind: parseKindId('generic-secret'),
      confidence: 'medium',
      strengthBits: 60,
    },
  ]);
  const own = createAnalyzer({ rules: ruleSetOf(assignmentRule), keys: testKeys, known });
  const copies: readonly (readonly [string, string])[] = [
    [`try ${value} instead`, 'plain'],
    [JSON.stringify({ text: `say "${value}"`.replace('/', '\u002f') }).replace('/', '\\/'), 'json-escaped'],
    [`see ${encodeURIComponent(value)} there`, 'percent'],
    [Buffer.from(`my note: ${value} is it`).toString('base64'), 'base64'],
  ];
  for (const [text, spelling] of copies) {
    it(`finds a bare copy: ${spelling}`, () => {
      const input = { bytes: Buffer.from(text), chain: ['a.zip'], collectTags: true };
      for (const found of [own.analyze(input).findings, own.sweep(input, known).findings]) {
        expect(found).toHaveLength(1);
        expect(found[0]).toMatchObject({ rule: 'known-value', confidence: 'medium', chain: ['a.zip'] });
        expect(found[0]?.spelling.join('+')).toBe(spelling);
      }
    });
  }
  it('does not report a detected copy twice', () => {
    const input = { bytes: Buffer.from(`password = "${value}"`), chain: [], collectTags: true };
    expect(own.analyze(input).findings.map((finding) => finding.rule)).toEqual(['generic-secret']);
  });
  it('gives the distinct tags of a document, ascending, those of decoded text too', () => {
    const text = `abc123def abc123def ${Buffer.from('inner9value and words').toString('base64')}`;
    const { tags } = own.analyze({ bytes: Buffer.from(text), chain: [], collectTags: true });
    const tagOf = (run: string): number => sipTag(sipKey, Buffer.from(run), 0, run.length);
    expect([...tags]).toEqual([...new Set(tags)].sort((a, b) => a - b));
    expect(tags).toContain(tagOf('abc123def'));
    expect(tags).toContain(tagOf('inner9value'));
  });
});
