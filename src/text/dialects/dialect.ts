/** The syntaxes in which exports keep what people wrote, once container syntax (JSON, XML, CSV) is undone. */
export const dialects = [
  'plain',
  'html',
  'slack-mrkdwn',
  'jira-wiki',
  'confluence-storage',
  'markdown',
  'wikitext',
  'mail',
  'irc',
  'log-ansi',
  'code',
] as const;
/**
 * `plain`: as typed. `mail`: a decoded text part, with quote prefixes. `irc`: one or several lines with control codes.
 * `log-ansi`: terminal output. `code`: nothing is escaped, nothing is rewritten. Rich-text trees (ADF, Slack blocks,
 * Telegram pieces) are joined by their reader and come as `plain`.
 */
export type Dialect = (typeof dialects)[number];
