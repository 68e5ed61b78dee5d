package dev.capsule.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher at the root, in a checkout of scripts that stand for Java and Maven. */
class LauncherTest {

  /** What the launcher may need from its PATH: neither a java nor a mvn is among it. */
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "cat",
          "cp",
          "find",
          "grep",
          "head",
          "ln",
          "mkdir",
          "mv",
          "readlink",
          "rm",
          "sed",
          "sleep",
          "touch",
          "tr");

  @TempDir private Path temp;

  private Path root;
  private Path bin;
  private Path places;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void makeCheckout() throws IOException {
    root = Files.createDirectories(temp.resolve("a checkout"));
    bin = Files.createDirectories(temp.resolve("bin"));
    places = Files.createDirectories(temp.resolve("usual"));
    String script = Files.readString(Path.of(System.getProperty("capsule.root", ".."), "capsule"));
    String list = script.substring(script.indexOf("printf '%s\\n' /usr/lib/jvm/*"));
    list = list.substring(0, list.indexOf("\n}\n"));
    executable(root.resolve("capsule"), script.replace(list, "printf '%s\\n' " + places + "/*"));
    for (String tool : TOOLS) {
      executable(bin.resolve(tool), "exec " + find(tool) + " \"$@\"");
    }
    for (String module : List.of("engine", "component-model", "wasi-preview2", "capsule-cli")) {
      write(root.resolve(module + "/pom.xml"), "");
      write(root.resolve(module + "/src/main/java/Source.java"), "");
    }
    write(root.resolve("pom.xml"), "");
    write(root.resolve("build/Tool.java"), "");
    maven(
        """
        cat >/dev/null
        echo build >>builds
        mkdir -p capsule-cli/target/capsule/lib
        echo jar >capsule-cli/target/capsule/lib/capsule.jar
        touch capsule-cli/target/capsule/built
        """);
    environment.put("PATH", bin.toString());
    environment.put("HOME", temp.resolve("home").toString());
  }

  @ParameterizedTest
  @CsvSource({
    // JAVA_HOME, java of the PATH, usual places, chosen
    "21.0.2, 25, 25, home",
    "17.0.9, 21, 25, path",
    "1.8.0_292, 17, 25, usual",
    "'', 17, 25, usual",
    "'', '', 21, usual",
    "26-ea, 21, 25, home",
  })
  void takesTheFirstJdkThatIsNewEnough(String home, String path, String usual, String chosen)
      throws Exception {
    if (!home.isEmpty()) {
      environment.put("JAVA_HOME", jdk(temp.resolve("home"), home).toString());
    }
    if (!path.isEmpty()) {
      Path java = jdk(temp.resolve("path"), path).resolve("bin/java");
      Path alternative = Files.createSymbolicLink(temp.resolve("alternative"), java);
      Files.createSymbolicLink(bin.resolve("java"), alternative);
    }
    jdk(places.resolve("usual"), usual);
    assertEquals(chosen, javaHome(run()).getFileName().toString());
  }

  @Test
  void takesTheNewestOfTheUsualPlaces() throws Exception {
    for (String version : List.of("9.0.4", "17.0.15", "25.0.30", "25.1.10", "25.1.9", "11.0.1")) {
      jdk(places.resolve("jdk-" + version), version);
    }
    Files.createDirectories(places.resolve("not-a-jdk"));
    assertEquals("jdk-25.1.10", javaHome(run()).getFileName().toString());
  }

  @Test
  void asksAJavaThatIsAScript() throws Exception {
    Path jdk = jdk(temp.resolve("managed"), "21.0.1");
    executable(bin.resolve("java"), "echo '    java.home = " + jdk + "' >&2");
    assertEquals(jdk, javaHome(run()));
  }

  @Test
  void saysWhichJdksAreTooOld() throws Exception {
    environment.put("JAVA_HOME", jdk(temp.resolve("old"), "17.0.1").toString());
    Files.createSymbolicLink(
        bin.resolve("java"), jdk(temp.resolve("older"), "11.0.1").resolve("bin/java"));
    Result result = run("--version");
    assertEquals(3, result.exit);
    assertTrue(result.err.contains("JDK of version 21 or newer"), result.err);
    assertTrue(result.err.contains("old (version 17)"), result.err);
    assertTrue(result.err.contains("java (version 11)"), result.err);
    assertEquals("", result.out);
  }

  @Test
  void buildsOnceAndAgainWhenASourceChangesOrGoes() throws Exception {
    jdk(places.resolve("jdk"), "25");
    assertTrue(run().err.contains("building"));
    assertEquals("", run().err);
    assertEquals(1, builds());

    touchAfterBuild(root.resolve("engine/src/main/java/Source.java"));
    run();
    assertEquals(2, builds());

    Path gone = root.resolve("wasi-preview2/src/main/java/Source.java");
    Files.delete(gone);
    touchAfterBuild(gone.getParent());
    run();
    assertEquals(3, builds());

    touchAfterBuild(root.resolve("capsule-cli/pom.xml"));
    run();
    assertEquals(4, builds());
    run();
    assertEquals(4, builds());
  }

  @Test
  void aRunningProcessKeepsItsJarsWhenTheNextBuilds() throws Exception {
    jdk(places.resolve("jdk"), "25");
    Path before = Path.of(classPath(run()));
    touchAfterBuild(root.resolve("pom.xml"));
    Path after = Path.of(classPath(run()));
    assertFalse(before.equals(after));
    assertTrue(Files.exists(before));
    assertTrue(Files.exists(after));
  }

  @Test
  void showsWhyTheBuildFailed() throws Exception {
    jdk(places.resolve("jdk"), "25");
    maven("echo '[INFO] noise'; echo '[ERROR] Source.java:7: no such thing'; exit 1");
    Result result = run("--version");
    assertEquals(3, result.exit);
    assertTrue(result.err.contains("Source.java:7: no such thing"), result.err);
    assertFalse(result.err.contains("noise"), result.err);
    assertTrue(result.err.contains("target/launcher/build.log"), result.err);
    assertFalse(Files.isSymbolicLink(root.resolve("target/launcher/lock")));
  }

  @Test
  void saysWhenThereIsNoMaven() throws Exception {
    jdk(places.resolve("jdk"), "25");
    Files.delete(bin.resolve("mvn"));
    Result result = run("--version");
    assertEquals(3, result.exit);
    assertTrue(result.err.contains("no mvn on the PATH"), result.err);
  }

  @Test
  void buildsOnceForProcessesThatStartTogether() throws Exception {
    jdk(places.resolve("jdk"), "25");
    maven(
        """
        echo build >>builds
        mkdir -p capsule-cli/target/capsule/lib
        sleep 0.3
        echo jar >capsule-cli/target/capsule/lib/capsule.jar
        touch capsule-cli/target/capsule/built
        """);
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      processes.add(start(root.resolve("capsule"), temp, ""));
    }
    for (Process process : processes) {
      assertEquals(0, finish(process).exit);
    }
    assertEquals(1, builds());
  }

  @Test
  void takesOverTheLockOfADeadProcess() throws Exception {
    jdk(places.resolve("jdk"), "25");
    Process dead = new ProcessBuilder(bin.resolve("bash").toString(), "-c", "exit").start();
    dead.waitFor();
    Path state = Files.createDirectories(root.resolve("target/launcher"));
    Files.createSymbolicLink(state.resolve("lock"), Path.of(Long.toString(dead.pid())));
    assertEquals(0, run().exit);
    assertEquals(1, builds());
  }

  @Test
  void passesWordsInputAndExitCodeThroughUnchanged() throws Exception {
    jdk(places.resolve("jdk"), "25");
    environment.put("EXIT", "42");
    String[] words = {"run", "", "two words", "*", "$HOME", "--", "-x=\"y\""};
    Result result = run("what was read", root.resolve("capsule"), temp, words);
    assertEquals(42, result.exit);
    String main = "dev.capsule.cli.Main\n";
    String[] lines = result.out.substring(result.out.indexOf(main) + main.length()).split("\n", -1);
    assertEquals(List.of(words), List.of(lines).subList(0, words.length));
    assertEquals("stdin: what was read", lines[words.length]);
  }

  @Test
  void runsThroughLinksFromAnywhere() throws Exception {
    jdk(places.resolve("jdk"), "25");
    Path elsewhere = Files.createDirectories(temp.resolve("else where"));
    Files.createSymbolicLink(elsewhere.resolve("one"), Path.of("../a checkout/capsule"));
    Files.createSymbolicLink(bin.resolve("two"), elsewhere.resolve("one"));
    assertEquals(0, run("", Path.of("./one"), elsewhere).exit);
    assertEquals(0, run("", Path.of("two"), Path.of("/")).exit);
    assertEquals(0, run("", Path.of("./capsule"), root).exit);
    assertEquals(1, builds());
  }

  @Test
  void passesJvmOptions() throws Exception {
    jdk(places.resolve("jdk"), "25");
    environment.put("CAPSULE_JAVA_OPTS", "-Xmx1g -Da=b");
    List<String> arguments = run().out.lines().toList();
    assertEquals(arguments.indexOf("-Xmx1g") + 1, arguments.indexOf("-Da=b"));
    assertTrue(arguments.indexOf("-Da=b") < arguments.indexOf("dev.capsule.cli.Main"));
  }

  @ParameterizedTest
  @CsvSource({
    "run main.py, true",
    "eval python 1, true",
    "exec --engine interpreter a.wasm, true",
    "wast --engine=interpreter a.wast, true",
    "exec a.wasm, false",
    "exec --engine jit a.wasm, false",
    "exec a.wasm -- --engine interpreter, false",
    "worker, false"
  })
  void leavesOutTheOptimisingCompilerForShortRuns(String line, boolean without) throws Exception {
    jdk(places.resolve("jdk"), "25");
    List<String> arguments = run(line.split(" ")).out.lines().toList();
    assertEquals(without, arguments.contains("-XX:TieredStopAtLevel=1"), arguments.toString());
    assertTrue(arguments.contains("-XX:C1InlineStackLimit=10"), arguments.toString());
    assertEquals(
        line.startsWith("exec") && !without,
        arguments.contains("-XX:Tier2InvokeNotifyFreqLog=17"),
        arguments.toString());
  }

  @Test
  void givesRunsTheCodeThatWasMadeInTraining() throws Exception {
    Path jdk = jdk(places.resolve("jdk"), "25");
    executable(jdk.resolve("bin/java"), "printf '%s\\n' \"$@\"");
    Result result = run("exec", "a.wasm");
    List<String> training = Files.readAllLines(root.resolve("target/launcher/training.log"));
    Path code = Path.of(training.getLast());
    assertTrue(Files.isDirectory(code), code.toString());
    assertTrue(result.out.contains("-Ddev.capsule.engine.code=" + code + "\n"), result.out);
    String option = "-XX:CompilerDirectivesFile=";
    String directives =
        training.stream().filter(line -> line.startsWith(option)).findFirst().orElseThrow();
    assertTrue(Files.readString(Path.of(directives.substring(option.length()))).contains("c2"));
    assertFalse(result.out.contains(option), result.out);
  }

  @ParameterizedTest
  @CsvSource({
    "exec a.wasm, true",
    "exec --engine jit a.wasm, true",
    "exec --engine interpreter a.wasm, false",
    "worker, false",
    "wast a.wast, false",
    "run main.py, false"
  })
  void compilesAsInTrainingOnlyWhereTheGuestsCodeIsCompiled(String line, boolean asInTraining)
      throws Exception {
    jdk(places.resolve("jdk"), "25");
    List<String> arguments = run(line.split(" ")).out.lines().toList();
    assertEquals(!asInTraining, arguments.contains("-XX:-AOTReplayTraining"), line);
  }

  @Test
  void givesAnOldJdkNoOptionsThatItDoesNotKnow() throws Exception {
    jdk(places.resolve("jdk"), "21.0.1");
    assertFalse(run("worker").out.contains("AOT"));
  }

  @ParameterizedTest
  @CsvSource({"25.0.1, -XX:AOTCache=", "21.0.1, -XX:SharedArchiveFile="})
  void startsFromTheArchiveThatTheJdkKnows(String version, String option) throws Exception {
    jdk(places.resolve("jdk"), version);
    String archive =
        run().out.lines().filter(line -> line.startsWith(option)).findFirst().orElseThrow();
    assertTrue(Files.exists(Path.of(archive.substring(option.length()))), archive);
  }

  @Test
  void runsWithoutAnArchiveWhereTheJvmMakesNone() throws Exception {
    Path jdk = jdk(places.resolve("jdk"), "25");
    executable(
        jdk.resolve("bin/java"),
        "case \"$*\" in *'cli.Training '*) exit 1 ;; *) printf '%s\\n' \"$@\" ;; esac");
    Result result = run();
    assertEquals(0, result.exit);
    assertFalse(result.out.contains("-XX:AOTCache"), result.out);
  }

  // --- what stands for the world -----------------------------------------------------------------

  private record Result(int exit, String out, String err) {}

  private Result run(String... arguments) throws Exception {
    return run("", root.resolve("capsule"), temp, arguments);
  }

  private Result run(String stdin, Path command, Path directory, String... arguments)
      throws Exception {
    return finish(start(command, directory, stdin, arguments));
  }

  private Process start(Path command, Path directory, String stdin, String... arguments)
      throws IOException {
    List<String> words = new ArrayList<>();
    words.add(bin.resolve("bash").toString());
    words.add("-c");
    words.add("\"$0\" \"$@\"");
    words.add(command.toString());
    words.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    try (var input = process.outputWriter()) {
      input.write(stdin);
    }
    return process;
  }

  /** Waits; a launcher writes too little to block on a full pipe. */
  private static Result finish(Process process) throws Exception {
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the launcher hangs");
    String out = new String(process.getInputStream().readAllBytes());
    String err = new String(process.getErrorStream().readAllBytes());
    return new Result(process.exitValue(), out, err);
  }

  /**
   * A Java that records what it is asked to, and else prints who it is, its arguments and stdin.
   */
  private Path jdk(Path home, String version) throws IOException {
    write(home.resolve("release"), "IMPLEMENTOR=\"Us\"\nJAVA_VERSION=\"" + version + "\"\n");
    executable(
        home.resolve("bin/java"),
        """
        for argument in "$@"; do
          case $argument in
            -XX:AOTCacheOutput=* | -XX:ArchiveClassesAtExit=*)
              cat >"${argument#*=}"
              echo archive >>"${argument#*=}"
              exit
              ;;
          esac
        done
        echo "home: ${0%/bin/java}"
        printf '%s\\n' "$@"
        read -r line
        echo "stdin: $line"
        exit "${EXIT:-0}"
        """);
    return home;
  }

  private void maven(String script) throws IOException {
    executable(bin.resolve("mvn"), script);
  }

  private static Path javaHome(Result result) {
    assertEquals(0, result.exit, result.err);
    return Path.of(result.out.lines().findFirst().orElseThrow().substring("home: ".length()));
  }

  private static String classPath(Result result) {
    List<String> arguments = result.out.lines().toList();
    return arguments.get(arguments.indexOf("-cp") + 1);
  }

  private long builds() throws IOException {
    return Files.readAllLines(root.resolve("builds")).size();
  }

  /** Makes the file newer than the build by more than any file system rounds. */
  private void touchAfterBuild(Path file) throws IOException {
    Path built = root.resolve("capsule-cli/target/capsule/built");
    Instant past = Instant.now().minusSeconds(60);
    try (var files = Files.walk(root)) {
      for (Path each : files.filter(path -> !path.equals(file)).toList()) {
        if (!Files.isSymbolicLink(each)) {
          Files.setLastModifiedTime(each, FileTime.from(past));
        }
      }
    }
    Files.setLastModifiedTime(built, FileTime.from(past));
    Files.setLastModifiedTime(file, FileTime.from(past.plusSeconds(10)));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void executable(Path file, String script) throws IOException {
    boolean complete = script.startsWith("#!");
    write(file, complete ? script : "#!" + find("bash") + "\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Path find(String tool) {
    return List.of("/bin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin").stream()
        .map(folder -> Path.of(folder, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + tool));
  }
}
