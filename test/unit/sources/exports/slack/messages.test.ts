import { describe, expect, it } from 'vitest';
import { lostMarkers, plantMarkers } from '../../../../support/plant-markers.js';
import { readExport } from '../../../../support/read-export.js';
import { fileMessage, lists, messagesOf, plainMessage, readDay, textsOf } from './fixtures.js';

const domainFile = { 'deploys/2020-01-01.json': JSON.stringify([fileMessage]) };

describe('a day of a channel', () => {
  it('has place, author, time and link from the files around it', async () => {
    const { reader, records } = await readDay([plainMessage], { others: domainFile });
    expect(reader).toBe('slack-messages');
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      place: {
        kind: 'channel',
        tenant: 'T0TEAM001',
        id: 'C0DEPLOY01',
        name: '#deploys',
        audience: 'internal',
      },
      type: 'message',
      id: '1600000100.000200',
      actor: { id: 'U0ANA00001', name: 'Ana R', email: 'ana@example.org', kind: 'user' },
      time: { created: '2020-09-13T12:28:20.000200Z', precision: 'us' },
      revision: { state: 'current' },
      permalink: { url: 'https://acme.slack.com/archives/C0DEPLOY01/p1600000100000200' },
    });
    expect(textsOf(records[0])).toEqual({ text: 'deploy starts' });
    expect(records[0]?.texts[0]).toMatchObject({ dialect: 'slack-mrkdwn', field: { role: 'body' } });
  });

  it('is known by content under any name, in any folder', async () => {
    const files = { 'a/b/export (1)/deploys/x.bin': JSON.stringify([plainMessage]) };
    for (const [name, text] of Object.entries(lists))
      Object.assign(files, { [`a/b/export (1)/${name}`]: text });
    const { reader, records } = await readExport(files, 'a/b/export (1)/deploys/x.bin');
    expect(reader).toBe('slack-messages');
    expect(records[0]?.place.id).toBe('C0DEPLOY01');
  });

  it('is read without the lists, and then names neither channel nor link', async () => {
    const name = 'deploys/2020-09-13.json';
    const { records } = await readExport({ [name]: JSON.stringify([plainMessage]) }, name);
    expect(records[0]?.place).toEqual({
      kind: 'channel',
      id: 'deploys',
      name: '#deploys',
      audience: 'unknown',
    });
    expect(records[0]?.actor).toEqual({ id: 'U0ANA00001', kind: 'user' });
    expect(records[0]).not.toHaveProperty('permalink');
  });

  it('reads lists in other encodings, as PowerShell writes them', async () => {
    const wide = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');
    const files = {
      'users.json': wide(lists['users.json']),
      'channels.json': wide(lists['channels.json']),
      'deploys/1.json': wide(JSON.stringify([plainMessage])),
    };
    const { reader, records } = await readExport(files, 'deploys/1.json');
    expect(reader).toBe('slack-messages');
    expect(records[0]).toMatchObject({ place: { id: 'C0DEPLOY01' }, actor: { name: 'Ana R' } });
  });

  it('links to the channel when only the workspace is known', async () => {
    const { records } = await readDay([plainMessage]);
    expect(records[0]?.permalink).toEqual({
      url: 'https://app.slack.com/client/T0TEAM001/C0DEPLOY01',
      level: 'container',
    });
  });

  it('takes the domain that the user gave', async () => {
    const { records } = await readDay([plainMessage], { baseUrl: 'https://other.slack.com' });
    expect(records[0]?.permalink?.url).toBe('https://other.slack.com/archives/C0DEPLOY01/p1600000100000200');
  });

  it('links replies within their thread', async () => {
    const reply = { ...plainMessage, ts: '1600000300.000000', thread_ts: plainMessage.ts };
    const { records } = await readDay([{ ...plainMessage, thread_ts: plainMessage.ts }, reply], {
      others: domainFile,
    });
    expect(records[0]?.permalink?.url).not.toContain('?');
    expect(records[1]).toMatchObject({
      thread: plainMessage.ts,
      permalink: {
        url: 'https://acme.slack.com/archives/C0DEPLOY01/p1600000300000000?thread_ts=1600000100.000200&cid=C0DEPLOY01',
      },
    });
  });

  it('is private in groups.json, and keeps the time of an edit', async () => {
    const { records } = await readDay(
      [{ ...plainMessage, edited: { user: 'U0ANA00001', ts: '1600000900.000000' } }],
      { folder: 'board' },
    );
    expect(records[0]?.place).toMatchObject({ id: 'G0SECRET01', audience: 'restricted' });
    expect(records[0]?.time?.edited).toBe('2020-09-13T12:41:40.000000Z');
  });

  it.each(['D0DIRECT01', 'mpdm-ana--bob--guest-1'])(
    'counts direct messages of %s when not asked for',
    async (folder) => {
      const without = await readDay([plainMessage], { folder, includeDirect: false });
      expect(without.records).toEqual([]);
      expect(without.notes['direct-message']).toBe(1);
      const { records } = await readDay([plainMessage], { folder });
      expect(records[0]?.place.kind).toBe(folder.startsWith('D') ? 'dm' : 'group-dm');
      // Names of people are not in the place's name.
      expect(records[0]?.place.name).not.toContain('ana');
    },
  );

  it('reads a lone message and messages in lines', async () => {
    const one = await readExport({ 'm.json': JSON.stringify(plainMessage, null, 2) }, 'm.json');
    expect(messagesOf(one.records)).toHaveLength(1);
    const lines = [1, 2, 3].map((n) => ({
      ...plainMessage,
      ts: `160000010${n}.000000`,
      channel: 'C0OTHER001',
    }));
    const many = await readExport(
      { dump: `\ufeff${lines.map((line) => JSON.stringify(line)).join('\r\n')}` },
      'dump',
    );
    expect(many.reader).toBe('slack-messages');
    expect(many.records.map((r) => [r.place.id, r.id])).toEqual(lines.map((line) => ['C0OTHER001', line.ts]));
  });

  it('finds messages in the pages and envelopes of archivers', async () => {
    const page = { ok: true, messages: [plainMessage], has_more: false };
    expect(messagesOf((await readExport({ p: JSON.stringify(page) }, 'p')).records)).toHaveLength(1);
    const envelope = { channel: { id: 'C0ENVEL001', name: 'env' }, message: plainMessage };
    const { records } = await readExport({ e: JSON.stringify([envelope]) }, 'e');
    expect(records[0]?.place).toMatchObject({ id: 'C0ENVEL001', name: '#env' });
  });
});

