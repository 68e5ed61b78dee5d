package dev.capsule.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.exec.EngineConfig;
import dev.capsule.engine.exec.FunctionCode;
import dev.capsule.engine.exec.ModuleCode;
import dev.capsule.engine.exec.WasmFunction;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.runtime.Engine;
import dev.capsule.engine.runtime.FuelMode;
import dev.capsule.engine.runtime.Instance;
import dev.capsule.engine.runtime.Linker;
import dev.capsule.engine.runtime.Store;
import dev.capsule.engine.runtime.Tier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** When the classes of functions become usable, and what happens to callers where they do not. */
class CodeLinkingTest {
  private static final Module MODULE =
      Module.parse(
          """
          (module
            (type $t (func (param i32) (result i32)))
            (table funcref (elem $through))
            (func $first (export "first") (type $t) (call $last (local.get 0)))
            (func $through (type $t) (call $tail (i32.add (local.get 0) (i32.const 1))))
            (func $tail (type $t) (return_call $last (local.get 0)))
            (func (export "indirect") (type $t)
              (call_indirect (type $t) (local.get 0) (i32.const 0)))
            (func $never (type $t) (unreachable))
            (func $last (export "last") (type $t) (i32.mul (local.get 0) (i32.const 3))))
          """);

  private static final int LAST = 5;

  private final Engine interpreter = Engine.builder().tier(Tier.INTERPRETER).build();

  /** The module's code in a cache that an engine may use afterwards. */
  private static StoredCode stored(Path directory) {
    EngineConfig config =
        new EngineConfig(Tier.JIT, FuelMode.EXACT, Set.of(), false, Optional.empty(), false, false);
    return new CodeCache(directory, config).open(new ModuleCode(MODULE, (s, f, sp) -> {}, config));
  }

  private static FunctionCode last(Instance instance) {
    return ((WasmFunction) instance.func("last")).code;
  }

