/* Files: whole ones in, whole ones out.
 *
 * Functions return false with *error set to a complete sentence and have then changed nothing. */
#ifndef CLI_FILES_H
#define CLI_FILES_H

#include "cli/cli.h"

bool files_is_file(const char *path);
bool files_is_folder(const char *path);
/* The folder a path is in: "prisma" for "prisma/schema.prisma", "." for "schema.prisma". */
str files_folder(arena *mem, str path);
/* The last part of a path. */
str files_base(str path);
/* `path` seen from `folder`: an absolute path stays, and no "./" is put in front. */
str files_join(arena *mem, str folder, str path);

/* No file that we read is larger, in bytes: the largest schemas known are a hundredth of it. */
enum { FILES_LARGEST = 256 * 1024 * 1024 };

/* The whole of a regular file, or of what was opened for us (standard input, <(command)). Anything else that could
 * keep us for ever, a FIFO or a device, is refused, and what is larger than FILES_LARGEST. */
bool files_read(arena *mem, const char *path, str *text, str *error);
/* Adds every *.prisma file of the folder and of those below it, sorted by path. Links are followed; a folder
 * or file that several links lead to is taken once. */
bool files_collect(arena *mem, const char *folder, cli_words *paths, str *error);

typedef struct file_output file_output;
struct file_output {
  str path;
  str text;
  bool changed; /* set by files_write: the file was not there, or differed */
};

/* Writes all files or none. Missing folders are made; a file that has the text already is not touched; others
 * are replaced in one step, so that a reader sees the old text or the new. */
bool files_write(arena *mem, file_output *files, size_t count, str *error);

#endif
