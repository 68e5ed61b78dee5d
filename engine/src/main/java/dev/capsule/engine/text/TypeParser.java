package dev.capsule.engine.text;

import dev.capsule.engine.types.AbsHeapType;
import dev.capsule.engine.types.AddressType;
import dev.capsule.engine.types.ArrayType;
import dev.capsule.engine.types.CompType;
import dev.capsule.engine.types.FieldType;
import dev.capsule.engine.types.FuncType;
import dev.capsule.engine.types.GlobalType;
import dev.capsule.engine.types.HeapType;
import dev.capsule.engine.types.Limits;
import dev.capsule.engine.types.MemoryType;
import dev.capsule.engine.types.NumType;
import dev.capsule.engine.types.PackedType;
import dev.capsule.engine.types.RefType;
import dev.capsule.engine.types.StorageType;
import dev.capsule.engine.types.StructType;
import dev.capsule.engine.types.SubType;
import dev.capsule.engine.types.UnknownType;
import dev.capsule.engine.types.ValType;
import dev.capsule.engine.types.VecType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Types (spec 6.4). A type index inside a parsed type stays an {@link UnknownType} with that index
 * until {@link ModuleScope} resolves it: code needs the index, everything else the type.
 */
final class TypeParser {
  private static final Map<String, ValType> SHORT = new HashMap<>();
  private static final Map<String, AbsHeapType> HEAP = new HashMap<>();

  static {
    for (NumType type : NumType.values()) {
      SHORT.put(type.toString(), type);
    }
    SHORT.put("v128", VecType.V128);
    for (AbsHeapType type : AbsHeapType.values()) {
      if (type != AbsHeapType.BOT) {
        HEAP.put(type.toString(), type);
        RefType ref = new RefType(true, type);
        SHORT.put(ref.toString(), ref);
      }
    }
  }

  private final Cursor in;
  private final ModuleScope scope;

  TypeParser(Cursor in, ModuleScope scope) {
    this.in = in;
    this.scope = scope;
  }

  HeapType heapType() {
    if (in.isIndex()) {
      return new UnknownType(scope.types.index(in));
    }
    AbsHeapType type = in.is(Tokens.KEYWORD) ? HEAP.get(in.text()) : null;
    if (type == null) {
      throw in.unexpected();
    }
    in.advance();
    return type;
  }

  RefType refType() {
    if (in.acceptOpen("ref")) {
      boolean nullable = in.acceptKeyword("null");
      HeapType heap = heapType();
      in.close();
      return new RefType(nullable, heap);
    }
    if (in.is(Tokens.KEYWORD) && SHORT.get(in.text()) instanceof RefType type) {
      in.advance();
      return type;
    }
    throw in.unexpected();
  }

  ValType valType() {
    if (in.is(Tokens.KEYWORD)) {
      ValType type = SHORT.get(in.text());
      if (type == null) {
        throw in.unexpected();
      }
      in.advance();
      return type;
    }
    return refType();
  }

  /** Whether a parameter, local or field that stands alone in its parentheses follows. */
  boolean isNamed() {
    return in.is(Tokens.ID) || in.isAnnotation("name");
  }

  private void valTypes(List<ValType> types) {
    while (!in.is(Tokens.RPAR)) {
      types.add(valType());
    }
    in.close();
  }

  /**
   * {@code (param …)* (result …)*}; identifiers of parameters are bound in {@code names}, or not
   * allowed where that is null.
   */
  FuncType funcType(IndexSpace names) {
    List<ValType> params = new ArrayList<>();
    while (in.acceptOpen("param")) {
      if (names != null && isNamed()) {
        names.bind(in);
        nameAnnotation(names, names.count() - 1);
        params.add(valType());
        in.close();
      } else {
        int before = params.size();
        valTypes(params);
        if (names != null) {
          names.skip(params.size() - before);
        }
      }
    }
    return new FuncType(params, results());
  }

  /** {@code (result …)*}. */
  List<ValType> results() {
    List<ValType> results = new ArrayList<>();
    while (in.acceptOpen("result")) {
      valTypes(results);
    }
    return results;
  }

