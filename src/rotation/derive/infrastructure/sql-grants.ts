/** Users and rights that SQL files make: `CREATE USER`, `CREATE ROLE`, `GRANT ... TO ...`. */

import type { Creation, Grant } from './code-site.js';
import type { KnownPrivilege } from './privilege-words.js';
import { privilegeOfRole } from './privilege-words.js';

/** Statements of one file; longer files are dumps. */
const mostStatements = 2000;
const mostUsers = 32;

const quotedName = String.raw`(?:"[^"\n]{1,100}"|'[^'\n]{1,100}'|\x60[^\x60\n]{1,100}\x60|[\w$-]{1,100})`;
const grant =
  /^grant\s+([\w\s,()*]{1,400}?)\s+(?:on\s+((?:[\w]+\s+){0,4}?[\w.*"'\x60$-]{1,200}(?:\s*,\s*[\w.*"'\x60$-]{1,200}){0,20})\s+)?to\s+(.{1,1000})$/is;
const creation = new RegExp(
  String.raw`^create\s+(?:user|role|login)\s+(?:if\s+not\s+exists\s+)?(${quotedName})`,
  'i',
);
const user = new RegExp(String.raw`^\s*(?:(?:user|role|group)\s+)?(${quotedName})`, 'i');

function bare(name: string): string {
  return name.replace(/^["'\x60]|["'\x60]$/g, '');
}

interface Statement {
  readonly text: string;
  readonly line: number;
}

/** Statements without comments; a semicolon in a text ends one too early, and what is left is none. */
function statementsOf(sql: string): Statement[] {
  const statements: Statement[] = [];
  let line = 1;
  for (const part of sql.split(';').slice(0, mostStatements)) {
    const text = part.replace(/--[^\n]*/g, '').trim();
    const start = line + (/^\s*/.exec(part.replace(/--[^\n]*/g, ''))?.[0].split('\n').length ?? 1) - 1;
    if (text !== '') statements.push({ text, line: start });
    line += part.split('\n').length - 1;
  }
  return statements;
}

function privilegeOf(rights: string, hasGrantOption: boolean): KnownPrivilege | undefined {
  if (/\bsuper\b/i.test(rights) || (hasGrantOption && /\ball\b/i.test(rights))) return 'admin';
  if (/\b(?:all|insert|update|delete|truncate|create|drop|alter|references|trigger)\b/i.test(rights))
    return 'write';
  return /\b(?:select|usage|connect|execute|temporary|temp|show view)\b/i.test(rights) ? 'read' : undefined;
}

export interface SqlRights {
  readonly creations: readonly Creation[];
  readonly grants: readonly Grant[];
}

export function mayGrantInSql(sql: string): boolean {
  return /\bgrant\s|\bcreate\s+(?:user|role|login)\s/i.test(sql);
}

export function sqlRights(place: string, path: string, sql: string): SqlRights {
  const creations: Creation[] = [];
  const grants: Grant[] = [];
  for (const { text, line } of statementsOf(sql)) {
    const made = creation.exec(text)?.[1];
    if (made !== undefined) {
      const evidence = { place, path, line, note: `creates ${bare(made)}` };
      creations.push({ token: `db ${bare(made)}`, address: `${place}:${path}#${bare(made)}`, evidence });
    }
    const [, given = '', on, to = ''] = grant.exec(text) ?? [];
    if (to === '') continue;
    const hasOption = /\bwith\s+(?:grant|admin)\s+option\b/i.test(to);
    const target = on?.replace(/\s+/g, ' ').replace(/["'\x60]/g, '') ?? 'all';
    const role = given.replace(/\s+/g, ' ').trim();
    const names = to
      .replace(/\bwith\s+(?:grant|admin)\s+option\b.*$|\bidentified\s+by\b.*$/is, '')
      .split(',')
      .slice(0, mostUsers)
      .flatMap((part) => user.exec(part)?.[1] ?? []);
    for (const name of names) {
      grants.push({
        token: `db ${bare(name)}`,
        kind: 'database',
        target,
        role,
        privilege: on === undefined ? privilegeOfRole(bare(role)) : privilegeOf(role, hasOption),
        isWildcard: /\ball\b/i.test(role) && /^(?:table )?\*\.\*$/i.test(target),
        evidence: { place, path, line, note: `GRANT ${role} ON ${target}` },
      });
    }
  }
  return { creations, grants };
}
