package dev.capsule.wasi.filesystem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.capsule.wasi.WasiContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HiddenNamesTest {
  @TempDir private Path temp;
  private WasiContext context;
  private DirectoryDescriptor directory;

  @BeforeEach
  void open() throws IOException {
    Files.createDirectories(temp.resolve("sub/.capsule"));
    Files.writeString(temp.resolve("sub/.capsule/secret"), "x");
    Files.createSymbolicLink(temp.resolve("link"), Path.of("sub/.capsule"));
    Files.writeString(temp.resolve("file"), "x");
    context =
        WasiContext.builder()
            .preopen(temp, "/", Access.readWrite().withHiddenNames(Set.of(".capsule")))
            .build();
    directory = context.preopens().get(0).directory();
  }

  @AfterEach
  void close() {
    context.close();
  }

  static Stream<Consumer<DirectoryDescriptor>> uses() {
    return Stream.of(
        d -> d.statAt(true, "sub/.capsule"),
        d -> d.statAt(true, "sub/.CAPSULE"),
        d -> d.statAt(true, "sub/.cap\u017fule"),
        d -> d.statAt(true, "sub/.capsule."),
        d -> d.statAt(true, "sub/.capsule "),
        d -> d.statAt(true, "sub/.cap\u200csule"),
        d -> d.statAt(true, "sub/\uff0ecapsule"),
        d -> d.statAt(true, "sub/.capsule::$INDEX_ALLOCATION"),
        d -> d.createDirectoryAt(".CAPS\u200dule"),
        d -> d.statAt(true, "sub/.capsule/secret"),
        d -> d.statAt(true, "link/secret"),
        d -> d.statAt(true, "link"),
        d -> d.createDirectoryAt(".capsule"),
        d -> d.unlinkFileAt("sub/.capsule/secret"),
        d -> d.renameAt("sub/.capsule", d, "shown"),
        d -> d.renameAt("file", d, ".capsule"),
        d -> d.renameAt("file", d, "sub/.capsule/secret"),
        d -> d.linkAt(false, "sub/.capsule/secret", d, "shown"),
        d -> d.symlinkAt("x", ".capsule"));
  }

  @ParameterizedTest
  @MethodSource("uses")
  void doNotExist(Consumer<DirectoryDescriptor> use) {
    FilesystemException e = assertThrows(FilesystemException.class, () -> use.accept(directory));
    assertEquals(ErrorCode.NO_ENTRY, e.code());
  }

  @Test
  void stayHiddenWhereverTheyAreMoved() {
    directory.renameAt("sub", directory, "moved");
    FilesystemException e =
        assertThrows(
            FilesystemException.class, () -> directory.statAt(true, "moved/.capsule/secret"));
    assertEquals(ErrorCode.NO_ENTRY, e.code());
  }

  @Test
  void areNotListed() {
    directory.createDirectoryAt("sub/other");
    List<String> names = new ArrayList<>();
    DirectoryDescriptor sub =
        (DirectoryDescriptor)
            directory.openAt(true, "sub", OpenFlags.DIRECTORY, DescriptorFlags.READ);
    try (DirectoryEntryStream entries = sub.readDirectory()) {
      entries.readDirectoryEntry().map(DirectoryEntry::name).ifPresent(names::add);
      assertEquals(1, entries.size());
    }
    sub.close();
    assertEquals(List.of("other"), names);
  }
}
