import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';

import { temporaryFolder } from './temporary';
import type { TemporaryFolder } from './temporary';

/** What becomes of a request; `pass` hands it to the engine. */
export type Fate =
  | 'pass'
  /** It is never answered. */
  | 'hang'
  /** The connection is dropped. */
  | 'drop'
  /** The engine is said to have refused it. */
  | { status: number; message: string };

/** A socket in front of a real engine that does to requests what an engine in trouble does. */
export class EngineProxy implements AsyncDisposable {
  /** For `DOCKER_HOST`. */
  readonly host: string;
  /** Method and path of every request so far. */
  readonly requests: string[] = [];
  /** Decides by method and path, for example `POST /containers/…/update`. */
  fate: (request: string) => Fate = () => 'pass';
  /** Raw streams come to the client in pieces of so many bytes. */
  pieceBytes = Infinity;
  private readonly server: Server;
  private readonly sockets = new Set<Duplex>();

  private constructor(
    private readonly folder: TemporaryFolder,
    private readonly engineSocket: string,
  ) {
    const path = join(folder.path, 'proxy.sock');
    this.host = `unix://${path}`;
    this.server = createServer((request, response) => this.answer(request, response));
    this.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.join(request, socket, head),
    );
    this.server.on('connection', (socket) => this.keep(socket));
    this.server.listen(path);
  }

  /** @param engineHost a unix address */
  static async before(engineHost: string): Promise<EngineProxy> {
    const socket = engineHost.replace(/^unix:\/\//, '');
    return new EngineProxy(await temporaryFolder('proxy'), socket);
  }

  /** Drops every connection, as an engine that dies does. */
  dropAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.dropAll();
    this.server.close();
    await this.folder.remove();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const fate = this.decide(request);
    if (fate === 'hang') return;
    if (fate === 'drop') {
      request.socket.destroy();
      return;
    }
    if (fate !== 'pass') {
      response.writeHead(fate.status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ message: fate.message }));
      return;
    }
    const { method, url: path, headers } = request;
    const onward = httpRequest({ socketPath: this.engineSocket, method, path, headers });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    request.pipe(onward);
  }

  /** Joins a raw stream with one of the engine, byte for byte. */
  private join(request: IncomingMessage, client: Duplex, head: Buffer): void {
    const fate = this.decide(request);
    if (fate === 'hang') return;
    if (fate !== 'pass') {
      client.destroy();
      return;
    }
    const engine = connect({ path: this.engineSocket, allowHalfOpen: true });
    this.keep(engine);
    const headers = request.rawHeaders.reduce(
      (text, word, index) => text + word + (index % 2 === 0 ? ': ' : '\r\n'),
      '',
    );
    engine.write(`${request.method} ${request.url} HTTP/1.1\r\n${headers}\r\n`);
    engine.write(head);
    client.pipe(engine);
    void this.inPieces(engine, client);
    client.on('error', () => engine.destroy());
    client.on('close', () => engine.destroy());
    engine.on('error', () => client.destroy());
    engine.on('close', () => client.destroy());
  }

  private async inPieces(engine: Socket, client: Duplex): Promise<void> {
    try {
      for await (const chunk of engine) {
        let rest = chunk as Buffer;
        while (rest.length > 0) {
          client.write(rest.subarray(0, this.pieceBytes));
          rest = rest.subarray(this.pieceBytes);
          if (rest.length > 0) await turn();
        }
      }
      client.end();
    } catch {
      client.destroy();
    }
  }

  private decide({ method = '', url = '' }: IncomingMessage): Fate {
    const request = `${method} ${url}`;
    this.requests.push(request);
    return this.fate(request);
  }

  private keep(socket: Duplex): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
  }
}
