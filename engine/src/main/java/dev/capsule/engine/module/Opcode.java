package dev.capsule.engine.module;

import java.util.Optional;

/**
 * The table of instructions: the one place that knows codes, names, immediates, types and fuel. The
 * decoder, the validator, the text format and both tiers read it (spec chapter 5.4, appendix A.7).
 *
 * <p>The signature of an instruction whose type does not depend on context is written as
 * parameters, colon, results, with a letter per value: {@code i} i32, {@code l} i64, {@code f} f32,
 * {@code d} f64, {@code v} v128, {@code p} an address of the memory that it names (i32 or i64).
 */
public enum Opcode {
  UNREACHABLE(0, 0x00, "unreachable", Immediate.NONE, null, Feature.MVP, Structure.FREE),
  NOP(0, 0x01, "nop", Immediate.NONE, ":", Feature.MVP, Structure.FREE),
  BLOCK(0, 0x02, "block", Immediate.BLOCK, null, Feature.MVP, Structure.FREE),
  LOOP(0, 0x03, "loop", Immediate.BLOCK, null, Feature.MVP, Structure.FREE),
  IF(0, 0x04, "if", Immediate.BLOCK, null, Feature.MVP),
  ELSE(0, 0x05, "else", Immediate.NONE, null, Feature.MVP, Structure.FREE),
  TRY(0, 0x06, "try", Immediate.BLOCK, null, Feature.LEGACY_EXCEPTIONS, Structure.FREE),
  CATCH(0, 0x07, "catch", Immediate.TAG, null, Feature.LEGACY_EXCEPTIONS, Structure.FREE),
  THROW(0, 0x08, "throw", Immediate.TAG, null, Feature.EXCEPTIONS),
  RETHROW(0, 0x09, "rethrow", Immediate.LABEL, null, Feature.LEGACY_EXCEPTIONS),
  THROW_REF(0, 0x0A, "throw_ref", Immediate.NONE, null, Feature.EXCEPTIONS),
  END(0, 0x0B, "end", Immediate.NONE, null, Feature.MVP, Structure.FREE),
  BR(0, 0x0C, "br", Immediate.LABEL, null, Feature.MVP),
  BR_IF(0, 0x0D, "br_if", Immediate.LABEL, null, Feature.MVP),
  BR_TABLE(0, 0x0E, "br_table", Immediate.BR_TABLE, null, Feature.MVP),
  RETURN(0, 0x0F, "return", Immediate.NONE, null, Feature.MVP, Structure.FREE),
  CALL(0, 0x10, "call", Immediate.FUNC, null, Feature.MVP),
  CALL_INDIRECT(0, 0x11, "call_indirect", Immediate.TYPE_TABLE, null, Feature.MVP),
  RETURN_CALL(0, 0x12, "return_call", Immediate.FUNC, null, Feature.TAIL_CALLS),
  RETURN_CALL_INDIRECT(
      0, 0x13, "return_call_indirect", Immediate.TYPE_TABLE, null, Feature.TAIL_CALLS),
  CALL_REF(0, 0x14, "call_ref", Immediate.TYPE, null, Feature.FUNCTION_REFERENCES),
  RETURN_CALL_REF(0, 0x15, "return_call_ref", Immediate.TYPE, null, Feature.FUNCTION_REFERENCES),
  DELEGATE(0, 0x18, "delegate", Immediate.LABEL, null, Feature.LEGACY_EXCEPTIONS, Structure.FREE),
  CATCH_ALL(0, 0x19, "catch_all", Immediate.NONE, null, Feature.LEGACY_EXCEPTIONS, Structure.FREE),
  DROP(0, 0x1A, "drop", Immediate.NONE, null, Feature.MVP, Structure.FREE),
  SELECT(0, 0x1B, "select", Immediate.NONE, null, Feature.MVP),
  SELECT_T(0, 0x1C, "select", Immediate.SELECT, null, Feature.REFERENCE_TYPES),
  TRY_TABLE(0, 0x1F, "try_table", Immediate.TRY_TABLE, null, Feature.EXCEPTIONS, Structure.FREE),
  LOCAL_GET(0, 0x20, "local.get", Immediate.LOCAL, null, Feature.MVP),
  LOCAL_SET(0, 0x21, "local.set", Immediate.LOCAL, null, Feature.MVP),
  LOCAL_TEE(0, 0x22, "local.tee", Immediate.LOCAL, null, Feature.MVP),
  GLOBAL_GET(0, 0x23, "global.get", Immediate.GLOBAL, null, Feature.MVP),
  GLOBAL_SET(0, 0x24, "global.set", Immediate.GLOBAL, null, Feature.MVP),
  TABLE_GET(0, 0x25, "table.get", Immediate.TABLE, null, Feature.REFERENCE_TYPES),
  TABLE_SET(0, 0x26, "table.set", Immediate.TABLE, null, Feature.REFERENCE_TYPES),
  I32_LOAD(0, 0x28, "i32.load", Immediate.MEMARG, "p:i", Feature.MVP, 2),
  I64_LOAD(0, 0x29, "i64.load", Immediate.MEMARG, "p:l", Feature.MVP, 3),
  F32_LOAD(0, 0x2A, "f32.load", Immediate.MEMARG, "p:f", Feature.MVP, 2),
  F64_LOAD(0, 0x2B, "f64.load", Immediate.MEMARG, "p:d", Feature.MVP, 3),
  I32_LOAD8_S(0, 0x2C, "i32.load8_s", Immediate.MEMARG, "p:i", Feature.MVP, 0),
  I32_LOAD8_U(0, 0x2D, "i32.load8_u", Immediate.MEMARG, "p:i", Feature.MVP, 0),
  I32_LOAD16_S(0, 0x2E, "i32.load16_s", Immediate.MEMARG, "p:i", Feature.MVP, 1),
  I32_LOAD16_U(0, 0x2F, "i32.load16_u", Immediate.MEMARG, "p:i", Feature.MVP, 1),
  I64_LOAD8_S(0, 0x30, "i64.load8_s", Immediate.MEMARG, "p:l", Feature.MVP, 0),
  I64_LOAD8_U(0, 0x31, "i64.load8_u", Immediate.MEMARG, "p:l", Feature.MVP, 0),
  I64_LOAD16_S(0, 0x32, "i64.load16_s", Immediate.MEMARG, "p:l", Feature.MVP, 1),
  I64_LOAD16_U(0, 0x33, "i64.load16_u", Immediate.MEMARG, "p:l", Feature.MVP, 1),
  I64_LOAD32_S(0, 0x34, "i64.load32_s", Immediate.MEMARG, "p:l", Feature.MVP, 2),
  I64_LOAD32_U(0, 0x35, "i64.load32_u", Immediate.MEMARG, "p:l", Feature.MVP, 2),
  I32_STORE(0, 0x36, "i32.store", Immediate.MEMARG, "pi:", Feature.MVP, 2),
  I64_STORE(0, 0x37, "i64.store", Immediate.MEMARG, "pl:", Feature.MVP, 3),
  F32_STORE(0, 0x38, "f32.store", Immediate.MEMARG, "pf:", Feature.MVP, 2),
  F64_STORE(0, 0x39, "f64.store", Immediate.MEMARG, "pd:", Feature.MVP, 3),
  I32_STORE8(0, 0x3A, "i32.store8", Immediate.MEMARG, "pi:", Feature.MVP, 0),
  I32_STORE16(0, 0x3B, "i32.store16", Immediate.MEMARG, "pi:", Feature.MVP, 1),
  I64_STORE8(0, 0x3C, "i64.store8", Immediate.MEMARG, "pl:", Feature.MVP, 0),
  I64_STORE16(0, 0x3D, "i64.store16", Immediate.MEMARG, "pl:", Feature.MVP, 1),
  I64_STORE32(0, 0x3E, "i64.store32", Immediate.MEMARG, "pl:", Feature.MVP, 2),
  MEMORY_SIZE(0, 0x3F, "memory.size", Immediate.MEMORY, ":p", Feature.MVP),
  MEMORY_GROW(0, 0x40, "memory.grow", Immediate.MEMORY, "p:p", Feature.MVP),
  I32_CONST(0, 0x41, "i32.const", Immediate.I32, ":i", Feature.MVP),
  I64_CONST(0, 0x42, "i64.const", Immediate.I64, ":l", Feature.MVP),
  F32_CONST(0, 0x43, "f32.const", Immediate.F32, ":f", Feature.MVP),
  F64_CONST(0, 0x44, "f64.const", Immediate.F64, ":d", Feature.MVP),
  I32_EQZ(0, 0x45, "i32.eqz", Immediate.NONE, "i:i", Feature.MVP),
  I32_EQ(0, 0x46, "i32.eq", Immediate.NONE, "ii:i", Feature.MVP),
  I32_NE(0, 0x47, "i32.ne", Immediate.NONE, "ii:i", Feature.MVP),
  I32_LT_S(0, 0x48, "i32.lt_s", Immediate.NONE, "ii:i", Feature.MVP),
  I32_LT_U(0, 0x49, "i32.lt_u", Immediate.NONE, "ii:i", Feature.MVP),
  I32_GT_S(0, 0x4A, "i32.gt_s", Immediate.NONE, "ii:i", Feature.MVP),
  I32_GT_U(0, 0x4B, "i32.gt_u", Immediate.NONE, "ii:i", Feature.MVP),
  I32_LE_S(0, 0x4C, "i32.le_s", Immediate.NONE, "ii:i", Feature.MVP),
  I32_LE_U(0, 0x4D, "i32.le_u", Immediate.NONE, "ii:i", Feature.MVP),
  I32_GE_S(0, 0x4E, "i32.ge_s", Immediate.NONE, "ii:i", Feature.MVP),
  I32_GE_U(0, 0x4F, "i32.ge_u", Immediate.NONE, "ii:i", Feature.MVP),
  I64_EQZ(0, 0x50, "i64.eqz", Immediate.NONE, "l:i", Feature.MVP),
  I64_EQ(0, 0x51, "i64.eq", Immediate.NONE, "ll:i", Feature.MVP),
  I64_NE(0, 0x52, "i64.ne", Immediate.NONE, "ll:i", Feature.MVP),
  I64_LT_S(0, 0x53, "i64.lt_s", Immediate.NONE, "ll:i", Feature.MVP),
  I64_LT_U(0, 0x54, "i64.lt_u", Immediate.NONE, "ll:i", Feature.MVP),
  I64_GT_S(0, 0x55, "i64.gt_s", Immediate.NONE, "ll:i", Feature.MVP),
  I64_GT_U(0, 0x56, "i64.gt_u", Immediate.NONE, "ll:i", Feature.MVP),
  I64_LE_S(0, 0x57, "i64.le_s", Immediate.NONE, "ll:i", Feature.MVP),
  I64_LE_U(0, 0x58, "i64.le_u", Immediate.NONE, "ll:i", Feature.MVP),
  I64_GE_S(0, 0x59, "i64.ge_s", Immediate.NONE, "ll:i", Feature.MVP),
  I64_GE_U(0, 0x5A, "i64.ge_u", Immediate.NONE, "ll:i", Feature.MVP),
  F32_EQ(0, 0x5B, "f32.eq", Immediate.NONE, "ff:i", Feature.MVP),
  F32_NE(0, 0x5C, "f32.ne", Immediate.NONE, "ff:i", Feature.MVP),
  F32_LT(0, 0x5D, "f32.lt", Immediate.NONE, "ff:i", Feature.MVP),
  F32_GT(0, 0x5E, "f32.gt", Immediate.NONE, "ff:i", Feature.MVP),
  F32_LE(0, 0x5F, "f32.le", Immediate.NONE, "ff:i", Feature.MVP),
  F32_GE(0, 0x60, "f32.ge", Immediate.NONE, "ff:i", Feature.MVP),
  F64_EQ(0, 0x61, "f64.eq", Immediate.NONE, "dd:i", Feature.MVP),
  F64_NE(0, 0x62, "f64.ne", Immediate.NONE, "dd:i", Feature.MVP),
  F64_LT(0, 0x63, "f64.lt", Immediate.NONE, "dd:i", Feature.MVP),
  F64_GT(0, 0x64, "f64.gt", Immediate.NONE, "dd:i", Feature.MVP),
  F64_LE(0, 0x65, "f64.le", Immediate.NONE, "dd:i", Feature.MVP),
  F64_GE(0, 0x66, "f64.ge", Immediate.NONE, "dd:i", Feature.MVP),
  I32_CLZ(0, 0x67, "i32.clz", Immediate.NONE, "i:i", Feature.MVP),
  I32_CTZ(0, 0x68, "i32.ctz", Immediate.NONE, "i:i", Feature.MVP),
  I32_POPCNT(0, 0x69, "i32.popcnt", Immediate.NONE, "i:i", Feature.MVP),
  I32_ADD(0, 0x6A, "i32.add", Immediate.NONE, "ii:i", Feature.MVP),
  I32_SUB(0, 0x6B, "i32.sub", Immediate.NONE, "ii:i", Feature.MVP),
  I32_MUL(0, 0x6C, "i32.mul", Immediate.NONE, "ii:i", Feature.MVP),
  I32_DIV_S(0, 0x6D, "i32.div_s", Immediate.NONE, "ii:i", Feature.MVP),
  I32_DIV_U(0, 0x6E, "i32.div_u", Immediate.NONE, "ii:i", Feature.MVP),
  I32_REM_S(0, 0x6F, "i32.rem_s", Immediate.NONE, "ii:i", Feature.MVP),
  I32_REM_U(0, 0x70, "i32.rem_u", Immediate.NONE, "ii:i", Feature.MVP),
  I32_AND(0, 0x71, "i32.and", Immediate.NONE, "ii:i", Feature.MVP),
  I32_OR(0, 0x72, "i32.or", Immediate.NONE, "ii:i", Feature.MVP),
  I32_XOR(0, 0x73, "i32.xor", Immediate.NONE, "ii:i", Feature.MVP),
  I32_SHL(0, 0x74, "i32.shl", Immediate.NONE, "ii:i", Feature.MVP),
  I32_SHR_S(0, 0x75, "i32.shr_s", Immediate.NONE, "ii:i", Feature.MVP),
  I32_SHR_U(0, 0x76, "i32.shr_u", Immediate.NONE, "ii:i", Feature.MVP),
  I32_ROTL(0, 0x77, "i32.rotl", Immediate.NONE, "ii:i", Feature.MVP),
  I32_ROTR(0, 0x78, "i32.rotr", Immediate.NONE, "ii:i", Feature.MVP),
  I64_CLZ(0, 0x79, "i64.clz", Immediate.NONE, "l:l", Feature.MVP),
  I64_CTZ(0, 0x7A, "i64.ctz", Immediate.NONE, "l:l", Feature.MVP),
  I64_POPCNT(0, 0x7B, "i64.popcnt", Immediate.NONE, "l:l", Feature.MVP),
  I64_ADD(0, 0x7C, "i64.add", Immediate.NONE, "ll:l", Feature.MVP),
  I64_SUB(0, 0x7D, "i64.sub", Immediate.NONE, "ll:l", Feature.MVP),
  I64_MUL(0, 0x7E, "i64.mul", Immediate.NONE, "ll:l", Feature.MVP),
  I64_DIV_S(0, 0x7F, "i64.div_s", Immediate.NONE, "ll:l", Feature.MVP),
  I64_DIV_U(0, 0x80, "i64.div_u", Immediate.NONE, "ll:l", Feature.MVP),
  I64_REM_S(0, 0x81, "i64.rem_s", Immediate.NONE, "ll:l", Feature.MVP),
  I64_REM_U(0, 0x82, "i64.rem_u", Immediate.NONE, "ll:l", Feature.MVP),
  I64_AND(0, 0x83, "i64.and", Immediate.NONE, "ll:l", Feature.MVP),
  I64_OR(0, 0x84, "i64.or", Immediate.NONE, "ll:l", Feature.MVP),
  I64_XOR(0, 0x85, "i64.xor", Immediate.NONE, "ll:l", Feature.MVP),
  I64_SHL(0, 0x86, "i64.shl", Immediate.NONE, "ll:l", Feature.MVP),
  I64_SHR_S(0, 0x87, "i64.shr_s", Immediate.NONE, "ll:l", Feature.MVP),
  I64_SHR_U(0, 0x88, "i64.shr_u", Immediate.NONE, "ll:l", Feature.MVP),
  I64_ROTL(0, 0x89, "i64.rotl", Immediate.NONE, "ll:l", Feature.MVP),
  I64_ROTR(0, 0x8A, "i64.rotr", Immediate.NONE, "ll:l", Feature.MVP),
  F32_ABS(0, 0x8B, "f32.abs", Immediate.NONE, "f:f", Feature.MVP),
  F32_NEG(0, 0x8C, "f32.neg", Immediate.NONE, "f:f", Feature.MVP),
  F32_CEIL(0, 0x8D, "f32.ceil", Immediate.NONE, "f:f", Feature.MVP),
  F32_FLOOR(0, 0x8E, "f32.floor", Immediate.NONE, "f:f", Feature.MVP),
  F32_TRUNC(0, 0x8F, "f32.trunc", Immediate.NONE, "f:f", Feature.MVP),
  F32_NEAREST(0, 0x90, "f32.nearest", Immediate.NONE, "f:f", Feature.MVP),
  F32_SQRT(0, 0x91, "f32.sqrt", Immediate.NONE, "f:f", Feature.MVP),
  F32_ADD(0, 0x92, "f32.add", Immediate.NONE, "ff:f", Feature.MVP),
  F32_SUB(0, 0x93, "f32.sub", Immediate.NONE, "ff:f", Feature.MVP),
  F32_MUL(0, 0x94, "f32.mul", Immediate.NONE, "ff:f", Feature.MVP),
  F32_DIV(0, 0x95, "f32.div", Immediate.NONE, "ff:f", Feature.MVP),
  F32_MIN(0, 0x96, "f32.min", Immediate.NONE, "ff:f", Feature.MVP),
  F32_MAX(0, 0x97, "f32.max", Immediate.NONE, "ff:f", Feature.MVP),
  F32_COPYSIGN(0, 0x98, "f32.copysign", Immediate.NONE, "ff:f", Feature.MVP),
  F64_ABS(0, 0x99, "f64.abs", Immediate.NONE, "d:d", Feature.MVP),
  F64_NEG(0, 0x9A, "f64.neg", Immediate.NONE, "d:d", Feature.MVP),
  F64_CEIL(0, 0x9B, "f64.ceil", Immediate.NONE, "d:d", Feature.MVP),
  F64_FLOOR(0, 0x9C, "f64.floor", Immediate.NONE, "d:d", Feature.MVP),
  F64_TRUNC(0, 0x9D, "f64.trunc", Immediate.NONE, "d:d", Feature.MVP),
  F64_NEAREST(0, 0x9E, "f64.nearest", Immediate.NONE, "d:d", Feature.MVP),
  F64_SQRT(0, 0x9F, "f64.sqrt", Immediate.NONE, "d:d", Feature.MVP),
  F64_ADD(0, 0xA0, "f64.add", Immediate.NONE, "dd:d", Feature.MVP),
  F64_SUB(0, 0xA1, "f64.sub", Immediate.NONE, "dd:d", Feature.MVP),
  F64_MUL(0, 0xA2, "f64.mul", Immediate.NONE, "dd:d", Feature.MVP),
  F64_DIV(0, 0xA3, "f64.div", Immediate.NONE, "dd:d", Feature.MVP),
  F64_MIN(0, 0xA4, "f64.min", Immediate.NONE, "dd:d", Feature.MVP),
  F64_MAX(0, 0xA5, "f64.max", Immediate.NONE, "dd:d", Feature.MVP),
  F64_COPYSIGN(0, 0xA6, "f64.copysign", Immediate.NONE, "dd:d", Feature.MVP),
  I32_WRAP_I64(0, 0xA7, "i32.wrap_i64", Immediate.NONE, "l:i", Feature.MVP),
  I32_TRUNC_F32_S(0, 0xA8, "i32.trunc_f32_s", Immediate.NONE, "f:i", Feature.MVP),
  I32_TRUNC_F32_U(0, 0xA9, "i32.trunc_f32_u", Immediate.NONE, "f:i", Feature.MVP),
  I32_TRUNC_F64_S(0, 0xAA, "i32.trunc_f64_s", Immediate.NONE, "d:i", Feature.MVP),
  I32_TRUNC_F64_U(0, 0xAB, "i32.trunc_f64_u", Immediate.NONE, "d:i", Feature.MVP),
  I64_EXTEND_I32_S(0, 0xAC, "i64.extend_i32_s", Immediate.NONE, "i:l", Feature.MVP),
  I64_EXTEND_I32_U(0, 0xAD, "i64.extend_i32_u", Immediate.NONE, "i:l", Feature.MVP),
  I64_TRUNC_F32_S(0, 0xAE, "i64.trunc_f32_s", Immediate.NONE, "f:l", Feature.MVP),
  I64_TRUNC_F32_U(0, 0xAF, "i64.trunc_f32_u", Immediate.NONE, "f:l", Feature.MVP),
  I64_TRUNC_F64_S(0, 0xB0, "i64.trunc_f64_s", Immediate.NONE, "d:l", Feature.MVP),
  I64_TRUNC_F64_U(0, 0xB1, "i64.trunc_f64_u", Immediate.NONE, "d:l", Feature.MVP),
  F32_CONVERT_I32_S(0, 0xB2, "f32.convert_i32_s", Immediate.NONE, "i:f", Feature.MVP),
  F32_CONVERT_I32_U(0, 0xB3, "f32.convert_i32_u", Immediate.NONE, "i:f", Feature.MVP),
  F32_CONVERT_I64_S(0, 0xB4, "f32.convert_i64_s", Immediate.NONE, "l:f", Feature.MVP),
  F32_CONVERT_I64_U(0, 0xB5, "f32.convert_i64_u", Immediate.NONE, "l:f", Feature.MVP),
  F32_DEMOTE_F64(0, 0xB6, "f32.demote_f64", Immediate.NONE, "d:f", Feature.MVP),
  F64_CONVERT_I32_S(0, 0xB7, "f64.convert_i32_s", Immediate.NONE, "i:d", Feature.MVP),
  F64_CONVERT_I32_U(0, 0xB8, "f64.convert_i32_u", Immediate.NONE, "i:d", Feature.MVP),
  F64_CONVERT_I64_S(0, 0xB9, "f64.convert_i64_s", Immediate.NONE, "l:d", Feature.MVP),
  F64_CONVERT_I64_U(0, 0xBA, "f64.convert_i64_u", Immediate.NONE, "l:d", Feature.MVP),
  F64_PROMOTE_F32(0, 0xBB, "f64.promote_f32", Immediate.NONE, "f:d", Feature.MVP),
  I32_REINTERPRET_F32(0, 0xBC, "i32.reinterpret_f32", Immediate.NONE, "f:i", Feature.MVP),
  I64_REINTERPRET_F64(0, 0xBD, "i64.reinterpret_f64", Immediate.NONE, "d:l", Feature.MVP),
  F32_REINTERPRET_I32(0, 0xBE, "f32.reinterpret_i32", Immediate.NONE, "i:f", Feature.MVP),
  F64_REINTERPRET_I64(0, 0xBF, "f64.reinterpret_i64", Immediate.NONE, "l:d", Feature.MVP),
  I32_EXTEND8_S(0, 0xC0, "i32.extend8_s", Immediate.NONE, "i:i", Feature.SIGN_EXTENSION),
  I32_EXTEND16_S(0, 0xC1, "i32.extend16_s", Immediate.NONE, "i:i", Feature.SIGN_EXTENSION),
  I64_EXTEND8_S(0, 0xC2, "i64.extend8_s", Immediate.NONE, "l:l", Feature.SIGN_EXTENSION),
  I64_EXTEND16_S(0, 0xC3, "i64.extend16_s", Immediate.NONE, "l:l", Feature.SIGN_EXTENSION),
  I64_EXTEND32_S(0, 0xC4, "i64.extend32_s", Immediate.NONE, "l:l", Feature.SIGN_EXTENSION),
  REF_NULL(0, 0xD0, "ref.null", Immediate.HEAP, null, Feature.REFERENCE_TYPES),
  REF_IS_NULL(0, 0xD1, "ref.is_null", Immediate.NONE, null, Feature.REFERENCE_TYPES),
  REF_FUNC(0, 0xD2, "ref.func", Immediate.FUNC, null, Feature.REFERENCE_TYPES),
  REF_EQ(0, 0xD3, "ref.eq", Immediate.NONE, null, Feature.GC),
  REF_AS_NON_NULL(0, 0xD4, "ref.as_non_null", Immediate.NONE, null, Feature.FUNCTION_REFERENCES),
  BR_ON_NULL(0, 0xD5, "br_on_null", Immediate.LABEL, null, Feature.FUNCTION_REFERENCES),
  BR_ON_NON_NULL(0, 0xD6, "br_on_non_null", Immediate.LABEL, null, Feature.FUNCTION_REFERENCES),
  STRUCT_NEW(0xFB, 0x00, "struct.new", Immediate.TYPE, null, Feature.GC),
  STRUCT_NEW_DEFAULT(0xFB, 0x01, "struct.new_default", Immediate.TYPE, null, Feature.GC),
  STRUCT_GET(0xFB, 0x02, "struct.get", Immediate.TYPE_FIELD, null, Feature.GC),
  STRUCT_GET_S(0xFB, 0x03, "struct.get_s", Immediate.TYPE_FIELD, null, Feature.GC),
  STRUCT_GET_U(0xFB, 0x04, "struct.get_u", Immediate.TYPE_FIELD, null, Feature.GC),
  STRUCT_SET(0xFB, 0x05, "struct.set", Immediate.TYPE_FIELD, null, Feature.GC),
  ARRAY_NEW(0xFB, 0x06, "array.new", Immediate.TYPE, null, Feature.GC),
  ARRAY_NEW_DEFAULT(0xFB, 0x07, "array.new_default", Immediate.TYPE, null, Feature.GC),
  ARRAY_NEW_FIXED(0xFB, 0x08, "array.new_fixed", Immediate.TYPE_COUNT, null, Feature.GC),
  ARRAY_NEW_DATA(0xFB, 0x09, "array.new_data", Immediate.TYPE_DATA, null, Feature.GC),
  ARRAY_NEW_ELEM(0xFB, 0x0A, "array.new_elem", Immediate.TYPE_ELEM, null, Feature.GC),
  ARRAY_GET(0xFB, 0x0B, "array.get", Immediate.TYPE, null, Feature.GC),
  ARRAY_GET_S(0xFB, 0x0C, "array.get_s", Immediate.TYPE, null, Feature.GC),
  ARRAY_GET_U(0xFB, 0x0D, "array.get_u", Immediate.TYPE, null, Feature.GC),
  ARRAY_SET(0xFB, 0x0E, "array.set", Immediate.TYPE, null, Feature.GC),
  ARRAY_LEN(0xFB, 0x0F, "array.len", Immediate.NONE, null, Feature.GC),
  ARRAY_FILL(0xFB, 0x10, "array.fill", Immediate.TYPE, null, Feature.GC),
  ARRAY_COPY(0xFB, 0x11, "array.copy", Immediate.TYPE_TYPE, null, Feature.GC),
  ARRAY_INIT_DATA(0xFB, 0x12, "array.init_data", Immediate.TYPE_DATA, null, Feature.GC),
  ARRAY_INIT_ELEM(0xFB, 0x13, "array.init_elem", Immediate.TYPE_ELEM, null, Feature.GC),
  REF_TEST(0xFB, 0x14, "ref.test", Immediate.HEAP, null, Feature.GC),
  REF_TEST_NULL(0xFB, 0x15, "ref.test", Immediate.HEAP, null, Feature.GC),
  REF_CAST(0xFB, 0x16, "ref.cast", Immediate.HEAP, null, Feature.GC),
  REF_CAST_NULL(0xFB, 0x17, "ref.cast", Immediate.HEAP, null, Feature.GC),
  BR_ON_CAST(0xFB, 0x18, "br_on_cast", Immediate.BR_ON_CAST, null, Feature.GC),
  BR_ON_CAST_FAIL(0xFB, 0x19, "br_on_cast_fail", Immediate.BR_ON_CAST, null, Feature.GC),
  ANY_CONVERT_EXTERN(0xFB, 0x1A, "any.convert_extern", Immediate.NONE, null, Feature.GC),
  EXTERN_CONVERT_ANY(0xFB, 0x1B, "extern.convert_any", Immediate.NONE, null, Feature.GC),
  REF_I31(0xFB, 0x1C, "ref.i31", Immediate.NONE, null, Feature.GC),
  I31_GET_S(0xFB, 0x1D, "i31.get_s", Immediate.NONE, null, Feature.GC),
  I31_GET_U(0xFB, 0x1E, "i31.get_u", Immediate.NONE, null, Feature.GC),
  I32_TRUNC_SAT_F32_S(
      0xFC, 0x00, "i32.trunc_sat_f32_s", Immediate.NONE, "f:i", Feature.SATURATING_FLOAT_TO_INT),
  I32_TRUNC_SAT_F32_U(
      0xFC, 0x01, "i32.trunc_sat_f32_u", Immediate.NONE, "f:i", Feature.SATURATING_FLOAT_TO_INT),
  I32_TRUNC_SAT_F64_S(
      0xFC, 0x02, "i32.trunc_sat_f64_s", Immediate.NONE, "d:i", Feature.SATURATING_FLOAT_TO_INT),
  I32_TRUNC_SAT_F64_U(
      0xFC, 0x03, "i32.trunc_sat_f64_u", Immediate.NONE, "d:i", Feature.SATURATING_FLOAT_TO_INT),
  I64_TRUNC_SAT_F32_S(
      0xFC, 0x04, "i64.trunc_sat_f32_s", Immediate.NONE, "f:l", Feature.SATURATING_FLOAT_TO_INT),
  I64_TRUNC_SAT_F32_U(
      0xFC, 0x05, "i64.trunc_sat_f32_u", Immediate.NONE, "f:l", Feature.SATURATING_FLOAT_TO_INT),
  I64_TRUNC_SAT_F64_S(
      0xFC, 0x06, "i64.trunc_sat_f64_s", Immediate.NONE, "d:l", Feature.SATURATING_FLOAT_TO_INT),
  I64_TRUNC_SAT_F64_U(
      0xFC, 0x07, "i64.trunc_sat_f64_u", Immediate.NONE, "d:l", Feature.SATURATING_FLOAT_TO_INT),
  MEMORY_INIT(0xFC, 0x08, "memory.init", Immediate.DATA_MEMORY, "pii:", Feature.BULK_MEMORY),
  DATA_DROP(0xFC, 0x09, "data.drop", Immediate.DATA, ":", Feature.BULK_MEMORY),
  MEMORY_COPY(0xFC, 0x0A, "memory.copy", Immediate.MEMORY_MEMORY, null, Feature.BULK_MEMORY),
  MEMORY_FILL(0xFC, 0x0B, "memory.fill", Immediate.MEMORY, "pip:", Feature.BULK_MEMORY),
  TABLE_INIT(0xFC, 0x0C, "table.init", Immediate.ELEM_TABLE, null, Feature.BULK_MEMORY),
  ELEM_DROP(0xFC, 0x0D, "elem.drop", Immediate.ELEM, ":", Feature.BULK_MEMORY),
  TABLE_COPY(0xFC, 0x0E, "table.copy", Immediate.TABLE_TABLE, null, Feature.BULK_MEMORY),
  TABLE_GROW(0xFC, 0x0F, "table.grow", Immediate.TABLE, null, Feature.REFERENCE_TYPES),
  TABLE_SIZE(0xFC, 0x10, "table.size", Immediate.TABLE, null, Feature.REFERENCE_TYPES),
  TABLE_FILL(0xFC, 0x11, "table.fill", Immediate.TABLE, null, Feature.REFERENCE_TYPES),
  I64_ADD128(0xFC, 0x13, "i64.add128", Immediate.NONE, "llll:ll", Feature.WIDE_ARITHMETIC),
  I64_SUB128(0xFC, 0x14, "i64.sub128", Immediate.NONE, "llll:ll", Feature.WIDE_ARITHMETIC),
  I64_MUL_WIDE_S(0xFC, 0x15, "i64.mul_wide_s", Immediate.NONE, "ll:ll", Feature.WIDE_ARITHMETIC),
  I64_MUL_WIDE_U(0xFC, 0x16, "i64.mul_wide_u", Immediate.NONE, "ll:ll", Feature.WIDE_ARITHMETIC),
  V128_LOAD(0xFD, 0x00, "v128.load", Immediate.MEMARG, "p:v", Feature.SIMD, 4),
  V128_LOAD8X8_S(0xFD, 0x01, "v128.load8x8_s", Immediate.MEMARG, "p:v", Feature.SIMD, 3),
  V128_LOAD8X8_U(0xFD, 0x02, "v128.load8x8_u", Immediate.MEMARG, "p:v", Feature.SIMD, 3),
  V128_LOAD16X4_S(0xFD, 0x03, "v128.load16x4_s", Immediate.MEMARG, "p:v", Feature.SIMD, 3),
  V128_LOAD16X4_U(0xFD, 0x04, "v128.load16x4_u", Immediate.MEMARG, "p:v", Feature.SIMD, 3),
  V128_LOAD32X2_S(0xFD, 0x05, "v128.load32x2_s", Immediate.MEMARG, "p:v", Feature.SIMD, 3),
  V128_LOAD32X2_U(0xFD, 0x06, "v128.load32x2_u", Immediate.MEMARG, "p:v", Feature.SIMD, 3),
  V128_LOAD8_SPLAT(0xFD, 0x07, "v128.load8_splat", Immediate.MEMARG, "p:v", Feature.SIMD, 0),
  V128_LOAD16_SPLAT(0xFD, 0x08, "v128.load16_splat", Immediate.MEMARG, "p:v", Feature.SIMD, 1),
  V128_LOAD32_SPLAT(0xFD, 0x09, "v128.load32_splat", Immediate.MEMARG, "p:v", Feature.SIMD, 2),
  V128_LOAD64_SPLAT(0xFD, 0x0A, "v128.load64_splat", Immediate.MEMARG, "p:v", Feature.SIMD, 3),
  V128_STORE(0xFD, 0x0B, "v128.store", Immediate.MEMARG, "pv:", Feature.SIMD, 4),
  V128_CONST(0xFD, 0x0C, "v128.const", Immediate.V128, ":v", Feature.SIMD),
  I8X16_SHUFFLE(0xFD, 0x0D, "i8x16.shuffle", Immediate.SHUFFLE, "vv:v", Feature.SIMD),
  I8X16_SWIZZLE(0xFD, 0x0E, "i8x16.swizzle", Immediate.NONE, "vv:v", Feature.SIMD),
  I8X16_SPLAT(0xFD, 0x0F, "i8x16.splat", Immediate.NONE, "i:v", Feature.SIMD),
  I16X8_SPLAT(0xFD, 0x10, "i16x8.splat", Immediate.NONE, "i:v", Feature.SIMD),
  I32X4_SPLAT(0xFD, 0x11, "i32x4.splat", Immediate.NONE, "i:v", Feature.SIMD),
  I64X2_SPLAT(0xFD, 0x12, "i64x2.splat", Immediate.NONE, "l:v", Feature.SIMD),
  F32X4_SPLAT(0xFD, 0x13, "f32x4.splat", Immediate.NONE, "f:v", Feature.SIMD),
  F64X2_SPLAT(0xFD, 0x14, "f64x2.splat", Immediate.NONE, "d:v", Feature.SIMD),
  I8X16_EXTRACT_LANE_S(0xFD, 0x15, "i8x16.extract_lane_s", Immediate.LANE, "v:i", Feature.SIMD),
  I8X16_EXTRACT_LANE_U(0xFD, 0x16, "i8x16.extract_lane_u", Immediate.LANE, "v:i", Feature.SIMD),
  I8X16_REPLACE_LANE(0xFD, 0x17, "i8x16.replace_lane", Immediate.LANE, "vi:v", Feature.SIMD),
  I16X8_EXTRACT_LANE_S(0xFD, 0x18, "i16x8.extract_lane_s", Immediate.LANE, "v:i", Feature.SIMD),
  I16X8_EXTRACT_LANE_U(0xFD, 0x19, "i16x8.extract_lane_u", Immediate.LANE, "v:i", Feature.SIMD),
  I16X8_REPLACE_LANE(0xFD, 0x1A, "i16x8.replace_lane", Immediate.LANE, "vi:v", Feature.SIMD),
  I32X4_EXTRACT_LANE(0xFD, 0x1B, "i32x4.extract_lane", Immediate.LANE, "v:i", Feature.SIMD),
  I32X4_REPLACE_LANE(0xFD, 0x1C, "i32x4.replace_lane", Immediate.LANE, "vi:v", Feature.SIMD),
  I64X2_EXTRACT_LANE(0xFD, 0x1D, "i64x2.extract_lane", Immediate.LANE, "v:l", Feature.SIMD),
  I64X2_REPLACE_LANE(0xFD, 0x1E, "i64x2.replace_lane", Immediate.LANE, "vl:v", Feature.SIMD),
  F32X4_EXTRACT_LANE(0xFD, 0x1F, "f32x4.extract_lane", Immediate.LANE, "v:f", Feature.SIMD),
  F32X4_REPLACE_LANE(0xFD, 0x20, "f32x4.replace_lane", Immediate.LANE, "vf:v", Feature.SIMD),
  F64X2_EXTRACT_LANE(0xFD, 0x21, "f64x2.extract_lane", Immediate.LANE, "v:d", Feature.SIMD),
  F64X2_REPLACE_LANE(0xFD, 0x22, "f64x2.replace_lane", Immediate.LANE, "vd:v", Feature.SIMD),
  I8X16_EQ(0xFD, 0x23, "i8x16.eq", Immediate.NONE, "vv:v", Feature.SIMD),
  I8X16_NE(0xFD, 0x24, "i8x16.ne", Immediate.NONE, "vv:v", Feature.SIMD),
  I8X16_LT_S(0xFD, 0x25, "i8x16.lt_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I8X16_LT_U(0xFD, 0x26, "i8x16.lt_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I8X16_GT_S(0xFD, 0x27, "i8x16.gt_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I8X16_GT_U(0xFD, 0x28, "i8x16.gt_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I8X16_LE_S(0xFD, 0x29, "i8x16.le_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I8X16_LE_U(0xFD, 0x2A, "i8x16.le_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I8X16_GE_S(0xFD, 0x2B, "i8x16.ge_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I8X16_GE_U(0xFD, 0x2C, "i8x16.ge_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_EQ(0xFD, 0x2D, "i16x8.eq", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_NE(0xFD, 0x2E, "i16x8.ne", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_LT_S(0xFD, 0x2F, "i16x8.lt_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_LT_U(0xFD, 0x30, "i16x8.lt_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_GT_S(0xFD, 0x31, "i16x8.gt_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_GT_U(0xFD, 0x32, "i16x8.gt_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_LE_S(0xFD, 0x33, "i16x8.le_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_LE_U(0xFD, 0x34, "i16x8.le_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_GE_S(0xFD, 0x35, "i16x8.ge_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_GE_U(0xFD, 0x36, "i16x8.ge_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I32X4_EQ(0xFD, 0x37, "i32x4.eq", Immediate.NONE, "vv:v", Feature.SIMD),
  I32X4_NE(0xFD, 0x38, "i32x4.ne", Immediate.NONE, "vv:v", Feature.SIMD),
  I32X4_LT_S(0xFD, 0x39, "i32x4.lt_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I32X4_LT_U(0xFD, 0x3A, "i32x4.lt_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I32X4_GT_S(0xFD, 0x3B, "i32x4.gt_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I32X4_GT_U(0xFD, 0x3C, "i32x4.gt_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I32X4_LE_S(0xFD, 0x3D, "i32x4.le_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I32X4_LE_U(0xFD, 0x3E, "i32x4.le_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I32X4_GE_S(0xFD, 0x3F, "i32x4.ge_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I32X4_GE_U(0xFD, 0x40, "i32x4.ge_u", Immediate.NONE, "vv:v", Feature.SIMD),
  F32X4_EQ(0xFD, 0x41, "f32x4.eq", Immediate.NONE, "vv:v", Feature.SIMD),
  F32X4_NE(0xFD, 0x42, "f32x4.ne", Immediate.NONE, "vv:v", Feature.SIMD),
  F32X4_LT(0xFD, 0x43, "f32x4.lt", Immediate.NONE, "vv:v", Feature.SIMD),
  F32X4_GT(0xFD, 0x44, "f32x4.gt", Immediate.NONE, "vv:v", Feature.SIMD),
  F32X4_LE(0xFD, 0x45, "f32x4.le", Immediate.NONE, "vv:v", Feature.SIMD),
  F32X4_GE(0xFD, 0x46, "f32x4.ge", Immediate.NONE, "vv:v", Feature.SIMD),
  F64X2_EQ(0xFD, 0x47, "f64x2.eq", Immediate.NONE, "vv:v", Feature.SIMD),
  F64X2_NE(0xFD, 0x48, "f64x2.ne", Immediate.NONE, "vv:v", Feature.SIMD),
  F64X2_LT(0xFD, 0x49, "f64x2.lt", Immediate.NONE, "vv:v", Feature.SIMD),
  F64X2_GT(0xFD, 0x4A, "f64x2.gt", Immediate.NONE, "vv:v", Feature.SIMD),
  F64X2_LE(0xFD, 0x4B, "f64x2.le", Immediate.NONE, "vv:v", Feature.SIMD),
  F64X2_GE(0xFD, 0x4C, "f64x2.ge", Immediate.NONE, "vv:v", Feature.SIMD),
  V128_NOT(0xFD, 0x4D, "v128.not", Immediate.NONE, "v:v", Feature.SIMD),
  V128_AND(0xFD, 0x4E, "v128.and", Immediate.NONE, "vv:v", Feature.SIMD),
  V128_ANDNOT(0xFD, 0x4F, "v128.andnot", Immediate.NONE, "vv:v", Feature.SIMD),
  V128_OR(0xFD, 0x50, "v128.or", Immediate.NONE, "vv:v", Feature.SIMD),
  V128_XOR(0xFD, 0x51, "v128.xor", Immediate.NONE, "vv:v", Feature.SIMD),
  V128_BITSELECT(0xFD, 0x52, "v128.bitselect", Immediate.NONE, "vvv:v", Feature.SIMD),
  V128_ANY_TRUE(0xFD, 0x53, "v128.any_true", Immediate.NONE, "v:i", Feature.SIMD),
  V128_LOAD8_LANE(0xFD, 0x54, "v128.load8_lane", Immediate.MEMARG_LANE, "pv:v", Feature.SIMD, 0),
  V128_LOAD16_LANE(0xFD, 0x55, "v128.load16_lane", Immediate.MEMARG_LANE, "pv:v", Feature.SIMD, 1),
  V128_LOAD32_LANE(0xFD, 0x56, "v128.load32_lane", Immediate.MEMARG_LANE, "pv:v", Feature.SIMD, 2),
  V128_LOAD64_LANE(0xFD, 0x57, "v128.load64_lane", Immediate.MEMARG_LANE, "pv:v", Feature.SIMD, 3),
  V128_STORE8_LANE(0xFD, 0x58, "v128.store8_lane", Immediate.MEMARG_LANE, "pv:", Feature.SIMD, 0),
  V128_STORE16_LANE(0xFD, 0x59, "v128.store16_lane", Immediate.MEMARG_LANE, "pv:", Feature.SIMD, 1),
  V128_STORE32_LANE(0xFD, 0x5A, "v128.store32_lane", Immediate.MEMARG_LANE, "pv:", Feature.SIMD, 2),
  V128_STORE64_LANE(0xFD, 0x5B, "v128.store64_lane", Immediate.MEMARG_LANE, "pv:", Feature.SIMD, 3),
  V128_LOAD32_ZERO(0xFD, 0x5C, "v128.load32_zero", Immediate.MEMARG, "p:v", Feature.SIMD, 2),
  V128_LOAD64_ZERO(0xFD, 0x5D, "v128.load64_zero", Immediate.MEMARG, "p:v", Feature.SIMD, 3),
  F32X4_DEMOTE_F64X2_ZERO(
      0xFD, 0x5E, "f32x4.demote_f64x2_zero", Immediate.NONE, "v:v", Feature.SIMD),
  F64X2_PROMOTE_LOW_F32X4(
      0xFD, 0x5F, "f64x2.promote_low_f32x4", Immediate.NONE, "v:v", Feature.SIMD),
  I8X16_ABS(0xFD, 0x60, "i8x16.abs", Immediate.NONE, "v:v", Feature.SIMD),
  I8X16_NEG(0xFD, 0x61, "i8x16.neg", Immediate.NONE, "v:v", Feature.SIMD),
  I8X16_POPCNT(0xFD, 0x62, "i8x16.popcnt", Immediate.NONE, "v:v", Feature.SIMD),
  I8X16_ALL_TRUE(0xFD, 0x63, "i8x16.all_true", Immediate.NONE, "v:i", Feature.SIMD),
  I8X16_BITMASK(0xFD, 0x64, "i8x16.bitmask", Immediate.NONE, "v:i", Feature.SIMD),
  I8X16_NARROW_I16X8_S(0xFD, 0x65, "i8x16.narrow_i16x8_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I8X16_NARROW_I16X8_U(0xFD, 0x66, "i8x16.narrow_i16x8_u", Immediate.NONE, "vv:v", Feature.SIMD),
  F32X4_CEIL(0xFD, 0x67, "f32x4.ceil", Immediate.NONE, "v:v", Feature.SIMD),
  F32X4_FLOOR(0xFD, 0x68, "f32x4.floor", Immediate.NONE, "v:v", Feature.SIMD),
  F32X4_TRUNC(0xFD, 0x69, "f32x4.trunc", Immediate.NONE, "v:v", Feature.SIMD),
  F32X4_NEAREST(0xFD, 0x6A, "f32x4.nearest", Immediate.NONE, "v:v", Feature.SIMD),
  I8X16_SHL(0xFD, 0x6B, "i8x16.shl", Immediate.NONE, "vi:v", Feature.SIMD),
  I8X16_SHR_S(0xFD, 0x6C, "i8x16.shr_s", Immediate.NONE, "vi:v", Feature.SIMD),
  I8X16_SHR_U(0xFD, 0x6D, "i8x16.shr_u", Immediate.NONE, "vi:v", Feature.SIMD),
  I8X16_ADD(0xFD, 0x6E, "i8x16.add", Immediate.NONE, "vv:v", Feature.SIMD),
  I8X16_ADD_SAT_S(0xFD, 0x6F, "i8x16.add_sat_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I8X16_ADD_SAT_U(0xFD, 0x70, "i8x16.add_sat_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I8X16_SUB(0xFD, 0x71, "i8x16.sub", Immediate.NONE, "vv:v", Feature.SIMD),
  I8X16_SUB_SAT_S(0xFD, 0x72, "i8x16.sub_sat_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I8X16_SUB_SAT_U(0xFD, 0x73, "i8x16.sub_sat_u", Immediate.NONE, "vv:v", Feature.SIMD),
  F64X2_CEIL(0xFD, 0x74, "f64x2.ceil", Immediate.NONE, "v:v", Feature.SIMD),
  F64X2_FLOOR(0xFD, 0x75, "f64x2.floor", Immediate.NONE, "v:v", Feature.SIMD),
  I8X16_MIN_S(0xFD, 0x76, "i8x16.min_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I8X16_MIN_U(0xFD, 0x77, "i8x16.min_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I8X16_MAX_S(0xFD, 0x78, "i8x16.max_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I8X16_MAX_U(0xFD, 0x79, "i8x16.max_u", Immediate.NONE, "vv:v", Feature.SIMD),
  F64X2_TRUNC(0xFD, 0x7A, "f64x2.trunc", Immediate.NONE, "v:v", Feature.SIMD),
  I8X16_AVGR_U(0xFD, 0x7B, "i8x16.avgr_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_EXTADD_PAIRWISE_I8X16_S(
      0xFD, 0x7C, "i16x8.extadd_pairwise_i8x16_s", Immediate.NONE, "v:v", Feature.SIMD),
  I16X8_EXTADD_PAIRWISE_I8X16_U(
      0xFD, 0x7D, "i16x8.extadd_pairwise_i8x16_u", Immediate.NONE, "v:v", Feature.SIMD),
  I32X4_EXTADD_PAIRWISE_I16X8_S(
      0xFD, 0x7E, "i32x4.extadd_pairwise_i16x8_s", Immediate.NONE, "v:v", Feature.SIMD),
  I32X4_EXTADD_PAIRWISE_I16X8_U(
      0xFD, 0x7F, "i32x4.extadd_pairwise_i16x8_u", Immediate.NONE, "v:v", Feature.SIMD),
  I16X8_ABS(0xFD, 0x80, "i16x8.abs", Immediate.NONE, "v:v", Feature.SIMD),
  I16X8_NEG(0xFD, 0x81, "i16x8.neg", Immediate.NONE, "v:v", Feature.SIMD),
  I16X8_Q15MULR_SAT_S(0xFD, 0x82, "i16x8.q15mulr_sat_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_ALL_TRUE(0xFD, 0x83, "i16x8.all_true", Immediate.NONE, "v:i", Feature.SIMD),
  I16X8_BITMASK(0xFD, 0x84, "i16x8.bitmask", Immediate.NONE, "v:i", Feature.SIMD),
  I16X8_NARROW_I32X4_S(0xFD, 0x85, "i16x8.narrow_i32x4_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_NARROW_I32X4_U(0xFD, 0x86, "i16x8.narrow_i32x4_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_EXTEND_LOW_I8X16_S(
      0xFD, 0x87, "i16x8.extend_low_i8x16_s", Immediate.NONE, "v:v", Feature.SIMD),
  I16X8_EXTEND_HIGH_I8X16_S(
      0xFD, 0x88, "i16x8.extend_high_i8x16_s", Immediate.NONE, "v:v", Feature.SIMD),
  I16X8_EXTEND_LOW_I8X16_U(
      0xFD, 0x89, "i16x8.extend_low_i8x16_u", Immediate.NONE, "v:v", Feature.SIMD),
  I16X8_EXTEND_HIGH_I8X16_U(
      0xFD, 0x8A, "i16x8.extend_high_i8x16_u", Immediate.NONE, "v:v", Feature.SIMD),
  I16X8_SHL(0xFD, 0x8B, "i16x8.shl", Immediate.NONE, "vi:v", Feature.SIMD),
  I16X8_SHR_S(0xFD, 0x8C, "i16x8.shr_s", Immediate.NONE, "vi:v", Feature.SIMD),
  I16X8_SHR_U(0xFD, 0x8D, "i16x8.shr_u", Immediate.NONE, "vi:v", Feature.SIMD),
  I16X8_ADD(0xFD, 0x8E, "i16x8.add", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_ADD_SAT_S(0xFD, 0x8F, "i16x8.add_sat_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_ADD_SAT_U(0xFD, 0x90, "i16x8.add_sat_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_SUB(0xFD, 0x91, "i16x8.sub", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_SUB_SAT_S(0xFD, 0x92, "i16x8.sub_sat_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_SUB_SAT_U(0xFD, 0x93, "i16x8.sub_sat_u", Immediate.NONE, "vv:v", Feature.SIMD),
  F64X2_NEAREST(0xFD, 0x94, "f64x2.nearest", Immediate.NONE, "v:v", Feature.SIMD),
  I16X8_MUL(0xFD, 0x95, "i16x8.mul", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_MIN_S(0xFD, 0x96, "i16x8.min_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_MIN_U(0xFD, 0x97, "i16x8.min_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_MAX_S(0xFD, 0x98, "i16x8.max_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_MAX_U(0xFD, 0x99, "i16x8.max_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_AVGR_U(0xFD, 0x9B, "i16x8.avgr_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_EXTMUL_LOW_I8X16_S(
      0xFD, 0x9C, "i16x8.extmul_low_i8x16_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_EXTMUL_HIGH_I8X16_S(
      0xFD, 0x9D, "i16x8.extmul_high_i8x16_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_EXTMUL_LOW_I8X16_U(
      0xFD, 0x9E, "i16x8.extmul_low_i8x16_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I16X8_EXTMUL_HIGH_I8X16_U(
      0xFD, 0x9F, "i16x8.extmul_high_i8x16_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I32X4_ABS(0xFD, 0xA0, "i32x4.abs", Immediate.NONE, "v:v", Feature.SIMD),
  I32X4_NEG(0xFD, 0xA1, "i32x4.neg", Immediate.NONE, "v:v", Feature.SIMD),
  I32X4_ALL_TRUE(0xFD, 0xA3, "i32x4.all_true", Immediate.NONE, "v:i", Feature.SIMD),
  I32X4_BITMASK(0xFD, 0xA4, "i32x4.bitmask", Immediate.NONE, "v:i", Feature.SIMD),
  I32X4_EXTEND_LOW_I16X8_S(
      0xFD, 0xA7, "i32x4.extend_low_i16x8_s", Immediate.NONE, "v:v", Feature.SIMD),
  I32X4_EXTEND_HIGH_I16X8_S(
      0xFD, 0xA8, "i32x4.extend_high_i16x8_s", Immediate.NONE, "v:v", Feature.SIMD),
  I32X4_EXTEND_LOW_I16X8_U(
      0xFD, 0xA9, "i32x4.extend_low_i16x8_u", Immediate.NONE, "v:v", Feature.SIMD),
  I32X4_EXTEND_HIGH_I16X8_U(
      0xFD, 0xAA, "i32x4.extend_high_i16x8_u", Immediate.NONE, "v:v", Feature.SIMD),
  I32X4_SHL(0xFD, 0xAB, "i32x4.shl", Immediate.NONE, "vi:v", Feature.SIMD),
  I32X4_SHR_S(0xFD, 0xAC, "i32x4.shr_s", Immediate.NONE, "vi:v", Feature.SIMD),
  I32X4_SHR_U(0xFD, 0xAD, "i32x4.shr_u", Immediate.NONE, "vi:v", Feature.SIMD),
  I32X4_ADD(0xFD, 0xAE, "i32x4.add", Immediate.NONE, "vv:v", Feature.SIMD),
  I32X4_SUB(0xFD, 0xB1, "i32x4.sub", Immediate.NONE, "vv:v", Feature.SIMD),
  I32X4_MUL(0xFD, 0xB5, "i32x4.mul", Immediate.NONE, "vv:v", Feature.SIMD),
  I32X4_MIN_S(0xFD, 0xB6, "i32x4.min_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I32X4_MIN_U(0xFD, 0xB7, "i32x4.min_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I32X4_MAX_S(0xFD, 0xB8, "i32x4.max_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I32X4_MAX_U(0xFD, 0xB9, "i32x4.max_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I32X4_DOT_I16X8_S(0xFD, 0xBA, "i32x4.dot_i16x8_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I32X4_EXTMUL_LOW_I16X8_S(
      0xFD, 0xBC, "i32x4.extmul_low_i16x8_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I32X4_EXTMUL_HIGH_I16X8_S(
      0xFD, 0xBD, "i32x4.extmul_high_i16x8_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I32X4_EXTMUL_LOW_I16X8_U(
      0xFD, 0xBE, "i32x4.extmul_low_i16x8_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I32X4_EXTMUL_HIGH_I16X8_U(
      0xFD, 0xBF, "i32x4.extmul_high_i16x8_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I64X2_ABS(0xFD, 0xC0, "i64x2.abs", Immediate.NONE, "v:v", Feature.SIMD),
  I64X2_NEG(0xFD, 0xC1, "i64x2.neg", Immediate.NONE, "v:v", Feature.SIMD),
  I64X2_ALL_TRUE(0xFD, 0xC3, "i64x2.all_true", Immediate.NONE, "v:i", Feature.SIMD),
  I64X2_BITMASK(0xFD, 0xC4, "i64x2.bitmask", Immediate.NONE, "v:i", Feature.SIMD),
  I64X2_EXTEND_LOW_I32X4_S(
      0xFD, 0xC7, "i64x2.extend_low_i32x4_s", Immediate.NONE, "v:v", Feature.SIMD),
  I64X2_EXTEND_HIGH_I32X4_S(
      0xFD, 0xC8, "i64x2.extend_high_i32x4_s", Immediate.NONE, "v:v", Feature.SIMD),
  I64X2_EXTEND_LOW_I32X4_U(
      0xFD, 0xC9, "i64x2.extend_low_i32x4_u", Immediate.NONE, "v:v", Feature.SIMD),
  I64X2_EXTEND_HIGH_I32X4_U(
      0xFD, 0xCA, "i64x2.extend_high_i32x4_u", Immediate.NONE, "v:v", Feature.SIMD),
  I64X2_SHL(0xFD, 0xCB, "i64x2.shl", Immediate.NONE, "vi:v", Feature.SIMD),
  I64X2_SHR_S(0xFD, 0xCC, "i64x2.shr_s", Immediate.NONE, "vi:v", Feature.SIMD),
  I64X2_SHR_U(0xFD, 0xCD, "i64x2.shr_u", Immediate.NONE, "vi:v", Feature.SIMD),
  I64X2_ADD(0xFD, 0xCE, "i64x2.add", Immediate.NONE, "vv:v", Feature.SIMD),
  I64X2_SUB(0xFD, 0xD1, "i64x2.sub", Immediate.NONE, "vv:v", Feature.SIMD),
  I64X2_MUL(0xFD, 0xD5, "i64x2.mul", Immediate.NONE, "vv:v", Feature.SIMD),
  I64X2_EQ(0xFD, 0xD6, "i64x2.eq", Immediate.NONE, "vv:v", Feature.SIMD),
  I64X2_NE(0xFD, 0xD7, "i64x2.ne", Immediate.NONE, "vv:v", Feature.SIMD),
  I64X2_LT_S(0xFD, 0xD8, "i64x2.lt_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I64X2_GT_S(0xFD, 0xD9, "i64x2.gt_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I64X2_LE_S(0xFD, 0xDA, "i64x2.le_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I64X2_GE_S(0xFD, 0xDB, "i64x2.ge_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I64X2_EXTMUL_LOW_I32X4_S(
      0xFD, 0xDC, "i64x2.extmul_low_i32x4_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I64X2_EXTMUL_HIGH_I32X4_S(
      0xFD, 0xDD, "i64x2.extmul_high_i32x4_s", Immediate.NONE, "vv:v", Feature.SIMD),
  I64X2_EXTMUL_LOW_I32X4_U(
      0xFD, 0xDE, "i64x2.extmul_low_i32x4_u", Immediate.NONE, "vv:v", Feature.SIMD),
  I64X2_EXTMUL_HIGH_I32X4_U(
      0xFD, 0xDF, "i64x2.extmul_high_i32x4_u", Immediate.NONE, "vv:v", Feature.SIMD),
  F32X4_ABS(0xFD, 0xE0, "f32x4.abs", Immediate.NONE, "v:v", Feature.SIMD),
  F32X4_NEG(0xFD, 0xE1, "f32x4.neg", Immediate.NONE, "v:v", Feature.SIMD),
  F32X4_SQRT(0xFD, 0xE3, "f32x4.sqrt", Immediate.NONE, "v:v", Feature.SIMD),
  F32X4_ADD(0xFD, 0xE4, "f32x4.add", Immediate.NONE, "vv:v", Feature.SIMD),
  F32X4_SUB(0xFD, 0xE5, "f32x4.sub", Immediate.NONE, "vv:v", Feature.SIMD),
  F32X4_MUL(0xFD, 0xE6, "f32x4.mul", Immediate.NONE, "vv:v", Feature.SIMD),
  F32X4_DIV(0xFD, 0xE7, "f32x4.div", Immediate.NONE, "vv:v", Feature.SIMD),
  F32X4_MIN(0xFD, 0xE8, "f32x4.min", Immediate.NONE, "vv:v", Feature.SIMD),
  F32X4_MAX(0xFD, 0xE9, "f32x4.max", Immediate.NONE, "vv:v", Feature.SIMD),
  F32X4_PMIN(0xFD, 0xEA, "f32x4.pmin", Immediate.NONE, "vv:v", Feature.SIMD),
  F32X4_PMAX(0xFD, 0xEB, "f32x4.pmax", Immediate.NONE, "vv:v", Feature.SIMD),
  F64X2_ABS(0xFD, 0xEC, "f64x2.abs", Immediate.NONE, "v:v", Feature.SIMD),
  F64X2_NEG(0xFD, 0xED, "f64x2.neg", Immediate.NONE, "v:v", Feature.SIMD),
  F64X2_SQRT(0xFD, 0xEF, "f64x2.sqrt", Immediate.NONE, "v:v", Feature.SIMD),
  F64X2_ADD(0xFD, 0xF0, "f64x2.add", Immediate.NONE, "vv:v", Feature.SIMD),
  F64X2_SUB(0xFD, 0xF1, "f64x2.sub", Immediate.NONE, "vv:v", Feature.SIMD),
  F64X2_MUL(0xFD, 0xF2, "f64x2.mul", Immediate.NONE, "vv:v", Feature.SIMD),
  F64X2_DIV(0xFD, 0xF3, "f64x2.div", Immediate.NONE, "vv:v", Feature.SIMD),
  F64X2_MIN(0xFD, 0xF4, "f64x2.min", Immediate.NONE, "vv:v", Feature.SIMD),
  F64X2_MAX(0xFD, 0xF5, "f64x2.max", Immediate.NONE, "vv:v", Feature.SIMD),
  F64X2_PMIN(0xFD, 0xF6, "f64x2.pmin", Immediate.NONE, "vv:v", Feature.SIMD),
  F64X2_PMAX(0xFD, 0xF7, "f64x2.pmax", Immediate.NONE, "vv:v", Feature.SIMD),
  I32X4_TRUNC_SAT_F32X4_S(
      0xFD, 0xF8, "i32x4.trunc_sat_f32x4_s", Immediate.NONE, "v:v", Feature.SIMD),
  I32X4_TRUNC_SAT_F32X4_U(
      0xFD, 0xF9, "i32x4.trunc_sat_f32x4_u", Immediate.NONE, "v:v", Feature.SIMD),
  F32X4_CONVERT_I32X4_S(0xFD, 0xFA, "f32x4.convert_i32x4_s", Immediate.NONE, "v:v", Feature.SIMD),
  F32X4_CONVERT_I32X4_U(0xFD, 0xFB, "f32x4.convert_i32x4_u", Immediate.NONE, "v:v", Feature.SIMD),
  I32X4_TRUNC_SAT_F64X2_S_ZERO(
      0xFD, 0xFC, "i32x4.trunc_sat_f64x2_s_zero", Immediate.NONE, "v:v", Feature.SIMD),
  I32X4_TRUNC_SAT_F64X2_U_ZERO(
      0xFD, 0xFD, "i32x4.trunc_sat_f64x2_u_zero", Immediate.NONE, "v:v", Feature.SIMD),
  F64X2_CONVERT_LOW_I32X4_S(
      0xFD, 0xFE, "f64x2.convert_low_i32x4_s", Immediate.NONE, "v:v", Feature.SIMD),
  F64X2_CONVERT_LOW_I32X4_U(
      0xFD, 0xFF, "f64x2.convert_low_i32x4_u", Immediate.NONE, "v:v", Feature.SIMD),
  I8X16_RELAXED_SWIZZLE(
      0xFD, 0x100, "i8x16.relaxed_swizzle", Immediate.NONE, "vv:v", Feature.RELAXED_SIMD),
  I32X4_RELAXED_TRUNC_F32X4_S(
      0xFD, 0x101, "i32x4.relaxed_trunc_f32x4_s", Immediate.NONE, "v:v", Feature.RELAXED_SIMD),
  I32X4_RELAXED_TRUNC_F32X4_U(
      0xFD, 0x102, "i32x4.relaxed_trunc_f32x4_u", Immediate.NONE, "v:v", Feature.RELAXED_SIMD),
  I32X4_RELAXED_TRUNC_F64X2_S_ZERO(
      0xFD, 0x103, "i32x4.relaxed_trunc_f64x2_s_zero", Immediate.NONE, "v:v", Feature.RELAXED_SIMD),
  I32X4_RELAXED_TRUNC_F64X2_U_ZERO(
      0xFD, 0x104, "i32x4.relaxed_trunc_f64x2_u_zero", Immediate.NONE, "v:v", Feature.RELAXED_SIMD),
  F32X4_RELAXED_MADD(
      0xFD, 0x105, "f32x4.relaxed_madd", Immediate.NONE, "vvv:v", Feature.RELAXED_SIMD),
  F32X4_RELAXED_NMADD(
      0xFD, 0x106, "f32x4.relaxed_nmadd", Immediate.NONE, "vvv:v", Feature.RELAXED_SIMD),
  F64X2_RELAXED_MADD(
      0xFD, 0x107, "f64x2.relaxed_madd", Immediate.NONE, "vvv:v", Feature.RELAXED_SIMD),
  F64X2_RELAXED_NMADD(
      0xFD, 0x108, "f64x2.relaxed_nmadd", Immediate.NONE, "vvv:v", Feature.RELAXED_SIMD),
  I8X16_RELAXED_LANESELECT(
      0xFD, 0x109, "i8x16.relaxed_laneselect", Immediate.NONE, "vvv:v", Feature.RELAXED_SIMD),
  I16X8_RELAXED_LANESELECT(
      0xFD, 0x10A, "i16x8.relaxed_laneselect", Immediate.NONE, "vvv:v", Feature.RELAXED_SIMD),
  I32X4_RELAXED_LANESELECT(
      0xFD, 0x10B, "i32x4.relaxed_laneselect", Immediate.NONE, "vvv:v", Feature.RELAXED_SIMD),
  I64X2_RELAXED_LANESELECT(
      0xFD, 0x10C, "i64x2.relaxed_laneselect", Immediate.NONE, "vvv:v", Feature.RELAXED_SIMD),
  F32X4_RELAXED_MIN(0xFD, 0x10D, "f32x4.relaxed_min", Immediate.NONE, "vv:v", Feature.RELAXED_SIMD),
  F32X4_RELAXED_MAX(0xFD, 0x10E, "f32x4.relaxed_max", Immediate.NONE, "vv:v", Feature.RELAXED_SIMD),
  F64X2_RELAXED_MIN(0xFD, 0x10F, "f64x2.relaxed_min", Immediate.NONE, "vv:v", Feature.RELAXED_SIMD),
  F64X2_RELAXED_MAX(0xFD, 0x110, "f64x2.relaxed_max", Immediate.NONE, "vv:v", Feature.RELAXED_SIMD),
  I16X8_RELAXED_Q15MULR_S(
      0xFD, 0x111, "i16x8.relaxed_q15mulr_s", Immediate.NONE, "vv:v", Feature.RELAXED_SIMD),
  I16X8_RELAXED_DOT_I8X16_I7X16_S(
      0xFD, 0x112, "i16x8.relaxed_dot_i8x16_i7x16_s", Immediate.NONE, "vv:v", Feature.RELAXED_SIMD),
  I32X4_RELAXED_DOT_I8X16_I7X16_ADD_S(
      0xFD,
      0x113,
      "i32x4.relaxed_dot_i8x16_i7x16_add_s",
      Immediate.NONE,
      "vvv:v",
      Feature.RELAXED_SIMD),
  MEMORY_ATOMIC_NOTIFY(
      0xFE, 0x00, "memory.atomic.notify", Immediate.MEMARG, "pi:i", Feature.THREADS, 2),
  MEMORY_ATOMIC_WAIT32(
      0xFE, 0x01, "memory.atomic.wait32", Immediate.MEMARG, "pil:i", Feature.THREADS, 2),
  MEMORY_ATOMIC_WAIT64(
      0xFE, 0x02, "memory.atomic.wait64", Immediate.MEMARG, "pll:i", Feature.THREADS, 3),
  ATOMIC_FENCE(0xFE, 0x03, "atomic.fence", Immediate.FENCE, ":", Feature.THREADS),
  I32_ATOMIC_LOAD(0xFE, 0x10, "i32.atomic.load", Immediate.MEMARG, "p:i", Feature.THREADS, 2),
  I64_ATOMIC_LOAD(0xFE, 0x11, "i64.atomic.load", Immediate.MEMARG, "p:l", Feature.THREADS, 3),
  I32_ATOMIC_LOAD8_U(0xFE, 0x12, "i32.atomic.load8_u", Immediate.MEMARG, "p:i", Feature.THREADS, 0),
  I32_ATOMIC_LOAD16_U(
      0xFE, 0x13, "i32.atomic.load16_u", Immediate.MEMARG, "p:i", Feature.THREADS, 1),
  I64_ATOMIC_LOAD8_U(0xFE, 0x14, "i64.atomic.load8_u", Immediate.MEMARG, "p:l", Feature.THREADS, 0),
  I64_ATOMIC_LOAD16_U(
      0xFE, 0x15, "i64.atomic.load16_u", Immediate.MEMARG, "p:l", Feature.THREADS, 1),
  I64_ATOMIC_LOAD32_U(
      0xFE, 0x16, "i64.atomic.load32_u", Immediate.MEMARG, "p:l", Feature.THREADS, 2),
  I32_ATOMIC_STORE(0xFE, 0x17, "i32.atomic.store", Immediate.MEMARG, "pi:", Feature.THREADS, 2),
  I64_ATOMIC_STORE(0xFE, 0x18, "i64.atomic.store", Immediate.MEMARG, "pl:", Feature.THREADS, 3),
  I32_ATOMIC_STORE8(0xFE, 0x19, "i32.atomic.store8", Immediate.MEMARG, "pi:", Feature.THREADS, 0),
  I32_ATOMIC_STORE16(0xFE, 0x1A, "i32.atomic.store16", Immediate.MEMARG, "pi:", Feature.THREADS, 1),
  I64_ATOMIC_STORE8(0xFE, 0x1B, "i64.atomic.store8", Immediate.MEMARG, "pl:", Feature.THREADS, 0),
  I64_ATOMIC_STORE16(0xFE, 0x1C, "i64.atomic.store16", Immediate.MEMARG, "pl:", Feature.THREADS, 1),
  I64_ATOMIC_STORE32(0xFE, 0x1D, "i64.atomic.store32", Immediate.MEMARG, "pl:", Feature.THREADS, 2),
  I32_ATOMIC_RMW_ADD(
      0xFE, 0x1E, "i32.atomic.rmw.add", Immediate.MEMARG, "pi:i", Feature.THREADS, 2),
  I64_ATOMIC_RMW_ADD(
      0xFE, 0x1F, "i64.atomic.rmw.add", Immediate.MEMARG, "pl:l", Feature.THREADS, 3),
  I32_ATOMIC_RMW8_ADD_U(
      0xFE, 0x20, "i32.atomic.rmw8.add_u", Immediate.MEMARG, "pi:i", Feature.THREADS, 0),
  I32_ATOMIC_RMW16_ADD_U(
      0xFE, 0x21, "i32.atomic.rmw16.add_u", Immediate.MEMARG, "pi:i", Feature.THREADS, 1),
  I64_ATOMIC_RMW8_ADD_U(
      0xFE, 0x22, "i64.atomic.rmw8.add_u", Immediate.MEMARG, "pl:l", Feature.THREADS, 0),
  I64_ATOMIC_RMW16_ADD_U(
      0xFE, 0x23, "i64.atomic.rmw16.add_u", Immediate.MEMARG, "pl:l", Feature.THREADS, 1),
  I64_ATOMIC_RMW32_ADD_U(
      0xFE, 0x24, "i64.atomic.rmw32.add_u", Immediate.MEMARG, "pl:l", Feature.THREADS, 2),
  I32_ATOMIC_RMW_SUB(
      0xFE, 0x25, "i32.atomic.rmw.sub", Immediate.MEMARG, "pi:i", Feature.THREADS, 2),
  I64_ATOMIC_RMW_SUB(
      0xFE, 0x26, "i64.atomic.rmw.sub", Immediate.MEMARG, "pl:l", Feature.THREADS, 3),
  I32_ATOMIC_RMW8_SUB_U(
      0xFE, 0x27, "i32.atomic.rmw8.sub_u", Immediate.MEMARG, "pi:i", Feature.THREADS, 0),
  I32_ATOMIC_RMW16_SUB_U(
      0xFE, 0x28, "i32.atomic.rmw16.sub_u", Immediate.MEMARG, "pi:i", Feature.THREADS, 1),
  I64_ATOMIC_RMW8_SUB_U(
      0xFE, 0x29, "i64.atomic.rmw8.sub_u", Immediate.MEMARG, "pl:l", Feature.THREADS, 0),
  I64_ATOMIC_RMW16_SUB_U(
      0xFE, 0x2A, "i64.atomic.rmw16.sub_u", Immediate.MEMARG, "pl:l", Feature.THREADS, 1),
  I64_ATOMIC_RMW32_SUB_U(
      0xFE, 0x2B, "i64.atomic.rmw32.sub_u", Immediate.MEMARG, "pl:l", Feature.THREADS, 2),
  I32_ATOMIC_RMW_AND(
      0xFE, 0x2C, "i32.atomic.rmw.and", Immediate.MEMARG, "pi:i", Feature.THREADS, 2),
  I64_ATOMIC_RMW_AND(
      0xFE, 0x2D, "i64.atomic.rmw.and", Immediate.MEMARG, "pl:l", Feature.THREADS, 3),
  I32_ATOMIC_RMW8_AND_U(
      0xFE, 0x2E, "i32.atomic.rmw8.and_u", Immediate.MEMARG, "pi:i", Feature.THREADS, 0),
  I32_ATOMIC_RMW16_AND_U(
      0xFE, 0x2F, "i32.atomic.rmw16.and_u", Immediate.MEMARG, "pi:i", Feature.THREADS, 1),
  I64_ATOMIC_RMW8_AND_U(
      0xFE, 0x30, "i64.atomic.rmw8.and_u", Immediate.MEMARG, "pl:l", Feature.THREADS, 0),
  I64_ATOMIC_RMW16_AND_U(
      0xFE, 0x31, "i64.atomic.rmw16.and_u", Immediate.MEMARG, "pl:l", Feature.THREADS, 1),
  I64_ATOMIC_RMW32_AND_U(
      0xFE, 0x32, "i64.atomic.rmw32.and_u", Immediate.MEMARG, "pl:l", Feature.THREADS, 2),
  I32_ATOMIC_RMW_OR(0xFE, 0x33, "i32.atomic.rmw.or", Immediate.MEMARG, "pi:i", Feature.THREADS, 2),
  I64_ATOMIC_RMW_OR(0xFE, 0x34, "i64.atomic.rmw.or", Immediate.MEMARG, "pl:l", Feature.THREADS, 3),
  I32_ATOMIC_RMW8_OR_U(
      0xFE, 0x35, "i32.atomic.rmw8.or_u", Immediate.MEMARG, "pi:i", Feature.THREADS, 0),
  I32_ATOMIC_RMW16_OR_U(
      0xFE, 0x36, "i32.atomic.rmw16.or_u", Immediate.MEMARG, "pi:i", Feature.THREADS, 1),
  I64_ATOMIC_RMW8_OR_U(
      0xFE, 0x37, "i64.atomic.rmw8.or_u", Immediate.MEMARG, "pl:l", Feature.THREADS, 0),
  I64_ATOMIC_RMW16_OR_U(
      0xFE, 0x38, "i64.atomic.rmw16.or_u", Immediate.MEMARG, "pl:l", Feature.THREADS, 1),
  I64_ATOMIC_RMW32_OR_U(
      0xFE, 0x39, "i64.atomic.rmw32.or_u", Immediate.MEMARG, "pl:l", Feature.THREADS, 2),
  I32_ATOMIC_RMW_XOR(
      0xFE, 0x3A, "i32.atomic.rmw.xor", Immediate.MEMARG, "pi:i", Feature.THREADS, 2),
  I64_ATOMIC_RMW_XOR(
      0xFE, 0x3B, "i64.atomic.rmw.xor", Immediate.MEMARG, "pl:l", Feature.THREADS, 3),
  I32_ATOMIC_RMW8_XOR_U(
      0xFE, 0x3C, "i32.atomic.rmw8.xor_u", Immediate.MEMARG, "pi:i", Feature.THREADS, 0),
  I32_ATOMIC_RMW16_XOR_U(
      0xFE, 0x3D, "i32.atomic.rmw16.xor_u", Immediate.MEMARG, "pi:i", Feature.THREADS, 1),
  I64_ATOMIC_RMW8_XOR_U(
      0xFE, 0x3E, "i64.atomic.rmw8.xor_u", Immediate.MEMARG, "pl:l", Feature.THREADS, 0),
  I64_ATOMIC_RMW16_XOR_U(
      0xFE, 0x3F, "i64.atomic.rmw16.xor_u", Immediate.MEMARG, "pl:l", Feature.THREADS, 1),
  I64_ATOMIC_RMW32_XOR_U(
      0xFE, 0x40, "i64.atomic.rmw32.xor_u", Immediate.MEMARG, "pl:l", Feature.THREADS, 2),
  I32_ATOMIC_RMW_XCHG(
      0xFE, 0x41, "i32.atomic.rmw.xchg", Immediate.MEMARG, "pi:i", Feature.THREADS, 2),
  I64_ATOMIC_RMW_XCHG(
      0xFE, 0x42, "i64.atomic.rmw.xchg", Immediate.MEMARG, "pl:l", Feature.THREADS, 3),
  I32_ATOMIC_RMW8_XCHG_U(
      0xFE, 0x43, "i32.atomic.rmw8.xchg_u", Immediate.MEMARG, "pi:i", Feature.THREADS, 0),
  I32_ATOMIC_RMW16_XCHG_U(
      0xFE, 0x44, "i32.atomic.rmw16.xchg_u", Immediate.MEMARG, "pi:i", Feature.THREADS, 1),
  I64_ATOMIC_RMW8_XCHG_U(
      0xFE, 0x45, "i64.atomic.rmw8.xchg_u", Immediate.MEMARG, "pl:l", Feature.THREADS, 0),
  I64_ATOMIC_RMW16_XCHG_U(
      0xFE, 0x46, "i64.atomic.rmw16.xchg_u", Immediate.MEMARG, "pl:l", Feature.THREADS, 1),
  I64_ATOMIC_RMW32_XCHG_U(
      0xFE, 0x47, "i64.atomic.rmw32.xchg_u", Immediate.MEMARG, "pl:l", Feature.THREADS, 2),
  I32_ATOMIC_RMW_CMPXCHG(
      0xFE, 0x48, "i32.atomic.rmw.cmpxchg", Immediate.MEMARG, "pii:i", Feature.THREADS, 2),
  I64_ATOMIC_RMW_CMPXCHG(
      0xFE, 0x49, "i64.atomic.rmw.cmpxchg", Immediate.MEMARG, "pll:l", Feature.THREADS, 3),
  I32_ATOMIC_RMW8_CMPXCHG_U(
      0xFE, 0x4A, "i32.atomic.rmw8.cmpxchg_u", Immediate.MEMARG, "pii:i", Feature.THREADS, 0),
  I32_ATOMIC_RMW16_CMPXCHG_U(
      0xFE, 0x4B, "i32.atomic.rmw16.cmpxchg_u", Immediate.MEMARG, "pii:i", Feature.THREADS, 1),
  I64_ATOMIC_RMW8_CMPXCHG_U(
      0xFE, 0x4C, "i64.atomic.rmw8.cmpxchg_u", Immediate.MEMARG, "pll:l", Feature.THREADS, 0),
  I64_ATOMIC_RMW16_CMPXCHG_U(
      0xFE, 0x4D, "i64.atomic.rmw16.cmpxchg_u", Immediate.MEMARG, "pll:l", Feature.THREADS, 1),
  I64_ATOMIC_RMW32_CMPXCHG_U(
      0xFE, 0x4E, "i64.atomic.rmw32.cmpxchg_u", Immediate.MEMARG, "pll:l", Feature.THREADS, 2);

  private static final Opcode[][] BY_CODE = new Opcode[5][];

  static {
    int[] sizes = {0x100, 0x20, 0x20, 0x120, 0x50};
    for (int i = 0; i < sizes.length; i++) {
      BY_CODE[i] = new Opcode[sizes[i]];
    }
    for (Opcode op : values()) {
      BY_CODE[page(op.prefix)][op.code] = op;
    }
  }

  private final int prefix;
  private final int code;
  private final String mnemonic;
  private final Immediate immediate;
  private final String signature;
  private final Feature feature;
  private final int align;
  private final int cost;

  Opcode(
      int prefix,
      int code,
      String mnemonic,
      Immediate immediate,
      String signature,
      Feature feature) {
    this(prefix, code, mnemonic, immediate, signature, feature, -1, 1);
  }

  Opcode(
      int prefix,
      int code,
      String mnemonic,
      Immediate immediate,
      String signature,
      Feature feature,
      int align) {
    this(prefix, code, mnemonic, immediate, signature, feature, align, 1);
  }

  Opcode(
      int prefix,
      int code,
      String mnemonic,
      Immediate immediate,
      String signature,
      Feature feature,
      Structure structure) {
    this(prefix, code, mnemonic, immediate, signature, feature, -1, 0);
  }

  Opcode(
      int prefix,
      int code,
      String mnemonic,
      Immediate immediate,
      String signature,
      Feature feature,
      int align,
      int cost) {
    this.prefix = prefix;
    this.code = code;
    this.mnemonic = mnemonic;
    this.immediate = immediate;
    this.signature = signature;
    this.feature = feature;
    this.align = align;
    this.cost = cost;
  }

  /** The prefix byte (0xFB to 0xFE), or 0 where the code stands alone. */
  public int prefix() {
    return prefix;
  }

  /** The code: a byte, or the number after the prefix. */
  public int code() {
    return code;
  }

  /** The name in the text format. */
  public String mnemonic() {
    return mnemonic;
  }

  /** What follows the opcode. */
  public Immediate immediate() {
    return immediate;
  }

  /** The signature, or null where the type depends on context. */
  public String signature() {
    return signature;
  }

  /** The part of the language that this instruction belongs to. */
  public Feature feature() {
    return feature;
  }

  /** The binary logarithm of the natural alignment of a memory access in bytes, or -1. */
  public int align() {
    return align;
  }

  /** The fuel that executing this instruction takes: 0 for the structural ones, else 1. */
  public int cost() {
    return cost;
  }

  /** Whether {@code code} starts a two-part opcode. */
  public static boolean isPrefix(int code) {
    return code >= 0xFB && code <= 0xFE;
  }

  /** The instruction with this prefix (0 for none) and code, or null. */
  public static Opcode of(int prefix, int code) {
    Opcode[] page = BY_CODE[page(prefix)];
    return code >= 0 && code < page.length ? page[code] : null;
  }

  private static int page(int prefix) {
    return prefix == 0 ? 0 : prefix - 0xFA;
  }

  @Override
  public String toString() {
    return mnemonic;
  }

  /** Marks instructions that only give structure and take no fuel. */
  private enum Structure {
    FREE
  }

  /**
   * The instruction of numbers that has the same result for swapped operands, where there is one.
   */
  public Optional<Opcode> mirrored() {
    Opcode mirrored =
        switch (this) {
          case I32_ADD, I32_MUL, I32_AND, I32_OR, I32_XOR, I32_EQ, I32_NE -> this;
          case I64_ADD, I64_MUL, I64_AND, I64_OR, I64_XOR, I64_EQ, I64_NE -> this;
          case I32_LT_S -> I32_GT_S;
          case I32_LT_U -> I32_GT_U;
          case I32_GT_S -> I32_LT_S;
          case I32_GT_U -> I32_LT_U;
          case I32_LE_S -> I32_GE_S;
          case I32_LE_U -> I32_GE_U;
          case I32_GE_S -> I32_LE_S;
          case I32_GE_U -> I32_LE_U;
          case I64_LT_S -> I64_GT_S;
          case I64_LT_U -> I64_GT_U;
          case I64_GT_S -> I64_LT_S;
          case I64_GT_U -> I64_LT_U;
          case I64_LE_S -> I64_GE_S;
          case I64_LE_U -> I64_GE_U;
          case I64_GE_S -> I64_LE_S;
          case I64_GE_U -> I64_LE_U;
          default -> null;
        };
    return Optional.ofNullable(mirrored);
  }
}
