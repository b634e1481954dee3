import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type ReadExport, readExport } from '../../../../support/read-export.js';
import { lost, plant } from './planted.js';

const entry = {
  startedDateTime: '2024-03-01T10:02:03.123+01:00',
  time: 12.5,
  request: {
    method: 'POST',
    url: 'https://user:pw@example.org/api/login?token=abc-def-ghi#x',
    httpVersion: 'HTTP/1.1',
    headers: [{ name: 'Authorization', value: 'Basic dXNlcjpodW50ZXIy' }],
    cookies: [{ name: 'session', value: 'long-session-value', path: '/', domain: 'example.org' }],
    queryString: [{ name: 'token', value: 'abc-def-ghi' }],
    postData: { mimeType: 'application/json', text: '{"password":"say \\"hi\\" to it"}' },
  },
  response: {
    status: 302,
    statusText: 'Found',
    headers: [{ name: 'Set-Cookie', value: 'id=some-cookie-value' }],
    cookies: [],
    redirectURL: 'https://example.org/next',
    content: { size: 10, mimeType: 'text/html', text: '<b>answer</b>', comment: 'a comment' },
  },
  _initiator: { type: 'script', url: 'https://example.org/app.js' },
  _webSocketMessages: [{ type: 'send', data: 'sent over the socket' }],
};
const recording = (one: unknown): unknown => ({
  log: {
    version: '1.2',
    creator: { name: 'Browser', version: '1' },
    pages: [{ id: 'page_1', title: 'A page title' }],
    entries: [one],
  },
});
const read = (one: unknown): Promise<ReadExport> =>
  readExport({ 'a/b': JSON.stringify(recording(one)) }, 'a/b');

describe('har', () => {
  it('gives an entry with its parts, labelled with the names of headers and parameters', async () => {
    const { reader, records } = await read(entry);
    expect(reader).toBe('har');
    expect(records[0]).toMatchObject({
      type: 'request',
      id: 'b#entry 1',
      title: 'POST https://example.org/api/login',
      time: { created: '2024-03-01T10:02:03.123+01:00', precision: 'ms' },
    });
    const texts = new Map(records[0]?.texts.map((text) => [text.field.path, text]));
    expect(texts.get('request.headers.Authorization')).toMatchObject({
      label: 'Authorization',
      field: { role: 'header' },
    });
    expect(texts.get('request.cookies.session')?.label).toBe('session');
    expect(texts.get('request.queryString.token')?.text).toBe('abc-def-ghi');
    expect(texts.get('request.postData.text.password')).toMatchObject({
      text: 'say "hi" to it',
      label: 'password',
    });
    expect(texts.get('response.content.text')).toMatchObject({ dialect: 'html', field: { role: 'body' } });
    expect(texts.get('response.content.text')?.label).toBeUndefined();
  });

  it('loses no text', async () => {
    const planted = plant(
      recording(entry),
      /version|httpVersion|statusText|startedDateTime|method|mimeType|\/(?:name|id|type|path)$/i,
    );
    expect(lost(planted, await readExport({ x: JSON.stringify(planted.value) }, 'x'))).toEqual([]);
  });

  it('decodes bodies stored as base64, also packed ones, and leaves out pictures', async () => {
    const withContent = (content: unknown): unknown => ({
      ...entry,
      response: { ...entry.response, content },
    });
    const body = async (mimeType: string, bytes: Buffer): Promise<string | undefined> => {
      const { records } = await read(
        withContent({ mimeType, encoding: 'base64', text: bytes.toString('base64') }),
      );
      return records[0]?.texts.find((text) => text.field.path === 'response.content.text')?.text;
    };
    expect(await body('application/json', Buffer.from('{"a": "ü"}'))).toBe('{"a": "ü"}');
    expect(await body('text/plain', gzipSync('packed text'))).toBe('packed text');
    expect(await body('image/png', Buffer.from('not looked at'))).toBeUndefined();
  });

  it('splits a form', async () => {
    const posted = { mimeType: 'application/x-www-form-urlencoded', text: 'user=ana&password=a%2Bb+c' };
    const { records } = await read({ ...entry, request: { ...entry.request, postData: posted } });
    expect(records[0]?.texts.find((text) => text.label === 'password')?.text).toBe('a+b c');
  });
});
