import { describe, expect, it } from 'vitest';
import { lostMarkers, plantMarkers } from '../../../../support/plant-markers.js';
import { type ReadExport, readExport } from '../../../../support/read-export.js';

const read = (content: unknown, baseUrl?: string) =>
  readExport(
    { 'x.bin': typeof content === 'string' ? content : JSON.stringify(content) },
    'x.bin',
    baseUrl === undefined ? {} : { baseUrl },
  );
const textsOf = ({ records }: ReadExport) => records.flatMap((record) => record.texts);
const keysOf = ({ records }: ReadExport) => records.map((record) => [record.type, record.id, record.thread]);

const ticket = {
  url: 'https://acme.zendesk.com/api/v2/tickets/35.json',
  id: 35,
  subject: 'Help',
  raw_subject: 'Help {{x}}',
  description: 'first comment',
  status: 'open',
  requester_id: 20978392,
  submitter_id: 1,
  created_at: '2024-03-01T10:02:03Z',
  custom_fields: [
    { id: 27642, value: '745' },
    { id: 27648, value: 'hunter2-Blue' },
  ],
  comments: [
    {
      id: 1274,
      type: 'Comment',
      author_id: 123,
      body: 'Thanks',
      html_body: '<div class="zd-comment"><p>Thanks</p></div>',
      plain_body: 'Thanks',
      public: false,
      created_at: '2024-03-02T00:00:00Z',
      attachments: [
        { file_name: 'a.log', content_url: 'https://acme.zendesk.com/attachments/token/abc/?name=a.log' },
      ],
    },
  ],
};

