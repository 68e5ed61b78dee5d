package dev.capsule.spec;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;

import dev.capsule.engine.runtime.Tier;
import dev.capsule.engine.script.Suite;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Scripts of our own, for what the official suite leaves out. */
class OwnScriptsTest {
  @TestFactory
  Stream<DynamicNode> wast() throws URISyntaxException {
    Path root = Path.of(OwnScriptsTest.class.getResource("/wast").toURI());
    List<Path> scripts = Suite.select(List.of(root)).scripts();
    assertFalse(scripts.isEmpty());
    return Arrays.stream(Tier.values())
        .map(
            tier -> {
              Suite suite = new Suite(tier);
              return dynamicContainer(
                  ScriptTests.name(tier),
                  scripts.stream()
                      .map(script -> ScriptTests.of(suite, tier, root, script, report -> {})));
            });
  }
}
