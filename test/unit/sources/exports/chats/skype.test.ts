import { describe, expect, it } from 'vitest';
import { plantMarkers } from '../../../../support/plant-markers.js';
import { readExport } from '../../../../support/read-export.js';
import { lostTexts } from './lost-texts.js';

const message = {
  id: '1583425842000',
  displayName: 'Ana',
  originalarrivaltime: '2020-03-05T16:30:42.123Z',
  messagetype: 'RichText',
  version: 1,
  content: 'pw&amp;more <b>x</b>',
  conversationid: '19:grp@thread.skype',
  from: '8:live:ana',
  properties: { edittime: '1583425900000', urlpreviews: '[{"value":{"title":"a \\"page\\""}}]' },
  amsreferences: null,
};

function exportOf(...messages: readonly unknown[]): Record<string, unknown> {
  return {
    userId: '8:live:me',
    exportDate: '2020-04-01T00:00',
    vendor: 'v',
    conversations: [
      {
        id: '19:grp@thread.skype',
        displayName: null,
        threadProperties: { topic: 'Ops talk', members: '["8:live:ana","8:live:me"]' },
        MessageList: messages,
      },
      { id: '8:live:ben', displayName: 'Ben', MessageList: [{ ...message, id: '2', messagetype: 'Text' }] },
    ],
  };
}

describe('a personal export of Skype or Teams', () => {
  it('tells conversation, author and times', async () => {
    const result = await readExport(
      { 'export/messages.json': JSON.stringify(exportOf(message)) },
      'export/messages.json',
    );
    expect(result.reader).toBe('teams-personal');
    expect(result.records[0]).toMatchObject({
      place: { kind: 'group-dm', id: '19:grp@thread.skype', name: 'Ops talk' },
      id: '1583425842000',
      actor: { id: '8:live:ana', name: 'Ana' },
      time: {
        created: expect.stringMatching(/^2020-03-05T16:30:42\.123/),
        edited: '2020-03-05T16:31:40.000Z',
      },
    });
    expect(result.records[0]?.texts[0]).toMatchObject({ text: 'pw&amp;more <b>x</b>', dialect: 'html' });
    expect(result.records[1]).toMatchObject({ id: '2', place: { kind: 'dm', id: '8:live:ben' } });
    expect(result.records[1]?.texts[0]?.dialect).toBe('plain');
    expect(result.records.slice(2).map((record) => record.type)).toContain('setting');
  });

  it('is all direct messages', async () => {
    const result = await readExport({ x: JSON.stringify(exportOf(message)) }, 'x', { includeDirect: false });
    expect(result.records).toEqual([]);
    expect(result.notes).toEqual({ 'direct-message': 2 });
  });

  it('takes quotes out of the message that holds them', async () => {
    const quote =
      '<quote author="ben" authorname="Ben &amp; Co" timestamp="1583425000" messageid="77"><legacyquote>[..] </legacyquote>old words' +
      '<quote author="eve">older</quote></quote>new words';
    const events = [
      { ...message, content: quote },
      {
        ...message,
        id: '9',
        content: '<topicupdate><value>t</value></topicupdate>',
        messagetype: 'ThreadActivity/TopicUpdate',
      },
      { ...message, id: '10', properties: { deletetime: '1583425900000' } },
    ];
    const { records } = await readExport({ x: JSON.stringify(exportOf(...events)) }, 'x');
    expect(records[0]?.texts[0]?.text).toBe('new words');
    expect(records[1]).toMatchObject({
      id: '1583425842000/0',
      revision: { state: 'quoted-copy', of: '77' },
      actor: { name: 'Ben & Co' },
      time: { created: '2020-03-05T16:16:40Z' },
    });
    expect(records[1]?.texts[0]?.text).toContain('old words');
    expect(records[1]?.texts[0]?.text).toContain('older');
    expect(records[2]).toMatchObject({ id: '9', type: 'event' });
    expect(records[3]?.revision.state).toBe('deleted');
  });

  it.each(['<quote a="b">never closed', '</quote>', `${'<quote >'.repeat(5000)}x`])(
    'keeps a broken quote in the message: %#',
    async (content) => {
      const { records } = await readExport({ x: JSON.stringify(exportOf({ ...message, content })) }, 'x');
      expect(records[0]?.texts[0]?.text).toBe(content);
    },
  );

  it('loses no text', async () => {
    const kept = /(?:^|\.)(?:id|version|messagetype|originalarrivaltime|conversationid|edittime)$/;
    const planted = plantMarkers(exportOf({ ...message, properties: { a: 'x', list: ['y'] } }), (path) =>
      kept.test(path),
    );
    const { records } = await readExport({ x: JSON.stringify(planted.value) }, 'x');
    expect(lostTexts(planted, records)).toEqual([]);
  });
});
