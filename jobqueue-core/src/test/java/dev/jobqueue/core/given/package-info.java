/** What the engine's tests are given: jobs, a store that can be made to fail, a listener that remembers. */
package dev.jobqueue.core.given;
