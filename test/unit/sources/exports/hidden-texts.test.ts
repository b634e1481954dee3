import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { readers as documents } from '../../../../src/sources/exports/documents/index.js';
import { genericSqlite } from '../../../../src/sources/exports/generic/sqlite.js';
import { hidesText } from '../../../../src/sources/exports/hidden-texts.js';
import { probeOf } from '../../../../src/sources/exports/probe.js';
import { zipOf } from './documents/make-zip.js';

const mimetype = 'application/vnd.oasis.opendocument.text';

describe('signs of hidden text', () => {
  it('are seen at the start of all that the readers know', async () => {
    const types = '<Types><Override ContentType="application/vnd.ms-word"/></Types>';
    const db = new Sqlite(':memory:');
    db.exec('CREATE TABLE t (a TEXT)');
    const files = [
      db.serialize(),
      Buffer.from('%PDF-1.7\n'),
      Buffer.from('{\\rtf1 x}'),
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      await zipOf({ '[Content_Types].xml': types, 'word/document.xml': '<w/>' }),
      await zipOf({ '_rels/.rels': '<r/>', 'xl/workbook.xml': '<w/>' }),
      await zipOf({ mimetype, 'content.xml': '<c/>' }, ['mimetype']),
    ];
    for (const file of files) {
      const probe = probeOf('blob', file, true);
      expect([...documents, genericSqlite].some((reader) => reader.recognise(probe) !== undefined)).toBe(
        true,
      );
      expect(hidesText(file)).toBe(true);
    }
    expect(hidesText(await zipOf({ 'a.txt': 'x' }))).toBe(false);
    expect(hidesText(Buffer.from('see %PDF-1.7'))).toBe(false);
    expect(hidesText(Buffer.alloc(0))).toBe(false);
  });
});
