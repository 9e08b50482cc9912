export function loadFlags(env, say) {
  const flags = { leakSessions: env.SESSION_STORE === 'memory', region: env.REGION ?? 'eu-1' };
  say('INFO', `flags region=${flags.region} sessionStore=${env.SESSION_STORE ?? 'cookie'}`);
  return flags;
}
