/** What the strings of GitHub data are, by the key under which they stand. */
import { type JsonObject, lastKey, memberOf, type ObjectFormat, type TextField } from '../object-texts.js';
import { readGithubAddress } from './github-links.js';

const markdown = (role: TextField['role']): TextField => ({ role, dialect: 'markdown' });
const html = (role: TextField['role']): TextField => ({ role, dialect: 'html' });
const plain = (role: TextField['role']): TextField => ({ role, dialect: 'plain' });
const code = (role: TextField['role']): TextField => ({ role, dialect: 'code' });

/** By key in `snake_case`. */
const fields: ReadonlyMap<string, TextField> = new Map([
  ['title', plain('title')],
  ['body', markdown('body')],
  ['body_html', html('body')],
  ['body_text', plain('body')],
  ['description', markdown('description')],
  ['description_html', html('description')],
  ['short_description_html', html('description')],
  ['diff', markdown('body')],
  ['diff_hunk', code('code')],
  ['patch', code('code')],
  ['content', code('code')],
  ['message', plain('body')],
  ['message_headline', plain('body')],
  ['message_body', plain('body')],
  ['message_headline_html', html('body')],
  ['message_body_html', html('body')],
  ['summary', markdown('body')],
  ['text', markdown('body')],
  ['raw_details', plain('body')],
  ['note', markdown('body')],
  ['full_description', markdown('description')],
  ['help', markdown('body')],
  ['about', plain('description')],
  ['commit_headline', plain('body')],
  ['commit_body', plain('body')],
  ['dismissal_message', markdown('comment')],
  ['dismissed_comment', plain('comment')],
  ['suggestion', code('code')],
  ['commit_title', plain('body')],
  ['commit_message', plain('body')],
  ['display_title', plain('title')],
  ['previous_title', plain('history-old')],
  ['current_title', plain('history-new')],
  ['title_was', plain('history-old')],
  ['title_is', plain('history-new')],
  ['filename', plain('filename')],
  ['previous_filename', plain('filename')],
  ['asset_name', plain('attachment-name')],
  ['bio', plain('profile')],
  ['company', plain('profile')],
  ['location', plain('profile')],
  ['homepage', plain('link')],
  ['homepage_url', plain('link')],
  ['blog', plain('profile')],
  ['website', plain('profile')],
  ['login', plain('profile')],
]);

/** Keys whose text is handed over without a word of surprise. */
const known: ReadonlySet<string> = new Set(
  `name label ref head_ref base_ref headRefName baseRefName branch head_branch tag_name tagName target_commitish
   targetCommitish path path_with_namespace email emails address full_name nameWithOwner topics topic context environment
   environment_url log_url target_url details_url detailsUrl targetUrl workflow workflowName workflow_name value secret url
   html_url payload_url discussion_url mirror_url secret_type_display_name resolution_comment resolution_reason from to
   reason lock_reason active_lock_reason event creator key ssh_url clone_url git_url twitter_username
   browser_download_url download_url raw_url contents_url blob_url default_branch defaultBranch language state_reason
   payload slug answer category emoji username login conclusion workflow_id title_html original_environment
   transient_environment due_on display_name website_url projectTitle position annotation_level start_line
   repository organization team commit committer author user milestone issue pull_request
   href uri diff_url patch_url upload_url external_url answer_html_url repository_url notifications_url zipball_url
   tarball_url help_uri permalink_url permalink compareUrl commitUrl treeUrl resourcePath bodyUrl apiUrl uploadUrl zipballUrl
   tarballUrl sshUrl mirrorUrl homepageUrl securityPolicyUrl repositoryUrl parent_issue_url starred_url teamsUrl
   task master_branch runner_name runner_group_name labels added removed modified permission role_name spdx_id
   analysis_key classifications affected_range affected_package_name fixed_in external_reference external_identifier
   ghsa_id cve_id dismissed_reason dismiss_reason most_recent_instance tool version cvss vector_string cwe_id ecosystem
   vulnerable_version_range first_patched_version manifest_path compare pusher hooks_url authorEmail authorName
   previousRefName currentRefName abbreviatedOid nameWithOwner headRepository projectItems repositoryTopics
   custom_properties property_name triage_state content_type contentType external_ref iteration optionId
   verified_at package_name registry package_url package_version installation_command pages action sender
   old_issue new_issue hook config content_url secret_type validity push_protection_bypassed_by`.split(/\s+/),
);

/** Pictures and marks of pages. */
const noise: ReadonlySet<string> = new Set(
  'avatar_url avatarUrl gravatar_id cursor endCursor startCursor'.split(' '),
);

