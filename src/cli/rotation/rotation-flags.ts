/** Flags of every command that opens the rotation. */
import type { Command } from 'commander';
import { collect } from '../flags.js';
import type { RotationOptions } from './rotation.js';

export interface RotationFlags {
  readonly policy?: string;
  readonly inventory?: readonly string[];
  readonly now?: string;
}

export function addRotationFlags(command: Command): Command {
  return command
    .option(
      '--policy <file>',
      'this policy (default: .sprawl/policy.yaml of the checkout, else the shipped one)',
    )
    .option('--inventory <file>', 'this inventory on top of what was imported; may be repeated', collect)
    .option('--now <time>', 'take this for the present time (RFC 3339)');
}

export function rotationOptions({ policy, inventory, now }: RotationFlags): RotationOptions {
  return {
    ...(policy === undefined ? {} : { policy }),
    ...(inventory === undefined ? {} : { inventory }),
    ...(now === undefined ? {} : { now }),
  };
}
