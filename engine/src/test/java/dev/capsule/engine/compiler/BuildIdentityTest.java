package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.capsule.engine.interpreter.SourceDigest;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Builds are told apart where their classes are in no files whose dates would do that. */
class BuildIdentityTest {
  /** Has the engine's classes, as if from another place, with another digest of its sources. */
  private static final class Build extends ClassLoader {
    private final Optional<URL> place;
    private final String digest;

    Build(Optional<URL> place, String digest) {
      super(BuildIdentityTest.class.getClassLoader());
      this.place = place;
      this.digest = digest;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("dev.capsule.engine.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known != null ? known : define(name);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        String bytes = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        byte[] changed =
            bytes.replace(SourceDigest.VALUE, digest).getBytes(StandardCharsets.ISO_8859_1);
        CodeSource source = new CodeSource(place.orElse(null), (Certificate[]) null);
        return defineClass(name, changed, 0, changed.length, new ProtectionDomain(source, null));
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  private static String identity(Optional<URL> place, String digest)
      throws ReflectiveOperationException {
    Method value =
        Class.forName(BuildIdentity.class.getName(), true, new Build(place, digest))
            .getDeclaredMethod("value");
    value.setAccessible(true);
    return (String) value.invoke(null);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"jrt:/dev.capsule.engine", "jar:file:/application.jar!/engine.jar"})
  void buildsOfOtherSourcesAreToldApart(String from)
      throws ReflectiveOperationException, IOException {
    Optional<URL> place = from == null ? Optional.empty() : Optional.of(URI.create(from).toURL());
    String own = identity(place, SourceDigest.VALUE);
    assertEquals(own, identity(place, SourceDigest.VALUE));
    assertNotEquals(own, identity(place, "0123456789abcdef".repeat(4)));
  }
}