describe('recognition', () => {
  it('needs no first message that ends within the head', async () => {
    const { ts, ...rest } = plainMessage;
    const long = { ...rest, text: 'x '.repeat(50_000), ts };
    const { reader, records } = await readDay([long, plainMessage]);
    expect(reader).toBe('slack-messages');
    expect(messagesOf(records)).toHaveLength(2);
  });

  it('takes no other lists with a type and a text', async () => {
    const list = [{ type: 'note', text: 'hello', ts: '12:30' }];
    expect((await readExport({ x: JSON.stringify(list) }, 'x')).reader).not.toBe('slack-messages');
  });
});

describe('Grid', () => {
  it('takes the lists of the workspace first, then those of the organisation', async () => {
    const top = 'teams/sub/deploys/2020-09-13.json';
    const shared = 'shared/2020-09-13.json';
    const files = {
      'org_users.json': JSON.stringify([
        {
          id: 'U0ANA00001',
          team_id: 'T0TEAM001',
          profile: { real_name: 'Ana Org' },
          enterprise_user: { enterprise_id: 'E0ORG00001' },
        },
      ]),
      'channels.json': JSON.stringify([
        { id: 'C0SHARED01', name: 'shared', created: 1, members: [], is_ext_shared: true },
      ]),
      'teams/sub/channels.json': lists['channels.json'],
      'teams/sub/users.json': JSON.stringify([
        { id: 'U0BOB00002', team_id: 'T0TEAM001', profile: { real_name: 'Bob' } },
      ]),
      [top]: JSON.stringify([plainMessage]),
      [shared]: JSON.stringify([plainMessage]),
    };
    const own = await readExport(files, top);
    expect(own.records[0]).toMatchObject({
      place: { id: 'C0DEPLOY01', tenant: 'T0TEAM001' },
      actor: { name: 'Ana Org' },
    });
    const common = await readExport(files, shared);
    expect(common.records[0]?.place).toMatchObject({
      id: 'C0SHARED01',
      tenant: 'E0ORG00001',
      audience: 'external',
    });
  });
});

