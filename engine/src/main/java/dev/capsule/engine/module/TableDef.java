package dev.capsule.engine.module;

import dev.capsule.engine.types.TableType;
import java.util.Optional;

/** A table with the initial value of its elements, null where none is given (spec 2.5.6). */
public record TableDef(TableType type, Optional<CodeSlice> init) {}
