import { describe, expect, it } from 'vitest';
import { ConfluenceContents } from '../../../../../src/sources/exports/atlassian/confluence-contents.js';
import type { ConfluenceObject } from '../../../../../src/sources/exports/atlassian/confluence-objects.js';
import { ConfluenceSite } from '../../../../../src/sources/exports/atlassian/confluence-site.js';
import type { ExportRecord, RecordSink } from '../../../../../src/sources/exports/contract.js';
import { readExport } from '../../../../support/read-export.js';

const text = (name: string, value: string) => `<property name="${name}"><![CDATA[${value}]]></property>`;
const plain = (name: string, value: string) => `<property name="${name}">${value}</property>`;
const ref = (name: string, type: string, id: string, key = 'id') =>
  `<property name="${name}" class="${type}" package="p"><id name="${key}">${id}</id>\n</property>`;
const object = (type: string, id: string, ...properties: string[]) =>
  `<object class="${type}" package="p">\n<id name="id">${id}</id>\n${properties.join('\n')}\n</object>`;
const body = (id: string, owner: string, content: string, type = '2', ownerClass = 'Page') =>
  object(
    'BodyContent',
    id,
    text('body', content),
    ref('content', ownerClass, owner),
    plain('bodyType', type),
  );
const entities = (...objects: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<hibernate-generic datetime="2025-02-10 10:23:10">\n${objects.join('\n')}\n</hibernate-generic>\n`;

const space = object('Space', '1', text('name', 'Operations'), text('key', 'OPS'));
const user = `<object class="ConfluenceUserImpl" package="p"><id name="key"><![CDATA[ff8080]]></id>${text('name', 'ana')}${text('lowerName', 'ana')}</object>`;
const person = object(
  'InternalUser',
  '7',
  text('name', 'ana'),
  text('displayName', 'Ana Roe'),
  text('emailAddress', 'ana@example.org'),
  `<component name="credential"><property name="credential" type="string"><![CDATA[{PKCS5S2}hash]]></property></component>`,
);
const stamps = [
  ref('creator', 'ConfluenceUserImpl', 'ff8080', 'key'),
  plain('creationDate', '2024-01-01 10:00:00.500'),
  ref('lastModifier', 'ConfluenceUserImpl', 'ff8080', 'key'),
  plain('lastModificationDate', '2024-02-02 11:00:00.500'),
];
const page = object(
  'Page',
  '10',
  text('title', 'How to'),
  text('lowerTitle', 'how to'),
  plain('version', '3'),
  ref('space', 'Space', '1'),
  text('contentStatus', 'current'),
  text('versionComment', 'tidied up'),
  ...stamps,
);
const oldPage = object(
  'Page',
  '11',
  text('title', 'How to'),
  plain('version', '2'),
  ref('originalVersion', 'Page', '10'),
  text('contentStatus', 'current'),
  ...stamps,
);

const base = 'https://wiki.example.org/wiki';
const read = (content: string, options: { piece?: number; baseUrl?: string } = { baseUrl: base }) =>
  readExport({ 'top/any.xml': content }, 'top/any.xml', options);
const of = (records: readonly ExportRecord[], type: string, state = 'current') =>
  records.find((record) => record.type === type && record.revision.state === state);

describe('Confluence XML', () => {
  it.each([
    ['after', [space, user, person, page, body('20', '10', '<p>now</p>')]],
    ['before', [body('20', '10', '<p>now</p>'), page, person, user, space]],
  ])('joins a page with a body that stands %s it', async (_where, objects) => {
    const { reader, records } = await read(entities(...objects));
    expect(reader).toBe('confluence-xml');
    expect(of(records, 'page')).toMatchObject({
      place: { kind: 'space', tenant: 'wiki.example.org', id: 'OPS', name: 'Operations' },
      id: '10',
      title: 'How to',
      actor: { id: 'ff8080', name: 'Ana Roe', email: 'ana@example.org' },
      time: { created: '2024-01-01T10:00:00.500', edited: '2024-02-02T11:00:00.500' },
      revision: { state: 'current', id: '3' },
      permalink: { url: `${base}/pages/viewpage.action?pageId=10` },
    });
    expect(of(records, 'page')?.texts.map(({ text: value, dialect }) => [value, dialect])).toEqual([
      ['How to', 'plain'],
      ['<p>now</p>', 'confluence-storage'],
      ['tidied up', 'plain'],
    ]);
  });

  it('gives each old version as a revision of its page, with its own address', async () => {
    const { records } = await read(entities(oldPage, body('21', '11', '<p>was</p>'), page, space));
    expect(of(records, 'page', 'previous')).toMatchObject({
      place: { id: 'OPS' },
      id: '10',
      revision: { state: 'previous', id: '2' },
      time: { created: '2024-02-02T11:00:00.500' },
      permalink: { url: `${base}/pages/viewpage.action?pageId=11` },
      action: 'delete-revision',
      texts: [{ text: 'How to' }, { text: '<p>was</p>' }],
    });
  });

  it.each(['draft', 'deleted'])('says that a page is a %s one', async (status) => {
    const { records } = await read(entities(space, page.replace('[current]', `[${status}]`)));
    expect(of(records, 'page', status)?.id).toBe('10');
  });

  it('places comments and attachments by their page', async () => {
    const comment = object('Comment', '30', ref('containerContent', 'Page', '10'), ...stamps);
    const attachment = object(
      'Attachment',
      '40',
      text('title', 'env.txt'),
      ref('containerContent', 'Page', '10'),
      plain('version', '1'),
      text('versionComment', 'keys'),
    );
    const { records } = await read(
      entities(comment, body('31', '30', '<p>c</p>', '2', 'Comment'), attachment, page, space),
    );
    expect(of(records, 'comment')).toMatchObject({
      place: { id: 'OPS' },
      id: '30',
      thread: '10',
      title: 'How to',
      permalink: { url: `${base}/pages/viewpage.action?pageId=10&focusedCommentId=30#comment-30` },
      texts: [{ text: '<p>c</p>', field: { role: 'comment' } }],
    });
    expect(of(records, 'attachment')).toMatchObject({
      thread: '10',
      permalink: { level: 'record' },
      texts: [
        { text: 'env.txt', field: { role: 'attachment-name' } },
        { text: 'keys', field: { role: 'comment' } },
      ],
    });
  });

  it('tells bodies apart by their type', async () => {
    const { records } = await read(
      entities(
        space,
        page,
        body('20', '10', 'h1. old {code}x{code}', '0'),
        body('22', '10', '{"name":{"value":"x y"},"inner":"{\\"secret\\":\\"s t\\"}"}', '1'),
        body('23', '10', '"plain words"', '1'),
      ),
    );
    expect(
      of(records, 'page')
        ?.texts.slice(1, 5)
        .map((t) => [t.text, t.dialect, t.label]),
    ).toEqual([
      ['h1. old {code}x{code}', 'jira-wiki', undefined],
      ['x y', 'plain', undefined],
      ['{"secret":"s t"}', 'plain', 'inner'],
      ['"plain words"', 'plain', undefined],
    ]);
  });

  it('restores the ends of inner sections, and keeps control characters', async () => {
    const macro =
      '<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[a\u0002b]] ></ac:plain-text-body></ac:structured-macro>';
    const { records, damage } = await read(entities(space, page, body('20', '10', macro)));
    expect(damage).toEqual([]);
    expect(of(records, 'page')?.texts[1]?.text).toBe(macro.replace(']] >', ']]>'));
  });

  it('rejoins links, and hands over properties of a page under their names', async () => {
    const link = object(
      'OutgoingLink',
      '50',
      text('destinationPageTitle', '//user:pw@db.example/x?y'),
      text('destinationSpaceKey', 'https'),
      ref('sourceContent', 'Page', '10'),
    );
    const property = object(
      'ContentProperty',
      '51',
      text('name', 'db-password'),
      text('stringValue', 'x-y-z'),
      ref('content', 'Page', '10'),
    );
    const texts = of((await read(entities(space, link, property, page))).records, 'page')?.texts;
    expect(texts?.slice(1, 3)).toMatchObject([
      { text: 'https://user:pw@db.example/x?y', field: { role: 'link' } },
      { text: 'x-y-z', label: 'db-password' },
    ]);
  });

  it('hands over what is no word of the set that its property is of, and names that hold text', async () => {
    const odd = object('Page', '11', text('title', 'Odd'), text('contentStatus', 'current marker one'));
    const named = object(
      'ContentProperty',
      '12',
      text('name', 'note marker two'),
      text('stringValue', 'x'),
      ref('content', 'Page', '11'),
    );
    const { records } = await readExport({ 'entities.xml': entities(space, odd, named) }, 'entities.xml');
    const all = records.flatMap(({ texts }) => texts.map((each) => each.text));
    expect(all).toEqual(expect.arrayContaining(['current marker one', 'note marker two']));
    const healthy = await readExport({ 'entities.xml': entities(space, page) }, 'entities.xml');
    expect(healthy.records.flatMap(({ texts }) => texts.map((each) => each.text))).not.toContain('current');
  });

  it('reads settings by name, and marks what the product made for itself', async () => {
    const settings = object(
      'ConfluenceBandanaRecord',
      '60',
      text('context', '_GLOBAL'),
      text('key', 'atlassian.confluence.smtp'),
      text(
        'value',
        '<map><entry><string>mailPassword</string><string>x-y-z</string></entry><entry><string>on</string><boolean>true</boolean></entry></map>',
      ),
    );
    const token = object('ConfluenceRememberMeToken', '61', text('username', 'ana'), text('token', 'abcdef'));
    const texts = (await read(entities(settings, token, person))).records.flatMap((record) => record.texts);
    expect(texts.find(({ text: value }) => value === 'x-y-z')).toMatchObject({ label: 'mailPassword' });
    expect(texts.filter(({ artifact }) => artifact).map(({ text: value }) => value)).toEqual([
      'abcdef',
      '{PKCS5S2}hash',
    ]);
  });

  it('takes the address from the settings of the site, and none from nowhere', async () => {
    const settings = object(
      'ConfluenceBandanaRecord',
      '60',
      text('value', '<settings><baseUrl>https://own.example.net/c</baseUrl></settings>'),
    );
    const told = await read(entities(space, page, settings), {});
    expect(of(told.records, 'page')?.permalink?.url).toBe(
      'https://own.example.net/c/pages/viewpage.action?pageId=10',
    );
    const silent = await read(entities(space, page), {});
    expect(of(silent.records, 'page')?.permalink).toBeUndefined();
    expect(of(silent.records, 'page')?.place.tenant).toBeUndefined();
  });

  it('knows the space from the descriptor beside the file', async () => {
    const files = {
      'x/e.xml': entities(object('Page', '10', text('title', 'How to'))),
      'x/exportDescriptor.properties': '#now\nexportType=space\nspaceKey=OPS\nbackupAttachments=false\n',
    };
    expect((await readExport(files, 'x/e.xml')).records[0]?.place).toMatchObject({
      kind: 'space',
      id: 'OPS',
    });
  });

  it('hands over templates, descriptions and unknown objects', async () => {
    const { records } = await read(
      entities(
        space,
        object(
          'PageTemplate',
          '70',
          text('name', 'Runbook'),
          text('content', '<p>t</p>'),
          ref('space', 'Space', '1'),
        ),
        object('SpaceDescription', '71', ref('space', 'Space', '1')),
        body('72', '71', 'about us', '2', 'SpaceDescription'),
        object('VendorThing', '73', text('note', 'some words')),
      ),
    );
    const texts = records.flatMap((record) => record.texts.map((t) => `${record.place.id} ${t.text}`));
    expect(texts).toEqual(expect.arrayContaining(['OPS <p>t</p>', 'OPS about us', 'site some words']));
  });

  it('gives what stands before and after damage, whatever the pieces', async () => {
    const broken = entities(
      space,
      page,
      body('20', '10', '<p>now</p>'),
      oldPage,
      body('21', '11', '<p>was</p>'),
    ).replace('</object>\n<object class="BodyContent"', '<object class="BodyContent"');
    for (const piece of [5, 1000]) {
      const { records } = await read(broken, { piece });
      expect(records.filter(({ type }) => type === 'page').map((r) => r.texts[1]?.text)).toEqual([
        '<p>now</p>',
        '<p>was</p>',
      ]);
    }
    const { records, damage } = await read(broken.slice(0, broken.indexOf('<p>was')), {});
    expect(damage).not.toEqual([]);
    expect(of(records, 'page')?.texts[1]?.text).toBe('<p>now</p>');
  });

  it('knows the file by its objects when its root is damaged', async () => {
    const package_ = 'package="com.atlassian.confluence.pages"';
    const broken = entities(space, page)
      .replace('<hibernate', '<hiber\u0000nate')
      .replaceAll('package="p"', package_);
    const { reader, records } = await read(broken);
    expect(reader).toBe('confluence-xml');
    expect(of(records, 'page')?.id).toBe('10');
  });

  describe('with more than fits among what waits', () => {
    const made = (
      type: string,
      id: string,
      properties: Record<string, string>,
      references: Record<string, readonly [string, string]> = {},
    ): ConfluenceObject => ({
      class: type,
      id,
      properties: new Map([
        ...Object.entries(properties).map(([name, value]) => [name, { text: value }] as const),
        ...Object.entries(references).map(
          ([name, [target, to]]) => [name, { text: '', reference: { class: target, id: to } }] as const,
        ),
      ]),
      elements: [],
      stray: '',
      raw: { start: 0, end: 1 },
    });
    const objects = [
      ...Array.from({ length: 10 }, (_, i) =>
        made(
          'BodyContent',
          `2${i}`,
          { body: `<p>${'x'.repeat(500)} ${i}</p>` },
          { content: ['Page', `1${i}`] },
        ),
      ),
      ...Array.from({ length: 10 }, (_, i) =>
        made('Page', `1${i}`, { title: `Page ${i}`, version: '2' }, { space: ['Space', '1'] }),
      ),
      made('Space', '1', { key: 'OPS', name: 'Operations' }),
    ];
    const handOver = async (isForeseen: boolean) => {
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
      const wiki = new ConfluenceSite(base, undefined);
      if (isForeseen) for (const each of objects) wiki.learn(each);
      const contents = new ConfluenceContents(sink, wiki, true, 4000);
      for (const each of objects) contents.add(each);
      await contents.finish();
      return { records, incomplete };
    };

    it('hands bodies over under the id and address that they know themselves', async () => {
      const { records, incomplete } = await handOver(false);
      expect(
        records.flatMap((record) => record.texts).filter(({ text: value }) => value.startsWith('<p>')),
      ).toHaveLength(10);
      expect(records[0]).toMatchObject({
        id: '10',
        revision: { state: 'unknown' },
        permalink: { url: `${base}/pages/viewpage.action?pageId=10` },
      });
      expect(incomplete).toBeGreaterThan(0);
    });

    it('knows all of them after a first look at the file', async () => {
      const { records, incomplete } = await handOver(true);
      const bodies = records.filter(({ texts }) => texts.some((each) => each.text.startsWith('<p>')));
      expect(bodies).toHaveLength(10);
      for (const record of bodies)
        expect(record).toMatchObject({
          place: { kind: 'space', id: 'OPS', name: 'Operations' },
          title: expect.stringMatching(/^Page \d$/),
          revision: { state: 'current', id: '2' },
        });
      expect(incomplete).toBe(0);
    });
  });
});
