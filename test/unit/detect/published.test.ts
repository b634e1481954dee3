import { describe, expect, it } from 'vitest';
import { createAnalyzer } from '../../../src/detect/create-analyzer.js';
import { testKeys } from './rule-fixture.js';
import { shippedRules } from './shipped-rules.js';

const rules = shippedRules;
const analyzer = createAnalyzer({ rules, keys: testKeys, known: new Map() });

function originsIn(text: string): (string | undefined)[] {
  const { findings } = analyzer.analyze({ bytes: Buffer.from(text), chain: [], collectTags: false });
  return findings.map(({ knownPublic }) => knownPublic);
}

describe('a default account', () => {
  it.each([
    ['postgres://postgres:postgres@db.internal/main', /PostgreSQL/],
    ['amqp://guest:guest@mq.internal:5672/', /RabbitMQ/],
    ['POSTGRES_PASSWORD=postgres\n', /PostgreSQL/],
    ['MINIO_ROOT_PASSWORD=minioadmin\n', /MinIO/],
    ['sqlplus scott/tiger@db.internal/main', /Oracle/],
  ])('is named in %s', (text, origin) => {
    expect(originsIn(text)).toEqual([expect.stringMatching(origin)]);
  });

  it.each([
    'postgres://orders:postgres@db.internal/main',
    'password: postgres\n',
    'svc_password = "guest"\nuser = "svc"\n',
    'sqlplus orders/tiger@db.internal/main',
  ])('is no other use of the word: %s', (text) => {
    expect(originsIn(text)).toEqual([undefined]);
  });
});
