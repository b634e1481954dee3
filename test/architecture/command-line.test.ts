/** The command line's own words: every command and flag is explained, and one thing has one name. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/main.js';

const program = createProgram(() => async () => undefined);

function allCommands(command: Command, path: readonly string[] = []): { path: string; command: Command }[] {
  const own = [...path, command.name()];
  return [{ path: own.join(' '), command }, ...command.commands.flatMap((sub) => allCommands(sub, own))];
}

const commands = allCommands(program);

describe('README', () => {
  it.each(program.commands.map((command) => command.name()))('names %s', (name) => {
    const text = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(text).toMatch(new RegExp(`sprawl ${name}\\b|\`${name}\\b`));
  });
});

describe('help', () => {
  it.each(commands)('$path explains itself and every flag', ({ command }) => {
    const help = command.helpInformation();
    expect(command.summary() + command.description()).not.toBe('');
    for (const option of command.options) {
      expect(option.description, option.flags).not.toBe('');
      expect(help).toContain(option.long ?? option.short);
    }
    for (const sub of command.commands) expect(help).toContain(sub.name());
  });

  it('a flag means the same wherever it stands', () => {
    const meanings = new Map<string, Set<string>>();
    for (const { command } of commands)
      for (const option of command.options) {
        const name = option.long ?? option.flags;
        meanings.set(name, (meanings.get(name) ?? new Set()).add(option.required ? 'value' : 'switch'));
      }
    expect([...meanings].filter(([, kinds]) => kinds.size > 1)).toEqual([]);
  });

  it('the commands are these', () => {
    expect(commands.map(({ path }) => path)).toMatchInlineSnapshot(`
      [
        "sprawl",
        "sprawl scan",
        "sprawl list",
        "sprawl show",
        "sprawl where",
        "sprawl incident",
        "sprawl explain",
        "sprawl plan",
        "sprawl plan approve",
        "sprawl plan step",
        "sprawl plan gate",
        "sprawl plan close",
        "sprawl verify",
        "sprawl prove",
        "sprawl report",
        "sprawl offboard",
        "sprawl offboard person",
        "sprawl offboard principal",
        "sprawl offboard workload",
        "sprawl offboard vendor",
        "sprawl offboard agent",
        "sprawl policy",
        "sprawl policy check",
        "sprawl policy test",
        "sprawl policy explain",
        "sprawl except",
        "sprawl except grant",
        "sprawl except renew",
        "sprawl except end",
        "sprawl except list",
        "sprawl log",
        "sprawl log verify",
        "sprawl log show",
        "sprawl log export",
        "sprawl allow",
        "sprawl baseline",
        "sprawl baseline write",
        "sprawl baseline check",
        "sprawl baseline prune",
        "sprawl fingerprint",
        "sprawl place",
        "sprawl place list",
        "sprawl place import",
        "sprawl inventory",
        "sprawl inventory check",
        "sprawl inventory import",
        "sprawl inventory list",
        "sprawl inventory remove",
        "sprawl ingest",
        "sprawl key",
        "sprawl key init",
        "sprawl key id",
        "sprawl key export",
        "sprawl key import",
        "sprawl db",
        "sprawl db stats",
        "sprawl db check",
        "sprawl db merge",
        "sprawl db forget",
        "sprawl db vacuum",
        "sprawl rules",
        "sprawl rules list",
        "sprawl rules show",
        "sprawl rules check",
        "sprawl rules test",
        "sprawl hook",
        "sprawl hook install",
        "sprawl hook uninstall",
        "sprawl hook status",
        "sprawl hook run",
        "sprawl doctor",
        "sprawl completion",
      ]
    `);
  });
});
