/** What the strings of GitLab data are, by the key under which they stand. */
import { lastKey, type ObjectFormat, type TextField } from '../object-texts.js';
import type { GitlabKind } from './gitlab-kinds.js';

const fields: ReadonlyMap<string, TextField> = new Map<string, TextField>([
  ['title', { role: 'title', dialect: 'plain' }],
  ['title_html', { role: 'title', dialect: 'html' }],
  ['description', { role: 'description', dialect: 'markdown' }],
  ['description_html', { role: 'description', dialect: 'html' }],
  ['note', { role: 'comment', dialect: 'markdown' }],
  ['note_html', { role: 'comment', dialect: 'html' }],
  ['body', { role: 'comment', dialect: 'markdown' }],
  ['body_html', { role: 'comment', dialect: 'html' }],
  ['summary', { role: 'comment', dialect: 'markdown' }],
  ['content', { role: 'code', dialect: 'code' }],
  ['content_html', { role: 'code', dialect: 'html' }],
  ['diff', { role: 'code', dialect: 'code' }],
  ['utf8_diff', { role: 'code', dialect: 'code' }],
  ['st_diff', { role: 'code', dialect: 'code' }],
  ['message', { role: 'body', dialect: 'plain' }],
  ['trace', { role: 'body', dialect: 'log-ansi' }],
  ['commands', { role: 'code', dialect: 'code' }],
  ['script', { role: 'code', dialect: 'code' }],
  ['from_content', { role: 'history-old', dialect: 'code' }],
  ['to_content', { role: 'history-new', dialect: 'code' }],
  ['file_name', { role: 'filename', dialect: 'plain' }],
  ['filename', { role: 'filename', dialect: 'plain' }],
  ['new_path', { role: 'filename', dialect: 'plain' }],
  ['old_path', { role: 'filename', dialect: 'plain' }],
  ['web_url', { role: 'link', dialect: 'plain' }],
  ['import_url', { role: 'link', dialect: 'plain' }],
  ['import_source', { role: 'link', dialect: 'plain' }],
  ['issues_template', { role: 'description', dialect: 'markdown' }],
  ['merge_requests_template', { role: 'description', dialect: 'markdown' }],
  ['solution', { role: 'body', dialect: 'markdown' }],
  ['raw_metadata', { role: 'body', dialect: 'code' }],
  ['bio', { role: 'profile', dialect: 'plain' }],
  ['push_event_payload', { role: 'body', dialect: 'plain' }],
  ['error_message', { role: 'body', dialect: 'plain' }],
  ['import_error', { role: 'body', dialect: 'plain' }],
  ['extra', { role: 'body', dialect: 'plain' }],
]);

const known: ReadonlySet<string> = new Set(
  `name username email public_email author_name author_email committer_name committer_email ref source_branch
   target_branch branch_name tag tag_name url properties key value token path path_with_namespace full_path
   ci_config_path cron cron_timezone yaml_errors merge_error merge_params suggestion suggestions runners_token
   invite_token invite_email external_url environment_slug issue_tracker_id build_coverage_regex wiki_page_slug
   domain options yaml_variables avatar filepath link_url image_url slug labels position original_position
   change_position line_range failure_reason coverage_regex external_wiki_url project_url webhook api_url push
   commit_to commit_from commit_title ref_type name_with_namespace name_regex name_regex_keep tag_list topics
   ssh_url_to_repo http_url_to_repo readme_url references full short relative due_date_from system_note_metadata action
   custom_attributes description_version location state_event start_date due_date iid squash_commit_message
   merge_commit_template squash_commit_template issue_branch_template suggestion_commit_message
   human_time_estimate human_total_time_spent human_time_change human_total_time_change health_status visibility
   container_registry_image_prefix default_branch kind full_name organization job_title pronouns pronunciation
   work_information skype linkedin twitter discord website_url local_time commit_email note_email preferred_language
   ip_address runner platform architecture maintenance_note runner_name service_desk_address mirror_user
   compliance_frameworks repository_storage trailers extended_trailers file_type file_format artifacts_file
   action_name target_title ref_from author_username web_path relative_path tag_path direct_asset_path
   direct_asset_url filepath evidences sources collected_at commit_path tag_message milestones_url edit_url
   opened_issues_url closed_issues_url merged_merge_requests_url project_name organization_name sentry_issue
   commit_message_regex branch_name_regex author_email_regex file_name_regex commit_message_negative_regex
   scanner identifiers external_type external_id primary_identifier confidence report_type merge_user closed_by
   tier dashboard_path cadence iteration_cadence base_type widget lists list_type namespace parent_path
   source_branch_name scope hostname cname enabled_git_access_protocol masked_value environment_scope raw_value
   created_by reviewers approved_by detailed_status tooltip has_details details_path illustration group favicon
   image services_image before_script after_script rules only except needs needs_attributes tags secrets id_tokens
   cache paths policy untracked expire_in retry job_timeout release hooks step steps stage_name allow_failure_criteria`.split(
    /\s+/,
  ),
);