  private StorageType storageType() {
    if (in.acceptKeyword("i8")) {
      return PackedType.I8;
    }
    return in.acceptKeyword("i16") ? PackedType.I16 : valType();
  }

  private FieldType fieldType() {
    if (in.acceptOpen("mut")) {
      StorageType storage = storageType();
      in.close();
      return new FieldType(true, storage);
    }
    return new FieldType(false, storageType());
  }

  private StructType structType(IndexSpace names) {
    List<FieldType> fields = new ArrayList<>();
    while (in.acceptOpen("field")) {
      if (isNamed()) {
        names.bind(in);
        nameAnnotation(names, names.count() - 1);
        fields.add(fieldType());
        in.close();
      } else {
        while (!in.is(Tokens.RPAR)) {
          fields.add(fieldType());
          names.skip(1);
        }
        in.close();
      }
    }
    return new StructType(fields);
  }

  private CompType compType(IndexSpace fields) {
    CompType type;
    if (in.acceptOpen("func")) {
      type = funcType(new IndexSpace("parameter"));
    } else if (in.acceptOpen("struct")) {
      type = structType(fields);
    } else {
      in.expectOpen("array");
      type = new ArrayType(fieldType());
    }
    in.close();
    return type;
  }

  /** A definition of a type; field names are bound in {@code fields}. */
  SubType subType(IndexSpace fields) {
    if (!in.acceptOpen("sub")) {
      return new SubType(true, List.of(), compType(fields));
    }
    boolean isFinal = in.acceptKeyword("final");
    List<HeapType> supers = new ArrayList<>();
    while (in.isIndex()) {
      supers.add(new UnknownType(scope.types.index(in)));
    }
    CompType comp = compType(fields);
    in.close();
    return new SubType(isFinal, supers, comp);
  }

  /** {@code (@name "…")} behind what it names. */
  void nameAnnotation(IndexSpace space, int index) {
    if (in.isAnnotation("name")) {
      in.advance();
      space.name(index, in.name());
      in.close();
    }
  }

  /**
   * {@code (type x)? (param …)* (result …)*}, resolved to a type index; {@code names} as for {@link
   * #funcType}.
   */
  int typeUse(IndexSpace names) {
    int start = in.position();
    if (!in.acceptOpen("type")) {
      return scope.typeIndex(scope.resolve(funcType(names)));
    }
    int index = scope.types.index(in);
    in.close();
    int inline = in.position();
    FuncType given = scope.resolve(funcType(names));
    if (in.isOpen("param") || in.isOpen("type")) {
      in.advance();
      throw in.unexpected();
    }
    FuncType named = scope.funcType(index);
    if (in.position() > inline && !given.equals(FuncType.EMPTY)) {
      if (named == null) {
        throw in.tokens().error(start + 2, "unknown type");
      }
      if (!given.equals(named)) {
        throw in.tokens().error(inline, "inline function type");
      }
    } else if (named != null && names != null && names.count() == 0) {
      names.skip(named.params().size());
    }
    return index;
  }

  AddressType addressType() {
    if (in.acceptKeyword("i64")) {
      return AddressType.I64;
    }
    in.acceptKeyword("i32");
    return AddressType.I32;
  }

  Limits limits() {
    long min = in.u64();
    return in.is(Tokens.NAT) ? Limits.of(min, in.u64()) : Limits.of(min);
  }

  GlobalType globalType() {
    if (in.acceptOpen("mut")) {
      ValType type = scope.resolve(valType());
      in.close();
      return new GlobalType(true, type);
    }
    return new GlobalType(false, scope.resolve(valType()));
  }

  MemoryType memoryType() {
    AddressType address = addressType();
    Limits limits = limits();
    boolean shared = in.acceptKeyword("shared");
    return new MemoryType(address, limits, shared, pageSize());
  }

  /** The binary logarithm of the page size. */
  int pageSize() {
    if (!in.acceptOpen("pagesize")) {
      return MemoryType.DEFAULT_PAGE_SIZE_LOG2;
    }
    int token = in.position();
    long size = in.u64();
    if (Long.bitCount(size) != 1) {
      throw in.tokens().error(token, "invalid custom page size");
    }
    in.close();
    return Long.numberOfTrailingZeros(size);
  }
}