describe('kept edits and deletions', () => {
  const changed = (version: number, from: string, to: string): object => ({
    type: 'message',
    subtype: 'message_changed',
    ts: `16000005${version}0.000000`,
    message: { ...plainMessage, text: to, edited: { user: 'U0ANA00001', ts: `16000005${version}0.000000` } },
    previous_message: { ...plainMessage, text: from },
  });

  it('are earlier versions of the message that they belong to', async () => {
    const { records } = await readDay([changed(1, 'pw is alpha', 'removed')]);
    const states = records.map((r) => [r.id, r.revision.state, r.texts[0]?.text, r.action]);
    expect(states).toEqual([
      [plainMessage.ts, 'previous', 'pw is alpha', 'ask-admin'],
      [plainMessage.ts, 'current', 'removed', 'edit'],
    ]);
  });

  it('tell the last of several wordings as the current one', async () => {
    const { records } = await readDay([changed(1, 'one', 'two'), changed(2, 'two', 'three')]);
    const current = records.filter((r) => r.revision.state === 'current').map((r) => r.texts[0]?.text);
    expect(current).toEqual(['three']);
    expect(records.filter((r) => r.revision.state === 'previous')).toHaveLength(3);
  });

  it('do not contradict the message itself when it stands in the file', async () => {
    const visible = { ...plainMessage, text: 'clean', edited: { ts: '1600000999.000000' } };
    const { records } = await readDay([visible, changed(1, 'one', 'two')]);
    const current = records.filter((r) => r.revision.state === 'current').map((r) => r.texts[0]?.text);
    expect(current).toEqual(['clean']);
  });

  it.each(['original', 'previous_message'])('keeps what was deleted (%s)', async (key) => {
    const event = {
      type: 'message',
      subtype: 'message_deleted',
      ts: '1600000600.000000',
      deleted_ts: plainMessage.ts,
      [key]: { user: 'U0BOB00002', text: 'oops', ts: plainMessage.ts },
    };
    const { records } = await readDay([event]);
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      id: plainMessage.ts,
      actor: { name: 'Bob' },
      revision: { state: 'deleted' },
      action: 'ask-admin',
    });
  });
});

describe('a message that is marked as deleted', () => {
  it('is told as such', async () => {
    const { records } = await readDay([{ ...plainMessage, deleted_ts: '1600000999.000000' }]);
    expect(records[0]).toMatchObject({ revision: { state: 'deleted' }, action: 'ask-admin' });
  });
});

