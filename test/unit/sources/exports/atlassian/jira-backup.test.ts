import { describe, expect, it } from 'vitest';
import { BackupNames } from '../../../../../src/sources/exports/atlassian/jira-backup-names.js';
import { BackupRecords } from '../../../../../src/sources/exports/atlassian/jira-backup-records.js';
import type { ExportRecord, RecordSink } from '../../../../../src/sources/exports/contract.js';
import { readExport } from '../../../../support/read-export.js';

const backup = (...rows: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<!--\nLicence of someone: mail pw=in-comment\n-->\n<entity-engine-xml date="now">\n${rows.join('\n')}\n</entity-engine-xml>`;
// In the order of the real file, which is that of the alphabet.
const rows = [
  '<Action id="500" issue="10100" author="JIRAUSER1" type="comment" rolelevel="10002" created="2024-03-01 10:05:00.0"><body><![CDATA[was\n{{x}}]]></body></Action>',
  '<ApplicationUser id="1" userKey="JIRAUSER1" lowerUserName="ana"/>',
  '<ChangeGroup id="600" issue="10100" author="JIRAUSER1" created="2024-03-02 10:00:00.0"/>',
  '<ChangeItem id="601" group="600" fieldtype="jira" field="description" oldstring="old {{pw}}" newstring=""/>',
  '<ChangeItem id="602" group="600" fieldtype="custom" field="Root password"><oldstring><![CDATA[a\nb]]></oldstring></ChangeItem>',
  '<CustomField id="10010" name="Root password" customfieldtypekey="x"/>',
  '<CustomFieldValue id="1" issue="10100" customfield="10010" stringvalue="x-y-z"/>',
  '<FileAttachment id="700" issue="10100" mimetype="text/plain" filename="env.txt" created="2024-03-01 10:00:00.0" filesize="4" author="bo"/>',
  '<Issue id="10100" key="OPS-7" number="7" project="1" creator="JIRAUSER1" reporter="bo" type="3" summary="Login fails" created="2024-03-01 09:00:00.0" updated="2024-03-02 09:00:00.0" environment="prod"><description><![CDATA[use {{x}}\nnow]]></description></Issue>',
  '<Issue id="10101" number="8" project="1" summary="Without key"/>',
  '<Label id="1" issue="10100" label="keys"/>',
  '<MailServer id="1" name="smtp" username="mailer" password="hunter2-Blue" servername="mail.example.org"/>',
  '<OSPropertyEntry id="20" entityName="jira.properties" entityId="1" propertyKey="jira.baseurl" type="5"/>',
  '<OSPropertyEntry id="21" entityName="jira.properties" entityId="1" propertyKey="webhook.secret" type="5"/>',
  '<OSPropertyString id="20" value="https://j.example.org/app"/>',
  '<OSPropertyString id="21" value="abc-def"/>',
  '<Project id="1" name="Operations" key="OPS" description="about keys" lead="ana"/>',
  '<User id="1" userName="ana" lowerUserName="ana" displayName="Ana Roe" emailAddress="ana@example.org" credential="{PKCS5S2}hash"/>',
  '<Worklog id="800" issue="10100" author="bo" body="rotated it" created="2024-03-03 10:00:00.0"/>',
];

const read = (content: string, options: { piece?: number; baseUrl?: string } = {}) =>
  readExport({ any: content }, 'any', options);

function one(records: readonly ExportRecord[], type: string, id: string): ExportRecord {
  const found = records.filter((record) => record.type === type && record.id === id);
  expect(found).toHaveLength(1);
  return found[0]!;
}

describe('Jira backup', () => {
  it('joins an issue with its project, fields, people and site', async () => {
    const { reader, records } = await read(backup(...rows));
    expect(reader).toBe('jira-backup');
    const issue = one(records, 'issue', 'OPS-7');
    expect(issue).toMatchObject({
      place: { kind: 'project', tenant: 'j.example.org', id: 'OPS', name: 'OPS Operations' },
      title: 'OPS-7 Login fails',
      actor: { id: 'JIRAUSER1', name: 'Ana Roe', email: 'ana@example.org' },
      time: { created: '2024-03-01T09:00:00.0', edited: '2024-03-02T09:00:00.0' },
      permalink: { url: 'https://j.example.org/app/browse/OPS-7' },
    });
    expect(issue.texts.map(({ text, dialect, label }) => [text, dialect, label])).toEqual([
      ['Login fails', 'plain', undefined],
      ['use {{x}}\nnow', 'jira-wiki', undefined],
      ['prod', 'jira-wiki', undefined],
      ['x-y-z', 'plain', 'Root password'],
      ['keys', 'plain', undefined],
    ]);
    expect(one(records, 'issue', 'OPS-8').title).toBe('OPS-8 Without key');
  });

  it('gives comments, worklogs, attachments and changes the ids that the REST export gives them', async () => {
    const { records } = await read(backup(...rows));
    expect(one(records, 'comment', '500')).toMatchObject({
      place: { id: 'OPS' },
      thread: 'OPS-7',
      actor: { name: 'Ana Roe' },
      time: { created: '2024-03-01T10:05:00.0' },
      permalink: { url: 'https://j.example.org/app/browse/OPS-7?focusedCommentId=500#comment-500' },
    });
    expect(one(records, 'comment', '500').texts[0]).toMatchObject({
      text: 'was\n{{x}}',
      dialect: 'jira-wiki',
    });
    expect(one(records, 'worklog', '800')).toMatchObject({ thread: 'OPS-7', actor: { id: 'bo' } });
    expect(one(records, 'attachment', '700').texts[0]).toMatchObject({
      text: 'env.txt',
      field: { role: 'attachment-name' },
    });
    expect(one(records, 'change', '600')).toMatchObject({
      revision: { state: 'previous', id: '600' },
      texts: [
        { text: 'old {{pw}}', field: { path: 'changelog.600.description.fromString', role: 'history-old' } },
        { text: 'a\nb', label: 'Root password', field: { role: 'history-old' } },
      ],
    });
  });

  it('reads settings, names them, and marks what Jira made for itself', async () => {
    const { records } = await read(backup(...rows));
    const texts = records.flatMap((record) => record.texts);
    expect(texts.find(({ text }) => text === 'abc-def')?.label).toBe('webhook.secret');
    expect(texts.find(({ text }) => text === 'hunter2-Blue')).toMatchObject({ label: 'password' });
    expect(texts.filter(({ artifact }) => artifact).map(({ text }) => text)).toEqual(['{PKCS5S2}hash']);
    expect(texts.some(({ text }) => text.includes('pw=in-comment'))).toBe(true);
    expect(one(records, 'setting', 'project').texts.map(({ text }) => text)).toContain('about keys');
  });

  it('gives what stands before and after damage, whatever the pieces', async () => {
    const broken = backup(...rows)
      .replace('</description></Issue>', '')
      .replace('use {{x}}', 'use \u0002');
    for (const piece of [9, 2000]) {
      const { records } = await read(broken, { piece });
      expect(records.filter(({ type }) => type === 'issue').map(({ id }) => id)).toEqual(['OPS-7', 'OPS-8']);
      expect(one(records, 'worklog', '800').texts[0]?.text).toBe('rotated it');
    }
    const cut = backup(...rows);
    const { records, damage } = await read(cut.slice(0, cut.indexOf('<Label')));
    expect(damage).not.toEqual([]);
    expect(one(records, 'comment', '500').thread).toBe('OPS-7');
  });

  it.each([
    ['by number only', false],
    ['by key after a first look', true],
  ])('loses nothing when more waits than fits, and names issues %s', async (_how, isForeseen) => {
    const records: ExportRecord[] = [];
    let incomplete = 0;
    const sink: RecordSink = {
      record: (record) => records.push(record),
      note: (note) => {
        if (note === 'incomplete') incomplete++;
      },
      unknownKey: () => undefined,
      damaged: () => undefined,
      aborted: false,
      drained: async () => undefined,
    };
    const made = (entity: string, fields: Record<string, string>) => ({
      entity,
      fields: new Map(Object.entries(fields)),
      raw: { start: 0, end: 1 },
    });
    const all = [
      ...Array.from({ length: 8 }, (_, i) =>
        made('Action', { id: `50${i}`, issue: '1', body: `comment ${i} ${'x'.repeat(300)}` }),
      ),
      made('CustomFieldValue', { id: '1', issue: '1', customfield: '2', stringvalue: 'custom value' }),
      made('Issue', { id: '1', key: 'OPS-1', summary: 'Late' }),
    ];
    const names = new BackupNames(undefined);
    if (isForeseen) for (const row of all) names.learn(row);
    const waiting = new BackupRecords(sink, names, 3000);
    for (const row of all) waiting.add(row);
    await waiting.finish();
    const texts = records.flatMap((record) => record.texts.map(({ text }) => text)).join('\n');
    for (let i = 0; i < 8; i++) expect(texts).toContain(`comment ${i} `);
    for (const text of ['custom value', 'Late']) expect(texts).toContain(text);
    const threads = records.filter(({ type }) => type === 'comment').map(({ thread }) => thread);
    expect(threads[0]).toBe(isForeseen ? 'OPS-1' : '1');
    expect(incomplete > 0).toBe(!isForeseen);
  });

  it('leaves other files with this root to others', async () => {
    const ofbiz = '<entity-engine-xml><Party partyId="1"/><PostalAddress city="x"/></entity-engine-xml>';
    expect((await read(ofbiz)).choice?.recognition.score ?? 0).toBeLessThan(0.6);
  });
});
