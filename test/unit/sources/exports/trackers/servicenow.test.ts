import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { lostMarkers, plantMarkers } from '../../../../support/plant-markers.js';
import { type ReadExport, readExport } from '../../../../support/read-export.js';

const incidentId = '8d6353eac0a8016400d8a125ca14fc1f';
const attachmentId = 'f4a314356f102100758ecb512e3ee4ed';
const incident = `<incident action="INSERT_OR_UPDATE"><number>INC0001492</number><sys_id>${incidentId}</sys_id>
<short_description>Need access</short_description><description>pw &amp;lt; x</description>
<caller_id display_value="Joe Employee">681ccaf9c0a8016400b98a06818d57c7</caller_id>
<u_password>hunter2-Blue</u_password><sys_created_on>2016-02-06 22:08:24</sys_created_on></incident>`;
const journal = `<sys_journal_field action="INSERT_OR_UPDATE"><element>work_notes</element><element_id>${incidentId}</element_id>
<name>task</name><sys_created_by>admin</sys_created_by><sys_created_on>2016-10-25 23:17:50</sys_created_on>
<sys_id>15a39c356f102100758ecb512e3ee42c</sys_id><value>tried it</value></sys_journal_field>`;
const attachment = (size: number) =>
  `<sys_attachment action="INSERT_OR_UPDATE"><compressed>true</compressed><content_type>text/plain</content_type><file_name>notes.txt</file_name><size_compressed>${size}</size_compressed><sys_id>${attachmentId}</sys_id><table_sys_id>${incidentId}</table_sys_id></sys_attachment>`;
const piece = (position: number, data: Buffer) =>
  `<sys_attachment_doc action="INSERT_OR_UPDATE"><data>${data.toString('base64')}</data><position>${position}</position><sys_attachment display_value="notes.txt" sys_id="${attachmentId}">${attachmentId}</sys_attachment></sys_attachment_doc>`;
const unload = (...rows: readonly string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<unload unload_date="2018-01-30 06:43:08">\n${rows.join('\n')}\n</unload>`;

const read = (content: string, baseUrl?: string) =>
  readExport({ 'x.bin': content }, 'x.bin', baseUrl === undefined ? {} : { baseUrl });
const textsOf = ({ records }: ReadExport) => records.flatMap((record) => record.texts);

describe('ServiceNow XML', () => {
  it('reads records with table, number, author and fields under their names', async () => {
    const result = await read(unload(incident, journal), 'https://acme.service-now.com');
    expect(result.reader).toBe('servicenow-xml');
    expect(result.records[0]).toMatchObject({
      place: { kind: 'project', tenant: 'acme.service-now.com', id: 'incident' },
      type: 'issue',
      id: 'INC0001492',
      title: 'INC0001492 Need access',
      actor: { id: '681ccaf9c0a8016400b98a06818d57c7', name: 'Joe Employee' },
      time: { created: '2016-02-06T22:08:24Z' },
      permalink: {
        url: `https://acme.service-now.com/nav_to.do?uri=incident.do%3Fsys_id%3D${incidentId}`,
      },
    });
    expect(textsOf(result)).toContainEqual(
      expect.objectContaining({ text: 'hunter2-Blue', label: 'u_password' }),
    );
    expect(textsOf(result)).toContainEqual(expect.objectContaining({ text: 'pw &lt; x' }));
    expect(result.records[1]).toMatchObject({
      place: { id: 'incident' },
      type: 'comment',
      thread: 'INC0001492',
      actor: { name: 'admin' },
    });
  });

  it('joins the pieces of an attachment by position, whatever their order, and gives its text', async () => {
    const packed = gzipSync('DB_PASSWORD=hunter2-Blue\n');
    const pieces = [piece(1, packed.subarray(10)), piece(0, packed.subarray(0, 10))];
    for (const rows of [
      [incident, attachment(packed.length), ...pieces],
      [...pieces, incident, attachment(packed.length)],
      [incident, attachment(0), ...pieces],
    ]) {
      const result = await read(unload(...rows));
      const found = result.records.find((record) =>
        record.texts.some((text) => text.text.includes('DB_PASSWORD')),
      );
      expect(found).toMatchObject({
        type: 'attachment',
        id: attachmentId,
        thread: 'INC0001492',
        action: 'purge-attachment',
      });
      expect(found?.texts[0]).toMatchObject({ chain: ['notes.txt'], field: { role: 'attachment-text' } });
      expect(
        textsOf(result).some((text) => text.text.includes(packed.subarray(0, 10).toString('base64'))),
      ).toBe(false);
    }
  });

  it('gives what stands before the damage of an attachment, and says so', async () => {
    const lines = Array.from({ length: 4000 }, (_, i) => `line ${i} ${(i * 7919) % 1009}`).join('\n');
    const packed = gzipSync(lines);
    const cut = packed.subarray(0, packed.length >> 1);
    const result = await read(unload(incident, attachment(0), piece(0, cut)));
    expect(textsOf(result).some((text) => text.text.startsWith('line 0 '))).toBe(true);
    expect(result.notes.malformed).toBe(1);
  });

  it('reads scripts inside an update set, and both wordings of an audit row', async () => {
    const payload =
      '&lt;record_update&gt;&lt;sys_script&gt;&lt;script&gt;var k = &amp;quot;v&amp;quot;;&lt;/script&gt;&lt;/sys_script&gt;&lt;/record_update&gt;';
    const result = await read(
      unload(
        incident,
        `<sys_update_xml><sys_id>1</sys_id><payload>${payload}</payload></sys_update_xml>`,
        `<sys_audit><sys_id>2</sys_id><documentkey>${incidentId}</documentkey><fieldname>description</fieldname><oldvalue>pw=old</oldvalue><newvalue>clean</newvalue></sys_audit>`,
      ),
    );
    expect(textsOf(result)).toContainEqual(
      expect.objectContaining({ text: 'var k = "v";', dialect: 'code' }),
    );
    const old = result.records.find((record) => record.revision.state === 'previous');
    expect(old).toMatchObject({
      thread: 'INC0001492',
      texts: [{ text: 'pw=old', field: { role: 'history-old' } }],
    });
  });

  it('hands over records around damage', async () => {
    const result = await read(unload(incident, '<problem><number>PRB0001', journal).replace('</unload>', ''));
    expect(result.records.map((record) => record.id)).toContain('INC0001492');
    expect(textsOf(result).map((text) => text.text)).toContain('tried it');
    expect(result.damage.length).toBeGreaterThan(0);
  });
});

