/* fatal.h - what happens when the disk can no longer be believed.
 *
 * After a failed fsync nobody knows what is on disk: the kernel may have dropped the pages, and a
 * repeated fsync then succeeds without having written anything. The only safe answer is to stop and
 * to recover from what the disk holds. The hook below is called with a sentence for the operator; the
 * default prints it on stderr and ends the process with status 74 (EX_IOERR).
 *
 * It is set once, before any thread starts, and only by fault tests: there it notes the death and
 * returns, and the file that failed takes no more writes until it is opened again. */
#ifndef LOG_FATAL_H
#define LOG_FATAL_H

#define LOG_FATAL_STATUS 74

typedef void log_fatal_fn(const char *sentence);
extern log_fatal_fn *log_on_fatal;

#endif
