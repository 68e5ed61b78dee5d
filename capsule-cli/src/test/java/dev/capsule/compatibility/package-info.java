/** Makes the page of differences from the original out of the tests that hold them. */
package dev.capsule.compatibility;
