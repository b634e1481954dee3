import { expect, it } from 'vitest';
import { readExport } from '../../../../support/read-export.js';

const tables = `<?xml version='1.0' encoding='UTF-8'?>
<backup xmlns="http://www.atlassian.com/ao" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<table name="AO_1_HOOK"><column name="ID"/><column name="PASSWORD"/></table>
<data tableName="AO_1_HOOK"><column name="ID"/><column name="PASSWORD"/><column name="CONFIG"/><column name="NOTE"/>
<row><integer>4</integer><string>x-y-z</string><string>{"token":"a\\nb","on":true}</string><string xsi:nil="true"/></row>
<row><integer>5</integer><string/><string/><string>&lt;p&gt;some words&lt;/p&gt;</string></row>
</data></backup>`;

it.each([
  ['activeobjects.xml', 'jira-active-objects'],
  ['plugin-data/app/tables.pdata', 'confluence-active-objects'],
  ['renamed.bin', 'jira-active-objects'],
])('reads rows of app tables from %s', async (name, reader) => {
  const read = await readExport({ [name]: tables }, name);
  expect(read.reader).toBe(reader);
  expect(read.records.map(({ id }) => id)).toEqual(['AO_1_HOOK/4', 'AO_1_HOOK/5']);
  const texts = read.records.flatMap((record) => record.texts);
  expect(texts.map(({ text, dialect, label }) => [text, dialect, label])).toEqual([
    ['x-y-z', 'plain', 'password'],
    ['a\nb', 'plain', undefined],
    ['<p>some words</p>', 'html', undefined],
  ]);
});
