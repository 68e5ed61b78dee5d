package dev.capsule.wasi.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Bytes from a channel whose reads never block for long, such as one of a regular file. */
public final class ChannelInput implements WasiInputStream {
  private final ReadableByteChannel channel;

  /** Reads from {@code channel} and closes it in the end. */
  public ChannelInput(ReadableByteChannel channel) {
    this.channel = channel;
  }

  @Override
  public int read(ByteBuffer into) {
    if (!into.hasRemaining()) {
      return 0;
    }
    try {
      return channel.read(into);
    } catch (IOException e) {
      throw StreamException.failed(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Pollable subscribe() {
    return Pollable.READY;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw StreamException.failed(String.valueOf(e.getMessage()));
    }
  }
}
