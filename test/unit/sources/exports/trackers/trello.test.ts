import { describe, expect, it } from 'vitest';
import { lostMarkers, plantMarkers } from '../../../../support/plant-markers.js';
import { type ReadExport, readExport } from '../../../../support/read-export.js';

const read = (value: unknown) => readExport({ 'x.bin': JSON.stringify(value) }, 'x.bin');
const textsOf = ({ records }: ReadExport) => records.flatMap((record) => record.texts);

const boardId = '5fcbec03c670ab79e1f625b2';
const cardId = '5fcbec2e6621ca4f0a547896';
const member = { id: '573c6868cbda1f0332684fb0', username: 'ana', fullName: 'Ana R', initials: 'AR' };
const action = (id: string, type: string, data: object) => ({
  id,
  idMemberCreator: member.id,
  type,
  date: '2024-03-02T00:00:00.000Z',
  data: {
    board: { id: boardId, name: 'Ops', shortLink: 'CsjMiavu' },
    card: { id: cardId, name: 'Deploy', shortLink: 'cQCFhToV' },
    ...data,
  },
  memberCreator: member,
});
const board = (actions: readonly object[]) => ({
  id: boardId,
  name: 'Ops',
  desc: 'about',
  closed: false,
  idOrganization: null,
  shortLink: 'CsjMiavu',
  url: 'https://trello.com/b/CsjMiavu/ops',
  shortUrl: 'https://trello.com/b/CsjMiavu',
  labelNames: { green: 'prod' },
  prefs: { permissionLevel: 'private', background: 'blue' },
  actions,
  cards: [
    {
      id: cardId,
      idBoard: boardId,
      idList: '5fcbec0a23b2cc266296d6a3',
      idShort: 2,
      name: 'Deploy',
      desc: 'pw **x**',
      shortUrl: 'https://trello.com/c/cQCFhToV',
      email: 'board+1@boards.example.org',
      attachments: [{ id: 'a', name: 'env.txt', url: 'https://files.example.org/env.txt', isUpload: true }],
      customFieldItems: [
        { id: 'b', idCustomField: '6006a36ff2036a5d85479f8b', value: { text: 'hunter2-Blue' } },
      ],
      pluginData: [{ id: 'c', value: '{"fields":{"k":"a\\nb"}}' }],
    },
  ],
  labels: [{ id: 'd', idBoard: boardId, name: 'prod', color: 'green' }],
  lists: [{ id: 'e', idBoard: boardId, name: 'Todo', pos: 1 }],
  members: [member],
  checklists: [
    { id: 'f', idBoard: boardId, idCard: cardId, name: 'Steps', checkItems: [{ id: 'g', name: 'run x' }] },
  ],
  customFields: [
    {
      id: '6006a36ff2036a5d85479f8b',
      idModel: boardId,
      modelType: 'board',
      fieldGroup: 'h',
      name: 'Password',
      type: 'text',
    },
  ],
  pluginData: [],
});

describe('Trello', () => {
  it('reads cards with board, page, time of their id, and answers to fields under the fields name', async () => {
    const result = await read(board([]));
    expect(result.reader).toBe('trello-json');
    const card = result.records.find((record) => record.id === cardId);
    expect(card).toMatchObject({
      place: { kind: 'board', id: boardId, name: 'Ops', audience: 'restricted' },
      type: 'issue',
      title: 'Deploy',
      time: { created: '2020-12-05T20:23:10Z' },
      permalink: { url: 'https://trello.com/c/cQCFhToV' },
    });
    expect(card?.texts.find((text) => text.field.path === 'desc')).toMatchObject({
      dialect: 'markdown',
      field: { role: 'body' },
    });
    const answer = result.records.find((record) => record.texts.some((text) => text.text === 'hunter2-Blue'));
    expect(answer).toMatchObject({ id: cardId, texts: [{ label: 'Password' }] });
    expect(result.records.find((record) => record.id === 'f')).toMatchObject({
      thread: cardId,
      title: 'Deploy',
    });
    expect(textsOf(result)).toContainEqual(expect.objectContaining({ text: 'a\nb' }));
    expect(textsOf(result)).toContainEqual(expect.objectContaining({ text: 'about' }));
    expect(result.notes['attachment-missing']).toBe(1);
    expect(result.unknownKeys).toEqual(['k']);
  });

  it('gives comments with their own link, and former wordings as previous revisions of the card', async () => {
    const result = await read(
      board([
        action('6006a3d58801924a07258fe2', 'commentCard', { text: 'pw is y' }),
        action('6006a3cef37f842d6d0e65d6', 'updateCard', { old: { desc: 'pw was z' } }),
        action('6006a3c9d21c1040d78eb552', 'deleteAttachmentFromCard', {
          attachment: { name: 'keys.txt', url: 'https://files.example.org/k' },
        }),
      ]),
    );
    expect(result.records.find((record) => record.type === 'comment')).toMatchObject({
      id: '6006a3d58801924a07258fe2',
      thread: cardId,
      actor: { id: member.id, name: 'Ana R' },
      time: { created: '2024-03-02T00:00:00.000Z' },
      permalink: { url: 'https://trello.com/c/cQCFhToV#comment-6006a3d58801924a07258fe2' },
    });
    expect(result.records.find((record) => record.revision.state === 'previous')).toMatchObject({
      type: 'issue',
      id: cardId,
      revision: { id: '6006a3cef37f842d6d0e65d6' },
      texts: [{ text: 'pw was z', field: { role: 'history-old' } }],
    });
    const deleted = result.records.find((record) => record.revision.state === 'deleted');
    expect(deleted?.texts.map((text) => text.text)).toContain('keys.txt');
  });

  it('says that the history is cut at a thousand actions', async () => {
    const actions = Array.from({ length: 1000 }, (_, i) =>
      action(String(i), 'commentCard', { text: `c${i}` }),
    );
    expect((await read(board(actions))).notes.incomplete).toBe(1);
    expect((await read(board(actions.slice(1)))).notes.incomplete).toBeUndefined();
  });

  it('meets the card of the JSON in a CSV', async () => {
    const csv = `Card ID,Card Name,Card URL,Card Description,Labels,Board ID,Board Name,Password\n${cardId},Deploy,https://trello.com/c/cQCFhToV/2-deploy,pw x,prod,${boardId},Ops,hunter2\n`;
    const { reader, records } = await readExport({ 'x.bin': csv }, 'x.bin');
    expect(reader).toBe('trello-csv');
    expect(records[0]).toMatchObject({
      place: { kind: 'board', id: boardId, name: 'Ops' },
      type: 'issue',
      id: cardId,
      permalink: { url: 'https://trello.com/c/cQCFhToV/2-deploy' },
    });
    expect(records[0]?.texts).toContainEqual(expect.objectContaining({ text: 'hunter2', label: 'Password' }));
  });

  it('loses no string', async () => {
    const planted = plantMarkers<object>(
      { ...board([action('1', 'updateCard', { old: { name: 'n' } })]), vendor: { a: ['b'] } },
      (path) => /(?:^|\.)id(?:$|[A-Z])|value$|date$/.test(path),
    );
    const texts = textsOf(await read(planted.value)).map((text) => text.text);
    expect(lostMarkers(planted.markers, texts)).toEqual([]);
  });
});
