import { describe, expect, it } from 'vitest';
import { compactView } from '../../../../src/text/dialects/compact-view.js';
import { fakeSecret } from '../../../support/fake-secret.js';

function compact(text: string): string | undefined {
  return compactView(Buffer.from(text))?.bytes.toString();
}

const begin = ['-----BEGIN RSA', 'PRIVATE KEY-----'].join(' ');
const end = ['-----END RSA', 'PRIVATE KEY-----'].join(' ');
const body = 'QUJD'.repeat(16);

describe('armour', () => {
  it.each([
    ['em dashes for pairs', '——-'],
    ['en dashes', '–––––'],
    ['a mixture', '—–-'],
    ['hyphens that do not break', '‑‑‑‑‑'],
    ['too few', '----'],
  ])('has five hyphens again: %s', (_name, dashes) => {
    const armour = `${begin}\n${body}\n${end}`;
    expect(compact(`x\n${armour.replaceAll('-----', dashes)}\ny`)).toBe(`x\n${armour}\ny`);
  });

  it('has its label in one line again', () => {
    expect(compact(`${begin.replace(' PRIVATE', '\nPRIVATE')}\n${body}\n${end}`)).toBe(
      `${begin}\n${body}\n${end}`,
    );
  });

  it('is left alone when it is whole, or no key', () => {
    expect(compact(`${begin}\n${body}\n${end}\n–––BEGIN CERTIFICATE–––`)).toBeUndefined();
  });
});

describe('options', () => {
  it.each([
    ['tool –password=x', 'tool --password=x'],
    ['tool —client–secret x', 'tool --client-secret x'],
    ['tool –u a:b —H "x"', 'tool -u a:b -H "x"'],
    ['tool "——token" x', 'tool "--token" x'],
    ['tool ‐‐api‑key x', 'tool --api-key x'],
  ])('%s', (written, meant) => {
    expect(compact(written)).toBe(meant);
  });

  it('are no asides of a sentence', () => {
    expect(compact('we waited — in vain —for it –and 1–2 went')).toBeUndefined();
  });
});

describe('tokens', () => {
  const kinds = ['aws-access-key-id', 'github-pat', 'gcp-api-key', 'gitlab-pat', 'npm', 'jwt'];
  const breaks = [
    ['a line end', '\n'],
    ['an indented line', '\r\n    '],
    ['a quoted line', '\n> '],
    ['a soft line end of quoted-printable', '=\r\n'],
    ['a continued line', '\\\n'],
    ['a blank', ' '],
    ['a no-break space', '\u00a0'],
    ['a zero-width space', '\u200b'],
  ] as const;
  const cases = kinds.flatMap((kind) => breaks.map(([name, gap]) => [kind, name, gap] as const));

  it('of Slack end where their last part has one of its lengths', () => {
    const token = ['xoxb', '1'.repeat(12), '2'.repeat(13), `a1${'Bc'.repeat(11)}`].join('-');
    expect(compact(`it is ${token.slice(0, 38)}\n${token.slice(38)} they said`)).toBe(
      `it is ${token} they said`,
    );
  });

  const soft = breaks.filter(([name]) => /soft|continued|zero/.test(name));

  it.each([...cases, ...soft.map(([name, gap]) => ['slack-bot-token', name, gap] as const)])(
    '%s broken by %s',
    (kind, _name, gap) => {
      const token = fakeSecret(kind, 'broken');
      const at = Math.max(12, Math.floor(token.length / 2));
      const text = `it is ${token.slice(0, at)}${gap}${token.slice(at)} they said`;
      const view = compactView(Buffer.from(text));
      const start = view?.bytes.indexOf(token) ?? -1;
      expect(start).toBeGreaterThanOrEqual(0);
      const raw = view?.map.toRaw({ start, end: start + token.length });
      const written = Buffer.byteLength(token + gap);
      expect(raw).toEqual({ ranges: [{ start: 6, end: 6 + written }], exact: true });
      expect(compact(`it is ${token} they said`)).toBeUndefined();
    },
  );

  it('are not made of words, nor of two whole ones', () => {
    const token = fakeSecret('aws-access-key-id', 'one');
    expect(compact('AKIA is the prefix of access keys, ghp_ that of tokens')).toBeUndefined();
    expect(compact(`${token}\n${fakeSecret('aws-access-key-id', 'two')}`)).toBeUndefined();
  });

  it.each([
    ['gitlab-pat', '-', '\u2011'],
    ['gitlab-pat', '-', '\u2013'],
    ['slack-bot-token', '-', '\u2010'],
    ['slack-bot-token', '-', '\u2014'],
  ])('%s with %s written %j', (kind, hyphen, dash) => {
    const token = fakeSecret(kind, 'dashed');
    expect(compact(`a ${token.replaceAll(hyphen, dash)} b`)).toBe(`a ${token} b`);
  });

  it('are shown with the lines near them, and with nothing else', () => {
    const token = fakeSecret('aws-access-key-id', 'near');
    const far = 'far away\n'.repeat(1000);
    const text = `${far}secret\nkey ${token.slice(0, 9)} ${token.slice(9)}, id\nnext\n${far}tool –token x\n${far}`;
    const shown = compact(text) ?? '';
    expect(shown).toContain(`\nsecret\nkey ${token}, id\nnext\n`);
    expect(shown).toContain('\ntool --token x\n');
    expect(shown.replaceAll('far away\n', '').length).toBeLessThan(100);
    expect(shown.length).toBeLessThan(3000);
  });
});
