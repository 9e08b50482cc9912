import type * as vscode from 'vscode';

/** A language-model tool. What it is given comes from a model and is checked here. */
export interface Tool {
  /** What a person sees, and is asked, before it runs. */
  prepare(input: unknown): vscode.PreparedToolInvocation;
  /** Answers with JSON as text; an error that the model can do something about is in it. */
  invoke(
    options: vscode.LanguageModelToolInvocationOptions<unknown>,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult>;
}
