/**
 * Masked text that the diagnosis may read. Of a large source only parts are kept, so lines carry
 * the number that they have in the original, counted from 1.
 */
export interface EvidenceText {
  /** `-`, the path as given, or `mcp:<server>/<tool>`. */
  source: string;
  lines: readonly EvidenceLine[];
  /** False when lines of the original were left out or the source was cut: absence proves nothing then. */
  complete: boolean;
  /** Lines of the original. */
  totalLines: number;
}

export interface EvidenceLine {
  /** Line number in the original, from 1. */
  number: number;
  /** The masked line, without its line end and without terminal colours. */
  text: string;
}

/** A line that proves something; it stands word for word in the evidence. */
export interface Citation {
  source: string;
  line: number;
  text: string;
}

/** Where a piece of evidence lies in the incident's folder. */
export interface EvidenceReference {
  source: string;
  /** SHA-256 of the stored content, hex: the name of its file. */
  digest: string;
  /** Bytes of the original and of what is stored. */
  totalBytes: number;
  storedBytes: number;
  totalLines: number;
  complete: boolean;
  /** When it was collected, ISO 8601. */
  collectedAt: string;
}
