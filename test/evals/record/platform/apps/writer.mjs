// Writes its session files below FOLDER.
import { appendFileSync, mkdirSync } from 'node:fs';
const folder = process.env.FOLDER ?? '/var/lib/sessions';
const app = process.env.APP ?? 'sessions';
const log = (level, text) => console.log(`[${new Date().toISOString()}] ${level} ${app}: ${text}`);
log('INFO', `${app} 1.6.0 starting as uid ${process.getuid()} gid ${process.getgid()}`);
log('INFO', 'configuration read from /etc/app/config.yaml');
mkdirSync(`${folder}/shard-0`);
setInterval(() => {
  appendFileSync(`${folder}/shard-0/log`, 'x');
  log('INFO', 'session file written');
}, 5000);
