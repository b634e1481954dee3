import { describe, expect, it } from 'vitest';
import { readExport } from '../../../../support/read-export.js';

const row = (id: number, body: string) => ({
  github: {
    number: id,
    html_url: `https://github.com/a/b/issues/${id}`,
    title: `t${id}`,
    body,
    user: { login: 'ana' },
  },
  gitlab: { iid: id, title: `t${id}`, description: body, author_id: 1, project_id: 5, notes: [] },
  azure: { id, rev: 1, fields: { 'System.Title': `t${id}`, 'System.Description': body } },
  servicenow: { sys_id: String(id), number: `INC${1000 + id}`, sys_created_on: '', short_description: body },
  zendesk: {
    id,
    subject: `t${id}`,
    raw_subject: `t${id}`,
    requester_id: 1,
    status: 'open',
    description: body,
  },
  freshdesk: { helpdesk_ticket: { display_id: id, subject: `t${id}`, status: 2, description: body } },
  asana: { gid: String(id), resource_type: 'task', name: `t${id}`, notes: body, completed: false },
});

const many = (make: (id: number, body: string) => unknown) =>
  Array.from({ length: 12 }, (_, i) => make(i + 1, `body ${i + 1} \\ "é" end`));

/** One text of each syntax, with twelve records. */
const texts: Readonly<Record<string, string>> = {
  github: JSON.stringify(many((id, body) => row(id, body).github)),
  gitlab: many((id, body) => row(id, body).gitlab)
    .map((one) => JSON.stringify(one))
    .join('\n'),
  azure: JSON.stringify({ count: 12, value: many((id, body) => row(id, body).azure) }),
  servicenow: JSON.stringify({ result: many((id, body) => row(id, body).servicenow) }),
  zendesk: many((id, body) => row(id, body).zendesk)
    .map((one) => JSON.stringify(one))
    .join('\n'),
  freshdesk: JSON.stringify(many((id, body) => row(id, body).freshdesk)),
  asana: JSON.stringify({ data: many((id, body) => row(id, body).asana) }),
  linear: `ID,Team,Title,Description,Status,Creator,Estimate\n${many((id, body) => `E-${id},E,t,"${body.replaceAll('"', '""')}",Todo,ana,`).join('\n')}`,
  unload: `<unload unload_date="x">${many((id, body) => `<incident><number>INC${1000 + id}</number><description>${body}</description></incident>`).join('')}</unload>`,
  tickets: `<helpdesk-tickets type="array">${many((id, body) => `<helpdesk-ticket><display-id>${id}</display-id><subject>t</subject><status>2</status><description>${body}</description></helpdesk-ticket>`).join('')}</helpdesk-tickets>`,
};

const bodies = async (text: string, isUtf16 = false) => {
  const bytes = isUtf16
    ? Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
    : Buffer.from(text);
  const result = await readExport({ 'x.bin': bytes }, 'x.bin', { piece: 37 });
  const found = result.records.flatMap((record) =>
    record.texts.map((one) => /^body (\d+) /.exec(one.text)?.[1]),
  );
  return { ...result, found: new Set(found.filter((one) => one !== undefined)) };
};

describe.each(Object.entries(texts))('%s', (_name, text) => {
  it('is read whole in small pieces, and as UTF-16', async () => {
    expect((await bodies(text)).found.size).toBe(12);
    expect((await bodies(text, true)).found.size).toBe(12);
  });

  it('gives the records before a cut', async () => {
    for (let part = 5; part < 12; part++) {
      const cut = Math.floor((text.length * part) / 12);
      const { found } = await bodies(text.slice(0, cut));
      const whole = text.slice(0, cut).split(' end').length - 1;
      expect(found.size).toBeGreaterThanOrEqual(whole - 1);
    }
  });

  it('gives the records around damage in the middle', async () => {
    const middle = text.indexOf('body 6 ');
    const { found } = await bodies(`${text.slice(0, middle)}\u0000{[<"${text.slice(middle + 4)}`);
    for (const id of ['1', '2', '3', '10', '11', '12']) expect(found).toContain(id);
  });
});
