package dev.capsule.task.guest.javascript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.capsule.task.guest.MapSources;
import dev.capsule.task.guest.protocol.RefusedException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeResolverTest {
  private static final Map<String, String> FILES = new HashMap<>();

  static {
    FILES.put("app/main.ts", "export {};");
    FILES.put("app/plain.js", "var a = 1;");
    FILES.put("app/old.js", "const x = require('y');");
    FILES.put("app/esm.js", "import x from 'y';");
    FILES.put("app/typed.ts", "");
    FILES.put("app/data.json", "{}");
    FILES.put("app/folder/index.js", "exports.a = 1;");
    FILES.put(
        "package.json",
        "{\"name\": \"self\", \"exports\": \"./app/plain.js\", \"imports\": {\"#in/*\":"
            + " \"./app/*.js\", \"#dep\": \"main-only\"}}");
    FILES.put("app/node_modules/near/index.js", "");
    FILES.put("node_modules/near/index.js", "");
    FILES.put("node_modules/main-only/package.json", "{\"main\": \"lib\"}");
    FILES.put("node_modules/main-only/lib/index.js", "");
    FILES.put("node_modules/both/package.json", "{\"main\": \"m.js\", \"module\": \"e.mjs\"}");
    FILES.put("node_modules/both/m.js", "exports.x = 1");
    FILES.put("node_modules/both/e.mjs", "");
    FILES.put(
        "node_modules/@s/p/package.json",
        """
        {"type": "module", "exports": {
          ".": [{"import": "./i.js", "require": "./r.cjs"}],
          "./f/*": "./src/*.js", "./f/private/*": null, "./only": {"node": "./i.js"},
          "./out": "../../../app/plain.js", "./away": "../../../../etc/passwd.js"}}
        """);
    FILES.put("node_modules/@s/p/i.js", "");
    FILES.put("node_modules/@s/p/r.cjs", "");
    FILES.put("node_modules/@s/p/src/a/b.js", "");
    FILES.put("node_modules/@s/p/src/private/x.js", "");
    FILES.put("node_modules/broken/package.json", "{");
    FILES.put("node_modules/broken/index.js", "module.exports = 1");
    FILES.put("node_modules/imports/index.js", "var a, imports;\nimportsKeys = {a};\nimports = a");
    FILES.put("node_modules/tight/index.js", "import{a}from'y';");
    FILES.put("node_modules/stream/index.js", "module.exports = 1");
  }

  private final NodeResolver resolver = new NodeResolver(new MapSources(FILES));

  @ParameterizedTest
  @CsvSource({
    "./plain, MODULE, app/plain.js",
    "./old.js, COMMONJS, app/old.js",
    "./esm, MODULE, app/esm.js",
    "./typed.js, MODULE, app/typed.ts",
    "./data.json, JSON, app/data.json",
    "./data, JSON, app/data.json",
    "./folder, COMMONJS, app/folder/index.js",
    "/app/plain.js, MODULE, app/plain.js",
    "near, COMMONJS, app/node_modules/near/index.js",
    "main-only, COMMONJS, node_modules/main-only/lib/index.js",
    "both, COMMONJS, node_modules/both/m.js",
    "broken, COMMONJS, node_modules/broken/index.js",
    "@s/p, MODULE, node_modules/@s/p/i.js",
    "@s/p/f/a/b, MODULE, node_modules/@s/p/src/a/b.js",
    "@s/p/out, MODULE, app/plain.js",
    "self, MODULE, app/plain.js",
    "#in/esm, MODULE, app/esm.js",
    "#dep, COMMONJS, node_modules/main-only/lib/index.js",
    "node:fs/promises, BUILTIN, fs/promises",
    "path, BUILTIN, path",
    "imports, COMMONJS, node_modules/imports/index.js",
    "tight, MODULE, node_modules/tight/index.js",
    "stream, COMMONJS, node_modules/stream/index.js",
    "node:stream, BUILTIN, absent:stream",
    "child_process, BUILTIN, absent:child_process",
    "@capsule-run/sdk, BUILTIN, sdk",
    "@capsule-run/sdk/script, BUILTIN, script",
  })
  void imports(String specifier, ModuleKind kind, String name) {
    assertEquals(new ModuleId(kind, name), resolver.resolve("app/main.ts", specifier, false));
  }

  @ParameterizedTest
  @CsvSource({"@s/p, COMMONJS, node_modules/@s/p/r.cjs", "./plain, MODULE, app/plain.js"})
  void requires(String specifier, ModuleKind kind, String name) {
    assertEquals(new ModuleId(kind, name), resolver.resolve("app/main.ts", specifier, true));
  }

  @ParameterizedTest
  @CsvSource({
    "./none, Cannot find module './none' imported from app/main.ts",
    "../../x, Cannot find module '../../x' imported from app/main.ts",
    "@s/p/i.js, Cannot find module '@s/p/i.js' imported from app/main.ts",
    "@s/p/f/private/x, Cannot find module '@s/p/f/private/x' imported from app/main.ts",
    "@s/p/only, Cannot find module '@s/p/only' imported from app/main.ts",
    "@s/p/away, Cannot find module '@s/p/away' imported from app/main.ts",
    "nothing, Cannot find module 'nothing' imported from app/main.ts",
    "'', Cannot find module '' imported from app/main.ts",
    "node:nothing, node:nothing is not available inside a Capsule sandbox",
  })
  void refusals(String specifier, String message) {
    RefusedException e =
        assertThrows(
            RefusedException.class, () -> resolver.resolve("app/main.ts", specifier, false));
    assertEquals(message, e.getMessage());
  }
}
