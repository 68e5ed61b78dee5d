/**
 * The interpreting tier: function bodies are lowered, at their first call, to register code and
 * then to node objects that execute themselves. The node classes of ordinary instructions ({@code
 * Ops}, {@code Nodes0}, ...) are generated from the instruction table by {@code build/Nodes.java};
 * without Maven: {@code java build/Nodes.java engine/src/main/java engine/src/main/nodes/shapes.txt
 * DIRECTORY}.
 */
package dev.capsule.engine.interpreter;
