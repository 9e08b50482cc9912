/** The shape of `vscode.Disposable`, so that the engine needs no editor. */
export interface DisposableLike {
  dispose(): void;
}

/** Owns disposables and disposes them once, last first. What is added too late is disposed at once. */
export class DisposableStore implements DisposableLike {
  private readonly items: DisposableLike[] = [];
  private disposed = false;

  add<T extends DisposableLike>(item: T): T {
    if (this.disposed) item.dispose();
    else this.items.push(item);
    return item;
  }

  dispose(): void {
    this.disposed = true;
    for (let item = this.items.pop(); item; item = this.items.pop()) item.dispose();
  }
}
