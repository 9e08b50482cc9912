/** Ids as the manifest names them (contributes.chatParticipants, contributes.languageModelTools). */
export const participantId = 'warRoom.chat';

export const toolNames = {
  diagnose: 'war_room_diagnose',
  incidents: 'war_room_incidents',
} as const;
