import * as vscode from 'vscode';
import { Emitter } from '../base/emitter';
import { messageOf } from '../base/errors';
import { actionDocument, callOf } from '../incident/clusterAction';
import { isActionUri } from './actionDocument';
import { parseProposalUri, proposalScheme } from './proposalUri';
import type { Surface } from './surface';

/**
 * The right side of a proposal's diff as a file that can be edited and saved. It is never stored:
 * its text is the file of today with the proposed values, or those that the person typed.
 */
export class ProposalFiles implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly changes = new Emitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changes.event;
  /** Goes up with each change, so that the editor reads the text again. */
  private readonly versions = new Map<string, number>();
  /** The calls of actions as their documents showed them last, by incident. */
  private readonly calls = new Map<string, string>();
  private readonly registration: vscode.Disposable;

  constructor(private readonly surface: Surface) {
    this.registration = vscode.workspace.registerFileSystemProvider(proposalScheme, this, {
      isCaseSensitive: true,
    });
  }

  dispose(): void {
    this.registration.dispose();
    this.changes.dispose();
  }

  /** Has the editor read the proposal again, for example when the file on the left has changed. */
  refresh(uri: vscode.Uri): void {
    this.versions.set(uri.toString(), this.mtime(uri) + 1);
    this.changes.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  /** The call that the person has seen of an incident's action; undefined where none was opened. */
  shownCall(incidentId: string): string | undefined {
    return this.calls.get(incidentId);
  }

  watch(): vscode.Disposable {
    return { dispose: () => undefined };
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { bytes } = await this.read(uri);
    return {
      type: vscode.FileType.File,
      ctime: 0,
      mtime: this.mtime(uri),
      size: bytes.byteLength,
      // Nothing of an action can be typed over: it is taken or left.
      ...(isActionUri(uri) ? { permissions: vscode.FilePermission.Readonly } : {}),
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { bytes, call } = await this.read(uri);
    // Not in `stat`, which shows nothing.
    if (call !== undefined) this.calls.set(parseProposalUri(uri).incidentId, call);
    return bytes;
  }

  private async read(uri: vscode.Uri): Promise<{ bytes: Uint8Array; call?: string }> {
    const { incidentId, file } = parseProposalUri(uri);
    const { warRoom } = this.surface;
    try {
      if (!isActionUri(uri))
        return { bytes: await warRoom.approval.proposedBytes(incidentId, file) };
      const incident = await warRoom.incident(incidentId);
      const action = incident.proposal?.action;
      return { bytes: Buffer.from(actionDocument(incident)), call: action && callOf(action) };
    } catch (error) {
      throw vscode.FileSystemError.Unavailable(messageOf(error));
    }
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const { incidentId, file } = parseProposalUri(uri);
    const { leftOut } = await this.surface.warRoom.approval.typeValues(incidentId, file, content);
    if (leftOut) {
      void vscode.window.showWarningMessage(
        'War Room took the proposed values only; edit the file itself to change anything else.',
      );
    }
  }

  readDirectory(): never {
    throw vscode.FileSystemError.NoPermissions('A proposal has no folders.');
  }
  createDirectory(): never {
    throw vscode.FileSystemError.NoPermissions('A proposal has no folders.');
  }
  delete(): never {
    throw vscode.FileSystemError.NoPermissions('A proposal is rejected, not deleted.');
  }
  rename(): never {
    throw vscode.FileSystemError.NoPermissions('A proposal cannot be renamed.');
  }

  private mtime(uri: vscode.Uri): number {
    return this.versions.get(uri.toString()) ?? 1;
  }
}
