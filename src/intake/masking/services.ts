import { looksRandom, type MaskRule } from './rule';

/** Secrets that are known by their shape alone: tokens and keys of services. */
export const serviceRules: readonly MaskRule[] = [
  {
    kind: 'aws-access-key',
    hints: ['akia', 'asia', 'abia', 'acca'],
    pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g,
  },
  {
    kind: 'aws-secret-key',
    hints: ['secret'],
    pattern:
      /(?<before>secret_?(?:access_?)?key\\?["']?\s{0,4}[=:]\s{0,4}\\?["']?)(?<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi,
  },
  {
    kind: 'aws-session-token',
    hints: ['session', 'security-token', 'fwogzxivyxdz', 'iqojb3jpz2lu'],
    pattern:
      /(?<before>(?:session_?token|security-token)\\?["']?\s{0,4}[=:]\s{0,4}\\?["']?|(?<![\w/+])(?=FwoGZXIvYXdz|IQoJb3JpZ2lu))(?<secret>[A-Za-z0-9/+=%]{60,4096})/gi,
  },
  {
    kind: 'aws-signature',
    hints: ['x-amz-signature', 'x-amz-credential', 'signature='],
    pattern: /(?<before>\bSignature=)(?<secret>[0-9a-f]{64})/gi,
  },
  {
    kind: 'gcp-api-key',
    hints: ['aiza'],
    pattern: /(?<![\w-])AIza[\w-]{35}/g,
  },
  {
    kind: 'gcp-oauth-token',
    hints: ['ya29.', 'gocspx-'],
    pattern: /(?<![\w-])(?:ya29\.[\w-]{20,2048}|GOCSPX-[\w-]{20,64})/g,
  },
  {
    kind: 'azure-storage-key',
    hints: ['accountkey', 'sharedaccesskey'],
    pattern:
      /(?<before>(?:AccountKey|SharedAccessKey)\s{0,4}=\s{0,4})(?<secret>[A-Za-z0-9+/]{40,100}={0,2})/gi,
  },
  {
    kind: 'azure-sas',
    hints: ['sig='],
    pattern: /(?<before>[?&;]sig=)(?<secret>[A-Za-z0-9%+/=_-]{20,512})/gi,
  },
  {
    kind: 'azure-client-secret',
    hints: ['8q~'],
    pattern: /(?<![\w~.-])[\w~.-]{3}8Q~[\w~.-]{31,37}/g,
  },
  {
    kind: 'github-token',
    hints: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
    pattern: /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_\w{22,255})/g,
  },
  {
    kind: 'gitlab-token',
    hints: [
      'glpat-',
      'gldt-',
      'glrt-',
      'glcbt-',
      'glptt-',
      'glft-',
      'glimt-',
      'glagent-',
      'gloas-',
      'glsoat-',
    ],
    pattern: /(?<![\w-])gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-[\w.-]{20,300}/g,
  },
  {
    kind: 'slack-token',
    hints: ['xox', 'xapp-'],
    pattern: /(?<![\w-])(?:xox[abeoprs]|xapp)-[A-Za-z0-9-]{10,300}/g,
  },
  {
    kind: 'slack-webhook',
    hints: ['hooks.slack.com'],
    pattern:
      /(?<before>hooks\.slack\.com\/(?:services|workflows|triggers)\/)(?<secret>[\w/-]{20,200})/gi,
  },
  {
    kind: 'discord-webhook',
    hints: ['/api/webhooks/'],
    pattern: /(?<before>\/api\/webhooks\/\d{5,25}\/)(?<secret>[\w-]{30,200})/gi,
  },
  {
    kind: 'discord-token',
    hints: ['.'],
    pattern: /(?<![\w.-])[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,38}(?![\w.-])/g,
    accept: (secret) => secret.split('.').filter(looksRandom).length >= 2,
  },
  {
    kind: 'teams-webhook',
    hints: ['webhook.office.com'],
    pattern: /(?<before>webhook\.office\.com\/webhookb2\/)(?<secret>[\w@/-]{40,300})/gi,
  },
  {
    kind: 'telegram-bot-token',
    hints: [':aa'],
    pattern: /(?<!\d)\d{8,10}:AA[\w-]{32,35}(?![\w-])/g,
  },
  {
    kind: 'stripe-key',
    hints: ['k_live_', 'k_test_', 'whsec_'],
    pattern:
      /(?<![A-Za-z0-9])(?:[srp]k_(?:live|test)_[A-Za-z0-9]{16,255}|whsec_[A-Za-z0-9+/=]{24,255})/g,
  },
  {
    kind: 'twilio-key',
    hints: ['sk'],
    pattern: /(?<![A-Za-z0-9])SK[0-9a-f]{32}(?![A-Za-z0-9])/g,
  },
  {
    kind: 'sendgrid-key',
    hints: ['sg.'],
    pattern: /(?<![\w.-])SG\.[\w-]{16,32}\.[\w-]{16,64}/g,
  },
  {
    kind: 'mailgun-key',
    hints: ['key-'],
    pattern: /(?<![\w-])key-[0-9a-f]{32}(?![0-9a-f])/g,
  },
  {
    kind: 'mailchimp-key',
    hints: ['-us'],
    pattern: /(?<![\w-])[0-9a-f]{32}-us\d{1,2}\b/g,
  },
  {
    kind: 'npm-token',
    hints: ['npm_', '_authtoken', '_auth'],
    pattern:
      /(?<before>(?<![A-Za-z0-9])(?=npm_)|_auth(?:Token)?\s{0,4}=\s{0,4}["']?)(?<secret>npm_[A-Za-z0-9]{36}|(?!npm_|\$|\[masked)[\w+/=.-]{12,512})/g,
  },
  {
    kind: 'pypi-token',
    hints: ['pypi-'],
    pattern: /(?<![\w-])pypi-[\w-]{50,512}/g,
  },
  {
    kind: 'docker-hub-token',
    hints: ['dckr_pat_', 'dckr_oat_'],
    pattern: /(?<![A-Za-z0-9])dckr_[po]at_[\w-]{20,128}/g,
  },
  {
    kind: 'hugging-face-token',
    hints: ['hf_'],
    pattern: /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{30,64}\b/g,
  },
  {
    kind: 'anthropic-key',
    hints: ['sk-ant-'],
    pattern: /(?<![\w-])sk-ant-[\w-]{20,300}/g,
  },
  {
    kind: 'openai-key',
    hints: ['sk-'],
    pattern: /(?<![\w-])sk-(?:proj-|svcacct-|admin-|or-v1-)?[\w-]{20,300}/g,
    accept: looksRandom,
  },
  {
    kind: 'datadog-key',
    hints: ['dd-', 'dd_', 'datadog'],
    pattern:
      /(?<before>(?:\bDD|datadog)[_-](?:API|APP|APPLICATION|CLIENT)[_-](?:KEY|TOKEN)\\?["']?\s{0,4}[=:]\s{0,4}\\?["']?)(?<secret>(?:pub)?[0-9a-f]{32,40})/gi,
  },
  {
    kind: 'new-relic-key',
    hints: ['nrak-', 'nral', 'nrii-', 'nrjs-'],
    pattern: /(?<![\w-])(?:NR(?:AK|II|JS)-[\w-]{19,64}|[0-9a-f]{36}NRAL)\b/g,
  },
  {
    kind: 'grafana-token',
    hints: ['glsa_', 'glc_', 'eyjrijoi'],
    pattern:
      /(?<![\w-])(?:glsa_[A-Za-z0-9]{32}_[0-9a-fA-F]{8}|glc_[A-Za-z0-9+/=]{32,400}|eyJrIjoi[A-Za-z0-9]{40,400}={0,2})/g,
  },
  {
    kind: 'vault-token',
    hints: ['hvs.', 'hvb.', 'hvr.', 's.'],
    pattern: /(?<![\w.-])(?:hv[sbr]\.[\w-]{24,300}|s\.[A-Za-z0-9]{24}(?![\w.]))/g,
    accept: (secret) => looksRandom(secret.slice(2)),
  },
  {
    kind: 'digitalocean-token',
    hints: ['_v1_'],
    pattern: /(?<![A-Za-z0-9])do[opr]_v1_[0-9a-f]{64}/g,
  },
  {
    kind: 'heroku-key',
    hints: ['hrku-', 'heroku'],
    pattern:
      /(?<before>heroku[\w-]{0,20}key\\?["']?\s{0,4}[=:]\s{0,4}\\?["']?|(?<![\w-])(?=HRKU-))(?<secret>(?:HRKU-)?[\w-]{36,80})/gi,
  },
  {
    kind: 'shopify-token',
    hints: ['shpat_', 'shpca_', 'shppa_', 'shpss_'],
    pattern: /(?<![A-Za-z0-9])shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}/g,
  },
  {
    kind: 'square-token',
    hints: ['sq0', 'eaaa'],
    pattern: /(?<![\w-])(?:sq0(?:atp|csp|idp)-[\w-]{22,64}|EAAA[\w-]{60,64}(?![\w-]))/g,
  },
  {
    kind: 'atlassian-token',
    hints: ['atatt3', 'atctt3'],
    pattern: /(?<![\w-])AT[AC]TT3[\w=-]{60,300}/g,
  },
  {
    kind: 'terraform-token',
    hints: ['.atlasv1.'],
    pattern: /(?<![\w.-])[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,70}/g,
  },
  {
    kind: 'databricks-token',
    hints: ['dapi'],
    pattern: /(?<![A-Za-z0-9])dapi[0-9a-f]{32}(?:-\d)?\b/g,
  },
  {
    kind: 'doppler-token',
    hints: ['dp.'],
    pattern: /(?<![\w.])dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[\w-]{1,40}\.)?[A-Za-z0-9]{40,44}/g,
  },
  {
    kind: 'sentry-token',
    hints: ['sntrys_', 'sntryu_'],
    pattern: /(?<![A-Za-z0-9])sntry[su]_[A-Za-z0-9+/=_]{40,400}/g,
  },
  {
    kind: 'linear-key',
    hints: ['lin_api_'],
    pattern: /(?<![A-Za-z0-9])lin_api_[A-Za-z0-9]{30,64}/g,
  },
  {
    kind: 'postman-key',
    hints: ['pmak-'],
    pattern: /(?<![\w-])PMAK-[0-9a-f]{24}-[0-9a-f]{34}/g,
  },
  {
    kind: 'rubygems-key',
    hints: ['rubygems_'],
    pattern: /(?<![A-Za-z0-9])rubygems_[0-9a-f]{48}/g,
  },
  {
    kind: 'age-key',
    hints: ['age-secret-key-'],
    pattern: /AGE-SECRET-KEY-1[0-9A-Z]{58}/gi,
  },
  {
    kind: 'jwt',
    hints: ['eyj'],
    pattern:
      /(?<![\w-])eyJ[\w-]{8,4096}\.(?:eyJ)?[\w-]{8,16000}\.[\w-]{0,4096}(?:\.[\w-]{0,16000}\.[\w-]{0,64})?/g,
  },
];