describe('texts of a message', () => {
  const richText = (...elements: object[]): object => ({
    type: 'rich_text',
    block_id: 'abc',
    elements: [{ type: 'rich_text_section', elements }],
  });
  const blockText = async (...blocks: object[]): Promise<Record<string, string>> => {
    const { records } = await readDay([{ ...plainMessage, blocks }]);
    return textsOf(records[0]);
  };

  it('joins the leaves of a block with nothing, and undoes emoji and colours', async () => {
    const texts = await blockText(
      richText(
        { type: 'text', text: 'key-12' },
        { type: 'emoji', name: 'ab', unicode: '1f600' },
        { type: 'text', text: '34', style: { bold: true } },
        { type: 'color', value: '#aabbcc' },
      ),
    );
    expect(texts['blocks.0']).toBe('key-12:ab:34#aabbcc');
  });

  it('hands leaves over on lines of their own as well, where words of two would touch', async () => {
    const leaves = [
      { type: 'text', text: 'see token', style: { code: true } },
      { type: 'text', text: 'and' },
    ];
    const texts = await blockText(richText(...leaves));
    expect(texts['blocks.0']).toBe('see tokenand');
    expect(texts['blocks.0.elements.0.elements']).toBe('see token\nand\n');
  });

  it('writes the label of a link, and hands over its target too', async () => {
    const texts = await blockText(
      richText(
        { type: 'text', text: 'postgres://u:' },
        { type: 'link', url: 'mailto:pw@db.example.org', text: 'pw@db.example.org' },
        { type: 'text', text: '/x ' },
        { type: 'link', url: 'https://bare.example.org' },
        { type: 'user', user_id: 'U0ANA00001' },
      ),
    );
    expect(texts['blocks.0']).toBe('postgres://u:pw@db.example.org/x https://bare.example.org@U0ANA00001');
    expect(texts['blocks.0.elements.0.elements.1.url']).toBe('mailto:pw@db.example.org');
  });

  it('puts sections, code, quotes and list items on lines of their own', async () => {
    const texts = await blockText({
      type: 'rich_text',
      elements: [
        { type: 'rich_text_section', elements: [{ type: 'text', text: 'first' }] },
        { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'KEY=v' }], border: 0 },
        {
          type: 'rich_text_list',
          elements: [
            { type: 'rich_text_section', elements: [{ type: 'text', text: 'a' }] },
            { type: 'rich_text_section', elements: [{ type: 'text', text: 'b' }] },
          ],
        },
      ],
    });
    expect(texts['blocks.0']).toBe('first\nKEY=v\na\nb');
  });

  it('reads all kinds of blocks: fields, alternative texts, values of buttons, tables', async () => {
    const texts = await blockText(
      { type: 'section', text: { type: 'mrkdwn', text: 'sect' }, fields: [{ type: 'mrkdwn', text: 'fld' }] },
      {
        type: 'image',
        image_url: 'https://i.example.org/a.png?sig=1',
        alt_text: 'alt',
        title: { type: 'plain_text', text: 'ttl' },
      },
      {
        type: 'actions',
        elements: [
          {
            type: 'button',
            text: { type: 'plain_text', text: 'Go' },
            value: 'button-value',
            url: 'https://b.example.org',
          },
        ],
      },
      { type: 'markdown', text: '**md**' },
      {
        type: 'table',
        rows: [
          [
            { type: 'raw_text', text: 'user' },
            {
              type: 'rich_text',
              elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'pw' }] }],
            },
          ],
        ],
      },
    );
    expect(Object.values(texts)).toEqual([
      'deploy starts',
      'sect',
      'fld',
      'https://i.example.org/a.png?sig=1',
      'alt',
      'ttl',
      'Go',
      'button-value',
      'https://b.example.org',
      '**md**',
      'user\tpw',
    ]);
  });

  it('judges the fields of an attachment with their titles', async () => {
    const { records } = await readDay([
      {
        ...plainMessage,
        subtype: 'bot_message',
        user: undefined,
        bot_id: 'B0HOOK0001',
        username: 'hook',
        attachments: [
          { fallback: 'fb', pretext: 'pre', fields: [{ title: 'Password', value: 'hunter2', short: true }] },
        ],
      },
    ]);
    expect(records[0]?.actor).toEqual({ id: 'B0HOOK0001', name: 'hook', kind: 'bot' });
    const value = records[0]?.texts.find((text) => text.text === 'hunter2');
    expect(value).toMatchObject({ label: 'Password', field: { path: 'attachments.0.fields.0.value' } });
  });

  it('tells files by title and preview, and the token of the export apart', async () => {
    const { records, notes } = await readDay([fileMessage]);
    const byPath = new Map(records[0]?.texts.map((text) => [text.field.path, text]));
    expect(byPath.get('files.0.preview')).toMatchObject({ dialect: 'code', field: { role: 'snippet' } });
    expect(byPath.get('files.0.preview_highlight')?.dialect).toBe('html');
    expect(byPath.get('files.0.name')?.field.role).toBe('filename');
    expect(byPath.get('files.0.url_private')).toMatchObject({ artifact: true });
    expect(byPath.get('files.0.permalink')).not.toHaveProperty('artifact');
    expect(notes).toMatchObject({ truncated: 1, 'attachment-missing': 1 });
  });

  it('misses no file that a tool put beside the messages', async () => {
    const { notes } = await readDay([fileMessage], { others: { '__uploads/F0FILE0001/env.txt': 'A=1' } });
    expect(notes['attachment-missing']).toBeUndefined();
  });

  it('reads the single file and the comments of old exports', async () => {
    const { records } = await readDay([
      {
        type: 'message',
        subtype: 'file_comment',
        text: 'commented',
        ts: '1600000700.000000',
        file: { id: 'F0OLD00001', title: 'old', initial_comment: { id: 'Fc1', comment: 'first words' } },
        comment: { id: 'Fc2', user: 'U0ANA00001', comment: 'more words' },
      },
    ]);
    expect(textsOf(records[0])).toMatchObject({
      'file.title': 'old',
      'file.initial_comment.comment': 'first words',
      'comment.comment': 'more words',
    });
  });

  it('keeps old topics', async () => {
    const { records } = await readDay([
      { ...plainMessage, subtype: 'channel_topic', topic: 'pw: alpha', text: 'set the topic: pw: alpha' },
    ]);
    expect(records[0]?.texts.find((text) => text.field.path === 'topic')?.field.role).toBe('topic');
  });
});

