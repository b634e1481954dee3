/** What a name or an alphabet says against a value: it is still told, as a doubt. */
import { describe, expect, it } from 'vitest';
import { makeRandom } from '../../../src/rules/random.js';
import { shippedAnalyzer } from './shipped-rules.js';

const analyzer = shippedAnalyzer([]);
const random = makeRandom('doubts');
const base62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const draw = (length: number): string =>
  Array.from({ length }, () => base62.charAt(random.below(base62.length))).join('');

function confidencesIn(text: string): string[] {
  const { findings } = analyzer.analyze({ bytes: Buffer.from(text), chain: [], collectTags: false });
  return findings.map(({ confidence }) => confidence);
}

describe('a name that says its value is none', () => {
  it.each(['invalidToken', 'fake_api_key', 'wrongPassword', 'nonMatchingToken', 'INVALID_API_KEY'])(
    'makes a doubt of it: %s',
    (name) => {
      expect(confidencesIn(`${name} = "${draw(22)}7"\n`)).not.toContain('medium');
    },
  );

  it.each(['validToken', 'api_key', 'invalidateToken'])('is not any that looks like one: %s', (name) => {
    expect(confidencesIn(`${name} = "${draw(22)}7"\n`)).toEqual(['medium']);
  });
});

it('a digest of a password is none', () => {
  const digest = 'c0ffee5be7'.repeat(7).slice(0, 63).concat('a').replaceAll('ee', '3d');
  expect(confidencesIn(`ROOT_PASSWORD_SHA2=${digest}\n`)).not.toContain('medium');
});

describe('a question mark', () => {
  const broken = `${draw(14)}7?${draw(14)}`;

  it('is in no token', () => {
    expect(confidencesIn(`vendor_token = '${broken}'\n`)).toEqual(['low']);
    expect(confidencesIn(`api_key: "${broken}"\n`)).toEqual(['low']);
  });

  it('is in passwords, and secrets that are drawn like them', () => {
    expect(confidencesIn(`db_password = '${broken}'\n`)).toEqual(['medium']);
    expect(confidencesIn(`client_secret = '${broken}'\n`)).toEqual(['medium']);
  });
});

it('digits and letters that count are a sample, not a key in hex', () => {
  expect(confidencesIn("vendor_token = '1a2b3c4d'\n")).not.toContain('medium');
  expect(confidencesIn("access_token = '9e3b7c4d'\n")).toEqual(['medium']);
});

describe("a provider's prefix before what is not in its format", () => {
  it('is a doubt', () => {
    for (const prefix of ['ghp_', 'glpat-', 'sbp_', 'tskey-'])
      expect(confidencesIn(`see ${prefix}${draw(9)}7${draw(6)}19 there\n`)).toEqual(['low']);
  });

  it('is none where it goes on as names and templates do', () => {
    for (const text of ['npm_config_user_agent_name', 'ghp_<your-token-here>', 'hf_hub_download_snapshot'])
      expect(confidencesIn(`see ${text} there\n`)).toEqual([]);
  });
});

describe('what somebody signed', () => {
  const part = (text: string): string => Buffer.from(text).toString('base64url');
  const header = part('{"alg":"ES256"}');
  it('is a token when it is an object', () => {
    expect(confidencesIn(`x ${header}.${part('{"sub":"svc-7"}')}.${draw(64)}\n`)).toEqual(['medium']);
    expect(confidencesIn(`x ${header}.${part(' {"a":1}')}.${draw(64)}\n`)).toEqual(['medium']);
  });
  it('is a doubt when it is a sentence or bytes', () => {
    expect(confidencesIn(`x ${header}.${part('It is a dangerous business')}.${draw(64)}\n`)).toEqual(['low']);
    expect(confidencesIn(`x ${header}.${part('\u0001\u0002\u0003 zipped')}.${draw(64)}\n`)).toEqual(['low']);
  });
});

describe('a password of few hex digits', () => {
  it.each(['7313e689', '04368b8109', '9b41c0d7'])('is drawn: %s', (value) => {
    expect(confidencesIn(`password = "${value}"\n`)).toEqual(['medium']);
  });
  it.each(['a1234567', '11111e11', '1234e567', '20200101'])('is a count: %s', (value) => {
    expect(confidencesIn(`password = "${value}"\n`)).not.toContain('medium');
  });
});
