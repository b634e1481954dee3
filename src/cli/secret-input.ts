/** Reads values that must never stand in the argument list: from stdin, or prompted without echo. */
import { ProblemError } from '../model/problem.js';
import { SecretValue } from '../model/secret-value.js';
import type { Io } from './io.js';

/** No secret is larger than this; a larger input is a file given by mistake. */
const maxBytes = 1 << 20;

async function readAll(io: Io): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of io.stdin) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    length += bytes.length;
    if (length > maxBytes) {
      throw new ProblemError({
        code: 'usage',
        message: `More than ${maxBytes} bytes on stdin: that is no single value.`,
        hint: 'Scan files with "sprawl scan"; "-" takes one value.',
      });
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

const enter = new Set([0x0a, 0x0d, 0x04]);
const erase = new Set([0x08, 0x7f]);
const interrupt = 0x03;

/** Raw mode: the terminal echoes nothing, so line editing is done here. */
async function prompt(io: Io): Promise<Buffer> {
  await new Promise<void>((resolve) => {
    io.stderr.write('Value (not shown): ', () => resolve());
  });
  const typed: number[] = [];
  io.stdin.setRawMode?.(true);
  try {
    for await (const chunk of io.stdin) {
      for (const byte of typeof chunk === 'string' ? Buffer.from(chunk) : chunk) {
        if (enter.has(byte)) return Buffer.from(typed);
        if (byte === interrupt) throw new ProblemError({ code: 'usage', message: 'No value was given.' });
        if (erase.has(byte)) typed.pop();
        else typed.push(byte);
      }
    }
    return Buffer.from(typed);
  } finally {
    io.stdin.setRawMode?.(false);
    io.stderr.write('\n', () => {});
  }
}

/** Drops one line end: `echo value |` and `printf %s value |` mean the same value. */
function withoutLineEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  if (end > 0 && bytes[end - 1] === 0x0a) end--;
  if (end > 0 && end < bytes.length && bytes[end - 1] === 0x0d) end--;
  return bytes.subarray(0, end);
}

/** One value. A value of several lines (a private key) is taken whole. */
export async function readSecret(io: Io): Promise<SecretValue> {
  const bytes = withoutLineEnd(io.stdin.isTTY === true ? await prompt(io) : await readAll(io));
  if (bytes.length === 0) {
    throw new ProblemError({
      code: 'usage',
      message: 'There is no value on stdin.',
      hint: 'Pipe the value in, e.g. from a password manager; never write it as an argument.',
    });
  }
  return new SecretValue(bytes);
}

/** Several values, one a line, empty lines left out. */
export async function readSecrets(io: Io): Promise<readonly SecretValue[]> {
  const text = await readAll(io);
  const values: SecretValue[] = [];
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf(0x0a, start);
    const end = newline < 0 ? text.length : newline + 1;
    const line = withoutLineEnd(text.subarray(start, end));
    if (line.length > 0) values.push(new SecretValue(line));
    start = end;
  }
  return values;
}
