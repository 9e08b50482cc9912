import { provideVSCodeDesignSystem, vsCodeButton } from '@vscode/webview-ui-toolkit';

/**
 * Defines the elements of the webview toolkit that the page uses. The toolkit is archived upstream
 * (no fixes will come), so this is the only file that knows it: what takes its place defines
 * `<vscode-button>` with the same attributes here.
 */
export function defineElements(): void {
  provideVSCodeDesignSystem().register(vsCodeButton());
}
