package dev.capsule.wasi.cli;

import dev.capsule.wasi.io.BlockingInput;
import dev.capsule.wasi.io.BlockingOutput;
import dev.capsule.wasi.io.ByteInput;
import dev.capsule.wasi.io.CapturedOutput;
import dev.capsule.wasi.io.ChannelInput;
import dev.capsule.wasi.io.DirectOutput;
import dev.capsule.wasi.io.WasiInputStream;
import dev.capsule.wasi.io.WasiOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Standard streams for guests. */
public final class Stdio {
  private Stdio() {}

  /** No input: the end at once. */
  public static WasiInputStream empty() {
    return new ByteInput(new byte[0]);
  }

  /** These bytes, then the end. */
  public static WasiInputStream bytes(byte[] bytes) {
    return new ByteInput(bytes);
  }

  /**
   * The content of a file.
   *
   * @throws UncheckedIOException if it cannot be opened
   */
  public static WasiInputStream file(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new IOException("it is a directory");
      }
      // Reading a pipe or a terminal may block for ever.
      return Files.isRegularFile(file)
          ? new ChannelInput(FileChannel.open(file))
          : BlockingInput.owning(Files.newInputStream(file));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open " + file, e);
    }
  }

  /** What a Java stream gives; its reads may block. */
  public static WasiInputStream from(InputStream stream) {
    return new BlockingInput(stream, false);
  }

  /** The standard input of this process. */
  public static WasiInputStream inheritInput() {
    return new BlockingInput(new FileInputStream(FileDescriptor.in), hasTerminal());
  }

  /** Nowhere. */
  public static WasiOutputStream discard() {
    return DirectOutput.discard();
  }

  /** Memory, up to {@code cap} bytes. */
  public static CapturedOutput capture(int cap) {
    return new CapturedOutput(cap);
  }

  /** A Java stream; its writes may block. */
  public static WasiOutputStream to(OutputStream stream) {
    return stream instanceof ByteArrayOutputStream
        ? new DirectOutput(stream)
        : new BlockingOutput(stream, false);
  }

  /** The standard output of this process. */
  public static WasiOutputStream inheritOutput() {
    return new BlockingOutput(new FileOutputStream(FileDescriptor.out), hasTerminal());
  }

  /** The standard error of this process. */
  public static WasiOutputStream inheritError() {
    return new BlockingOutput(new FileOutputStream(FileDescriptor.err), hasTerminal());
  }

  private static boolean hasTerminal() {
    Console console = System.console();
    return console != null && isTerminal(console);
  }

  /** From 22 on, Java gives a console even without a terminal. */
  private static boolean isTerminal(Console console) {
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}
