/* Where PostgreSQL's programs are: what pg_config says, PATH, and the folders where systems put them. */
#include "dev/dev.h"
#include "dev/process.h"

#include "base/vec.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef VEC(const char *) folders;

/* Folders outside PATH, by system; the number in them is the major version. */
static const char *const known_folders[] = {
    "/usr/lib/postgresql/*/bin",          /* Debian, Ubuntu */
    "/usr/pgsql-*/bin",                   /* the packages of postgresql.org for Red Hat's systems */
    "/usr/lib/postgresql*/bin",           /* openSUSE, Alpine */
    "/opt/homebrew/opt/postgresql@*/bin", /* macOS */
    "/usr/local/pgsql/bin",               /* make install */
};

/* Which package holds the programs, by the ID or ID_LIKE of /etc/os-release. */
static const struct {
  const char *system, *server, *client;
} packages[] = {
    {"debian", "sudo apt install postgresql", "sudo apt install postgresql-client"},
    {"ubuntu", "sudo apt install postgresql", "sudo apt install postgresql-client"},
    {"fedora", "sudo dnf install postgresql-server", "sudo dnf install postgresql"},
    {"rhel", "sudo dnf install postgresql-server", "sudo dnf install postgresql"},
    {"suse", "sudo zypper install postgresql-server", "sudo zypper install postgresql"},
    {"alpine", "sudo apk add postgresql", "sudo apk add postgresql-client"},
    {"arch", "sudo pacman -S postgresql", "sudo pacman -S postgresql"},
};

static const char *program_in(str folder, const char *name, arena *mem)
{
  const char *path = sc_str_format(mem, "%.*s/%s", STR_ARG(folder), name).ptr;
  return access(path, X_OK) == 0 ? path : NULL;
}

static bool is_server_program(const char *name)
{
  return strcmp(name, "postgres") == 0 || strcmp(name, "initdb") == 0;
}

static void folders_of_path(folders *found, arena *mem)
{
  str path = str_from(getenv("PATH"));
  while (path.len) {
    size_t colon = sc_str_find_char(path, ':');
    str folder = str_slice(path, 0, colon);
    if (folder.len && folder.ptr[0] == '/') vec_push(mem, found, sc_str_c(mem, folder));
    path = colon == SIZE_MAX ? STR_NONE : str_slice(path, colon + 1, path.len);
  }
}

static void folder_of_pg_config(folders *found, const folders *path, arena *mem)
{
  for (size_t i = 0; i < path->len; i++) {
    const char *program = program_in(str_from(path->items[i]), "pg_config", mem);
    if (!program) continue;
    buf answer = {.mem = mem};
    const char *const argv[] = {program, "--bindir", NULL};
    str folder = STR_NONE;
    if (process_run(argv, &(process_user){0}, STR_NONE, &answer) == 0) folder = sc_str_trim(buf_str(&answer));
    if (folder.len) vec_push(mem, found, sc_str_c(mem, folder));
    return;
  }
}

static long number_in(const char *path)
{
  const char *digits = strpbrk(path, "0123456789");
  return digits ? strtol(digits, NULL, 10) : 0;
}

static int newest_first(const void *a, const void *b)
{
  long left = number_in(*(const char *const *)a), right = number_in(*(const char *const *)b);
  return (left < right) - (left > right);
}

static void folders_of_systems(folders *found, arena *mem)
{
  for (size_t i = 0; i < sizeof known_folders / sizeof *known_folders; i++) {
    glob_t matches;
    if (glob(known_folders[i], 0, NULL, &matches) != 0) continue;
    qsort(matches.gl_pathv, matches.gl_pathc, sizeof *matches.gl_pathv, newest_first);
    for (size_t m = 0; m < matches.gl_pathc; m++) {
      vec_push(mem, found, sc_str_c(mem, str_from(matches.gl_pathv[m])));
    }
    globfree(&matches);
  }
}

/* The major version a program reports: "psql (PostgreSQL) 15.14 (Debian …)" is "15". */
static str version_of(const char *program, arena *mem)
{
  buf answer = {.mem = mem};
  const char *const argv[] = {program, "--version", NULL};
  if (process_run(argv, &(process_user){0}, STR_NONE, &answer) != 0) return STR_NONE;
  str text = buf_str(&answer);
  size_t at = sc_str_find(text, STR("(PostgreSQL) "));
  if (at == SIZE_MAX) return STR_NONE;
  text = str_slice(text, at + sizeof "(PostgreSQL) " - 1, text.len);
  size_t digits = 0;
  while (digits < text.len && text.ptr[digits] >= '0' && text.ptr[digits] <= '9') digits++;
  return sc_str_dup(mem, str_slice(text, 0, digits));
}

static str advice(const char *name, str version, arena *mem)
{
  char line[256];
  bool server = is_server_program(name);
  FILE *release = fopen("/etc/os-release", "r");
  const char *command = NULL;
  while (release && !command && fgets(line, sizeof line, release)) {
    if (strncmp(line, "ID=", 3) != 0 && strncmp(line, "ID_LIKE=", 8) != 0) continue;
    for (size_t i = 0; i < sizeof packages / sizeof *packages && !command; i++) {
      if (strstr(line, packages[i].system)) command = server ? packages[i].server : packages[i].client;
    }
  }
  if (release) fclose(release);
  if (!command) return STR("Install PostgreSQL, or put the folder of its programs into PATH.");
  if (!strstr(command, " apt ")) return sc_str_format(mem, "Install it: %s", command);
  if (!version.len) version = STR("15");
  return sc_str_format(mem, "Install it: %s-%.*s (or the version that your system has)", command,
                       STR_ARG(version));
}

const char *dev_program(const char *name, str version, arena *mem, dev_error *error)
{
  folders path = {0}, all = {0};
  folders_of_path(&path, mem);
  folder_of_pg_config(&all, &path, mem);
  for (size_t i = 0; i < path.len; i++) vec_push(mem, &all, path.items[i]);
  folders_of_systems(&all, mem);

  for (size_t i = 0; i < all.len; i++) {
    const char *program = program_in(str_from(all.items[i]), name, mem);
    if (!program) continue;
    /* A folder with half of a server (a client package, a wrapper) is not one. */
    if (is_server_program(name) && (!program_in(str_from(all.items[i]), "postgres", mem) ||
                                    !program_in(str_from(all.items[i]), "initdb", mem)))
      continue;
    if (!version.len || str_eq(version, version_of(program, mem))) return program;
  }
  const char *of = version.len ? " of version " : "";
  *error = (dev_error){
      .failure = DEV_NOT_INSTALLED,
      .message =
          sc_str_format(mem,
                        "PostgreSQL's program `%s`%s%.*s is not installed (looked where pg_config says, in "
                        "PATH and in /usr/lib/postgresql/*/bin).",
                        name, of, STR_ARG(version)),
      .help = advice(name, version, mem),
  };
  return NULL;
}
