import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Location } from '../../../src/model/exposure.js';
import { renderers, reportFormats } from '../../../src/report/formats.js';
import { uriOf } from '../../../src/report/sarif-result.js';
import type { ReportConditions } from '../../../src/report/secret-conditions.js';
import { plainStyle } from '../../../src/report/style.js';
import { appearances, exposure, location, variedExposures } from '../../support/exposures.js';
import { reportInput as input, rendered } from '../../support/rendered-report.js';

const ajv = new Ajv({ allErrors: true, strict: false });
addFormats.default(ajv);
function schemaOf(path: string): object {
  return JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')) as object;
}
ajv.addSchema(schemaOf('schemas/output.schema.json'), 'output');
const isRecord = ajv.compile({ $ref: 'output#/definitions/record' });
const isDocument = ajv.compile({ $ref: 'output#/definitions/document' });
const isSarif = ajv.compile(schemaOf('test/support/sarif-subset.schema.json'));

/** Of the first secret; the others were not looked at. */
const conditions: ReportConditions = {
  taxonomies: [
    { name: 'OWASP-NHI', title: 'T', organization: 'O', version: '2025', uri: 'https://owasp.org/' },
    { name: 'NIST-CSF', title: 'T', organization: 'N', version: '2.0', uri: 'https://www.nist.gov/' },
  ],
  of: (fingerprint) =>
    fingerprint === variedExposures[0]?.fingerprint
      ? {
          conditions: ['HUMAN_COPY', 'NO_EXPIRY'],
          controls: [
            { id: 'NHI2', taxonomy: 'OWASP-NHI', name: 'Secret Leakage' },
            { id: 'PR.DS-01', taxonomy: 'NIST-CSF' },
          ],
        }
      : undefined,
};

const allLocations = variedExposures.flatMap(({ locations }) => locations);

describe('jsonl', () => {
  it('frames findings between begin and receipt, each valid', async () => {
    const text = await rendered('jsonl');
    expect(text.endsWith('\n')).toBe(true);
    const records = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    for (const record of records) expect(isRecord(record), JSON.stringify(isRecord.errors)).toBe(true);
    expect(records[0]).toMatchObject({ type: 'begin', format: 1 });
    expect(records.filter(({ type }) => type === 'finding')).toHaveLength(allLocations.length);
    expect(records.at(-1)).toMatchObject({
      type: 'receipt',
      complete: false,
      findings: allLocations.length,
      open: 1,
    });
  });

  it('writes paths with their containers and bytes', async () => {
    const records = (await rendered('jsonl'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records).toContainEqual(expect.objectContaining({ path: '.env!/lib.jar!/a b.properties' }));
    expect(records).toContainEqual(expect.objectContaining({ pathBytes: appearances.bytes.path.bytes }));
    expect(records).toContainEqual(expect.objectContaining({ spelling: 'json-escaped+base64', new: true }));
  });

  it('adds values only when they were asked for', async () => {
    const reveal = async (asked: Location): Promise<string | undefined> =>
      asked.appearance.type === 'file' ? 'the value' : undefined;
    const records = (await rendered('jsonl', { ...input, reveal }))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records).toContainEqual(expect.objectContaining({ secret: 'the value' }));
    expect(records).toContainEqual(expect.objectContaining({ secretGone: true }));
    for (const record of records) expect(isRecord(record)).toBe(true);
  });
});

describe('json', () => {
  it('is one valid document, empty or not', async () => {
    for (const from of [input, { ...input, exposures: [] }]) {
      const document = JSON.parse(await rendered('json', from));
      expect(isDocument(document), JSON.stringify(isDocument.errors)).toBe(true);
    }
  });
});

describe('sarif', () => {
  it('has the shape of the standard', async () => {
    const log = JSON.parse(await rendered('sarif'));
    expect(isSarif(log), JSON.stringify(isSarif.errors)).toBe(true);
    const [run] = log.runs;
    expect(run.results).toHaveLength(allLocations.length);
    for (const result of run.results) expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
    expect(run.invocations[0].executionSuccessful).toBe(false);
    const suppressed = run.results.filter(
      (result: { suppressions: object[] }) => result.suppressions.length > 0,
    );
    expect(
      suppressed.map((result: { suppressions: { kind: string }[] }) => result.suppressions[0]?.kind),
    ).toEqual(['external', 'inSource']);
  });

  it('refers to controls of taxonomies that it lists, and calls them evidence against', async () => {
    const log = JSON.parse(await rendered('sarif', { ...input, conditions }));
    expect(isSarif(log), JSON.stringify(isSarif.errors)).toBe(true);
    const [run] = log.runs;
    expect(run.tool.driver.supportedTaxonomies).toEqual([
      { name: 'OWASP-NHI', index: 0 },
      { name: 'NIST-CSF', index: 1 },
    ]);
    const listed = new Set<string>();
    for (const { name, taxa, shortDescription } of run.taxonomies) {
      expect(shortDescription.text).toContain('evidence against');
      for (const { id } of taxa) listed.add(`${name} ${id}`);
    }
    const referred = new Set<string>();
    for (const { taxa = [] } of run.results) {
      for (const { id, toolComponent } of taxa) {
        expect(run.taxonomies[toolComponent.index].name).toBe(toolComponent.name);
        referred.add(`${toolComponent.name} ${id}`);
      }
    }
    expect(referred).toEqual(listed);
    expect(listed.size).toBe(2);
    expect(JSON.stringify(log)).not.toMatch(/complian/i);
  });

  it('encodes any path as a relative reference that decodes to its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 30 }), (bytes) => {
        const uri = uriOf({ text: '?', bytes: Buffer.from(bytes).toString('base64') }, []);
        expect(uri).toMatch(/^[A-Za-z0-9\-._~/%]*$/);
        const decoded = uri.replace(/%([0-9A-F]{2})/g, (_, hex: string) =>
          String.fromCharCode(Number.parseInt(hex, 16)),
        );
        expect(Buffer.from(decoded, 'latin1')).toEqual(Buffer.from(bytes));
      }),
    );
    expect(uriOf({ text: 'a b/ü:c' }, ['x#y'])).toBe('a%20b/%C3%BC%3Ac!/x%23y');
  });
});

