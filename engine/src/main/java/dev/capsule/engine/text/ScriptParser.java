package dev.capsule.engine.text;

import dev.capsule.engine.types.AbsHeapType;
import dev.capsule.engine.types.HeapType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Parses the commands of a script, as the suite's reference interpreter defines them. */
final class ScriptParser {
  private final Cursor in;
  private final Tokens tokens;

  private ScriptParser(Tokens tokens) {
    this.tokens = tokens;
    this.in = new Cursor(tokens, 0);
  }

  static Script parse(byte[] text) {
    ScriptParser parser = new ScriptParser(Lexer.tokens(text));
    return new Script(parser.isInlineModule() ? parser.inlineModule() : parser.commands());
  }

  /** Whether the file is the fields of one module without {@code (module …)} around them. */
  private boolean isInlineModule() {
    if (in.is(Tokens.ANNOTATION)) {
      return true;
    }
    if (!in.is(Tokens.LPAR) || !in.isAhead(1, Tokens.KEYWORD)) {
      return false;
    }
    return switch (tokens.text(1)) {
      case "type",
          "rec",
          "import",
          "func",
          "table",
          "memory",
          "global",
          "tag",
          "export",
          "start",
          "elem",
          "data" ->
          true;
      default -> false;
    };
  }

  private List<Command> inlineModule() {
    ModuleSource source = new ModuleSource.Text(tokens, 0, null);
    return List.of(new Command.DefineModule(1, Optional.empty(), source, false));
  }

  private List<Command> commands() {
    List<Command> commands = new ArrayList<>();
    while (!in.is(Tokens.EOF)) {
      commands.add(command(true));
    }
    return commands;
  }

  private Command command(boolean threads) {
    in.expect(Tokens.LPAR);
    int line = tokens.line(in.position() - 1);
    if (!in.is(Tokens.KEYWORD)) {
      throw in.unexpected();
    }
    String word = in.text();
    if (word.equals("module")) {
      in.advance();
      return moduleCommand(line);
    }
    Command command;
    switch (word) {
      case "invoke", "get" -> {
        return new Command.Perform(line, action(word));
      }
      case "register" -> {
        in.advance();
        command = new Command.Register(line, in.name(), optionalId());
      }
      case "thread" -> {
        if (!threads) {
          throw in.unexpected();
        }
        in.advance();
        command = thread(line);
      }
      case "wait" -> {
        in.advance();
        command = new Command.AwaitThread(line, requiredId());
      }
      default -> {
        if (!word.startsWith("assert_")) {
          throw in.unexpected();
        }
        command = assertion(word, line);
      }
    }
    in.close();
    return command;
  }

  private Optional<String> optionalId() {
    return Optional.ofNullable(in.id());
  }

  private String requiredId() {
    String id = in.id();
    if (id == null) {
      throw in.unexpected();
    }
    return id;
  }

  private Command thread(int line) {
    String id = requiredId();
    List<String> shared = new ArrayList<>();
    while (in.is(Tokens.LPAR)
        && in.isAhead(1, Tokens.KEYWORD)
        && tokens.is(in.position() + 1, "shared")) {
      in.advance();
      in.advance();
      in.expectOpen("module");
      shared.add(requiredId());
      in.close();
      in.close();
    }
    List<Command> commands = new ArrayList<>();
    while (!in.is(Tokens.RPAR)) {
      commands.add(command(false));
    }
    return new Command.StartThread(line, id, shared, List.copyOf(commands));
  }

  private Command assertion(String word, int line) {
    in.advance();
    switch (word) {
      case "assert_return" -> {
        Action action = action();
        List<Pattern> results = new ArrayList<>();
        while (!in.is(Tokens.RPAR)) {
          results.add(pattern());
        }
        return new Command.AssertReturn(line, action, results);
      }
      case "assert_trap" -> {
        if (in.isOpen("module")) {
          return new Command.AssertUninstantiable(line, module(), in.name());
        }
        return new Command.AssertTrap(line, action(), in.name());
      }
      case "assert_exhaustion" -> {
        return new Command.AssertExhaustion(line, action(), in.name());
      }
      case "assert_exception" -> {
        return new Command.AssertException(line, action());
      }
      case "assert_malformed" -> {
        return new Command.AssertMalformed(line, module(), in.name(), false);
      }
      case "assert_malformed_custom" -> {
        return new Command.AssertMalformed(line, module(), in.name(), true);
      }
      case "assert_invalid" -> {
        return new Command.AssertInvalid(line, module(), in.name(), false);
      }
      case "assert_invalid_custom" -> {
        return new Command.AssertInvalid(line, module(), in.name(), true);
      }
      case "assert_unlinkable" -> {
        return new Command.AssertUnlinkable(line, module(), in.name());
      }
      default -> throw in.unexpected();
    }
  }

  // Modules

  private ModuleSource module() {
    in.expectOpen("module");
    in.acceptKeyword("definition");
    String id = in.id();
    return source(id);
  }

  private Command moduleCommand(int line) {
    if (in.acceptKeyword("instance")) {
      Optional<String> id = optionalId();
      Optional<String> module = optionalId();
      in.close();
      return new Command.Instantiate(line, id, module);
    }
    boolean definition = in.acceptKeyword("definition");
    String id = in.id();
    return new Command.DefineModule(line, Optional.ofNullable(id), source(id), definition);
  }

  /** What follows {@code (module id?}, with its closing parenthesis. */
  private ModuleSource source(String id) {
    boolean binary = in.acceptKeyword("binary");
    if (binary || in.acceptKeyword("quote")) {
      byte[] bytes = in.strings();
      in.close();
      return binary ? new ModuleSource.Binary(bytes) : new ModuleSource.Quote(bytes);
    }
    int start = in.position();
    while (in.is(Tokens.LPAR) || in.is(Tokens.ANNOTATION)) {
      in.seek(tokens.skip(in.position()));
    }
    in.close();
    return new ModuleSource.Text(tokens, start, id);
  }

