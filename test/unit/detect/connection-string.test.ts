import { describe, expect, it } from 'vitest';
import { detectConnectionString } from '../../../src/detect/connection-string.js';
import { connectionRule } from './rule-fixture.js';

function found(text: string): { value: string; confidence: string; account: string | undefined } | undefined {
  const bytes = Buffer.from(text);
  const folded = text.toLowerCase();
  for (const { text: word } of connectionRule.keywords) {
    const at = folded.indexOf(word);
    if (at < 0) continue;
    const draft = detectConnectionString(connectionRule, bytes, at, at + word.length);
    if (draft !== undefined) {
      return { value: draft.value.reveal().toString(), confidence: draft.confidence, account: draft.account };
    }
  }
  return undefined;
}

const random = ['k7', 'Qx2', 'mV9', 'tR4wZ8'].join('');

describe('passwords in URLs', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [`postgres://app:${random}@db.acme.io:5432/main`, random, 'app@db.acme.io:5432/main'],
    [`mongodb+srv://app:${random}@c0.acme.io/x?y=1`, random, 'app@c0.acme.io/x'],
    [`redis://:${random}@cache.acme.io:6379/0`, random, '@cache.acme.io:6379/0'],
    ['amqp://svc:p%40ss%2Fw0rd9X@mq.acme.io', 'p@ss/w0rd9X', 'svc@mq.acme.io'],
    [`jdbc:mysql://app:${random}@db.acme.io/x`, random, 'app@db.acme.io/x'],
    [`https://bot:${random}@git.acme.io/a/b.git`, random, 'bot@git.acme.io/a'],
    [`ftp://u1:pa@${random}@ftp.acme.io`, `pa@${random}`, 'u1@ftp.acme.io'],
  ];
  for (const [text, value, account] of cases) {
    it(text.slice(0, text.indexOf(':')), () => expect(found(text)).toMatchObject({ value, account }));
  }
  for (const text of [
    'http://localhost:8080/@scope/package',
    'https://example.com/a:b@c',
    'https://github.com/a/b',
    'postgres://user:${PASSWORD}@host/db',
    'mysql://<user>:<password>@<host>',
    'git@github.com:a/b.git',
    'http://a.test:80/x@y:z@w',
  ]) {
    it(`nothing in ${text}`, () => expect(found(text)).toBeUndefined());
  }
  it('keeps filler passwords low', () => {
    expect(found('postgres://postgres:postgres@localhost/x')?.confidence).toBe('low');
  });
});

describe('keyed connection strings', () => {
  it('ends a value at the blank before the next key, whatever follows the string', () => {
    expect(found(`SELECT dblink_connect('host=db user=app password=${random} dbname=main');`)?.value).toBe(
      random,
    );
  });
  it.each([
    'uid=`grep ^user= $F`\nhost=`hostname`\npassword=`grep ^password= $F | cut -d "=" -f2`; user=x server=y',
    '(&(uid=*)(host=*)) (|(user=*)(userPassword={SSHA}X03MO1qnZdYdgyfeuILPmQ==))',
  ])('takes neither a pipeline nor the hash in a directory for one: %s', (text) => {
    expect(found(text)).toBeUndefined();
  });
  it('reads ADO.NET', () => {
    expect(found('Server=sql1;Database=B2B;User ID=b2b;Password=#gets0m3;Encrypt=True')).toMatchObject({
      value: '#gets0m3',
      account: 'b2b@sql1/B2B',
    });
  });
  it('reads a storage account', () => {
    expect(found(`DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=${random}==;X=y`)).toMatchObject(
      {
        value: `${random}==`,
      },
    );
  });
  it('needs a neighbour that makes it a connection string', () => {
    expect(found('password=hunter2x;')).toBeUndefined();
  });
});
