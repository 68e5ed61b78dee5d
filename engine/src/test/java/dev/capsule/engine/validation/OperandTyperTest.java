package dev.capsule.engine.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capsule.engine.module.InstructionReader;
import dev.capsule.engine.module.Module;
import dev.capsule.engine.module.Opcode;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.VecType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The queries that the tiers ask of the machine over valid code. */
class OperandTyperTest {
  private Module module;
  private OperandTyper typer;
  private InstructionReader reader;

  private void drive(String function) {
    module = Module.parse("(module (memory i64 1) " + function + ")");
    typer = OperandTyper.forFunction(module, module.funcCount() - 1);
    reader = new InstructionReader(module, module.body(module.funcCount() - 1).code());
  }

  /** Reads up to the next instruction of a kind, which is not yet applied. */
  private void before(Opcode opcode) {
    reader.next();
    while (reader.opcode != opcode) {
      typer.apply(reader);
      reader.next();
    }
  }

  @Test
  void operandTypesAreKnownBeforeAndAfterAnInstruction() {
    drive(
        "(func (param f32) (local v128) i32.const 1 local.get 1 local.get 0 f32.neg drop drop"
            + " drop)");
    before(Opcode.F32_NEG);
    assertEquals(3, typer.height());
    assertEquals(NumType.F32, typer.type(0));
    assertEquals(VecType.V128, typer.type(1));
    assertEquals(NumType.I32, typer.type(2));
    before(Opcode.END);
    assertEquals(0, typer.height());
    assertEquals(3, typer.maxHeight());
    typer.apply(reader);
    assertTrue(typer.finished());
  }

  @Test
  void addressesHaveTheTypeOfTheirMemory() {
    drive("(func i64.const 0 i32.load drop)");
    before(Opcode.DROP);
    assertEquals(NumType.I32, typer.type(0));
  }

  @Test
  void blocksTellTheirTypesHeightAndPlace() {
    drive(
        "(func (result i32) i32.const 9 i64.const 1 (loop (param i64) (result i32) drop"
            + " (block (result f32) f32.const 0) drop i32.const 2) i32.add)");
    before(Opcode.F32_CONST);
    assertEquals(3, typer.depth());
    ControlFrame inner = typer.frame(0);
    assertEquals(Opcode.BLOCK, inner.opcode());
    assertEquals(List.of(NumType.F32), inner.labelTypes());
    assertEquals(1, inner.height());
    ControlFrame loop = typer.frame(1);
    assertEquals(List.of(NumType.I64), loop.labelTypes());
    assertEquals(List.of(NumType.I32), loop.results());
    assertEquals(1, loop.height());
    assertEquals(Opcode.LOOP.code(), module.body(0).code().bytes()[loop.start()]);
    ControlFrame function = typer.frame(2);
    assertEquals(-1, function.start());
    assertEquals(List.of(NumType.I32), function.labelTypes());
  }

  @Test
  void operandsOfUnreachableCodeMayBeUnknown() {
    drive("(func (result i32) i32.const 4 (block br 0 i32.const 7 i32.add drop) )");
    before(Opcode.I32_ADD);
    assertTrue(typer.unreachable());
    assertEquals(NumType.I32, typer.type(0));
    assertNull(typer.type(1));
    before(Opcode.END);
    typer.apply(reader);
    assertFalse(typer.unreachable());
    assertEquals(NumType.I32, typer.type(0));
  }

  @Test
  void operandsBelowABlockStayVisible() {
    drive("(func i64.const 1 (block nop) drop)");
    before(Opcode.NOP);
    assertEquals(NumType.I64, typer.type(0));
  }

  @Test
  void localsWithoutDefaultAreSetPerBlock() {
    drive(
        "(func (param (ref func)) (local (ref func)) (block local.get 0 local.set 1 nop) data.drop"
            + " 0) (data \"\")");
    assertTrue(typer.localInitialised(0));
    before(Opcode.NOP);
    assertTrue(typer.localInitialised(1));
    before(Opcode.DATA_DROP);
    assertFalse(typer.localInitialised(1));
    assertEquals(2, typer.localCount());
    assertEquals("(ref func)", typer.localType(1).toString());
  }

  @Test
  void constantsAreDrivenTheSameWay() {
    Module constants = Module.parse("(module (global funcref (ref.null func)))");
    OperandTyper constant = OperandTyper.forConstant(constants, RefType.FUNCREF);
    InstructionReader code = new InstructionReader(constants, constants.globals().get(0).init());
    code.next();
    constant.apply(code);
    assertEquals(RefType.FUNCREF, constant.type(0));
    code.next();
    constant.apply(code);
    assertTrue(constant.finished());
  }
}