describe('conditions', () => {
  it('stand in every format, for the secrets that were looked at', async () => {
    const first = variedExposures[0];
    const asked = { ...input, conditions };
    const lines = (await rendered('jsonl', asked)).trimEnd().split('\n');
    const records = lines.map((line) => JSON.parse(line));
    for (const record of records) expect(isRecord(record), JSON.stringify(isRecord.errors)).toBe(true);
    const found = records.filter((record) => record.conditions !== undefined);
    expect(found).toHaveLength(first?.locations.length ?? 0);
    expect(found[0]).toMatchObject({
      conditions: ['HUMAN_COPY', 'NO_EXPIRY'],
      controls: ['NHI2', 'PR.DS-01'],
    });
    const document = JSON.parse(await rendered('json', asked));
    expect(isDocument(document), JSON.stringify(isDocument.errors)).toBe(true);
    expect(document.secrets[0].conditions).toEqual(['HUMAN_COPY', 'NO_EXPIRY']);
    const [head = '', row = ''] = (await rendered('csv', asked)).split('\r\n');
    expect(head).toMatch(/,title,conditions,controls$/);
    expect(row).toMatch(/,HUMAN_COPY NO_EXPIRY,"NHI2; PR.DS-01"$/);
    for (const format of ['text', 'md', 'html', 'junit', 'gitlab'] as const) {
      const text = (await rendered(format, asked)).replaceAll('\\', '');
      expect(text).toContain('HUMAN_COPY, NO_EXPIRY');
      expect(text).toContain('evidence against NHI2, PR.DS-01');
    }
  });
});

describe('csv', () => {
  it('has one row a location and as many cells as columns', async () => {
    const lines = (await rendered('csv')).split('\r\n');
    expect(lines.at(-1)).toBe('');
    expect(lines).toHaveLength(allLocations.length + 2);
    expect(lines[0]).toMatch(/^fingerprint,kind,rule,confidence,status/);
  });
});

describe('all formats', () => {
  const nasty = '=cmd|\u001b[2J\u202e`<img src=x>`|@all\nsecond line, "quoted"';
  const hostileLocation = location({
    appearance: {
      ...appearances.head,
      path: { text: nasty },
      introduced: { ...appearances.history.introduced, author: { name: nasty, email: nasty } },
    },
    placeName: nasty,
    slot: nasty,
  });

  it.each(reportFormats.filter((format) => format !== 'json' && format !== 'jsonl'))(
    '%s neutralises hostile names',
    async (format) => {
      const text = await rendered(format, {
        ...input,
        exposures: [exposure({ locations: [hostileLocation] })],
      });
      expect(text).not.toContain('\u001b');
      expect(text).not.toContain('\u202e');
      expect(text.split(/\r?\n/).filter((line) => line.startsWith('second line'))).toEqual([]);
    },
  );

  it('text says where, since when and by whom', async () => {
    const text = await rendered('text');
    expect(text).toContain('aaaaaaaaaaaa  github-pat  proven  ghp_…3fQ9');
    expect(text).toContain('src/config.ts:12:18');
    expect(text).toContain('since 1111111111 by Ana <ana@example.org> on 2024-01-02');
    expect(text).toContain('since 2222222222');
    expect(text).toContain('removed in 3333333333');
    expect(text).toContain('commit message:12:18');
    expect(text).toContain('as json-escaped+base64');
    expect(text).toContain('ignored by git');
    expect(text).toContain('under GITHUB_TOKEN');
    expect(text).toContain('allowed (allow entry by ana: rotated)');
  });

  it('text refers to show for what it leaves out', async () => {
    const many = exposure({ locations: Array.from({ length: 30 }, () => location()) });
    let text = '';
    for await (const piece of renderers.text(
      { ...input, exposures: [many] },
      { style: plainStyle, maxLocations: 20 },
    )) {
      text += piece;
    }
    expect(text).toContain('and 10 more copies: sprawl show aaaaaaaaaaaa');
  });
});
