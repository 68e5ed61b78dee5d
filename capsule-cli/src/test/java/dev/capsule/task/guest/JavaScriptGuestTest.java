package dev.capsule.task.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import dev.capsule.task.guest.GuestReply.Completed;
import dev.capsule.task.guest.GuestReply.Failed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JavaScriptGuestTest {
  private static final String SDK = "import { task } from '@capsule-run/sdk';\n";

  /** Programs that check the SDK from the inside and return "ok". */
  @ParameterizedTest
  @ValueSource(strings = {"calls.mjs", "web.mjs", "node.mjs", "hashes.mjs", "inspect.mjs"})
  void checksFromInside(String name) throws IOException {
    GuestRun run = new GuestRun(name, Map.of(name, GuestTexts.read("javascript/" + name)));
    run.http = GuestTexts::webServer;
    assertEquals("\"ok\"", run.result());
  }

  @Test
  void filesFromInside(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("in.txt"), "one\ntwo\n");
    GuestRun run =
        new GuestRun("files.mjs", Map.of("files.mjs", GuestTexts.read("javascript/files.mjs")));
    run.preopens =
        List.of(
            new Preopen(folder, "/data", true, Set.of(".capsule")),
            new Preopen(folder, "/ro", false, Set.of(".capsule")));
    assertEquals("\"ok\"", run.result());
    assertEquals("üüü", Files.readString(folder.resolve("out.txt")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fs.writeFileSync('/ro/x', '')",
        "fs.readFileSync('/etc/passwd')",
        "fs.readFileSync('/data/../../x')",
        "fs.mkdirSync('/ro/.capsule/x')",
      })
  void refusedFilesAreTold(String statement, @TempDir Path folder) {
    GuestRun run =
        GuestRun.javaScript("import fs from 'fs';\nexport const main = () => " + statement);
    run.preopens =
        List.of(
            new Preopen(folder, "/data", true, Set.of(".capsule")),
            new Preopen(folder, "/ro", false, Set.of(".capsule")));
    assertEquals(ErrorType.FILE_DENIED, run.failure().type());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 + 1 | 2",
        "const x = 3; x * 2 | 6",
        "await Promise.resolve(1) | 1",
        "let a = await 3; if (a) { a + await 1 } | 4",
        "await new Promise((done) => setTimeout(done, 1)); 'slept' | \"slept\"",
        "(await import('path')).join('a', 'b') | \"a/b\"",
        "Promise.resolve(7) | 7",
        "var v = 5; this === globalThis && globalThis.v | 5",
        "with ({ q: 2 }) { q } | 2",
        "function f() {} | null",
      })
  void evalGivesTheValueOfTheLastExpression(String code, String result) throws IOException {
    assertEquals(result, GuestRun.result(evaluate(code)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "await Promise.reject(new TypeError('no')) | TypeError: no",
        "throw new RangeError('no') | RangeError: no",
        "let = = 3 | SyntaxError: unexpected token",
        "return 3 | SyntaxError: return not in a function",
        "await new Promise(() => {}) | the task waits for a promise",
      })
  void evalTellsWhatWasThrown(String code, String message) throws IOException {
    Failed failed = assertInstanceOf(Failed.class, evaluate(code).outcome());
    assertEquals(ErrorType.TASK_ERROR, failed.type());
    String told = failed.exception().map(it -> it + ": ").orElse("") + failed.message();
    assertTrue(told.startsWith(message), told);
  }

  @Test
  void scriptsThatRunScriptsDoNotNest() throws IOException {
    String code =
        "const { evaluate } = await import('@capsule-run/sdk/script'); let n = 0;"
            + " globalThis.again = () => (++n < 5000 ? evaluate('again()') : n); again()";
    assertEquals("5000", GuestRun.result(evaluate(code)));
  }

  /** What {@code capsule eval js} makes of a text. */
  private static GuestReply evaluate(String code) throws IOException {
    try (InputStream in =
        JavaScriptGuestTest.class.getResourceAsStream("/dev/capsule/cli/eval.mjs")) {
      String program = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return GuestRun.javaScript(program).main(new Gson().toJson(List.of(code)));
    }
  }

  @Test
  void declarationsComeFromLoading() {
    Build build =
        GuestRun.javaScript(
                SDK
                    + """
                    const options = { name: 'sum', compute: 'low', timeout: 1500, maxRetries: 2,
                      allowedFiles: ['./a', { path: 'b', mode: 'read-only' }] };
                    export const sum = task(options, async (a, b = (1 + 2), ...rest) => a + b);
                    export default function main(name) {}
                    """)
            .build();
    assertEquals(
        List.of(
            new TaskDeclaration(
                "sum",
                "{\"name\":\"sum\",\"compute\":\"LOW\",\"timeout\":\"1500ms\",\"max_retries\":2,"
                    + "\"allowed_files\":[\"./a\",\"b:ro\"]}",
                "sum(a, b = (1 + 2), ...rest)",
                "main.mjs",
                4,
                false),
            new TaskDeclaration("main", "{}", "main(name)", "main.mjs", 0, true)),
        build.tasks());
  }

  @Test
  void typesAreRemovedAndLinesStay() {
    Map<String, String> files = new HashMap<>();
    files.put(
        "main.ts",
        """
        import { task } from '@capsule-run/sdk';
        import type { Shape } from './shape';
        import { area, Color } from './shape.js';
        interface Point {
          x: number;
        }
        function fail<T extends Point>(it: T): never {
          throw new TypeError(`bad ${(it as Point).x}`);
        }
        export const main = task({ name: 'main' }, async (how?: string): Promise<unknown> => {
          const shape: Shape = { side: 3 };
          return how === 'fail' ? fail({ x: 1 }) : [area(shape), Color.Red, Color[1]];
        });
        """);
    files.put(
        "shape.ts",
        """
        export interface Shape { side: number }
        export enum Color { Red, Green }
        export const area = ({ side }: Shape): number => side ** 2;
        """);
    GuestRun run = new GuestRun("main.ts", files);
    assertEquals(2, run.build().outputs().size());
    assertEquals("[9,0,\"Green\"]", run.result());
    Failed failed = assertInstanceOf(Failed.class, run.main("[\"fail\"]").outcome());
    assertTrue(failed.traceback().orElseThrow().contains("(main.ts:8:"), failed.toString());
    assertTrue(failed.traceback().orElseThrow().contains("(main.ts:12:"), failed.toString());
  }

  @Test
  void aProgramThatDoesNotLoadSaysWhy() {
    LoadException e =
        assertThrows(
            LoadException.class,
            () -> new GuestRun("main.ts", Map.of("main.ts", "let x: = 1;")).build());
    assertTrue(e.getMessage().contains("main.ts: "), e.getMessage());
    e = assertThrows(LoadException.class, () -> GuestRun.javaScript("import './none.js';").build());
    assertTrue(
        e.getMessage().contains("Cannot find module './none.js' imported from main.mjs"),
        e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "undefined | null",
        "[undefined, () => 1] | [null,null]",
        "new Date(0) | \"1970-01-01T00:00:00.000Z\"",
        "({ b: 1, a: undefined, c: 'ü\\u2028' }) | {\"b\":1,\"c\":\"ü\u2028\"}",
        "[process.argv.slice(2), process.env.NAME] | [[\"5\"],\"välue\"]",
        "args | [1,{\"k\":null}]",
        "args.length | 2",
      })
  void results(String expression, String json) {
    GuestRun run = GuestRun.javaScript("export const main = (...args) => " + expression);
    run.argv = List.of("5");
    run.environment = Map.of("NAME", "välue");
    assertEquals(json, GuestRun.result(run.main("[1, {\"k\": null}]")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "NaN | result: NaN has no JSON form",
        "({ items: [1, 2n] }) | result.items[1]: BigInt has no JSON form (use String() or"
            + " Number())",
        "({ 'a b': new Map() }) | result[\"a b\"]: Map has no JSON form (use Object.fromEntries()"
            + " or [...it])",
        "[new Uint8Array(1)] | result[0]: Uint8Array has no JSON form (use Array.from() or base64)",
        "[Promise.resolve(1)] | result[0]: Promise has no JSON form (await it)",
        "(() => { const a = {}; a.self = a; return a; })() | result.self: refers back to a value"
            + " that contains it",
        "Symbol('x') | result: a symbol has no JSON form",
      })
  void resultsThatJsonCannotCarry(String expression, String message) {
    Failed failed = GuestRun.javaScript("export const main = () => " + expression).failure();
    assertEquals(ErrorType.INVALID_RESULT, failed.type());
    assertEquals(message, failed.message());
  }

  @Test
  void errorsComeWithTypeStackAndCause() {
    Failed failed =
        GuestRun.javaScript(
                """
                function inner() {
                  throw new RangeError('deep');
                }
                export async function main() {
                  try {
                    inner();
                  } catch (cause) {
                    throw new TypeError('outer', { cause });
                  }
                }
                """)
            .failure();
    assertEquals("outer", failed.message());
    assertEquals(Optional.of("TypeError"), failed.exception());
    String stack = failed.traceback().orElseThrow();
    assertTrue(stack.startsWith("TypeError: outer\n    at main (main.mjs:8:"), stack);
    assertTrue(stack.contains("Caused by: RangeError: deep\n    at inner (main.mjs:2:"), stack);
    assertFalse(stack.contains("capsule:"), stack);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "process.exit(0) | TASK_ERROR | ",
        "process.exit(3) | TASK_ERROR | exit: 3",
        "{ throw 'text' } | TASK_ERROR | text",
        "{ throw { toString() { throw 1 } } } | TASK_ERROR | [object Object]",
        "new Promise(() => {}) | TASK_ERROR | the task waits for a promise that nothing will"
            + " settle",
        "{ Promise.reject(new Error('lost')); return new Promise((r) => setTimeout(r, 50)) } |"
            + " TASK_ERROR | lost",
        "{ setTimeout(() => { throw new Error('later') }, 1); return new Promise((r) =>"
            + " setTimeout(r, 50)) } | TASK_ERROR | later",
        "{ const f = () => f(); f() } | TASK_ERROR | Maximum call stack size exceeded",
        "import('node:child_process').then((m) => m.execSync('ls')) | TASK_ERROR |"
            + " child_process.execSync is not available inside a Capsule sandbox",
        "require('http').get('http://localhost') | TASK_ERROR | http.get is not available inside a"
            + " Capsule sandbox",
        "{ class Mine extends require('stream').Writable {} new Mine() } | TASK_ERROR |"
            + " stream.Writable is not available inside a Capsule sandbox",
        "import('node:nothing') | TASK_ERROR | node:nothing is not available inside a Capsule"
            + " sandbox",
        "process.binding('fs') | TASK_ERROR | process.binding('fs') is not available inside a"
            + " Capsule sandbox",
      })
  void waysToEnd(String body, ErrorType type, String message) {
    GuestReply.Outcome outcome =
        GuestRun.javaScript("export const main = () => " + body).main("[]").outcome();
    if (message == null) {
      assertEquals(new Completed("null"), outcome);
    } else {
      Failed failed = assertInstanceOf(Failed.class, outcome);
      assertEquals(type, failed.type());
      assertEquals(message, failed.message());
    }
  }

  @Test
  void whichFunctionRuns() {
    String two = SDK + "task({ name: 'a' }, () => 1); task({ name: 'b' }, () => 2);";
    assertEquals("2", GuestRun.result(GuestRun.javaScript(two).task("b", "[]", "{}")));
    assertEquals("1", GuestRun.result(GuestRun.javaScript(two).main("[]")));
    Failed failed =
        assertInstanceOf(Failed.class, GuestRun.javaScript(two).task("c", "[]", "{}").outcome());
    assertEquals("no task named 'c'; tasks: a, b", failed.message());
  }

  @Test
  void packagesAreFoundByNodesRules() {
    Map<String, String> files = new HashMap<>();
    files.put(
        "src/main.js",
        """
        import data from './data.json' with { type: 'json' };
        import old, { named } from 'old';
        import { deep } from 'old/lib/deep';
        import fresh from '@scope/fresh';
        import sub from '@scope/fresh/sub/x';
        import { helper } from './helper';
        export const main = async () => {
          const late = await import('./late.mjs');
          return [data.k, old.named, named, deep, fresh, sub, helper, late.value, require('old').named,
            import.meta.url];
        };
        """);
    files.put("src/data.json", "{\"k\": 1}");
    files.put("src/helper.js", "export const helper = 'h';");
    files.put("src/late.mjs", "export const value = await Promise.resolve('late');");
    files.put("node_modules/old/package.json", "{\"main\": \"./lib\"}");
    files.put(
        "node_modules/old/lib/index.js",
        "const path = require('path'); exports.named = path.basename(__filename) +"
            + " require('./deep').deep;");
    files.put("node_modules/old/lib/deep.js", "module.exports = { deep: 'd' };");
    files.put(
        "node_modules/@scope/fresh/package.json",
        """
        {"type": "module", "exports": {
          ".": {"node": "./node.js", "import": "./main.js", "require": "./main.cjs"},
          "./sub/*": "./inner/*.js"}}
        """);
    files.put("node_modules/@scope/fresh/main.js", "export default 'fresh';");
    files.put("node_modules/@scope/fresh/inner/x.js", "export default 'inner';");
    assertEquals(
        "[1,\"index.jsd\",\"index.jsd\",\"d\",\"fresh\",\"inner\",\"h\",\"late\",\"index.jsd\","
            + "\"file:///src/main.js\"]",
        new GuestRun("src/main.js", files).result());
  }

  @Test
  void commonJsProgramsRunToo() {
    GuestRun run =
        new GuestRun(
            "main.js",
            Map.of(
                "main.js",
                """
                const { task } = require('@capsule-run/sdk');
                const { readFileSync } = require('node:fs');
                exports.main = task({ name: 'main' }, () => [typeof readFileSync, __dirname]);
                """));
    assertEquals("[\"function\",\"/\"]", run.result());
  }

  @Test
  void fuelIsExactAndDoesNotCountTheStartUp() {
    String loop =
        "export const main = () => { let n = 0; for (let i = 0; i < 9999; i++) n += i; return n; }";
    GuestReply first = GuestRun.javaScript(loop).main("[]");
    assertEquals(new Completed("49985001"), first.outcome());
    assertEquals(first.fuel(), GuestRun.javaScript(loop).main("[]").fuel());
    assertTrue(first.fuel() < 10_000_000, "charged " + first.fuel());
    GuestRun half = GuestRun.javaScript(loop);
    half.fuel = first.fuel() / 2;
    assertEquals(ErrorType.OUT_OF_FUEL, half.failure().type());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "const x = []; for (;;) x.push(new Uint8Array(1 << 20))",
        "let x = 'a'; for (;;) x += x",
        "const x = []; for (;;) x.push({})",
      })
  void memoryIsLimited(String bomb) {
    GuestRun run = GuestRun.javaScript("export const main = () => { " + bomb + " }");
    run.ram = 16L << 20;
    GuestReply reply = run.main("[]");
    Failed failed = assertInstanceOf(Failed.class, reply.outcome());
    assertTrue(reply.peakRam() <= run.ram);
    // A string has a length limit of its own, which may come first.
    assertTrue(
        failed.type() == ErrorType.OUT_OF_MEMORY || failed.message().contains("string too long"),
        failed.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "for (;;);",
        "return new Promise((r) => setTimeout(r, 1e9))",
        "/^(a+)+$/.test('a'.repeat(64) + 'b')",
        "return (async () => { for (;;) await null; })()",
      })
  void cancellationStopsEverything(String body) {
    GuestRun run = GuestRun.javaScript("export const main = () => { " + body + " }");
    TestCancellation cancellation = new TestCancellation();
    run.cancellation = cancellation;
    run.whenStarted = () -> cancellation.requestAfterMillis(100);
    assertEquals(ErrorType.CANCELLED, run.failure().type());
  }
}
