/**
 * What the extension and the page of the pool monitor say to each other. The extension sends whole
 * models with every text in the person's language; the page draws them and says what was pressed.
 */
export type ToPage = { type: 'model'; model: MonitorModel };

/** What can be done with a server. */
export const serverActions = ['stop', 'restart', 'pin', 'unpin', 'log', 'inspect'] as const;
export type ServerAction = (typeof serverActions)[number];

export type FromPage =
  /** The page listens; it is sent the model. */
  | { type: 'ready' }
  | { type: 'act'; action: ServerAction; server: string }
  | { type: 'openIncident'; incident: string }
  | { type: 'openSettings' };

/** All that the page shows. */
export interface MonitorModel {
  labels: Labels;
  /** BCP 47, for times of day. */
  language: string;
  /** "2 of 10 servers · 1 idle"; what stands there while nothing runs. */
  headline: string;
  /** Null without a pool. */
  memory: { ours: Meter; trail: readonly number[]; machine: Meter | null; sample: string } | null;
  /** One sentence while memory is over the threshold. */
  pressure: string | null;
  engine: {
    state: 'unknown' | 'ready' | 'unavailable';
    text: string;
    /** What the images of servers use on disk; null until it was looked at. */
    images: string | null;
  };
  servers: readonly ServerCard[];
  failed: readonly FailedCard[];
  /** Newest first. */
  history: readonly HistoryLine[];
}

/** Fixed texts of the page. */
export interface Labels {
  memory: string;
  machine: string;
  machineUnknown: string;
  servers: string;
  noServers: string;
  failed: string;
  history: string;
  noHistory: string;
  showAll: string;
  showFewer: string;
  engine: string;
  settings: string;
  trail: string;
  actions: Readonly<Record<ServerAction, string>>;
}

/** An amount of memory against its whole. */
export interface Meter {
  /** "300 MB of 1 GB". */
  text: string;
  /** 0 to 1 and more. */
  share: number;
  /** Where it becomes too much, as a share; null where nothing is said of that. */
  threshold: number | null;
  isOver: boolean;
  /** "29%", "29%, servers are stopped from 80% on". */
  percentText: string;
  thresholdText: string;
}

export interface ServerCard {
  id: string;
  name: string;
  state: 'starting' | 'idle' | 'leased' | 'stopping';
  stateText: string;
  pinned: boolean;
  pinnedText: string;
  /** "stops in 15 min", "up 45 min". */
  facts: readonly string[];
  memory: Meter | null;
  /** Its memory as shares of its limit (of the budget where it has none), newest last. */
  trail: readonly number[];
  holders: readonly { text: string; incident: string | null }[];
  /** Label and value, for the opened card. */
  details: readonly (readonly [string, string])[];
}

export interface FailedCard {
  name: string;
  /** ISO 8601. */
  at: string;
  message: string;
}

export interface HistoryLine {
  /** Stable over models. */
  key: string;
  /** ISO 8601. */
  at: string;
  kind: 'started' | 'idle' | 'reused' | 'stopped' | 'failed' | 'pressure';
  name: string;
  kindText: string;
  why: string;
}