describe('copies of what stands elsewhere', () => {
  it('is a preview for a link', async () => {
    const { records } = await readDay([
      {
        ...plainMessage,
        attachments: [{ id: 1, from_url: 'https://w.example.org/p', title: 'Page', text: 'shown' }],
      },
    ]);
    expect(records.map((r) => r.revision)).toEqual([
      { state: 'current' },
      { state: 'preview', of: 'https://w.example.org/p', id: 'attachments.0' },
    ]);
    expect(records.map((r) => r.id)).toEqual([plainMessage.ts, plainMessage.ts]);
  });

  it('is a quoted copy for a message, and names it', async () => {
    const unfurl = (channel: string): object => ({
      is_msg_unfurl: true,
      channel_id: channel,
      from_url: `https://acme.slack.com/archives/${channel}/p1599999999000100`,
      text: 'original words',
    });
    const { records } = await readDay([
      { ...plainMessage, attachments: [unfurl('C0DEPLOY01'), unfurl('C0OTHER001')] },
    ]);
    expect(records.slice(1).map((r) => r.revision.of)).toEqual([
      '1599999999.000100',
      'C0OTHER001/1599999999.000100',
    ]);
    expect(records[1]?.revision.state).toBe('quoted-copy');
  });

  it('is a quoted copy for the root of a thread', async () => {
    const { records } = await readDay([
      {
        ...plainMessage,
        ts: '1600000800.000000',
        subtype: 'thread_broadcast',
        thread_ts: plainMessage.ts,
        root: plainMessage,
      },
    ]);
    expect(records[1]).toMatchObject({
      id: '1600000800.000000',
      revision: { state: 'quoted-copy', of: plainMessage.ts },
    });
  });
});

describe('damage', () => {
  it.each([100, 1000, 65536])(
    'gives the messages before and after it (pieces of %d bytes)',
    async (piece) => {
      const messages = Array.from({ length: 9 }, (_, i) => ({ ...plainMessage, ts: `160000010${i}.000000` }));
      const texts = messages.map((message) => JSON.stringify(message, null, 4));
      texts[4] = texts[4]?.replace('"text"', 'te"xt') ?? '';
      const name = 'deploys/2020-09-13.json';
      const files = { ...lists, [name]: `[\n${texts.join(',\n')}\n` };
      const { records, damage } = await readExport(files, name, { piece });
      const ids = messagesOf(records).map((record) => record.id);
      for (const i of [0, 1, 2, 3, 5, 6, 7, 8]) expect(ids).toContain(messages[i]?.ts);
      expect(damage.length).toBeGreaterThan(0);
    },
  );
});

