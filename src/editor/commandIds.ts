/** Every command of the extension, as the manifest names it. */
export const commandIds = {
  diagnoseSelection: 'warRoom.diagnoseSelection',
  diagnoseFile: 'warRoom.diagnoseFile',
  diagnoseTerminalSelection: 'warRoom.diagnoseTerminalSelection',
  diagnoseClipboard: 'warRoom.diagnoseClipboard',
  trySample: 'warRoom.trySample',
  openPage: 'warRoom.openPage',
  openProposal: 'warRoom.openProposal',
  openCitation: 'warRoom.openCitation',
  accept: 'warRoom.accept',
  acceptAndCommit: 'warRoom.acceptAndCommit',
  reject: 'warRoom.reject',
  undoAccept: 'warRoom.undoAccept',
  chooseValuesFile: 'warRoom.chooseValuesFile',
  chooseRepository: 'warRoom.chooseRepository',
  cancel: 'warRoom.cancel',
  copyMarkdown: 'warRoom.copyMarkdown',
  copyText: 'warRoom.copyText',
  showCommit: 'warRoom.showCommit',
  showLogs: 'warRoom.showLogs',
  setIdentity: 'warRoom.setIdentity',
  resolveMerge: 'warRoom.resolveMerge',
  clearStored: 'warRoom.clearStored',
} as const;

export type CommandId = (typeof commandIds)[keyof typeof commandIds];
