const headerBytes = 8;

/** Which of a program's streams a frame is of; 3 is what the engine itself has to say. */
export type FrameStream = 0 | 1 | 2 | 3;

/** A frame, or a part of one: what had come of it. */
export interface Frame {
  stream: FrameStream;
  payload: Buffer;
}

/**
 * Takes a container engine's stream apart, which carries standard output and error in frames: one
 * byte for the stream, three of nothing, and the length as four bytes, big-endian. The pieces may
 * be cut anywhere.
 */
export class StreamFrames {
  private readonly header = Buffer.alloc(headerBytes);
  private headerFilled = 0;
  private stream: FrameStream = 1;
  /** Bytes of the frame that are still to come. */
  private left = 0;

  /** @throws Error when the bytes are no frames; nothing that follows can be told apart then */
  *push(bytes: Buffer): Generator<Frame> {
    let position = 0;
    while (position < bytes.length) {
      if (this.left === 0) {
        position += this.fillHeader(bytes.subarray(position));
        continue;
      }
      const payload = bytes.subarray(position, position + this.left);
      position += payload.length;
      this.left -= payload.length;
      yield { stream: this.stream, payload };
    }
  }

  /** @returns how many bytes it took */
  private fillHeader(bytes: Buffer): number {
    const taken = bytes.copy(this.header, this.headerFilled);
    this.headerFilled += taken;
    if (this.headerFilled === headerBytes) {
      const [stream = -1, ...nothing] = this.header.subarray(0, 4);
      if (!isFrameStream(stream) || nothing.some((byte) => byte !== 0)) {
        throw new Error("The engine's stream is not made of frames.");
      }
      this.stream = stream;
      this.left = this.header.readUInt32BE(4);
      this.headerFilled = 0;
    }
    return taken;
  }
}

function isFrameStream(value: number): value is FrameStream {
  return value >= 0 && value <= 3;
}