/** Members of migration archives that name another record by its address, which tells it anyway. */
const references: ReadonlySet<string> = new Set(
  `repository user issue pull_request pull_request_review pull_request_review_thread issue_comment assignee assignees
   milestone actor organization author owner team creator merged_by closed_by commit_comment release
   subject`.split(/\s+/),
);

/** Members whose words are of a closed set. */
const enums: ReadonlySet<string> = new Set(
  `mergeable mergeable_state mergeStateStatus reviewDecision association conclusion subjectType side start_side
   originalPosition viewerSubscription event author_association
   authorAssociation formatter __typename bodyVersion severity resolution tag runner_type repository_selection permission color minimizedReason state_reason stateReason merge_method run_attempt language`.split(
    /\s+/,
  ),
);
const word = /^[A-Za-z_]{1,40}$/;

/** Commit ids, node ids. */
/** The older ids of nodes are `010:Repository…` in base64. */
const opaque =
  /^(?:[0-9a-f]{7,64}|[A-Z]{1,6}_[\w-]{4,80}|(?:[A-Za-z0-9+/]{4}){2,20}={0,2}|MD[A-Za-z0-9+/]{6,90}={0,2})$/;
const opaqueKeys: ReadonlySet<string> = new Set(
  `id node_id signature etag github_sha oid sha commit_id original_commit_id head_sha merge_commit_sha mergeCommit before after tree_id headRefOid
   baseRefOid commit_oid external_id digest check_suite_node_id nodeId current_head_sha start_commit_oid end_commit_oid`.split(
    /\s+/,
  ),
);

const snake = new Map<string, string>();

/** `bodyHTML` and `bodyHtml` to `body_html`. */
export function snakeCase(key: string): string {
  let name = snake.get(key);
  if (name === undefined) {
    name = key.replace(/([a-z\d])([A-Z]+)/g, '$1_$2').toLowerCase();
    // Keys may be data; what is kept stays small.
    if (snake.size < 4096) snake.set(key, name);
  }
  return name;
}

/** Address of the interface itself, which says nothing: made from names that are told elsewhere. */
function isInterfaceLink(key: string, text: string): boolean {
  if (text.length > 300 || !text.startsWith('http') || text.includes('?')) return false;
  if (!/url$/i.test(key) && key !== 'href') return false;
  const address = readGithubAddress(text.replace(/\{[^{}]{0,60}\}/g, ''));
  return address?.isApi === true && !text.includes('@');
}

function isReference(key: string, text: string): boolean {
  return references.has(key) && text.length <= 300 && /^https?:\/\/[\w./#-]+(?:\[bot\])?$/.test(text);
}

function isReaction(path: readonly string[]): boolean {
  return path.includes('reactionGroups') || path.includes('reactions');
}

/** What an app may do and is told of. */
function isPermission(path: readonly string[]): boolean {
  return path.includes('permissions') || path.includes('events');
}

/** Members of a commit, under `commit.` in REST. */
function isCommitTreeLink(path: readonly string[]): boolean {
  return path.includes('tree') || path.includes('parents');
}

export function githubFormat(
  isRecord: NonNullable<ObjectFormat['isRecord']>,
  permalink: string | undefined,
): ObjectFormat {
  return {
    known,
    noise,
    isRecord,
    field: (path, text, holder) => {
      const key = lastKey(path);
      if (text === permalink && /url$/i.test(key)) return 'skip';
      if (isInterfaceLink(key, text) || isReference(key, text)) return 'skip';
      if (opaqueKeys.has(key) && opaque.test(text)) return 'skip';
      if (word.test(text) && (enums.has(key) || isReaction(path))) return 'skip';
      if (word.test(text) && isPermission(path)) return 'skip';
      if (isCommitTreeLink(path) && /^https?:/.test(text)) return 'skip';
      return fieldOf(path, key, holder);
    },
  };
}

function fieldOf(path: readonly string[], key: string, holder: JsonObject): TextField | undefined {
  const parent = path.at(-2);
  if (parent === 'rename') return plain(key === 'from' ? 'history-old' : 'history-new');
  const name = snakeCase(key);
  if (name === 'content' && !isFileContent(path, holder)) return undefined;
  return fields.get(name);
}

/** `content` is also the name of a reaction. */
function isFileContent(path: readonly string[], holder: JsonObject): boolean {
  if (path.includes('files')) return true;
  return memberOf(holder, 'filename') !== undefined || memberOf(holder, 'encoding') !== undefined;
}
