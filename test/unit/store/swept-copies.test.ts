import { afterEach, expect, it } from 'vitest';
import type { Finding } from '../../../src/model/finding.js';
import { parseKindId, parseRuleId } from '../../../src/model/ids.js';
import {
  begin,
  content,
  contentId,
  file,
  finding,
  fingerprint,
  newStore,
  place,
  removeFolders,
  rootOf,
  scanOnce,
} from './fixtures.js';

afterEach(removeFolders);

const value = fingerprint('value');
const at = (start: number, end: number, more: Partial<Finding> = {}): Finding =>
  finding(value, {
    span: { start, end },
    position: { line: 1, column: start + 1, endLine: 1, endColumn: end + 1 },
    ...more,
  });
const swept = (start: number, end: number, more: Partial<Finding> = {}): Finding =>
  at(start, end, { kind: parseKindId('known-value'), rule: parseRuleId('known-value'), ...more });

it('of what a sweep finds only copies count that overlap none, in the same content, entry and secret', async () => {
  const store = await newStore();
  const p = place('p');
  const findings = [at(40, 82), at(10, 50), at(300, 340)];
  await scanOnce(store, p, [content(1, { findings, appearances: [file('a')] })]);
  const writer = await begin(store);
  await writer.addSightings(rootOf(p), [
    {
      content: contentId(1),
      findings: [
        swept(310, 320), // inside a known one
        swept(45, 90), // over the end of another
        swept(82, 120), // beside it: new
        swept(119, 160), // over the end of the new one
        swept(0, 10), // new
        swept(300, 340, { chain: ['a.zip'] }), // another entry: new
        finding(fingerprint('other'), { ...swept(300, 340), fingerprint: fingerprint('other') }), // another secret: new
      ],
    },
  ]);
  // What is added later is held against all of them.
  await writer.addSightings(rootOf(p), [
    { content: contentId(1), findings: [swept(5, 7), swept(100, 101), swept(200, 240)] },
  ]);
  const { locations = [] } = (await store.exposure(value)) ?? {};
  const spans = locations.map(({ chain, span }) => `${chain.join('!')} ${span.start}-${span.end}`);
  expect(spans.sort()).toEqual([
    ' 0-10',
    ' 10-50',
    ' 200-240',
    ' 300-340',
    ' 40-82',
    ' 82-120',
    'a.zip 300-340',
  ]);
  expect((await store.exposure(fingerprint('other')))?.locations).toHaveLength(1);
  store.close();
});
