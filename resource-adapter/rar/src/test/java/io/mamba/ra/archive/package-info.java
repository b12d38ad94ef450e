/** Tests of the archive as a file. */
package io.mamba.ra.archive;
