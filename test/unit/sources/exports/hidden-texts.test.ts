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
    for (const json of [
      '{"log":{"version":"1.2","creator":{},"entries":[{"startedDateTime":"2024","request":{}}]}}',
      '{\n "cells": [{"cell_type": "code", "source": []}], "nbformat": 4}',
      '{"nbformat":4,"nbformat_minor":0,"metadata":{},"cells":[]}',
      '{\n\t"info": {"_postman_id": "x", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/"}}',
      '{"id":"x","name":"prod","values":[],"_postman_variable_scope":"environment"}',
      '{"_type":"export","__export_format":4,"resources":[]}',
    ])
      expect([json, hidesText(Buffer.from(json))]).toEqual([json, true]);
    for (const json of ['{"name":"x","version":"1.0.0"}', '{"id":1,"text":"x"}', '{}', '{ a', '[{"id":1}]'])
      expect([json, hidesText(Buffer.from(json))]).toEqual([json, false]);
    expect(hidesText(await zipOf({ 'a.txt': 'x' }))).toBe(false);
    expect(hidesText(Buffer.from('see %PDF-1.7'))).toBe(false);
    expect(hidesText(Buffer.alloc(0))).toBe(false);
  });
});