describe('nothing is lost', () => {
  const full = {
    ...plainMessage,
    user_profile: { real_name: 'Ana Real', display_name: 'Ana', first_name: 'A', name: 'ana', image_72: 'x' },
    bot_profile: { id: 'B0HOOK0001', name: 'Hook', icons: { image_36: 'x' } },
    bot_id: 'B0HOOK0001',
    metadata: { event_type: 'x', event_payload: { token: 'pay', deep: { er: ['load'] } } },
    room: { id: 'R0ROOM0001', name: 'huddle', created_by: 'U0ANA00001' },
    upcoming_field: { text: 'next year', list: [{ note: 'more' }] },
    topic: 'a topic',
    purpose: 'a purpose',
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: 'head' } },
      {
        type: 'context',
        elements: [
          { type: 'mrkdwn', text: 'ctx' },
          { type: 'image', alt_text: 'alt', image_url: 'https://i.example.org/x.png' },
        ],
      },
      {
        type: 'input',
        label: { type: 'plain_text', text: 'lbl' },
        element: {
          type: 'plain_text_input',
          initial_value: 'init',
          placeholder: { type: 'plain_text', text: 'ph' },
        },
        hint: { type: 'plain_text', text: 'hint' },
      },
      {
        type: 'video',
        alt_text: 'va',
        title_url: 'https://v.example.org',
        video_url: 'https://v.example.org/v',
        author_name: 'au',
        provider_name: 'pn',
        new_key: 'new words',
      },
      {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_quote',
            elements: [
              { type: 'text', text: 'q' },
              { type: 'link', url: 'https://l.example.org', text: 'lab' },
              { type: 'date', timestamp: 1, fallback: 'fallb', url: 'https://d.example.org' },
              { type: 'new_leaf', shown: 'newleaf' },
            ],
          },
        ],
      },
    ],
    attachments: [
      {
        fallback: 'fb',
        pretext: 'pt',
        title: 'ti',
        title_link: 'https://t.example.org',
        text: 'tx',
        footer: 'ft',
        author_name: 'an',
        author_link: 'https://a.example.org',
        service_name: 'sn',
        callback_id: 'my callback',
        fields: [{ title: 'ft', value: 'fv' }],
        actions: [{ type: 'button', text: 'at', value: 'av', url: 'https://x.example.org' }],
        blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'ab' } }],
        message_blocks: [
          { message: { blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'mb' } }] } },
        ],
        files: [{ id: 'F0FILE0002', title: 'af' }],
        vendor_extra: 'extra words',
      },
    ],
    files: [
      {
        id: 'F0FILE0003',
        name: 'n',
        title: 't',
        preview: 'p',
        preview_highlight: 'ph',
        plain_text: 'pl',
        subject: 'su',
        from: [{ address: 'a@example.org', name: 'An', original: 'An <a@example.org>' }],
        headers: { reply_to: 'r' },
        preview_plain_text: 'pp',
        simplified_html: 'sh',
        alt_txt: 'alt',
        transcription: { preview: { content: 'said' } },
        initial_comment: { comment: 'ic' },
        url_private: 'https://f.example.org',
        permalink: 'https://acme.slack.com/files/x',
        some_day: 'new text',
      },
    ],
    root: { ...plainMessage, text: 'root text' },
    previous_message: { ...plainMessage, text: 'before' },
  };

  it('finds a marker in every text of a message', async () => {
    const isLeftAlone = (path: string): boolean =>
      /(?:^|\.)(?:type|subtype|ts|id|user|bot_id|event_type|created_by|image_\d+|thread_ts)$/.test(path);
    const { value, markers } = plantMarkers(full, isLeftAlone);
    const { records } = await readDay([value]);
    const texts = records.flatMap((record) => record.texts.map((text) => text.text));
    expect(lostMarkers(markers, texts)).toEqual([]);
    // Handed over once, but for leaves whose words touch: those come on lines of their own, too.
    const isApart = (path: string): boolean => path.endsWith('.elements');
    const all = records
      .flatMap((record) => record.texts.filter((text) => !isApart(text.field.path)).map((text) => text.text))
      .join('\n');
    const twice = [...markers]
      .filter(([marker]) => all.split(`${marker}`).length > 2)
      .map(([, path]) => path);
    expect(twice).toEqual([]);
  });

  it('reports keys that it does not know, and none that it does', async () => {
    const { unknownKeys } = await readDay([full]);
    expect([...new Set(unknownKeys)].sort()).toEqual([
      'new_key',
      'note',
      'shown',
      'some_day',
      'vendor_extra',
    ]);
    expect((await readDay([plainMessage, fileMessage])).unknownKeys).toEqual([]);
  });

  it('survives messages in messages without end', async () => {
    let message: object = { ...plainMessage, text: 'innermost' };
    for (let i = 0; i < 500; i++) message = { ...plainMessage, root: message };
    const { records } = await readDay([message]);
    expect(records.flatMap((r) => r.texts.map((t) => t.text)).join('\n')).toContain('innermost');
  });

  it('survives blocks in blocks without end, and keeps their text', async () => {
    let block: object = { type: 'text', text: 'at the bottom' };
    for (let i = 0; i < 500; i++) block = { type: 'rich_text_quote', elements: [block] };
    const { records } = await readDay([
      { ...plainMessage, blocks: [{ type: 'rich_text', elements: [block] }] },
    ]);
    expect(records.flatMap((r) => r.texts.map((t) => t.text)).join('\n')).toContain('at the bottom');
  });

  it('takes members of odd types without throwing', async () => {
    const odd = {
      ts: plainMessage.ts,
      type: 'message',
      text: 7,
      blocks: 'x',
      attachments: {},
      files: [null, 3, 'f'],
      user: {},
      edited: 'no',
      channel: 5,
      reactions: 1,
      root: [],
    };
    const { records } = await readDay([odd, null, 'loose words here', plainMessage]);
    expect(records.at(-1)?.id).toBe(plainMessage.ts);
  });
});
