package dev.capsule.wasi.filesystem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.wasi.clocks.Clocks;
import dev.capsule.wasi.io.StreamException;
import dev.capsule.wasi.io.WaitGuard;
import dev.capsule.wasi.io.WasiInputStream;
import dev.capsule.wasi.io.WasiOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the back ends hold out, and their limits. */
class BackEndTest {
  /** Where the files are. */
  enum BackEnd {
    HOST,
    HOST_BY_PATH,
    MEMORY
  }

  @TempDir Path directory;

  private DirectoryDescriptor open(BackEnd backEnd, Access access) throws IOException {
    return open(backEnd, access, new HandleQuota(1000, 200_000));
  }

  private DirectoryDescriptor open(BackEnd backEnd, Access access, HandleQuota quota)
      throws IOException {
    Path real = directory.toRealPath();
    return switch (backEnd) {
      case HOST -> HostDirectories.open(real, access, quota, Clocks.host());
      case HOST_BY_PATH ->
          DirectoryDescriptor.preopened(
              new PathHostDirectory(real, HiddenNames.NONE, real), access, quota, Clocks.host());
      case MEMORY -> MemoryDirectory.create().open(access, quota, Clocks.host());
    };
  }

  private static FileDescriptor create(DirectoryDescriptor at, String path) {
    return (FileDescriptor) at.openAt(false, path, OpenFlags.CREATE, DescriptorFlags.READ_WRITE);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static ErrorCode codeOf(Runnable refused) {
    return assertThrows(FilesystemException.class, refused::run).code();
  }

  @ParameterizedTest
  @EnumSource
  void sparseFilesOfFiveGibibytes(BackEnd backEnd) throws IOException {
    long end = 5L << 30;
    try (DirectoryDescriptor root = open(backEnd, Access.readWrite());
        FileDescriptor file = create(root, "sparse")) {
      assertEquals(3, file.write(bytes("end"), end - 3));
      assertEquals(end, file.size());
      assertEquals(end, root.statAt(false, "sparse").size());
      ByteBuffer into = ByteBuffer.allocate(10);
      assertEquals(8, file.read(into, end - 8));
      assertEquals("\0\0\0\0\0end", new String(into.array(), 0, 8, StandardCharsets.UTF_8));
      file.setSize(2 * end);
      assertEquals(2 * end, file.size());
      file.setSize(1);
      assertEquals(1, file.stat().size());
    }
  }

  @ParameterizedTest
  @EnumSource
  void directoriesOfManyEntries(BackEnd backEnd) throws IOException {
    int count = 3000;
    try (DirectoryDescriptor root = open(backEnd, Access.readWrite())) {
      for (int i = 0; i < count; i++) {
        create(root, "f" + (i * 7919) % count).close();
      }
      try (DirectoryEntryStream entries = root.readDirectory()) {
        List<String> names = new ArrayList<>();
        for (var e = entries.readDirectoryEntry();
            e.isPresent();
            e = entries.readDirectoryEntry()) {
          names.add(e.get().name());
          assertEquals(DescriptorType.REGULAR_FILE, e.get().type());
        }
        assertEquals(count, names.size());
        assertEquals(names.stream().sorted().toList(), names);
      }
    }
  }

  @Test
  void oneHundredThousandEntries() throws IOException {
    for (int i = 0; i < 100_000; i++) {
      Files.createFile(directory.resolve("entry" + i));
    }
    HandleQuota quota = new HandleQuota(10, 150_000);
    try (DirectoryDescriptor root = open(BackEnd.HOST, Access.readOnly(), quota)) {
      try (DirectoryEntryStream entries = root.readDirectory()) {
        assertEquals(100_000, entries.size());
        assertEquals("entry99999", entries.get(99_999).orElseThrow().name());
        FilesystemException e = assertThrows(FilesystemException.class, root::readDirectory);
        assertTrue(e.isTooManyOpenFiles());
      }
      root.readDirectory().close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void bytesWrittenAreLimited(BackEnd backEnd) throws IOException {
    try (DirectoryDescriptor root = open(backEnd, Access.readWrite().withMaxBytesWritten(10));
        FileDescriptor file = create(root, "f")) {
      assertEquals(6, file.write(bytes("abcdef"), 0));
      assertEquals(ErrorCode.QUOTA, codeOf(() -> file.setSize(11)));
      assertEquals(ErrorCode.QUOTA, codeOf(() -> file.write(bytes("x"), 100)));
      ByteBuffer more = bytes("ghijkl");
      assertEquals(4, file.write(more, 6));
      assertEquals(2, more.remaining());
      assertEquals(ErrorCode.QUOTA, codeOf(() -> file.append(bytes("x"))));
      assertEquals(10, file.size());
      file.setSize(0);
      assertEquals(ErrorCode.QUOTA, codeOf(() -> file.write(bytes("x"), 0)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void openFilesAreLimited(BackEnd backEnd) throws IOException {
    try (DirectoryDescriptor root = open(backEnd, Access.readWrite().withMaxOpenFiles(3));
        FileDescriptor first = create(root, "a")) {
      FileDescriptor second = create(root, "b");
      FilesystemException e = assertThrows(FilesystemException.class, () -> create(root, "c"));
      assertTrue(e.isTooManyOpenFiles());
      second.close();
      second.close();
      create(root, "c").close();
      assertEquals(DescriptorType.REGULAR_FILE, first.type());
    }
  }

  @Test
  void memoryIsLimited() throws IOException {
    MemoryDirectory small = MemoryDirectory.create(40_000, 3);
    try (DirectoryDescriptor root =
        small.open(Access.readWrite(), new HandleQuota(9, 9), Clocks.host())) {
      FileDescriptor file = create(root, "f");
      file.write(ByteBuffer.allocate(30_000), 0);
      assertEquals(
          ErrorCode.INSUFFICIENT_SPACE,
          codeOf(() -> file.write(ByteBuffer.allocate(30_000), 40_000)));
      root.unlinkFileAt("f");
      try (FileDescriptor other = create(root, "g")) {
        // The removed file is still open, and so are its bytes.
        assertEquals(
            ErrorCode.INSUFFICIENT_SPACE,
            codeOf(() -> other.write(ByteBuffer.allocate(30_000), 0)));
      }
      file.close();
      try (FileDescriptor other = create(root, "g")) {
        assertEquals(30_000, other.write(ByteBuffer.allocate(30_000), 0));
      }
      root.createDirectoryAt("d1");
      root.createDirectoryAt("d2");
      assertEquals(ErrorCode.INSUFFICIENT_SPACE, codeOf(() -> root.createDirectoryAt("d3")));
    }
  }

  @Test
  void namesThatAreNotUnicodeDoNotExistForGuests() throws IOException {
    Path odd = Path.of(URI.create(directory.toUri() + "bad%FFname"));
    try {
      Files.writeString(odd, "x");
    } catch (IOException e) {
      Assumptions.abort("the file system takes Unicode names only");
    }
    Files.writeString(directory.resolve("good"), "x");
    try (DirectoryDescriptor root = open(BackEnd.HOST, Access.readWrite());
        DirectoryEntryStream entries = root.readDirectory()) {
      assertEquals("good", entries.readDirectoryEntry().orElseThrow().name());
      assertTrue(entries.readDirectoryEntry().isEmpty());
      assertEquals(ErrorCode.NO_ENTRY, codeOf(() -> root.unlinkFileAt("bad\uFFFDname")));
    }
    assertTrue(Files.exists(odd));
  }

  @Test
  void targetsThatAreNotUnicodeAreNotShown() throws IOException {
    Path odd = Path.of(URI.create(directory.toUri() + "bad%FFname")).getFileName();
    try {
      Files.createSymbolicLink(directory.resolve("link"), odd);
    } catch (IOException e) {
      Assumptions.abort("the file system takes Unicode names only");
    }
    try (DirectoryDescriptor root = open(BackEnd.HOST, Access.readWrite())) {
      assertEquals(DescriptorType.SYMBOLIC_LINK, root.statAt(false, "link").type());
      assertEquals(ErrorCode.ILLEGAL_BYTE_SEQUENCE, codeOf(() -> root.readLinkAt("link")));
      assertEquals(ErrorCode.ILLEGAL_BYTE_SEQUENCE, codeOf(() -> root.statAt(true, "link")));
      root.unlinkFileAt("link");
    }
  }

  /** Names that look alike are what the file system says: here, different files. */
  @ParameterizedTest
  @EnumSource
  void namesThatLookAlikeAreNotMixedUp(BackEnd backEnd) throws IOException {
    Files.createFile(directory.resolve("probe"));
    Assumptions.assumeFalse(
        Files.exists(directory.resolve("PROBE")), "the file system does not tell case apart");
    List<String> names =
        List.of("caf\u00e9", "cafe\u0301", "CAF\u00c9", "caf\u00e9 ", "caf\u00e9.");
    try (DirectoryDescriptor root = open(backEnd, Access.readWrite())) {
      for (String name : names) {
        try (FileDescriptor file = create(root, name)) {
          file.write(bytes(name), 0);
        }
      }
      for (String name : names) {
        try (FileDescriptor file =
            (FileDescriptor) root.openAt(false, name, OpenFlags.NONE, DescriptorFlags.READ)) {
          ByteBuffer content = ByteBuffer.allocate(20);
          int n = file.read(content, 0);
          assertEquals(name, new String(content.array(), 0, n, StandardCharsets.UTF_8));
        }
      }
      assertEquals(ErrorCode.NO_ENTRY, codeOf(() -> root.statAt(false, "CAFE\u0301")));
    }
  }

  @Test
  void pipesOfTheHostAreNotOpened() throws Exception {
    Path fifo = directory.resolve("fifo");
    Process made;
    try {
      made = new ProcessBuilder("mkfifo", fifo.toString()).start();
    } catch (IOException e) {
      Assumptions.abort("no mkfifo here");
      return;
    }
    assertEquals(0, made.waitFor());
    try (DirectoryDescriptor root = open(BackEnd.HOST, Access.readWrite())) {
      assertEquals(
          ErrorCode.NOT_PERMITTED,
          codeOf(() -> root.openAt(false, "fifo", OpenFlags.NONE, DescriptorFlags.READ)));
      assertEquals(ErrorCode.NOT_DIRECTORY, codeOf(() -> root.statAt(false, "fifo/x")));
      assertEquals(DescriptorType.UNKNOWN, root.statAt(false, "fifo").type());
    }
  }

  @ParameterizedTest
  @EnumSource
  void deepPathsDoNotExhaustTheHost(BackEnd backEnd) throws IOException {
    try (DirectoryDescriptor root = open(backEnd, Access.readWrite())) {
      DirectoryDescriptor at = root;
      List<DirectoryDescriptor> opened = new ArrayList<>();
      for (int i = 0; i < 250; i++) {
        at.createDirectoryAt("d");
        at = (DirectoryDescriptor) at.openAt(false, "d", OpenFlags.DIRECTORY, DescriptorFlags.READ);
        opened.add(at);
      }
      at.createDirectoryAt("bottom");
      assertEquals(DescriptorType.DIRECTORY, at.statAt(false, "bottom").type());
      opened.forEach(DirectoryDescriptor::close);
      assertEquals(DescriptorType.DIRECTORY, root.statAt(false, "d/".repeat(150) + "d").type());
      assertEquals(
          ErrorCode.NAME_TOO_LONG, codeOf(() -> root.statAt(false, "d/".repeat(240) + "d")));
      assertEquals(ErrorCode.INVALID, codeOf(() -> root.renameAt("d", root, "d/d/d/d/x")));
    }
  }

  @ParameterizedTest
  @EnumSource
  void linksDoNotMultiplyTheWork(BackEnd backEnd) throws IOException {
    try (DirectoryDescriptor root = open(backEnd, Access.readWrite())) {
      root.createDirectoryAt("d");
      create(root, "l0").close();
      for (int i = 1; i <= 3; i++) {
        root.symlinkAt("d/../".repeat(700) + "l" + (i - 1), "l" + i);
      }
      assertEquals(DescriptorType.REGULAR_FILE, root.statAt(true, "l2").type());
      assertEquals(ErrorCode.LOOP, codeOf(() -> root.statAt(true, "l3")));
      assertEquals(
          DescriptorType.DIRECTORY, root.statAt(true, "d" + "/".repeat(4000) + ".").type());
      assertEquals(ErrorCode.NOT_DIRECTORY, codeOf(() -> root.statAt(true, "l2//")));
    }
  }

  @Test
  void nothingStaysOpenOnTheHost() throws IOException {
    Path handles = Path.of("/proc/self/fd");
    Assumptions.assumeTrue(Files.isDirectory(handles), "the system does not show open files");
    useAndFail();
    long before = count(handles);
    for (int i = 0; i < 20; i++) {
      useAndFail();
    }
    assertTrue(count(handles) <= before + 5, () -> before + " handles before");
  }

  private static long count(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.count();
    }
  }

  /** Everything that opens something, succeeding and failing half-way. */
  private void useAndFail() throws IOException {
    try (DirectoryDescriptor root = open(BackEnd.HOST, Access.readWrite())) {
      for (String made : List.of("d", "d/e", "d/e/f")) {
        root.createDirectoryAt(made);
      }
      root.symlinkAt("e/loop", "d/loop");
      root.symlinkAt("../loop", "d/e/loop");
      for (String path :
          List.of("d/e/f/missing/x", "d/loop/x", "d/../d/e/../../..", "d/e/f/" + "n".repeat(300))) {
        codeOf(() -> root.openAt(true, path, OpenFlags.NONE, DescriptorFlags.READ));
        codeOf(() -> root.statAt(true, path));
        codeOf(() -> root.renameAt("d/e/f", root, path));
        codeOf(() -> root.linkAt(false, path, root, "d/e/f/x"));
      }
      codeOf(() -> root.openAt(true, "d/e/f", OpenFlags.NONE, DescriptorFlags.READ_WRITE));
      create(root, "d/e/f/file").close();
      codeOf(() -> root.openAt(true, "d/e/f/file/", OpenFlags.NONE, DescriptorFlags.READ));
      root.openAt(true, "d/e/f", OpenFlags.DIRECTORY, DescriptorFlags.READ).close();
      root.openAt(true, "d/e/f/..", OpenFlags.DIRECTORY, DescriptorFlags.READ).close();
      root.readDirectory().close();
      for (String file : List.of("d/e/f/file", "d/loop", "d/e/loop")) {
        root.unlinkFileAt(file);
      }
      for (String made : List.of("d/e/f", "d/e", "d")) {
        root.removeDirectoryAt(made);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void streamsOfAFileHavePositionsOfTheirOwn(BackEnd backEnd) throws IOException {
    try (DirectoryDescriptor root = open(backEnd, Access.readWrite().withMaxBytesWritten(12));
        FileDescriptor file = create(root, "f")) {
      WasiOutputStream from = file.writeViaStream(2);
      from.blockingWriteAndFlush(bytes("ab"), WaitGuard.NONE);
      from.blockingWriteAndFlush(bytes("cd"), WaitGuard.NONE);
      file.appendViaStream().blockingWriteAndFlush(bytes("ef"), WaitGuard.NONE);
      ByteBuffer into = ByteBuffer.allocate(3);
      WasiInputStream in = file.readViaStream(3);
      assertEquals(3, in.read(into));
      assertArrayEquals(new byte[] {'b', 'c', 'd'}, into.array());
      assertEquals(2, in.read(into.clear()));
      assertEquals(-1, in.read(into.clear()));
      StreamException e =
          assertThrows(
              StreamException.class,
              () -> from.blockingWriteAndFlush(bytes("ghijk"), WaitGuard.NONE));
      assertEquals(ErrorCode.QUOTA, e.code(ErrorCode.class).orElseThrow());
      assertThrows(StreamException.class, from::checkWrite);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theMetadataHashChangesWithTheFile(BackEnd backEnd) throws IOException {
    try (DirectoryDescriptor root = open(backEnd, Access.readWrite());
        FileDescriptor file = create(root, "f")) {
      MetadataHash empty = file.metadataHash();
      assertEquals(empty, file.metadataHash());
      assertEquals(empty, root.metadataHashAt(false, "f"));
      file.write(bytes("x"), 0);
      assertNotEquals(empty, file.metadataHash());
      assertNotEquals(file.metadataHash(), root.metadataHash());
    }
  }

  @Test
  void hostAndMemoryAreDifferentFileSystems() throws IOException {
    try (DirectoryDescriptor host = open(BackEnd.HOST, Access.readWrite());
        DirectoryDescriptor memory = open(BackEnd.MEMORY, Access.readWrite())) {
      create(host, "h").close();
      create(memory, "m").close();
      assertEquals(ErrorCode.CROSS_DEVICE, codeOf(() -> host.renameAt("h", memory, "x")));
      assertEquals(ErrorCode.CROSS_DEVICE, codeOf(() -> memory.renameAt("m", host, "x")));
      assertEquals(ErrorCode.CROSS_DEVICE, codeOf(() -> host.linkAt(false, "h", memory, "x")));
      assertFalse(host.isSameObject(memory));
      assertTrue(host.isSameObject(host));
    }
  }

  /** Answers every frame with the frame reversed. */
  private static final class Reverser implements Device.Session {
    private ByteBuffer answer = ByteBuffer.allocate(0);
    private boolean closed;

    @Override
    public int read(ByteBuffer into, WaitGuard guard) {
      if (!answer.hasRemaining()) {
        return -1;
      }
      int n = Math.min(into.remaining(), answer.remaining());
      into.put(answer.slice(answer.position(), n));
      answer.position(answer.position() + n);
      return n;
    }

    @Override
    public void write(ByteBuffer from, WaitGuard guard) {
      ByteBuffer reversed = ByteBuffer.allocate(from.remaining());
      for (int i = from.limit() - 1; i >= from.position(); i--) {
        reversed.put(from.get(i));
      }
      from.position(from.limit());
      answer = reversed.flip();
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @Test
  void devicesAnswer() {
    Reverser session = new Reverser();
    MemoryDirectory directory = MemoryDirectory.create().putDevice("dev/reverse", () -> session);
    try (DirectoryDescriptor root =
        directory.open(Access.readOnly(), new HandleQuota(9, 9), Clocks.host())) {
      assertEquals(DescriptorType.CHARACTER_DEVICE, root.statAt(false, "dev/reverse").type());
      DeviceDescriptor device =
          (DeviceDescriptor)
              root.openAt(false, "dev/reverse", OpenFlags.NONE, DescriptorFlags.READ_WRITE);
      assertEquals(3, device.write(bytes("abc"), WaitGuard.NONE));
      ByteBuffer into = ByteBuffer.allocate(2);
      assertEquals(2, device.read(into, WaitGuard.NONE));
      assertArrayEquals(new byte[] {'c', 'b'}, into.array());
      assertEquals(1, device.read(into.clear(), WaitGuard.NONE));
      assertEquals(-1, device.read(into.clear(), WaitGuard.NONE));
      device.close();
      assertTrue(session.closed);
    }
  }
}
