/* Encrypted connections over TCP: asked for, checked, refused. */
#include "connection/connection.h"

#include "faults/memory.h"

#include <stdlib.h>

static char folder[400], certificate[420];
static int port;
static bool available;

static int run(const char *format, ...)
{
  char command[1024];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(command, sizeof command, format, arguments);
  va_end(arguments);
  int status = system(command);
  return status < 0 ? -1 : status / 256;
}

/* A URL of the encrypted server. */
static sc_open_options at(const char *host, const char *arguments)
{
  static char url[1024];
  snprintf(url, sizeof url, "postgresql://postgres@%s:%d/postgres?%s", host, port, arguments);
  return (sc_open_options){.url = url};
}

static const char *encrypted(sc_db *db)
{
  return one_int(db, "SELECT ssl::int FROM pg_stat_ssl WHERE pid = pg_backend_pid()", SC_NO_ARGS) ? "yes"
                                                                                                  : "no";
}

static void the_mode_decides(void **state)
{
  (void)state;
  if (!available) skip();
  static const struct {
    const char *arguments, *encrypted;
  } cases[] = {{"sslmode=disable", "no"},
               {"sslmode=prefer", "yes"},
               {"", "yes"},
               {"sslmode=require", "yes"},
               {"sslmode=require&sslaccept=accept_invalid_certs", "yes"}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    sc_db *db = open_with(at("localhost", cases[i].arguments));
    assert_string_equal(encrypted(db), cases[i].encrypted);
    sc_close(db);
  }
}

static void large_answers_pass_through_tls(void **state)
{
  (void)state;
  if (!available) skip();
  sc_db *db = open_with(at("localhost", "sslmode=require"));
  sc_arena *mem = sc_arena_new();
  sc_rows rows;
  assert_ok(sc_query(db, mem, &rows, "SELECT repeat('x', 100000) FROM generate_series(1, 100)", SC_NO_ARGS));
  assert_int_equal(rows.len, 100);
  for (size_t i = 0; i < rows.len; i++) assert_int_equal(rows.cells[i].len, 100000);
  sc_db *slow =
      open_with((sc_open_options){.url = at("localhost", "sslmode=require").url, .query_timeout_ms = 100});
  assert_status(sc_exec(slow, "SELECT pg_sleep(5)", SC_NO_ARGS, NULL), SC_TIMEOUT);
  sc_close(slow);
  sc_arena_free(mem);
  sc_close(db);
}

static void a_certificate_is_checked_when_asked(void **state)
{
  (void)state;
  if (!available) skip();
  char arguments[600];
  snprintf(arguments, sizeof arguments, "sslmode=require&sslaccept=strict&sslcert=%s", certificate);
  sc_db *db = open_with(at("localhost", arguments));
  assert_string_equal(encrypted(db), "yes");
  sc_close(db);
  assert_status(sc_open(&(sc_open_options){.url = at("127.0.0.1", arguments).url}, &db),
                SC_UNREACHABLE); /* another name */
  assert_string_equal(sc_error_last()->code, "P1011");
  assert_non_null(strstr(sc_error_last()->message, "Error opening a TLS connection: "));
  sc_open_options missing = at("localhost", "sslmode=require&sslaccept=strict&sslcert=/nowhere.crt");
  assert_status(sc_open(&missing, &db), SC_UNREACHABLE);
  assert_string_equal(sc_error_last()->code, "P1011");
}

static int setup(void **state)
{
  (void)state;
  const char *scratch = getenv("SCRATCH");
  srand((unsigned)getpid());
  port = 20000 + rand() % 30000;
  snprintf(folder, sizeof folder, "%s/tls", scratch ? scratch : "/tmp");
  snprintf(certificate, sizeof certificate, "%s.crt", folder);
  if (run("tests/support/postgres start '%s' >/dev/null", folder) != 0) return -1;
  available = run("tests/faults/server tls '%s' %d", folder, port) == 0;
  return 0;
}

static int teardown(void **state)
{
  (void)state;
  return run("tests/support/postgres stop '%s'; rm -f '%s'", folder, certificate);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_mode_decides),
      cmocka_unit_test(large_answers_pass_through_tls),
      cmocka_unit_test(a_certificate_is_checked_when_asked),
  };
  return cmocka_run_group_tests_name("tls", tests, setup, teardown);
}