const noise: ReadonlySet<string> = new Set(
  `fingerprint discussion_id line_code avatar_url cached_markdown_version title_html_version`.split(' '),
);

const enums: ReadonlySet<string> = new Set(
  `noteable_type action target_type source_type merge_status type when failure_reason config_source access_level
   import_type variable_type line_type position_type ref_type name award_emoji template protected access
   stage source status state issue_type severity visibility merge_method squash_option import_status detailed_merge_status
   build_git_strategy auto_devops_deploy_strategy enabled_git_access_protocol confidence report_type list_type cadence
   linkage_type link_type runner_type file_type file_format state_event health_status deploy_strategy
   project_export_status autoclose_referenced_issues membership_state base_type`.split(/\s+/),
);
const word = /^[A-Za-z_]{1,40}$/;
/** `issues_access_level` and the like. */
const accessLevel = /_(?:access_level|visibility)$/;
const cipher = /^[A-Za-z0-9+/=_\s-]{16,}$/;
const commitId = /^[0-9a-f]{8,64}$/;

export interface GitlabFormatOptions {
  readonly isRecord: NonNullable<ObjectFormat['isRecord']>;
  readonly permalink: string | undefined;
  /** Told of each value that the export keeps encrypted. */
  readonly onEncrypted: () => void;
}

export function gitlabFormat(kind: GitlabKind | undefined, options: GitlabFormatOptions): ObjectFormat {
  return {
    known,
    noise,
    isRecord: options.isRecord,
    field: (path, text) => {
      const key = lastKey(path);
      if (text === options.permalink) return 'skip';
      if (key.startsWith('encrypted_') && cipher.test(text)) {
        if (!/_(?:iv|salt)$/.test(key)) options.onEncrypted();
        return 'skip';
      }
      if (/(?:^|_)(?:sha|oid|id)$/.test(key) && commitId.test(text)) return 'skip';
      if (word.test(text) && accessLevel.test(key)) return 'skip';
      if (word.test(text) && enums.has(key) && (key !== 'name' || path.includes('award_emoji')))
        return 'skip';
      if (path.includes('_links') && /^https?:\/\/[^?@\s]+$/.test(text)) return 'skip';
      return fieldOf(kind, path, key);
    },
  };
}

function fieldOf(kind: GitlabKind | undefined, path: readonly string[], key: string): TextField | undefined {
  if (key === 'token' && (kind === 'trigger' || path.length > 1))
    return { role: 'setting', dialect: 'plain', label: key, artifact: kind === 'trigger' };
  if (path.includes('properties') || kind === 'schedule' || kind === 'variable') return undefined;
  const isBody = kind === 'issue' || kind === 'merge-request' || kind === 'epic' || kind === 'release';
  if (isBody && path.length === 1 && key === 'description') return { role: 'body', dialect: 'markdown' };
  return fields.get(key);
}
