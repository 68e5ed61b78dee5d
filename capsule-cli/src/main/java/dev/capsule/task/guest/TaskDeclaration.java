package dev.capsule.task.guest;

/**
 * A task that a program declares.
 *
 * @param name the name it is called by
 * @param config the configuration as the program wrote it: the text of a JSON object with exactly
 *     the keys that were given, in either spelling; values are not judged here
 * @param function what runs, for people: the function's name and parameters, {@code work(a, b=1)}
 * @param file the file that declares it, within the sources
 * @param line the line of its declaration, from 1; 0 if unknown
 * @param implicit true for a function {@code main} that is a task only by its name
 */
public record TaskDeclaration(
    String name, String config, String function, String file, int line, boolean implicit) {}
