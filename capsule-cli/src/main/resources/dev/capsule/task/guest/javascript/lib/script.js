// @capsule-run/sdk/script

/**
 * Runs a text as a script in the global scope, which may use await outside functions. A promise of
 * the value of its last expression.
 */
exports.evaluate = async (code) => {
  // Scripts that run scripts must not nest: each would take of the host's stack.
  await undefined;
  return (await internal.script(`${code}`)).value;
};
