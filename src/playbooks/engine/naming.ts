import type { Finding } from '../playbook';
import type { LogLine } from '../read/logLine';
import { commonPlace } from '../read/place';
import type { Reading } from '../read/reading';
import { blockOf } from '../read/stackTrace';
import {
  describedApp,
  failedUnitApp,
  hintedApp,
  processApp,
  programOf,
  serverApp,
  unhealthyApp,
} from './app';
import { isCommonName } from './names';
import { voicesIn } from './voice';

/**
 * Who failed: what the proving line says itself stands before what the platform says, that before
 * what the same program says in other lines, and that before what anybody says.
 * @param proof the finding that proves the cause best
 * @param subject what most of the first evidence is about
 */
export function nameOf(
  reading: Reading,
  proof: Finding | undefined,
  subject: string | null,
): string | null {
  return (
    proof?.app ??
    commonPlace(reading.lines)?.place.app ??
    failedUnitApp(reading) ??
    unhealthyApp(reading.picture) ??
    describedApp(reading) ??
    ownName(reading, proof) ??
    subject ??
    hintedApp(reading.lines) ??
    processApp(reading.lines) ??
    serverApp(reading.lines)
  );
}

/** The name that the program which wrote the proof gives itself. */
function ownName({ lines }: Reading, proof: Finding | undefined): string | null {
  const line = proof?.fromLog === true ? lines[proof.order] : undefined;
  if (!line) return null;
  const own = new Set<LogLine>([...voicesIn(lines).of(line), ...blockOf(lines, line.order)]);
  const program = programOf(line.process);
  return program !== null && !isCommonName(program) ? program : hintedApp([...own]);
}
