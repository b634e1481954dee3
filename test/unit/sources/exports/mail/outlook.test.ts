import { describe, expect, it } from 'vitest';
import type { ExportReader } from '../../../../../src/sources/exports/contract.js';
import type { LoadPackage } from '../../../../../src/sources/exports/mail/optional-package.js';
import { msgReader } from '../../../../../src/sources/exports/mail/outlook-msg.js';
import { pstReader } from '../../../../../src/sources/exports/mail/outlook-pst.js';
import { probeOf } from '../../../../../src/sources/exports/probe.js';
import { collectingSink, fileOf } from '../../../../support/export-file.js';
import { readExport } from '../../../../support/read-export.js';

const msg = Buffer.concat([
  Buffer.from('d0cf11e0a1b11ae1', 'hex'),
  Buffer.from('__substg1.0_0037001F', 'utf16le'),
]);
const pst = Buffer.from('!BDN and so on');

const inner = {
  subject: 'inner',
  body: 'inner words',
  headers: 'From: eve@example.org\r\nMessage-ID: <in@x>\r\nX-Key: abc\r\n',
};
const outer = {
  dataType: 'msg',
  subject: 'the keys',
  body: 'pw is x',
  html: new Uint8Array(Buffer.from('<p>pw is x</p>')),
  senderName: 'Ana',
  senderSmtpAddress: 'ana@example.org',
  clientSubmitTime: 'Mon, 10 May 2021 08:00:00 GMT',
  companyName: 'Acme',
  recipients: [
    { name: 'Ben', smtpAddress: 'ben@example.org', recipType: 'to' },
    { name: 'Eve', email: 'eve@example.org', recipType: 'cc' },
  ],
  attachments: [
    { fileName: 'a.env' },
    { fileName: 'mail', innerMsgContent: true, innerMsgContentFields: inner },
    { fileName: 'lost.bin' },
  ],
};

class FakeMsgReader {
  getFileData(): unknown {
    return outer;
  }
  getAttachment(attachment: { fileName: string }): unknown {
    if (attachment.fileName === 'lost.bin') throw new Error('no such stream');
    return { content: new Uint8Array(Buffer.from('KEY=value')) };
  }
}

function fakeMessage(over: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    subject: 's',
    body: 'b',
    senderName: 'Ana',
    numberOfAttachments: 0,
    getAttachment: () => undefined,
    ...over,
  };
}

class FakePst {
  getRootFolder(): unknown {
    const folder = (displayName: string, messages: unknown[], folders: unknown[] = []): unknown => {
      const left = [...messages];
      return {
        displayName,
        getSubFolders: () => folders,
        getNextChild: () => {
          const next = left.shift();
          if (next === 'broken') throw new Error('unreadable');
          return next;
        },
      };
    };
    const stream = { readCompletely: (target: Buffer) => Buffer.from('KEY=value').copy(target) };
    const attachment = { longFilename: 'a.env', filesize: 9, fileInputStream: stream };
    const first = fakeMessage({
      body: 'first',
      internetMessageId: '<1@x>',
      clientSubmitTime: new Date('2021-05-10T08:00:00Z'),
      numberOfAttachments: 1,
      getAttachment: () => attachment,
    });
    const chat = fakeMessage({ messageClass: 'IPM.SkypeTeams.Message', body: 'chat' });
    const rich = fakeMessage({ body: '', bodyRTF: '{\\rtf1 words}' });
    return folder('', [], [folder('Inbox', [first, chat, 'broken', first], [folder('Old', [rich])])]);
  }
}

async function read(reader: ExportReader, bytes: Buffer, includeDirect = true) {
  const sink = collectingSink();
  expect(reader.recognise(probeOf('x/data', bytes, true))?.score).toBeGreaterThan(0.9);
  await reader.read(fileOf(bytes, 100, 'x/me.pst'), sink, { includeDirect });
  return sink;
}

describe("Outlook's files", () => {
  const missing: LoadPackage = () => Promise.reject(new Error('not installed'));

  it.each([
    ['a message', msgReader, msg, '@kenjiuno/msgreader'],
    ['a mailbox', pstReader, pst, 'pst-extractor'],
  ])('say which package %s needs', async (_, make, bytes, name) => {
    const sink = await read(make(missing), bytes);
    expect(sink.records).toEqual([]);
    expect(sink.damage).toEqual([`needs the optional package ${name}`]);
    expect(sink.notes.get('undecodable')).toBe(1);
    const other = await read(
      make(async () => ({ default: {} })),
      bytes,
    );
    expect(other.damage).toEqual([`needs another version of the optional package ${name}`]);
  });

  it('are known among all exports', async () => {
    expect((await readExport({ x: msg }, 'x')).reader).toBe('mail-outlook-msg');
    expect((await readExport({ x: pst }, 'x')).reader).toBe('mail-outlook-pst');
  });

  it('hold a message with its parts, attachments and attached messages', async () => {
    const sink = await read(
      msgReader(async () => ({ default: { default: FakeMsgReader } })),
      msg,
    );
    const [record, attached] = sink.records;
    expect(record).toMatchObject({
      id: expect.stringMatching(/^unnamed-/),
      title: 'the keys',
      actor: { name: 'Ana', email: 'ana@example.org' },
      time: { created: '2021-05-10T08:00:00Z' },
    });
    const texts = record?.texts.map((text) => [text.field.path, text.field.role, text.text]);
    expect(texts).toContainEqual(['1', 'body', 'pw is x']);
    expect(texts).toContainEqual(['2', 'body', '<p>pw is x</p>']);
    expect(texts).toContainEqual(['3', 'attachment-text', 'KEY=value']);
    expect(texts).toContainEqual(['To', 'header', '"Ben" <ben@example.org>']);
    expect(texts).toContainEqual(['Cc', 'header', '"Eve" <eve@example.org>']);
    expect(texts).toContainEqual(['companyName', 'header', 'Acme']);
    expect(attached).toMatchObject({
      id: expect.stringMatching(/^unnamed-[0-9a-f]{16}\/4$/),
      revision: { state: 'quoted-copy', of: 'in@x' },
      actor: { email: 'eve@example.org' },
    });
    expect(attached?.texts.map((text) => text.text)).toEqual([
      'inner words',
      'eve@example.org',
      'abc',
      'inner',
    ]);
    expect(sink.notes.get('attachment-missing')).toBe(1);
  });

  it('hold the messages of all folders, also behind one that cannot be read', async () => {
    const reader = pstReader(async () => ({ PSTFile: FakePst }));
    const sink = await read(reader, pst, false);
    expect(sink.records.map((record) => [record.id, record.texts[0]?.text])).toEqual([
      ['1@x', 'first'],
      ['Inbox/Old/0', 'words'],
    ]);
    expect(sink.records[0]?.place).toMatchObject({ kind: 'mailbox', id: 'me' });
    expect(sink.records[0]?.time?.created).toMatch(/^2021-05-10T08:00:00/);
    expect(sink.records[0]?.texts).toContainEqual({
      text: 'Inbox',
      dialect: 'plain',
      field: { path: 'X-Folder', role: 'header' },
      label: 'X-Folder',
    });
    expect(sink.records[0]?.texts.map((text) => text.text)).toContain('KEY=value');
    expect(Object.fromEntries(sink.notes)).toEqual({ 'direct-message': 1, malformed: 1 });
  });
});
