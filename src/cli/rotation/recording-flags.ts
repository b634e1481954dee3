/** Flags of commands that record something. */
import type { Command } from 'commander';
import { addRotationFlags, type RotationFlags } from './rotation-flags.js';

export interface RecordingFlags extends RotationFlags {
  readonly by?: string;
}

export function addRecordingFlags(command: Command): Command {
  return addRotationFlags(
    command.option('--by <name>', 'who records this (default: SPRAWL_ACTOR, else the user of the system)'),
  );
}