  /** Calls everything; what it consumes has to be what the interpreter does. */
  private void check(Store store, Instance instance) {
    Store reference = interpreter.newStore();
    Instance expected = new Linker().instantiate(reference, MODULE);
    reference.setFuel(1000);
    store.setFuel(1000);
    for (String name : List.of("indirect", "first", "last", "indirect", "first")) {
      assertEquals(expected.func(name).call(7), instance.func(name).call(7), name);
      assertEquals(reference.fuelConsumed(), store.fuelConsumed(), name);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Tier.class,
      names = {"TIERED", "JIT"})
  void whatIsCompiledAheadIsLinkedWhenItIsCalled(Tier tier) {
    Engine engine = Engine.builder().tier(tier).build();
    engine.precompile(MODULE);
    assertEquals(6, engine.statistics().compiled());
    Store store = engine.newStore();
    Instance instance = new Linker().instantiate(store, MODULE);
    FunctionCode last = last(instance);
    assertInstanceOf(UnlinkedBody.class, last.compiled);
    check(store, instance);
    assertEquals(Names.FUNCTIONS + LAST, last.compiled.getClass().getName());
    assertInstanceOf(UnlinkedBody.class, last.module.functions[LAST - 1].compiled);
    assertEquals(6, engine.statistics().compiled());
    assertEquals(List.of(), engine.statistics().failures());
  }

  @Test
  void callersNameClassesOfFunctionsThatAreCompiledLater() {
    Engine engine = Engine.builder().tier(Tier.JIT).build();
    Store store = engine.newStore();
    Instance instance = new Linker().instantiate(store, MODULE);
    check(store, instance);
    assertEquals(5, engine.statistics().compiled());
  }

  @Test
  void whatCannotBeCompiledIsInterpreted() {
    Engine engine = Engine.builder().tier(Tier.JIT).build();
    Store store = engine.newStore();
    Instance instance = new Linker().instantiate(store, MODULE);
    last(instance).uncompilable = true;
    check(store, instance);
    assertEquals(4, engine.statistics().compiled());
  }

  /**
   * A class that the JVM makes, but refuses to link. Callers that name it cannot have another; for
   * all others it is interpreted.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void callersOfWhatCannotBeLinkedSaySo(boolean ahead, @TempDir Path directory) {
    ClassWriter writer = new ClassWriter(0);
    String name = Names.functionClass(LAST);
    String signature = Names.PACKAGE + JvmSignature.of(MODULE.funcType(LAST)).name();
    int access = Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC;
    writer.visit(Opcodes.V21, Opcodes.ACC_PUBLIC, name, null, signature, null);
    MethodVisitor broken =
        writer.visitMethod(access, "last", "(I" + Names.CONTEXT + ")I", null, null);
    broken.visitCode();
    broken.visitInsn(Opcodes.IRETURN);
    broken.visitMaxs(1, 3);
    broken.visitEnd();
    StoredCode stored = stored(directory);
    stored.add(
        StoredCode.number(LAST, false),
        List.of(new FunctionCompiler.Generated(name, writer.toByteArray())),
        true);
    stored.save();
    Engine engine = Engine.builder().tier(Tier.JIT).codeCache(directory).build();
    if (ahead) {
      engine.precompile(MODULE);
    }
    Instance instance = new Linker().instantiate(engine.newStore(), MODULE);
    for (int i = 0; i < 2; i++) {
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> instance.func("first").call(7));
      assertTrue(refused.getMessage().contains("refuses"), refused.getMessage());
      assertEquals(21, instance.func("last").call(7));
      assertEquals(24, instance.func("indirect").call(7));
      assertEquals(1, engine.statistics().failed());
    }
  }

  /** What a function consists of is linked before it runs, not in the middle of it. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void allClassesOfAFunctionAreLinkedFirst(boolean ahead, @TempDir Path directory) {
    Engine.builder().tier(Tier.JIT).codeCache(directory).build().precompile(MODULE);
    StoredCode stored = stored(directory);
    int number = StoredCode.number(LAST, false);
    List<FunctionCompiler.Generated> classes = new ArrayList<>(stored.find(number).orElseThrow());
    String name = Names.functionClass(LAST) + "$0";
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V21, Opcodes.ACC_PUBLIC, name, null, "java/lang/Object", null);
    MethodVisitor broken = writer.visitMethod(Opcodes.ACC_STATIC, "part", "()I", null, null);
    broken.visitCode();
    broken.visitInsn(Opcodes.IRETURN);
    broken.visitMaxs(1, 0);
    broken.visitEnd();
    classes.add(new FunctionCompiler.Generated(name, writer.toByteArray()));
    stored.add(number, classes, true);
    stored.save();
    Engine engine = Engine.builder().tier(Tier.JIT).codeCache(directory).build();
    if (ahead) {
      engine.precompile(MODULE);
    }
    Instance instance = new Linker().instantiate(engine.newStore(), MODULE);
    assertEquals(21, instance.func("last").call(7));
    assertEquals(1, engine.statistics().failed());
  }

  /** Parsing is a good part of what compiling takes, and most functions never run. */
  @Test
  void theJvmGetsWhatIsCompiledAheadWhenItIsCalled(@TempDir Path directory) {
    StoredCode stored = stored(directory);
    FunctionCompiler.Generated noClass =
        new FunctionCompiler.Generated(Names.functionClass(LAST), new byte[] {1, 2, 3});
    stored.add(StoredCode.number(LAST, false), List.of(noClass), true);
    stored.save();
    Engine engine = Engine.builder().tier(Tier.JIT).codeCache(directory).build();
    engine.precompile(MODULE);
    assertEquals(List.of(), engine.statistics().failures());
    Store store = engine.newStore();
    check(store, new Linker().instantiate(store, MODULE));
    assertEquals(1, engine.statistics().failed());
  }

  /** Stored code that is no function: nothing else than a wrong build could write it. */
  @Test
  void whatCannotBeLinkedIsInterpreted(@TempDir Path directory) {
    ClassWriter writer = new ClassWriter(0);
    String name = Names.functionClass(LAST);
    writer.visit(Opcodes.V21, Opcodes.ACC_PUBLIC, name, null, Names.OBJECT, null);
    StoredCode stored = stored(directory);
    stored.add(
        StoredCode.number(LAST, false),
        List.of(new FunctionCompiler.Generated(name, writer.toByteArray())),
        true);
    stored.save();
    Engine engine = Engine.builder().tier(Tier.JIT).codeCache(directory).build();
    engine.precompile(MODULE);
    Store store = engine.newStore();
    Instance instance = new Linker().instantiate(store, MODULE);
    assertEquals(21, instance.func("last").call(7));
    assertEquals(1, engine.statistics().failed());
    assertTrue(last(instance).uncompilable);
    assertEquals(21, instance.func("last").call(7));
  }
}
