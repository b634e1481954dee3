import { describe, expect, it } from 'vitest';
import { type ReadExport, readExport } from '../../../../support/read-export.js';

const read = (content: string | Buffer, name = 'x', piece = 65536): Promise<ReadExport> =>
  readExport({ [name]: content }, name, { piece });
const commandsOf = ({ records }: ReadExport): (readonly [string, string | undefined])[] =>
  records.map((record) => [record.texts[0]?.text ?? '', record.time?.created] as const);

describe('shell-history', () => {
  it('reads bash with stamps, and its commands of several lines', async () => {
    const result = await read(
      '#1700000000\nexport TOKEN=hunter2-Blue\n#1700000060\nfor x in a; do\n  echo $x\ndone\n',
    );
    expect(result.reader).toBe('shell-history');
    expect(commandsOf(result)).toEqual([
      ['export TOKEN=hunter2-Blue', '2023-11-14T22:13:20Z'],
      ['for x in a; do\n  echo $x\ndone', '2023-11-14T22:14:20Z'],
    ]);
    expect(result.records[0]).toMatchObject({ id: 'x#1700000000', type: 'event', raw: { line: 2 } });
  });

  it('reads zsh, its continued lines and its metafied bytes', async () => {
    const metafied = Buffer.concat([
      Buffer.from(': 1700000000:0;echo one \\\ntwo\n: 1700000001:3;echo '),
      // U+00C4 is C3 84, of which zsh writes 84 as 83 A4.
      Buffer.from([0xc3, 0x83, 0xa4]),
      Buffer.from('\n: 1700000002:0;echo grün\n'),
    ]);
    for (const piece of [1, 1000]) {
      const result = await read(metafied, 'x', piece);
      expect(commandsOf(result).map(([text]) => text)).toEqual(['echo one \ntwo', 'echo Ä', 'echo grün']);
    }
  });

  it('reads fish', async () => {
    const result = await read(
      '- cmd: echo "a\\nb" \\\\ c\n  when: 1700000000\n  paths:\n    - some/file\n- cmd: ls\n  when: 1700000001\n',
    );
    expect(commandsOf(result)).toEqual([
      ['echo "a\nb" \\ c', '2023-11-14T22:13:20Z'],
      ['ls', '2023-11-14T22:13:21Z'],
    ]);
    expect(result.records[0]?.texts[1]?.text).toBe('some/file');
  });

  it('reads PowerShell, whose backtick goes on', async () => {
    const result = await read(
      'Get-Item `\r\n  x\r\n$env:TOKEN = "a"\r\n',
      'Users/ana/ConsoleHost_history.txt',
    );
    expect(commandsOf(result).map(([text]) => text)).toEqual(['Get-Item \n  x', '$env:TOKEN = "a"']);
    expect(result.records[0]?.actor?.name).toBe('ana');
  });

  it('undoes the escapes of libedit', async () => {
    const result = await read("_HiStOrY_V2_\nALTER\\040ROLE\\040ana\\040PASSWORD\\040'gr\\303\\274n';\n");
    expect(commandsOf(result).map(([text]) => text)).toEqual(["ALTER ROLE ana PASSWORD 'grün';"]);
  });

  it('keeps a key that was pasted together, and takes the user from the path', async () => {
    const key = ['-----BEGIN X', 'abc', '-----END X'];
    const result = await read(
      `ls\ncat > k <<E\n${key.join('\n')}\nE\ngit push \\\n  origin\n`,
      'home/ana/.bash_history',
    );
    expect(commandsOf(result).map(([text]) => text)).toEqual([
      'ls',
      'cat > k <<E',
      key.join('\n'),
      'E',
      'git push \n  origin',
    ]);
    expect(result.records[0]?.actor?.id).toBe('ana');
  });

  it('knows typed commands without a name, and no script', async () => {
    const typed = Array.from({ length: 20 }, (_, i) =>
      i % 2 === 0 ? `git checkout b${i}` : `curl -H "X: ${i}" example.org`,
    );
    expect((await read(`${typed.join('\n')}\n`)).reader).toBe('shell-history');
    expect((await read(`#!/bin/sh\n${typed.join('\n')}\n`)).reader).not.toBe('shell-history');
    expect((await read(`# setup\n${typed.join('\n')}\n`)).reader).not.toBe('shell-history');
  });
});