describe('Zendesk', () => {
  it('reads lines of tickets with their comments, site, page and both forms of a text', async () => {
    const result = await read(
      `${JSON.stringify(ticket)}\n${JSON.stringify({ ...ticket, id: 36, comments: [] })}\n`,
    );
    expect(result.reader).toBe('zendesk-json');
    expect(keysOf(result)).toEqual([
      ['issue', '35', undefined],
      ['comment', '1274', '35'],
      ['issue', '36', undefined],
    ]);
    expect(result.records[0]).toMatchObject({
      place: { kind: 'project', tenant: 'acme.zendesk.com', id: 'tickets' },
      title: '#35 Help',
      permalink: { url: 'https://acme.zendesk.com/agent/tickets/35' },
    });
    expect(result.records[1]).toMatchObject({ actor: { id: '123' }, permalink: { level: 'record' } });
    expect(result.records[1]?.texts.slice(0, 3).map((text) => text.dialect)).toEqual([
      'markdown',
      'html',
      'plain',
    ]);
    expect(textsOf(result).find((text) => text.text.includes('/attachments/token/'))?.artifact).toBe(true);
    expect(result.notes['attachment-missing']).toBe(1);
  });

  it('reads lists of the interface, and gives what audits keep as earlier wordings', async () => {
    expect(keysOf(await read({ tickets: [ticket], next_page: null, count: 1 }))).toHaveLength(2);
    const result = await read({
      audits: [
        {
          id: 9,
          ticket_id: 35,
          author_id: 123,
          created_at: '2024-03-02T00:00:00Z',
          metadata: { system: { client: 'Browser X' } },
          events: [
            { id: 1274, type: 'Comment', body: 'Thanks', html_body: '<p>Thanks</p>', public: true },
            {
              id: 1275,
              type: 'Change',
              field_name: 'password',
              value: 'new-value',
              previous_value: 'old-value',
            },
          ],
        },
      ],
      next_page: null,
    });
    expect(result.reader).toBe('zendesk-json');
    expect(keysOf(result)).toEqual([
      ['change', '9', '35'],
      ['comment', '1274', '35'],
      ['change', '1275', '35'],
      ['change', '1275', '35'],
    ]);
    expect(result.records[1]).toMatchObject({
      actor: { id: '123' },
      time: { created: '2024-03-02T00:00:00Z' },
    });
    expect(result.records[3]).toMatchObject({
      revision: { state: 'previous' },
      texts: [{ text: 'old-value', label: 'password', field: { role: 'history-old' } }],
    });
  });

  it('reads articles of the help centre as pages', async () => {
    const article = {
      id: 4,
      url: 'https://acme.zendesk.com/api/v2/help_center/en-us/articles/4.json',
      html_url: 'https://acme.zendesk.com/hc/en-us/articles/4',
      title: 'How to',
      body: '<p>pw x</p>',
      locale: 'en-us',
      section_id: 1,
    };
    const result = await read({ count: 1, next_page: null, articles: [article] });
    expect(result.records[0]).toMatchObject({
      type: 'page',
      place: { kind: 'space', tenant: 'acme.zendesk.com' },
      title: 'How to',
    });
    expect(textsOf(result)).toContainEqual({
      text: '<p>pw x</p>',
      dialect: 'html',
      field: { path: 'body', role: 'body' },
    });
  });

  it('counts what was redacted', async () => {
    const { notes } = await read({ tickets: [{ ...ticket, description: `card \u2587\u2587\u2587\u2587` }] });
    expect(notes.redacted).toBe(1);
  });

  it('reads the XML of the old export', async () => {
    const xml = `<?xml version="1.0"?><tickets type="array" count="1"><ticket><nice-id type="integer">35</nice-id><subject>Help</subject><description>first &amp; last</description><requester-id>7</requester-id>
<comments type="array"><comment><author-id>5</author-id><created-at>2024-03-02T00:00:00Z</created-at><is-public>true</is-public><value>pw is x</value></comment></comments></ticket></tickets>`;
    const result = await read(xml);
    expect(result.reader).toBe('zendesk-xml');
    expect(keysOf(result)).toEqual([
      ['issue', '35', undefined],
      ['comment', '35/2024-03-02T00:00:00Z/0', '35'],
    ]);
    expect(textsOf(result)).toContainEqual(
      expect.objectContaining({ text: 'first & last', field: { path: 'description', role: 'body' } }),
    );
    expect(result.records[1]?.texts[0]).toMatchObject({ text: 'pw is x', field: { role: 'comment' } });
  });

  it('reads tables of a warehouse, with the name of a field over its value', async () => {
    const comments = await read(
      'id,_fivetran_synced,body,created,public,ticket_id,user_id\n10,2020-03-05 04:47:57.580,text here,2020-02-11 07:49:14,TRUE,1077,55\n',
    );
    expect(keysOf(comments)).toEqual([['comment', '10', '1077']]);
    expect(comments.records[0]).toMatchObject({
      actor: { id: '55' },
      time: { created: '2020-02-11T07:49:14' },
    });
    const history = await read(
      'field_name,ticket_id,updated,_fivetran_synced,user_id,value\npassword,11,2020-08-28 11:01:27,2020-10-02 14:08:33.216,,hunter2\n',
    );
    expect(history.records[0]?.texts).toContainEqual(
      expect.objectContaining({ text: 'hunter2', label: 'password' }),
    );
  });

  it('reads its own CSV', async () => {
    const result = await read(
      'Summation column,Id,Requester,Requester id,Requester email,Subject,Status,Notes\n1,35,Joe,7,joe@example.org,Help,Open,pw\n',
    );
    expect(result.reader).toBe('zendesk-csv');
    expect(result.records[0]).toMatchObject({
      type: 'issue',
      id: '35',
      actor: { name: 'Joe', email: 'joe@example.org' },
    });
  });

  it('loses no string', async () => {
    const planted = plantMarkers({ tickets: [{ ...ticket, vendor: { any: ['x'] } }], extra: 'y' }, (path) =>
      /url$|_at$/.test(path),
    );
    const result = await read(planted.value);
    expect(
      lostMarkers(
        planted.markers,
        textsOf(result).map((text) => text.text),
      ),
    ).toEqual([]);
  });
});

