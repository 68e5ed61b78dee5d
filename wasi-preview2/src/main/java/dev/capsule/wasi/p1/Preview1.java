package dev.capsule.wasi.p1;

import dev.capsule.wasi.WasiContext;
import dev.capsule.wasi.filesystem.FilesystemException;
import dev.capsule.wasi.io.StreamException;
import dev.capsule.wasi.io.WaitGuard;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The 46 functions of preview 1 for one guest. Functions answer an errno; {@code proc_exit} throws
 * {@link dev.capsule.wasi.cli.ProgramExit}, and pointers outside the memory throw what the memory
 * says. Not for use by several threads.
 */
public final class Preview1 implements AutoCloseable {
  /**
   * The type of a function, and the function.
   *
   * @param parameters one character each: {@code i} for i32, {@code I} for i64
   * @param returns whether it answers an errno; {@code proc_exit} never does
   */
  public record Function(String parameters, boolean returns, Body body) {}

  /** What runs when a guest calls a function. */
  @FunctionalInterface
  public interface Body {
    /**
     * Runs the function.
     *
     * @param arguments the values in order; only the lower half of an i32 counts
     * @return the errno, 0 for success
     */
    int call(GuestMemory memory, long[] arguments);
  }

  private interface Service {
    int run(Call call);
  }

  private final WasiContext context;
  private final HandleTable handles;
  private final WaitGuard guard;
  private final Map<String, Function> functions = new LinkedHashMap<>();

  /** Makes the functions for a guest that may do what {@code context} grants. */
  public Preview1(Version version, WasiContext context, WaitGuard guard) {
    this(version, context, guard, new HandleTable(context));
  }

  private Preview1(Version version, WasiContext context, WaitGuard guard, HandleTable handles) {
    this.context = context;
    this.handles = handles;
    this.guard = guard;
    addProcess(new ProcessFunctions(context, handles, guard));
    addFiles(new FileFunctions(version, handles, guard));
    addPaths(new PathFunctions(version, handles));
    PollFunctions poll = new PollFunctions(version, handles, context.clocks(), guard);
    add("poll_oneoff", "iiii", poll::pollOneoff);
  }

  /** The same guest's functions under another version, sharing its handles. */
  public Preview1 as(Version version) {
    return new Preview1(version, context, guard, handles);
  }

  private void addProcess(ProcessFunctions p) {
    add("args_get", "ii", p::argsGet);
    add("args_sizes_get", "ii", p::argsSizesGet);
    add("environ_get", "ii", p::environGet);
    add("environ_sizes_get", "ii", p::environSizesGet);
    add("clock_res_get", "ii", p::clockResGet);
    add("clock_time_get", "iIi", p::clockTimeGet);
    add("random_get", "ii", p::randomGet);
    functions.put("proc_exit", new Function("i", false, body(p::procExit)));
    add("proc_raise", "i", p::procRaise);
    add("sched_yield", "", p::schedYield);
    add("sock_accept", "iii", p::socket);
    add("sock_recv", "iiiiii", p::socket);
    add("sock_send", "iiiii", p::socket);
    add("sock_shutdown", "ii", p::socket);
  }

  private void addFiles(FileFunctions f) {
    add("fd_advise", "iIIi", f::advise);
    add("fd_allocate", "iII", f::allocate);
    add("fd_close", "i", f::close);
    add("fd_datasync", "i", f::datasync);
    add("fd_fdstat_get", "ii", f::fdstatGet);
    add("fd_fdstat_set_flags", "ii", f::fdstatSetFlags);
    add("fd_fdstat_set_rights", "iII", f::fdstatSetRights);
    add("fd_filestat_get", "ii", f::filestatGet);
    add("fd_filestat_set_size", "iI", f::filestatSetSize);
    add("fd_filestat_set_times", "iIIi", f::filestatSetTimes);
    add("fd_pread", "iiiIi", f::pread);
    add("fd_prestat_get", "ii", f::prestatGet);
    add("fd_prestat_dir_name", "iii", f::prestatDirName);
    add("fd_pwrite", "iiiIi", f::pwrite);
    add("fd_read", "iiii", f::read);
    add("fd_readdir", "iiiIi", f::readdir);
    add("fd_renumber", "ii", f::renumber);
    add("fd_seek", "iIii", f::seek);
    add("fd_sync", "i", f::sync);
    add("fd_tell", "ii", f::tell);
    add("fd_write", "iiii", f::write);
  }

  private void addPaths(PathFunctions p) {
    add("path_create_directory", "iii", p::createDirectory);
    add("path_filestat_get", "iiiii", p::filestatGet);
    add("path_filestat_set_times", "iiiiIIi", p::filestatSetTimes);
    add("path_link", "iiiiiii", p::link);
    add("path_open", "iiiiiIIii", p::open);
    add("path_readlink", "iiiiii", p::readlink);
    add("path_remove_directory", "iii", p::removeDirectory);
    add("path_rename", "iiiiii", p::rename);
    add("path_symlink", "iiiii", p::symlink);
    add("path_unlink_file", "iii", p::unlinkFile);
  }

  private void add(String name, String parameters, Service service) {
    functions.put(name, new Function(parameters, true, body(service)));
  }

  private static Body body(Service service) {
    return (memory, arguments) -> {
      try {
        return service.run(new Call(memory, arguments));
      } catch (Preview1Error e) {
        return e.errno();
      } catch (FilesystemException e) {
        return Errno.of(e);
      } catch (StreamException e) {
        return Errno.of(e);
      }
    };
  }

  /** The functions by name. */
  public Map<String, Function> functions() {
    return Collections.unmodifiableMap(functions);
  }

  /** Closes all handles of the guest. */
  @Override
  public void close() {
    handles.closeAll();
  }
}
