/** Writes a file that only its owner can read, whole or not at all, without following a link. */
import { randomBytes } from 'node:crypto';
import { constants, lstatSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ProblemError } from '../model/problem.js';

export async function writePrivateFile(
  cwd: string,
  file: string,
  pieces: AsyncIterable<string>,
): Promise<void> {
  const path = resolve(cwd, file);
  const existing = lstatSync(path, { throwIfNoEntry: false });
  if (existing !== undefined && !existing.isFile()) {
    throw new ProblemError({
      code: 'usage',
      message: `${path} is no regular file, so no report is written there.`,
    });
  }
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const handle = await open(temporary, flags, 0o600).catch((cause: unknown) => {
    throw new ProblemError({ code: 'usage', message: `The report ${path} cannot be written.` }, { cause });
  });
  try {
    for await (const piece of pieces) await handle.write(piece);
    await handle.close();
    await rename(temporary, path);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw error;
  }
}