describe('Freshdesk', () => {
  const note = {
    id: 5,
    body: 'note',
    body_html: '<div>note</div>',
    private: true,
    incoming: false,
    user_id: 8,
    created_at: '2024-03-02T00:00:00Z',
  };

  it('reads the XML of the account export, notes within their ticket', async () => {
    const xml = `<?xml version="1.0" encoding="UTF-8"?><helpdesk-tickets type="array"><helpdesk-ticket><display-id type="integer">12</display-id><subject>Help</subject><status>2</status><description>text</description><description-html>&lt;p&gt;text &amp;amp; more&lt;/p&gt;</description-html><created-at type="datetime">2024-03-01T10:02:03+01:00</created-at>
<notes type="array"><helpdesk-note><id>5</id><body>note</body><body-html>&lt;div&gt;note&lt;/div&gt;</body-html><private type="boolean">true</private><user-id>8</user-id></helpdesk-note></notes>
<custom-field><cf_password>hunter2-Blue</cf_password></custom-field></helpdesk-ticket></helpdesk-tickets>`;
    const result = await read(xml, 'https://acme.freshdesk.com');
    expect(result.reader).toBe('freshdesk-xml');
    expect(keysOf(result)).toEqual([
      ['issue', '12', undefined],
      ['comment', '5', '12'],
    ]);
    expect(result.records[0]).toMatchObject({
      place: { tenant: 'acme.freshdesk.com', id: 'tickets' },
      permalink: { url: 'https://acme.freshdesk.com/a/tickets/12' },
      time: { created: '2024-03-01T10:02:03+01:00' },
    });
    expect(textsOf(result)).toContainEqual(
      expect.objectContaining({ text: '<p>text &amp; more</p>', dialect: 'html' }),
    );
    expect(textsOf(result)).toContainEqual(
      expect.objectContaining({ text: 'hunter2-Blue', label: 'cf_password' }),
    );
  });

  it('reads JSON of both interfaces to one place and the same ids', async () => {
    const old = await read([
      { helpdesk_ticket: { display_id: 12, subject: 'Help', status: 2, description: 'text', notes: [note] } },
    ]);
    const recent = await read([
      {
        id: 12,
        subject: 'Help',
        status: 2,
        priority: 1,
        description: '<p>text</p>',
        description_text: 'text',
        requester_id: 7,
        responder_id: 8,
        custom_fields: { cf_password: 'hunter2-Blue' },
        conversations: [
          {
            id: 5,
            body: '<p>n</p>',
            body_text: 'n',
            private: true,
            incoming: false,
            user_id: 8,
            ticket_id: 12,
          },
        ],
      },
    ]);
    for (const result of [old, recent]) {
      expect(result.reader).toBe('freshdesk-json');
      expect(keysOf(result)).toEqual([
        ['issue', '12', undefined],
        ['comment', '5', '12'],
      ]);
    }
    expect(textsOf(recent)).toContainEqual(
      expect.objectContaining({ text: 'hunter2-Blue', label: 'cf_password' }),
    );
  });

  it('reads the CSV of tickets', async () => {
    const result = await read(
      'Ticket ID,Subject,Status,Priority,Source,Agent,Created time,Server password\n12,Help,Open,Low,Email,Bo,2024-03-01 10:02:03,hunter2\n',
      'https://acme.freshdesk.com',
    );
    expect(result.reader).toBe('freshdesk-csv');
    expect(result.records[0]).toMatchObject({
      id: '12',
      time: { created: '2024-03-01T10:02:03' },
      permalink: { url: 'https://acme.freshdesk.com/a/tickets/12' },
    });
    expect(textsOf(result)).toContainEqual(
      expect.objectContaining({ text: 'hunter2', label: 'Server password' }),
    );
  });
});

describe('other answers of Zendesk', () => {
  it('are articles with their address', async () => {
    const article = {
      id: 1,
      url: 'https://acme.zendesk.com/api/v2/help_center/en-us/articles/1.json',
      html_url: 'https://acme.zendesk.com/hc/en-us/articles/1-x',
      author_id: 5,
      section_id: 2,
      title: 'How to',
      locale: 'en-us',
      created_at: '2024-03-01T10:00:00Z',
      body: '<p>do so</p>',
    };
    const files = { x: JSON.stringify({ count: 1, next_page: null, articles: [article] }) };
    const { reader, records } = await readExport(files, 'x');
    expect(reader).toBe('zendesk-json');
    expect(records).toMatchObject([
      {
        type: 'page',
        place: { kind: 'space' },
        permalink: { url: 'https://acme.zendesk.com/hc/en-us/articles/1-x' },
      },
    ]);
  });

  it('are audits without an address, webhooks and side conversations', async () => {
    const event = {
      id: 2,
      type: 'Change',
      field_name: 'subject',
      previous_value: 'marker before',
      value: 'after',
    };
    const audits = {
      audits: [{ id: 1, ticket_id: 7, author_id: 5, events: [event] }],
      next_page: null,
      count: 1,
    };
    const webhooks = {
      webhooks: [
        {
          id: '01',
          name: 'marker hook',
          subscriptions: ['conditional_ticket_events'],
          endpoint: 'https://x.example.org',
        },
      ],
    };
    const side = {
      side_conversations: [
        {
          id: 'a',
          url: 'https://acme.zendesk.com/api/v2/tickets/7/side_conversations/a',
          ticket_id: 7,
          preview_text: 'marker side',
        },
      ],
    };
    for (const answer of [audits, webhooks, side]) {
      const { reader, records } = await readExport({ x: JSON.stringify(answer) }, 'x');
      expect(reader).toBe('zendesk-json');
      expect(JSON.stringify(records)).toContain('marker');
    }
  });
});
