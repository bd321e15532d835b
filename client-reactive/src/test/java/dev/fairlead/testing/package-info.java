/** What the tests stand on: an Engine that can be scripted, real Engines, and guards that watch every test. */
@NullMarked
package dev.fairlead.testing;

import org.jspecify.annotations.NullMarked;
