/**
 * Starts a server so that it ends with its input: a server that ignores the end of its input would
 * outlive whoever used it. A feeder copies the input through a pipe with a name, and 5 s after its
 * end everything in the container is killed. The server takes the place of the shell, so that its
 * own end is that of the container, with its own status. It needs a writable `/tmp`, and an init
 * process, which `kill -9 -1` spares.
 */
const guard = [
  // A file that a server declares comes as a variable's value; the variable then names the file.
  'for name in $WAR_ROOM_FILES; do',
  '  eval "content=\\$WAR_ROOM_FILE_$name"',
  '  (umask 077; printf %s "$content" >"/tmp/$name") && export "$name=/tmp/$name"',
  '  unset "WAR_ROOM_FILE_$name"',
  'done',
  'unset WAR_ROOM_FILES content name',
  'in=/tmp/.war-room-input',
  'exec 3<&0',
  // Without a name for the pipe the server is better off unguarded than not started.
  'mkfifo -m 600 "$in" || exec "$@"',
  // Opening a pipe waits for its other end, so nothing is removed before the server has it.
  '({ rm -f "$in"; cat <&3; } >"$in"; sleep 5; kill -9 -1) &',
  'exec "$@" <"$in" 3<&-',
].join('\n');

/**
 * The command of a server under its guard.
 * @param shell path of a POSIX shell in the image, which must have `cat`, `mkfifo` and `sleep` too
 */
export function guarded(shell: string, command: readonly string[]): readonly string[] {
  return [shell, '-c', guard, 'war-room-guard', ...command];
}
