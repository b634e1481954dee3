import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exposure, location, variedExposures } from '../../support/exposures.js';
import { parseXml, type XmlElement } from '../../support/parse-xml.js';
import { completeInput, hostileInput, rendered, reportInput } from '../../support/rendered-report.js';

async function suites(from = reportInput): Promise<XmlElement[]> {
  const root = parseXml(await rendered('junit', from));
  expect(root.name).toBe('testsuites');
  for (const suite of root.children) {
    const having = (name: string) =>
      String(suite.children.filter(({ children }) => children[0]?.name === name).length);
    expect(suite.attributes).toMatchObject({
      tests: String(suite.children.length),
      failures: having('failure'),
      errors: having('error'),
      skipped: having('skipped'),
    });
  }
  return root.children;
}

function outcomes(suite: XmlElement | undefined): string[] {
  return (suite?.children ?? []).map(({ children }) => children[0]?.name ?? 'passed');
}

it('has a suite a secret and a case a copy: open ones fail, accepted ones are skipped, vanished ones pass', async () => {
  const vanished = exposure({ locations: [location({ status: { status: 'vanished' } })] });
  const found = await suites({ ...reportInput, exposures: [...variedExposures, vanished] });
  expect(found.map(({ attributes }) => attributes['name'])).toEqual([
    'secret aaaaaaaaaaaa github-pat',
    'secret bbbbbbbbbbbb github-pat',
    'secret aaaaaaaaaaaa github-pat',
    'coverage',
  ]);
  expect(outcomes(found[0])).toEqual(Array.from({ length: 7 }, () => 'failure'));
  expect(outcomes(found[1])).toEqual(Array.from({ length: 4 }, () => 'skipped'));
  expect(outcomes(found[2])).toEqual(['passed']);
  const [first] = found[0]?.children ?? [];
  expect(first?.attributes).toMatchObject({ classname: 'github-pat.aaaaaaaaaaaa', file: 'src/config.ts' });
  expect(first?.children[0]?.attributes['message']).toContain('src/config.ts:12:18');
  expect(first?.children[0]?.text).toContain('by Ana <ana@example.org> on 2024-01-02');
  const [allowed] = found[1]?.children ?? [];
  expect(allowed?.children[0]?.attributes['message']).toBe('allowed (allow entry by ana: rotated)');
});

it('names each case once, and the same when its line moves', async () => {
  const at = (line: number) => location({ position: { line, column: 1, endLine: line, endColumn: 9 } });
  const names = async (...lines: number[]): Promise<(string | undefined)[]> => {
    const [suite] = await suites({ ...reportInput, exposures: [exposure({ locations: lines.map(at) })] });
    return (suite?.children ?? []).map(({ attributes }) => attributes['name']);
  };
  expect(new Set(await names(3, 9)).size).toBe(2);
  expect(await names(4, 10)).toEqual(await names(3, 9));
});

it('is no green run when something was not read, and one when nothing was found in all of it', async () => {
  const [incomplete, ...others] = await suites({ ...reportInput, exposures: [] });
  expect(others).toEqual([]);
  expect(outcomes(incomplete)).toEqual(['error', 'error']);
  expect(incomplete?.children[0]?.children[0]?.text).toContain('a\\x1b[2Jb.zip: broken archive');
  const [complete] = await suites({ ...completeInput, exposures: [] });
  expect(outcomes(complete)).toEqual(['passed', 'passed']);
});

it('is well-formed whatever a target calls its things', async () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      ']]>',
      '<![CDATA[',
      '"/><failure/>',
      '&#0;&x;',
      '\u0000\ufffe\uffff\ud800',
      "'\u202e\n<!--",
    ),
  );
  await fc.assert(
    fc.asyncProperty(nasty, async (text) => {
      const found = await suites(hostileInput(text));
      expect(found.map(outcomes)).toEqual([
        ['failure', 'failure', 'skipped'],
        ['error', 'error'],
      ]);
    }),
    { numRuns: 40 },
  );
  const mark = '\u2039secret f66f82b59f0f\u203a';
  const [suite] = await suites(hostileInput(mark));
  expect(suite?.children[0]?.attributes['file']).toContain(mark);
});
