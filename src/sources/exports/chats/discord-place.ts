/** Places of Discord, and links to messages. */
import type { ExportRecord, RecordPlace } from '../contract.js';
import { defined } from '../defined.js';

export interface DiscordChannel {
  /** Id of the server; undefined when the export does not say. */
  readonly guildId: string | undefined;
  readonly id: string;
  readonly name: string | undefined;
  readonly isDirect: boolean;
  readonly isGroup?: boolean;
  /** False when the id is not Discord's own. */
  readonly hasId?: boolean;
}

export function discordPlace(channel: DiscordChannel): RecordPlace {
  const { id, name, isDirect } = channel;
  const isGroup = channel.isGroup === true;
  return defined<RecordPlace>({
    kind: isGroup ? 'group-dm' : isDirect ? 'dm' : 'channel',
    tenant: isDirect || isGroup ? undefined : channel.guildId,
    id,
    // The names of direct conversations are those of people.
    name: isGroup ? `group message ${id}` : isDirect ? `direct message ${id}` : `#${name ?? id}`,
    audience: isDirect || isGroup ? 'restricted' : 'unknown',
  });
}

/** Link to a message, or to its channel when the message has no id. */
export function discordLink(
  channel: DiscordChannel,
  messageId: string | undefined,
): ExportRecord['permalink'] {
  const guild = channel.isDirect || channel.isGroup === true ? '@me' : channel.guildId;
  if (guild === undefined || channel.hasId === false) return undefined;
  const url = `https://discord.com/channels/${guild}/${channel.id}`;
  return messageId === undefined ? { url, level: 'container' } : { url: `${url}/${messageId}` };
}

export const snowflake: RegExp = /^\d{15,20}$/;

/**
 * What DiscordChatExporter puts into the names of its files: `Guild - Category - channel [id] (after ...).csv`. Names
 * may be anything, so it is used only where the file itself says nothing.
 */
export function channelOfFileName(path: string): DiscordChannel {
  const stem = path.slice(path.lastIndexOf('/') + 1).replace(/\.[a-z]{2,5}$/i, '');
  const id = /\[(\d{15,20})\]/.exec(stem)?.[1];
  const title = /^(.{1,200}?) \[\d{15,20}\]/.exec(stem)?.[1]?.split(' - ') ?? [];
  return {
    guildId: undefined,
    id: id ?? stem,
    name: title.at(-1) ?? stem,
    isDirect: title[0] === 'Direct Messages',
    isGroup: title[0] === 'Direct Messages' && title[1] === 'Group',
    hasId: id !== undefined,
  };
}

/** Discord signs the addresses of its files; whoever has one may read the file for a while. */
export function isSigned(url: string): boolean {
  return url.includes('discord') && /[?&]hm=[0-9a-f]/.test(url);
}
