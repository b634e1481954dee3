import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  claims,
  isNoise,
  jsonInString,
  labelOf,
  noClaims,
  unclaimedTexts,
} from '../../../../src/sources/exports/leaves.js';

describe('unclaimedTexts', () => {
  it('hands over what is not claimed, with its path and label', () => {
    const texts = unclaimedTexts(
      { text: 'said', extra: { token: 'abc-123-def-456-ghi' }, list: [{ note: 'a remark' }] },
      claims('text'),
    );
    expect(texts.map((t) => [t.field.path, t.text, t.label])).toEqual([
      ['extra.token', 'abc-123-def-456-ghi', 'token'],
      ['list.0.note', 'a remark', undefined],
    ]);
  });

  it('takes claims with `*` for any index, and keeps the siblings of what they claim', () => {
    const value = { attachments: [{ text: 'one', odd: 'left over' }, { text: 'two' }] };
    expect(unclaimedTexts(value, claims('attachments.*.text')).map((t) => t.text)).toEqual(['left over']);
    expect(unclaimedTexts(value, claims('attachments.*'))).toEqual([]);
  });

  it('names a value after the name beside it', () => {
    const [, value] = unclaimedTexts({ vars: [{ name: 'DB_PASSWORD', value: 'hunter2-Blue' }] }, noClaims);
    expect(value).toMatchObject({ text: 'hunter2-Blue', label: 'DB_PASSWORD' });
  });

  it('opens JSON text whose quotes are escaped', () => {
    const inner = JSON.stringify({ payload: 'say "hi" to it' });
    expect(unclaimedTexts({ content: inner }, noClaims).map((t) => t.text)).toEqual(['say "hi" to it']);
  });

  it('reports keys of text that are not known, and no keys of noise', () => {
    const unknown: string[] = [];
    unclaimedTexts({ remark: 'some words', known: 'more words', id: 'C0123' }, noClaims, {
      known: new Set(['known']),
      onUnknown: (key) => unknown.push(key),
    });
    expect(unknown).toEqual(['remark']);
  });

  it('hands over object keys that are data', () => {
    expect(unclaimedTexts({ 'postgres://u:pw1@db.example/x': true }, noClaims).map((t) => t.text)).toEqual([
      'postgres://u:pw1@db.example/x',
    ]);
  });

  it('does not overflow on deep nesting and loses no text in it', () => {
    let deep: unknown = 'at the bottom';
    for (let i = 0; i < 500; i++) deep = { in: deep };
    expect(unclaimedTexts(deep, noClaims)[0]?.text).toContain('at the bottom');
  });

  it('finds a marker in any leaf of any value', () => {
    const key = fc.constantFrom('a', 'title', 'type', 'user_id', 'avatar', 'value', 'x-y');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.string().map((s) => `marker 7 ${s}`),
        fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
        fc.array(tie('tree'), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const count = (JSON.stringify(value).match(/marker 7 /g) ?? []).length;
        expect(unclaimedTexts(value, noClaims).filter((t) => t.text.includes('marker 7 '))).toHaveLength(
          typeof value === 'string' ? 1 : count,
        );
      }),
    );
  });
});

describe('isNoise', () => {
  it.each([
    ['type', 'message'],
    ['client_msg_id', '1b2f5d4c-88aa-4d1e-9c55-7d0a3b1f0e66'],
    ['userId', 'U0123ABCD'],
    ['avatar_hash', 'g5a1b2c3d4e5'],
    ['color', '4bbe2e'],
    ['created_at', '2021-03-01T10:02:03Z'],
    ['updated', '1503435957.000247'],
    ['image_48', 'https://secure.gravatar.com/avatar/abc.jpg?s=48&d=https%3A%2F%2Fa.example'],
    ['src', 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk'],
  ])('%s = %s', (key, text) => {
    expect(isNoise(key, text)).toBe(true);
  });

  it.each([
    ['type', `AKIA${'Q3EXAMPLE7XYZ1'}`],
    ['access_key_id', `AKIA${'Q3EXAMPLEKEY7XYZ'}`],
    ['password', '12345678'],
    ['image_url', 'https://files.example/p.png?token=abc'],
    ['status', 'the password is swordfish'],
  ])('is not: %s = %s', (key, text) => {
    expect(isNoise(key, text)).toBe(false);
  });
});

describe('labelOf', () => {
  it('is none for prose', () => {
    expect(labelOf('description', 'x')).toBeUndefined();
    expect(labelOf('steps', 'first line\nsecond line')).toBeUndefined();
  });
  it('is the key for one value, a PEM block too', () => {
    expect(labelOf('privateKey', `-----BEGIN ${'X'}-----\nabc`)).toBe('privateKey');
  });
});

describe('jsonInString', () => {
  it('takes objects and arrays only', () => {
    expect(jsonInString(' {"a":1} ')).toEqual({ a: 1 });
    expect(jsonInString('[1]')).toEqual([1]);
    for (const text of ['"a"', '1', '{x}', '{', 'plain', '']) expect(jsonInString(text)).toBeUndefined();
  });
});