  // Actions, arguments and results

  private Action action() {
    in.expect(Tokens.LPAR);
    if (!in.is(Tokens.KEYWORD)) {
      throw in.unexpected();
    }
    return action(in.text());
  }

  private Action action(String word) {
    boolean get = word.equals("get");
    if (!get && !word.equals("invoke")) {
      throw in.unexpected();
    }
    in.advance();
    Optional<String> instance = optionalId();
    String export = in.name();
    List<Value> arguments = new ArrayList<>();
    while (!get && !in.is(Tokens.RPAR)) {
      int token = in.position();
      if (!(pattern() instanceof Pattern.Exact exact)) {
        throw tokens.error(token, "unexpected token");
      }
      arguments.add(exact.value());
    }
    in.close();
    return get
        ? new Action.Get(instance, export)
        : new Action.Invoke(instance, export, List.copyOf(arguments));
  }

  private Pattern pattern() {
    in.expect(Tokens.LPAR);
    String word = in.text();
    if (word.equals("either")) {
      in.advance();
      List<Pattern> patterns = new ArrayList<>();
      while (!in.is(Tokens.RPAR)) {
        if (in.isOpen("either")) {
          throw in.unexpected();
        }
        patterns.add(pattern());
      }
      in.close();
      return new Pattern.Either(List.copyOf(patterns));
    }
    Pattern pattern =
        switch (word) {
          case "i32.const" -> exact(new Value.I32((int) next().integer(32)));
          case "i64.const" -> exact(new Value.I64(next().integer(64)));
          case "f32.const" -> floating(next(), 32);
          case "f64.const" -> floating(next(), 64);
          case "v128.const" -> vector(next());
          case "ref.null" -> refNull(next());
          case "ref.extern" -> number(next(), true);
          case "ref.host" -> number(next(), false);
          case "ref.func" -> ref(AbsHeapType.FUNC);
          case "ref.struct" -> ref(AbsHeapType.STRUCT);
          case "ref.array" -> ref(AbsHeapType.ARRAY);
          case "ref.i31" -> ref(AbsHeapType.I31);
          case "ref.eq" -> ref(AbsHeapType.EQ);
          case "ref.any" -> ref(AbsHeapType.ANY);
          case "ref.exn" -> ref(AbsHeapType.EXN);
          default -> throw in.unexpected();
        };
    in.close();
    return pattern;
  }

  private Cursor next() {
    in.advance();
    return in;
  }

  private static Pattern exact(Value value) {
    return new Pattern.Exact(value);
  }

  private Pattern ref(AbsHeapType type) {
    in.advance();
    return new Pattern.Ref(type);
  }

  private static Pattern number(Cursor in, boolean extern) {
    if (!in.is(Tokens.NAT)) {
      return new Pattern.Ref(extern ? AbsHeapType.EXTERN : AbsHeapType.ANY);
    }
    int number = in.u32();
    return exact(extern ? new Value.RefExtern(number) : new Value.RefHost(number));
  }

  private static Pattern refNull(Cursor in) {
    if (in.is(Tokens.RPAR)) {
      return exact(new Value.RefNull(Optional.empty()));
    }
    HeapType type = new TypeParser(in, new ModuleScope(new ArrayList<>())).heapType();
    return exact(new Value.RefNull(Optional.of(type)));
  }

  private static Pattern floating(Cursor in, int bits) {
    if (in.acceptKeyword("nan:canonical")) {
      return new Pattern.CanonicalNan(bits);
    }
    if (in.acceptKeyword("nan:arithmetic")) {
      return new Pattern.ArithmeticNan(bits);
    }
    return exact(bits == 32 ? new Value.F32(in.float32()) : new Value.F64(in.float64()));
  }

  private static Pattern vector(Cursor in) {
    boolean narrow = in.isKeyword("f32x4");
    if (narrow || in.isKeyword("f64x2")) {
      in.advance();
      int bits = narrow ? 32 : 64;
      List<Pattern> lanes = new ArrayList<>();
      boolean literal = true;
      while (!in.is(Tokens.RPAR)) {
        Pattern lane = floating(in, bits);
        literal &= lane instanceof Pattern.Exact;
        lanes.add(lane);
      }
      if (lanes.size() != 128 / bits) {
        throw in.error("wrong number of lane literals");
      }
      return literal ? exact(join(lanes)) : new Pattern.Lanes(bits, List.copyOf(lanes));
    }
    CodeBuffer buffer = new CodeBuffer();
    VectorLiteral.parse(in, buffer);
    byte[] bytes = buffer.toByteArray();
    return exact(new Value.V128(little(bytes, 0), little(bytes, 8)));
  }

  private static Value join(List<Pattern> lanes) {
    CodeBuffer buffer = new CodeBuffer();
    for (Pattern lane : lanes) {
      switch (((Pattern.Exact) lane).value()) {
        case Value.F32 f -> buffer.fixed32(f.bits());
        case Value.F64 f -> buffer.fixed64(f.bits());
        default -> throw new AssertionError(lane);
      }
    }
    byte[] bytes = buffer.toByteArray();
    return new Value.V128(little(bytes, 0), little(bytes, 8));
  }

  private static long little(byte[] bytes, int start) {
    long value = 0;
    for (int i = 7; i >= 0; i--) {
      value = value << 8 | bytes[start + i] & 0xFF;
    }
    return value;
  }
}
