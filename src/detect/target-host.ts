/**
 * Where a header's credential is sent: the URL of the command or request that it stands in, or the only host nearby. Several
 * hosts say nothing.
 */
import { attribute } from '../identity/attribute.js';
import type { Attribute } from '../model/finding.js';
import type { Span } from '../model/span.js';

/** Bytes before and behind the credential of a command or a request. */
const reach = 1024;
/** Bytes round the credential in which a lone URL is its own. */
const nearReach = 400;

const url =
  /\b(https?):\/\/(?:[^\s/@"'`<>]{1,200}@)?([A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)(?::(\d{1,5}))?(?=[/?#\s"'`<>),;\\]|$)/g;
const requestLine = /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+\S/;
const hostHeader = /^host:\s*([A-Za-z0-9][A-Za-z0-9.-]{0,252})(?::(\d{1,5}))?\s*$/i;
const machine =
  /\bmachine\s{1,10}([\w.-]{1,100})(?::\d{1,5})?\s{1,10}login\s{1,10}(\S{1,100})\s{1,10}password\s{1,10}"?$/;

interface Target {
  readonly scheme?: string;
  readonly host: string;
  readonly port?: string;
}

function targetsIn(text: string): Target[] {
  const found = [...text.matchAll(url)].map(
    ([, scheme = '', host = '', port]): Target => ({
      scheme,
      host: host.toLowerCase(),
      ...(port === undefined ? {} : { port }),
    }),
  );
  return [...new Map(found.map((target) => [`${target.host}:${target.port ?? ''}`, target])).values()];
}

function onlyOne(targets: readonly Target[]): Target | undefined {
  return targets.length === 1 ? targets[0] : undefined;
}

/** The lines of the command that holds the offset, continued by `\`; empty where no such command begins them. */
function commandAround(head: string, tail: string): string {
  const before = head.split('\n');
  let first = before.length - 1;
  while (first > 0 && /\\\r?$/.test(before[first - 1] as string)) first--;
  const behind = tail.split('\n');
  let last = 0;
  while (last + 1 < behind.length && /\\\r?$/.test(behind[last] as string)) last++;
  const text = [...before.slice(first), ...behind.slice(0, last + 1)].join('\n');
  return /\b(?:curl|wget|https?|xh|Invoke-(?:WebRequest|RestMethod)|iwr|irm)\b/.test(text) ? text : '';
}

/** The header block that holds the offset, up to the blank lines round it. */
function requestAround(head: string, tail: string): Target | undefined {
  const lines = [
    ...(head.split(/\r?\n\r?\n/).at(-1) ?? '').split('\n'),
    ...(tail.split(/\r?\n\r?\n/)[0] ?? '').split('\n'),
  ];
  for (const line of lines) {
    const [, host, port] = hostHeader.exec(line.trim()) ?? [];
    if (host !== undefined) return { host: host.toLowerCase(), ...(port === undefined ? {} : { port }) };
  }
  const request = lines.find((line) => requestLine.test(line.trim()));
  return request === undefined ? undefined : onlyOne(targetsIn(request));
}

/** Host and user of a password in `.netrc`. */
export function machineAttributes(bytes: Buffer, { start }: Span): Attribute[] {
  const head = bytes.toString('latin1', Math.max(0, start - nearReach), start);
  const [, host, user] = machine.exec(head) ?? [];
  return host === undefined ? [] : [...attribute('host', host.toLowerCase()), ...attribute('user', user)];
}

/** Host, scheme and port of what a header's credential opens. */
export function targetAttributes(bytes: Buffer, { start, end }: Span): Attribute[] {
  const head = bytes.toString('latin1', Math.max(0, start - reach), start);
  const tail = bytes.toString('latin1', end, Math.min(bytes.length, end + reach));
  const command = commandAround(head, tail);
  const target =
    command === ''
      ? (requestAround(head, tail) ??
        onlyOne(targetsIn(`${head.slice(-nearReach)}\n${tail.slice(0, nearReach)}`)))
      : onlyOne(targetsIn(command));
  if (target === undefined) return [];
  return [
    ...attribute('host', target.host),
    ...attribute('scheme', target.scheme),
    ...attribute('port', target.port),
  ];
}
