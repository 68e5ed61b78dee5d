package dev.capsule.task;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import dev.capsule.task.guest.Language;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a task with its sub-tasks may request, load and send, by its policy and by the ceilings.
 * What is refused counts as a request, too.
 */
class NetworkBudgetTest {
  private static final String PROGRAM =
      """
      import { task } from '@capsule-run/sdk';

      const options = { allowedHosts: ['localhost'] };
      const post = async (url, body) =>
        fetch(url, { method: 'POST', body })
          .then(async (response) => (await response.text()).length)
          .catch((error) => /max_[a-z]+/.exec(error.message)?.[0] ?? error.message);
      const child = task({ name: 'child', ...options, maxRequests: 2 }, async (url) => [
        await post(url, ''), await post(url, ''), await post(url, '')]);

      export const main = task(
        { name: 'main', ...options, maxRequests: 4, maxDownload: '8KB', maxUpload: '2KB' },
        async (url) => [
          await post(url, 'x'.repeat(1500)),
          await post(url, 'x'.repeat(1500)),
          ...(await child.value(url)),
          await post(url, ''),
        ]);
      """;

  @TempDir private Path folder;
  private final AtomicInteger requests = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write(new byte[1000]);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "max_depth=8| [1000,'max_upload',1000,1000,'max_requests','max_requests']| 3",
        "max_requests=3| [1000,'max_upload',1000,'max_requests','max_requests','max_requests']| 2",
        "max_download=1500| [1000,'max_upload','max_download','max_download','max_requests',"
            + "'max_requests']| 3",
        "max_upload=1KB| ['max_upload','max_upload',1000,1000,'max_requests','max_requests']| 2",
      })
  void boundsATaskWithItsSubTasks(String limit, String outcomes, int served) {
    String[] keyAndValue = limit.split("=");
    try (Capsule capsule = Capsule.builder().withoutTrace().build()) {
      TaskResult result =
          capsule
              .start(
                  TaskRequest.source(Language.JAVASCRIPT, "budget.mjs", PROGRAM)
                      .workingDirectory(folder)
                      .environment(Map.of())
                      .limits(limits -> limits.with(keyAndValue[0], keyAndValue[1]))
                      .arguments("http://localhost:" + server.getAddress().getPort() + "/"))
              .join();
      assertEquals(outcomes.replace('\'', '"'), result.json(), result::toString);
      assertEquals(served, requests.get());
    }
  }
}