describe('ServiceNow JSON and CSV', () => {
  it('reads the table interface, with display values and without', async () => {
    const plain = {
      number: 'INC1000',
      sys_id: incidentId,
      short_description: 's',
      work_notes: 'n',
      sys_created_on: '2024-01-01 00:00:00',
    };
    const shown = Object.fromEntries(
      Object.entries(plain).map(([key, value]) => [key, { display_value: value, value }]),
    );
    const reference = {
      display_value: 'Ana',
      link: `https://acme.service-now.com/api/now/table/sys_user/${incidentId}`,
      value: incidentId,
    };
    for (const row of [plain, { ...shown, opened_by: reference }]) {
      const result = await read(JSON.stringify({ result: [row] }));
      expect(result.reader).toBe('servicenow-json');
      expect(result.records[0]).toMatchObject({ place: { id: 'incident' }, id: 'INC1000' });
      expect(textsOf(result).map((text) => text.text)).toContain('n');
    }
    const last = await read(JSON.stringify({ records: [{ ...shown, opened_by: reference }] }));
    expect(last.records[0]).toMatchObject({
      place: { tenant: 'acme.service-now.com' },
      actor: { name: 'Ana' },
    });
  });

  it('names the answer to a question by its question', async () => {
    const result = await read(
      JSON.stringify({
        result: [
          {
            sys_id: incidentId,
            sys_created_on: '',
            item_option_new: { display_value: 'New password', value: attachmentId },
            value: 'hunter2-Blue',
          },
        ],
      }),
    );
    expect(textsOf(result)).toContainEqual(
      expect.objectContaining({ text: 'hunter2-Blue', label: 'New password' }),
    );
  });

  it('meets the record of the XML in a CSV', async () => {
    const csv =
      'Number,Short description,Caller,Opened,Work notes\r\nINC0001492,Need access,Joe,2016-02-06 22:08:24,"2016-02-07 - Joe (Work notes)\npw"\r\n';
    const result = await read(csv);
    expect(result.reader).toBe('servicenow-csv');
    expect(result.records[0]).toMatchObject({
      place: { id: 'incident' },
      type: 'issue',
      id: 'INC0001492',
      actor: { name: 'Joe' },
    });
  });

  it('loses no string', async () => {
    const planted = plantMarkers(
      {
        result: [
          {
            number: 'x',
            sys_id: 'y',
            sys_created_on: 'z',
            u_any: { display_value: 'a', value: 'b', link: 'c' },
            variables: { a: { b: ['c'] } },
          },
        ],
        extra: 'd',
      },
      (path) => /sys_id|created_on|link$/.test(path),
    );
    const result = await read(JSON.stringify(planted.value));
    expect(
      lostMarkers(
        planted.markers,
        textsOf(result).map((text) => text.text),
      ),
    ).toEqual([]);
  });
});
