/** Places of Slack records, and links to them. */
import type { ExportRecord, RecordPlace } from '../contract.js';
import type { Conversation, Workspace } from './workspace.js';

/** A conversation as place, and what links need to know of it. */
export interface SlackPlace {
  readonly place: RecordPlace;
  /** Id of the conversation; undefined when only its name is known, and nothing can be linked. */
  readonly channelId: string | undefined;
  readonly isDirect: boolean;
}

const conversationId = /^[CGD][A-Z0-9]{6,16}$/;

/**
 * @param key id of the conversation, or the name of the folder that its messages lie in
 * @param name name that the export tells, when `key` is no more than an id
 */
export function placeOf(workspace: Workspace, key: string, name?: string): SlackPlace {
  const listed =
    workspace.conversations.get(key) ?? (name === undefined ? undefined : workspace.conversations.get(name));
  return placeOfConversation(workspace, listed ?? unlisted(key, name));
}

export function placeOfConversation(workspace: Workspace, conversation: Conversation): SlackPlace {
  const channelId = conversationId.test(conversation.id) ? conversation.id : undefined;
  return {
    place: {
      kind: conversation.kind,
      ...tenantOf(workspace),
      id: conversation.id,
      name: nameOf(conversation),
      audience: conversation.audience,
      ...(conversation.isArchived ? { archived: true } : {}),
    },
    channelId,
    isDirect: conversation.kind === 'dm' || conversation.kind === 'group-dm',
  };
}

/** What can be told of a conversation by its id or folder alone. */
function unlisted(key: string, name: string | undefined): Conversation {
  const isId = conversationId.test(key);
  const isDm = isId && key.startsWith('D');
  const isGroup = (name ?? key).startsWith('mpdm-');
  return {
    id: key,
    name: name ?? (isId ? undefined : key),
    kind: isDm ? 'dm' : isGroup ? 'group-dm' : 'channel',
    audience: isDm || isGroup ? 'restricted' : 'unknown',
    isArchived: false,
  };
}

/** Direct conversations are named by id: their names are those of people. */
function nameOf(conversation: Conversation): string {
  if (conversation.kind === 'dm') return `direct message ${conversation.id}`;
  if (conversation.kind === 'group-dm') {
    return conversationId.test(conversation.id) ? `group message ${conversation.id}` : 'group message';
  }
  return conversation.name === undefined ? conversation.id : `#${conversation.name}`;
}

/** The workspace itself: people, settings, logs. */
export function workspacePlace(workspace: Workspace): RecordPlace {
  return {
    kind: 'workspace',
    ...tenantOf(workspace),
    id: workspace.tenant ?? 'workspace',
    name: workspace.domain ?? workspace.tenant ?? 'Slack workspace',
    audience: 'internal',
  };
}

function tenantOf(workspace: Workspace): { readonly tenant?: string } {
  return workspace.tenant === undefined ? {} : { tenant: workspace.tenant };
}

/** Link to a message; to its channel when only the workspace's id is known; none when nothing is. */
export function permalinkOf(
  workspace: Workspace,
  domain: string | undefined,
  channelId: string | undefined,
  ts: string,
  threadTs: string | undefined,
): ExportRecord['permalink'] {
  if (channelId === undefined) return undefined;
  if (domain === undefined) {
    return workspace.tenant?.startsWith('T') === true
      ? { url: `https://app.slack.com/client/${workspace.tenant}/${channelId}`, level: 'container' }
      : undefined;
  }
  const url = `https://${domain}.slack.com/archives/${channelId}/p${ts.replace('.', '')}`;
  return threadTs === undefined || threadTs === ts
    ? { url }
    : { url: `${url}?thread_ts=${threadTs}&cid=${channelId}` };
}
