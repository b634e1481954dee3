import { describe, expect, it } from 'vitest';
import { readExport } from '../../../../support/read-export.js';
import { zipOf } from './make-zip.js';

const mimetype = 'application/vnd.oasis.opendocument.text';

describe('open-document', () => {
  it('gives text, remarks, deletions, links and properties', async () => {
    const content =
      '<office:document-content><office:body><office:text><text:tracked-changes><text:changed-region><text:deletion><office:change-info><dc:creator>Ana</dc:creator><dc:date>2024-03-01T10:00:00</dc:date></office:change-info><text:p>removed-Secret</text:p></text:deletion></text:changed-region></text:tracked-changes>' +
      '<text:p>pass<text:span>word:</text:span><text:s text:c="2"/>hunter2<office:annotation><dc:creator>Bob</dc:creator><text:p>a remark</text:p></office:annotation>-Blue</text:p>' +
      '<text:p><text:a xlink:href="https://link.example/?k=v">link</text:a></text:p>' +
      '<table:table><table:table-row><table:table-cell><text:p>Key</text:p></table:table-cell><table:table-cell><text:p>Value</text:p></table:table-cell></table:table-row></table:table>' +
      '</office:text></office:body></office:document-content>';
    const meta =
      '<office:document-meta><office:meta><dc:title>The plan</dc:title><meta:user-defined meta:name="token">custom-Value</meta:user-defined></office:meta></office:document-meta>';
    const bytes = await zipOf({ mimetype, 'meta.xml': meta, 'content.xml': content }, ['mimetype']);
    const { reader, records } = await readExport({ x: bytes }, 'x');
    expect(reader).toBe('open-document');
    const facts = records.flatMap((record) =>
      record.texts.map((text) => [record.revision.state, record.actor?.name, text.text, text.label]),
    );
    expect(facts).toEqual(
      expect.arrayContaining([
        ['deleted', 'Ana', 'removed-Secret', undefined],
        ['current', 'Bob', 'a remark', undefined],
        ['current', undefined, 'password:  hunter2-Blue\nlink\nKey\tValue\t\n', undefined],
        ['current', undefined, 'https://link.example/?k=v', undefined],
        ['current', undefined, 'custom-Value', 'token'],
      ]),
    );
    expect(records.at(-1)?.title).toBe('The plan');
  });

  it('says that an encrypted document was not read', async () => {
    const manifest =
      '<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>';
    const bytes = await zipOf({ mimetype, 'content.xml': 'garbage', 'META-INF/manifest.xml': manifest }, [
      'mimetype',
    ]);
    const { records, notes } = await readExport({ x: bytes }, 'x');
    expect([records.length, notes.encrypted]).toEqual([0, 1]);
  });
});
