package dev.capsule.wasi.p1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.capsule.wasi.Preopen;
import dev.capsule.wasi.WasiContext;
import dev.capsule.wasi.filesystem.Access;
import dev.capsule.wasi.filesystem.ErrorCode;
import dev.capsule.wasi.filesystem.FilesystemException;
import dev.capsule.wasi.filesystem.MemoryDirectory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which directory a path below the root belongs to. */
class MountsTest {
  private static List<Preopen> preopens(String... paths) {
    WasiContext.Builder builder = WasiContext.builder();
    for (String path : paths) {
      builder.preopen(MemoryDirectory.create(), path, Access.readWrite());
    }
    return builder.build().preopens();
  }

  private static final List<Preopen> SOME = preopens("/data", "/data/inner/", "/other", "/a b");

  private static String guestPath(List<Preopen> preopens, Handle.Place place) {
    return preopens.stream()
        .filter(preopen -> preopen.directory() == place.directory())
        .map(Preopen::guestPath)
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "data, /data, .",
    "data/, /data, .",
    "data/file, /data, file",
    "./data//file, /data, file",
    "data/./file/, /data, ./file/",
    "data/inner, /data/inner/, .",
    "data/inner/x/y, /data/inner/, x/y",
    "data/inner/.., /data/inner/, ..",
    "data/../other/x, /data, ../other/x",
    "data/innermost, /data, innermost",
    "data/x/inner, /data, x/inner",
    "other/data, /other, data",
    "a b/c, /a b, c"
  })
  void theLongestBeginningWins(String path, String directory, String rest) {
    Handle.Place place = new Mounts(SOME).place(path);
    assertEquals(directory, guestPath(SOME, place));
    assertEquals(rest, place.path());
  }

  @ParameterizedTest
  @CsvSource({"dat", "database", "..", "../data", "x", "./", "DATA", ".../data"})
  void whatBelongsToNoneIsNotThere(String path) {
    FilesystemException missing =
        assertThrows(FilesystemException.class, () -> new Mounts(SOME).place(path));
    assertEquals(ErrorCode.NO_ENTRY, missing.code());
  }

  @Test
  void aGrantedRootHasTheRest() {
    List<Preopen> all = preopens("/", "/data");
    Mounts mounts = new Mounts(all);
    assertEquals("/", guestPath(all, mounts.place("database/x")));
    assertEquals("database/x", mounts.place("database/x").path());
    assertEquals("/data", guestPath(all, mounts.place("data/x")));
    assertEquals("/", guestPath(all, mounts.place("..")));
    assertEquals("..", mounts.place("..").path());
  }
}
