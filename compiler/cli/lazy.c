/* libpq and libcrypto, loaded when they are first called.
 *
 * Together they bring some twenty shared libraries (TLS, Kerberos, LDAP). Linked in the usual way these take
 * the loader four milliseconds before main, more than validating a large schema does, and most commands use
 * none of them. So each function of theirs that we call is defined here, under its own name, and passes the
 * call on. The compiler checks each against the library's own header. Programs that use libschemac link libpq
 * as ever.
 *
 * Linked into schemac where the Makefile found out the libraries' file names (LIBPQ_FILE, LIBCRYPTO_FILE). */
#include "cli/cli.h"

#include <dlfcn.h>
#include <libpq-fe.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdlib.h>

typedef struct library library;
struct library {
  const char *file;
  void *handle;
};

static library LIBPQ = {.file = LIBPQ_FILE}, LIBCRYPTO = {.file = LIBCRYPTO_FILE};

/* Without the library no command that needs it can go on, and what called does not expect a failure. */
static void *find(library *from, const char *name)
{
  if (!from->handle) from->handle = dlopen(from->file, RTLD_LAZY);
  void *found = from->handle ? dlsym(from->handle, name) : NULL;
  if (found) return found;
  fflush(stdout);
  fprintf(stderr, "Error: This command needs %s, which cannot be loaded: %s.\n", from->file, dlerror());
  exit(CLI_WORLD);
}

/* A pointer to an object becomes one to a function only through memory (POSIX, dlsym). */
#define FOUND(library, name)                                                                                 \
  if (!function) {                                                                                           \
    void *found = find(&library, #name);                                                                     \
    memcpy(&function, &found, sizeof function);                                                              \
  }

#define CALL(library, result, name, parameters, arguments)                                                   \
  result name parameters                                                                                     \
  {                                                                                                          \
    static result(*function) parameters;                                                                     \
    FOUND(library, name)                                                                                     \
    return function arguments;                                                                               \
  }
#define ORDER(library, name, parameters, arguments)                                                          \
  void name parameters                                                                                       \
  {                                                                                                          \
    static void(*function) parameters;                                                                       \
    FOUND(library, name)                                                                                     \
    function arguments;                                                                                      \
  }
#include "cli/lazy.def"
