import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { appearances, exposure, location, variedExposures } from '../../support/exposures.js';
import { completeInput, hostileInput, rendered, reportInput } from '../../support/rendered-report.js';

const schema = new URL('../../support/gitlab-secret-detection-subset.schema.json', import.meta.url);
const isReport = new Ajv({ allErrors: true, strict: false }).compile(
  JSON.parse(readFileSync(schema, 'utf8')),
);

interface Vulnerability {
  readonly id: string;
  readonly severity: string;
  readonly description: string;
  readonly location: Readonly<Record<string, unknown>>;
}

async function report(from = reportInput): Promise<{
  readonly scan: { readonly status: string; readonly messages: readonly { level: string; value: string }[] };
  readonly vulnerabilities: readonly Vulnerability[];
}> {
  const parsed = JSON.parse(await rendered('gitlab', from));
  expect(isReport(parsed), JSON.stringify(isReport.errors)).toBe(true);
  return parsed;
}

it('has one vulnerability a copy, as the schema has it', async () => {
  const { vulnerabilities } = await report();
  expect(vulnerabilities).toHaveLength(variedExposures.flatMap(({ locations }) => locations).length);
  expect(vulnerabilities[0]).toMatchObject({
    name: 'Copy of a secret of kind github-pat',
    severity: 'Critical',
    location: {
      file: 'src/config.ts',
      start_line: 12,
      end_line: 12,
      commit: { sha: '1'.repeat(40), author: 'Ana', date: '2024-01-02T03:04:05+01:00' },
    },
    identifiers: [
      { type: 'sprawl_rule_id', value: 'github-pat' },
      { type: 'sprawl_secret', value: 'a'.repeat(64) },
    ],
  });
  expect(vulnerabilities.slice(-4).map(({ severity }) => severity)).toEqual(['Info', 'Info', 'Info', 'Info']);
  expect(vulnerabilities.at(-4)?.description).toContain('allowed');
});

it('gives records, messages and loose files no line or commit that they do not have', async () => {
  const locations = [appearances.record, appearances.message, appearances.file].map((appearance) =>
    location({ appearance }),
  );
  const { vulnerabilities } = await report({ ...reportInput, exposures: [exposure({ locations })] });
  const places = vulnerabilities.map((vulnerability) => vulnerability.location);
  expect(places[0]).toEqual({ commit: { sha: '0000000' } });
  expect(places[1]).not.toHaveProperty('start_line');
  expect(places[1]).toMatchObject({ commit: { sha: '4'.repeat(40) } });
  expect(places[2]).toMatchObject({ file: '.env', start_line: 12, commit: { sha: '0000000' } });
});

it('names a copy by the same id in each report, whatever line it has moved to, and no two alike', async () => {
  const at = (line: number) => location({ position: { line, column: 1, endLine: line, endColumn: 9 } });
  const ids = async (...lines: number[]): Promise<string[]> => {
    const exposures = [exposure({ locations: lines.map(at) })];
    return (await report({ ...reportInput, exposures })).vulnerabilities.map(({ id }) => id);
  };
  const [first, second] = await ids(3, 9);
  expect(first).not.toBe(second);
  expect(await ids(4, 10)).toEqual([first, second]);
  const varied = (await report()).vulnerabilities.map(({ id }) => id);
  expect(new Set(varied).size).toBe(varied.length);
});

it('says whether it is the whole answer, with and without findings', async () => {
  const { scan } = await report({ ...reportInput, exposures: [] });
  expect(scan.status).toBe('failure');
  expect(scan.messages[0]).toEqual({ level: 'warn', value: expect.stringContaining('incomplete') });
  expect(scan.messages).toContainEqual({ level: 'warn', value: 'a\\x1b[2Jb.zip: broken archive' });
  const complete = await report({ ...completeInput, exposures: [] });
  expect(complete.vulnerabilities).toEqual([]);
  expect(complete.scan.status).toBe('success');
  expect(complete.scan.messages.filter(({ level }) => level !== 'info')).toEqual([]);
  const { receipt = expect.fail('the input has a receipt') } = reportInput;
  const stopped = await report({ ...reportInput, receipt: { ...receipt, interrupted: true } });
  expect(stopped.scan.messages[0]?.level).toBe('fatal');
});

it('keeps names of the target from being Markdown, and long ones within the limits of the schema', async () => {
  const { vulnerabilities } = await report(hostileInput('![x](https://example.org/y) @all <b> \u202e'));
  for (const { description } of vulnerabilities) {
    expect(description).not.toMatch(/(?<!\\)[[\]<>@\u202e]/);
    expect(description).not.toMatch(/(?<!\\):\/\//);
  }
  const long = await report(hostileInput('\u{1f600}'.repeat(20_000)));
  for (const { description } of long.vulnerabilities) {
    expect(description.length).toBeLessThanOrEqual(10_000);
    expect(description.isWellFormed()).toBe(true);
  }
});
