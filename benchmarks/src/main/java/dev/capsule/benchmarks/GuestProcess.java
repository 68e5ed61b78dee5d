package dev.capsule.benchmarks;

import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.runtime.Tier;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * One engine with one guest program, in a process of its own. Says "ready"; answers every line
 * "run" with the milliseconds of one round and its result.
 */
public final class GuestProcess {
  private GuestProcess() {}

  /**
   * Arguments: the engine as {@link EngineUnderTest} names it, quickjs or python, module, script.
   */
  public static void main(String[] arguments) throws IOException {
    String engine = arguments[0];
    Path module = Path.of(arguments[2]);
    byte[] script = Files.readAllBytes(Path.of(arguments[3]));
    if (arguments[1].equals("python")) {
      System.exit(python(engine, module, new String(script, StandardCharsets.UTF_8)));
    }
    answer(quickJs(engine, module, script));
  }

  private static int python(String engine, Path module, String script) {
    return switch (engine) {
      case "chicory-interpreter" -> ChicoryGuests.python(false, module, script);
      case "chicory-compiler" -> ChicoryGuests.python(true, module, script);
      case "endive-interpreter" -> EndiveGuests.python(false, module, script);
      case "endive-compiler" -> EndiveGuests.python(true, module, script);
      default -> CapsuleGuests.python(capsule(engine), module, script);
    };
  }

  private static Guest quickJs(String engine, Path module, byte[] script) {
    return switch (engine) {
      case "chicory-interpreter" -> ChicoryGuests.quickJs(false, module, script);
      case "chicory-compiler" -> ChicoryGuests.quickJs(true, module, script);
      case "endive-interpreter" -> EndiveGuests.quickJs(false, module, script);
      case "endive-compiler" -> EndiveGuests.quickJs(true, module, script);
      default -> CapsuleGuests.quickJs(capsule(engine), module, script);
    };
  }

  /** The engine of a name such as {@code jit-exact}. */
  private static Engine capsule(String name) {
    String[] parts = name.toUpperCase(Locale.ROOT).split("-", 2);
    return Engine.builder()
        .tier(Tier.valueOf(parts[0]))
        .fuelMode(FuelMode.valueOf(parts[1]))
        .build();
  }

  private static void answer(Guest guest) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    System.out.println("ready");
    while ("run".equals(lines.readLine())) {
      long start = System.nanoTime();
      double result = guest.round();
      double millis = (System.nanoTime() - start) / 1e6;
      System.out.println(millis + " " + result);
    }
  }
}
