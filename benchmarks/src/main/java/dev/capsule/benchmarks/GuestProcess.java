package dev.capsule.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One engine with one guest language, in a process of its own. Says "ready"; answers every line
 * "run NAME" with the milliseconds and the checksum of that program.
 */
public final class GuestProcess {
  private static final String RUN = "run ";

  private GuestProcess() {}

  /**
   * Arguments: the engine; python or javascript; serve, or start for a new instance of the
   * interpreter in the place of each program; the module; the programs.
   */
  public static void main(String[] arguments) throws IOException {
    boolean python = arguments[1].equals("python");
    boolean starts = arguments[2].equals("start");
    Guests guests = guests(arguments[0], Path.of(arguments[3]));
    byte[] programs = Files.readAllBytes(Path.of(arguments[4]));
    if (starts) {
      answer(program -> python ? startPython(guests) : startQuickJs(guests));
    } else if (python) {
      System.exit(guests.python("-c", new String(programs, StandardCharsets.UTF_8)));
    } else {
      QuickJs quickJs = guests.quickJs();
      quickJs.evaluate(programs);
      answer(quickJs);
    }
  }

  private static Guests guests(String engine, Path module) {
    return switch (engine) {
      case "chicory-interpreter" -> new ChicoryGuests(false, module);
      case "chicory-compiler" -> new ChicoryGuests(true, module);
      case "endive-interpreter" -> new EndiveGuests(false, module);
      case "endive-compiler" -> new EndiveGuests(true, module);
      case "graalwasm" -> new GraalWasmGuests(module);
      default -> new CapsuleGuests(CapsuleVariant.of(engine), module);
    };
  }

  private static double startPython(Guests guests) {
    return guests.python("-c", "import sys; sys.exit(6 * 7)");
  }

  private static double startQuickJs(Guests guests) {
    return guests.quickJs().evaluate("6 * 7".getBytes(StandardCharsets.US_ASCII));
  }

  private static void answer(Guest guest) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    System.out.println("ready");
    for (String line = lines.readLine();
        line != null && line.startsWith(RUN);
        line = lines.readLine()) {
      long start = System.nanoTime();
      double result = guest.run(line.substring(RUN.length()));
      double millis = (System.nanoTime() - start) / 1e6;
      System.out.println(millis + " " + result);
    }
  }
}
