#include "unit/test.h"

#include "base/arena.h"
#include "conn/url.h"

#include <unistd.h>

static sc_url parsed(arena *mem, const char *text)
{
  sc_url url;
  sc_status s = sc_url_parse(mem, str_from(text), &url);
  if (s != SC_OK) print_error("%s: %s\n", text, sc_error_last()->message);
  assert_int_equal(s, SC_OK);
  return url;
}

static void every_part_is_read(void **state)
{
  arena *mem = *state;
  sc_url url = parsed(mem, "postgresql://alice:secret@db.example.com:6543/shop?schema=sales");
  assert_string_equal(url.user, "alice");
  assert_string_equal(url.password, "secret");
  assert_string_equal(url.host, "db.example.com");
  assert_string_equal(url.port, "6543");
  assert_string_equal(url.database, "shop");
  assert_string_equal(url.schema, "sales");
}

static void what_is_left_out_has_prismas_defaults(void **state)
{
  arena *mem = *state;
  sc_url url = parsed(mem, "postgres://");
  assert_null(url.user);
  assert_null(url.password);
  assert_string_equal(url.host, "localhost");
  assert_string_equal(url.port, "5432");
  assert_string_equal(url.database, "postgres");
  assert_string_equal(url.schema, "public");
  assert_int_equal(url.connection_limit, (int)sysconf(_SC_NPROCESSORS_ONLN) * 2 + 1);
  assert_int_equal(url.statement_cache_size, 100);
  assert_int_equal(url.pool_timeout_ms, 10000);
  assert_int_equal(url.connect_timeout_ms, 5000);
  assert_int_equal(url.socket_timeout_ms, 0);
  assert_false(url.pgbouncer);
}

static void parts_are_percent_decoded(void **state)
{
  arena *mem = *state;
  sc_url url =
      parsed(mem, "postgresql://al%40ice:p%2Fa%3As%23s+%25@h/my%20db?schema=a+b%2Bc&application_name=x%26y");
  assert_string_equal(url.user, "al@ice");
  assert_string_equal(url.password, "p/a:s#s+%"); /* a plus is a space in arguments only */
  assert_string_equal(url.database, "my db");
  assert_string_equal(url.schema, "a b+c");
  assert_string_equal(url.application_name, "x&y");
}

static void a_percent_sign_without_digits_stands_for_itself(void **state)
{
  sc_url url = parsed(*state, "postgresql://u:50%off%2@h/d");
  assert_string_equal(url.password, "50%off%2");
}

static void a_password_may_hold_an_at_sign_and_colons(void **state)
{
  sc_url url = parsed(*state, "postgresql://u:a@b:c@h:1/d");
  assert_string_equal(url.user, "u");
  assert_string_equal(url.password, "a@b:c");
  assert_string_equal(url.host, "h");
}

static void hosts_of_every_kind(void **state)
{
  arena *mem = *state;
  sc_url url = parsed(mem, "postgresql://u@[::1]:5433/d");
  assert_string_equal(url.host, "::1");
  assert_string_equal(url.port, "5433");
  url = parsed(mem, "postgresql://u@[fe80::1%25eth0]/d");
  assert_string_equal(url.host, "fe80::1%eth0");
  url = parsed(mem, "postgresql://u@127.0.0.1/d");
  assert_string_equal(url.host, "127.0.0.1");
  url = parsed(mem, "postgresql://u@localhost/d?host=/var/run/postgresql");
  assert_string_equal(url.host, "/var/run/postgresql");
  url = parsed(mem, "postgresql://u@%2Fvar%2Frun/d");
  assert_string_equal(url.host, "/var/run");
  url = parsed(mem, "postgresql:///d?host=/tmp");
  assert_string_equal(url.host, "/tmp");
  assert_string_equal(url.database, "d");
}

static void arguments_are_read(void **state)
{
  sc_url url =
      parsed(*state, "postgresql://h/d?connection_limit=7&pool_timeout=0&connect_timeout=30&socket_timeout=2"
                     "&statement_cache_size=0&pgbouncer=true&options=-c%20a%3Db&channel_binding=require"
                     "&sslmode=require&unheard=of&schema=");
  assert_int_equal(url.connection_limit, 7);
  assert_int_equal(url.pool_timeout_ms, 0);
  assert_int_equal(url.connect_timeout_ms, 30000);
  assert_int_equal(url.socket_timeout_ms, 2000);
  assert_int_equal(url.statement_cache_size, 0);
  assert_true(url.pgbouncer);
  assert_string_equal(url.options, "-c a=b");
  assert_string_equal(url.channel_binding, "require");
  assert_string_equal(url.sslmode, "require");
  assert_string_equal(url.schema, "public");
}

static void certificates_mean_what_they_mean_to_prisma(void **state)
{
  arena *mem = *state;
  sc_url url = parsed(mem, "postgresql://h/d?sslmode=require&sslaccept=strict&sslcert=server-ca.pem");
  assert_string_equal(url.sslmode, "verify-full");
  assert_string_equal(url.sslrootcert, "server-ca.pem");
  assert_null(url.sslcert);
  url = parsed(
      mem, "postgresql://h/d?sslcert=me.crt&sslkey=me.key&sslrootcert=ca.pem&sslaccept=accept_invalid_certs");
  assert_string_equal(url.sslcert, "me.crt");
  assert_string_equal(url.sslkey, "me.key");
  assert_string_equal(url.sslrootcert, "ca.pem");
}

/* Each message names the part and shows nothing of the text. */
static void mistakes_are_named(void **state)
{
  static const struct {
    const char *text, *says;
  } cases[] = {
      {"", "must start with the protocol"},
      {"mysql://u:SECRET@h/d", "must start with the protocol"},
      {"\"postgresql://u:SECRET@h/d\"", "must start with the protocol"},
      {"prisma://SECRET", "must start with the protocol"},
      {"postgresql://u:SECRET@h:54x/d", "invalid port number"},
      {"postgresql://u:SECRET@h:0/d", "invalid port number"},
      {"postgresql://u:SECRET@h:65536/d", "invalid port number"},
      {"postgresql://u:SEC/RET@h/d", "invalid port number"},
      {"postgresql://u:SECRET@[::1/d", "no closing `]`"},
      {"postgresql://u:SECRET@[::1]x/d", "invalid host"},
      {"postgresql://u:SECRET%00@h/d", "NUL character in the password"},
      {"postgresql://u:SECRET@h/d?connection_limit=0", "`connection_limit` must be at least 1"},
      {"postgresql://u:SECRET@h/d?connection_limit=SECRET", "`connection_limit` must be a whole number"},
      {"postgresql://u:SECRET@h/d?pool_timeout=-1", "`pool_timeout` must be a whole number"},
      {"postgresql://u:SECRET@h/d?pool_timeout=99999999999999999999",
       "`pool_timeout` must be a whole number"},
      {"postgresql://u:SECRET@h/d?pgbouncer=yes", "`pgbouncer` must be true or false"},
      {"postgresql://u:SECRET@h/d?sslmode=SECRET", "`sslmode` must be"},
      {"postgresql://u:SECRET@h/d?sslaccept=SECRET", "`sslaccept` must be"},
      {"postgresql://u:SECRET@h/d?sslidentity=SECRET", "`sslidentity` is not supported"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    sc_url url;
    assert_int_equal(sc_url_parse(*state, str_from(cases[i].text), &url), SC_INVALID_ARGUMENT);
    const sc_error *error = sc_error_last();
    assert_string_equal(error->code, "P1013");
    if (!strstr(error->message, cases[i].says)) fail_msg("%s: %s", cases[i].text, error->message);
    assert_null(strstr(error->message, "SECRET"));
    assert_null(strstr(error->message, "RET@"));
  }
}

static void *refuse(void *left, size_t size)
{
  size_t *count = left;
  return (*count)-- > 0 ? malloc(size) : (*count = 0, NULL);
}

static void to_free(void *context, void *memory, size_t size)
{
  (void)context, (void)size;
  free(memory);
}

static void without_memory_it_says_so(void **state)
{
  (void)state;
  size_t left = 1;
  arena *mem = sc_arena_new_with(&(sc_allocator){refuse, to_free, &left});
  sc_url url;
  assert_int_equal(sc_url_parse(mem, STR("postgresql://u:p@h/d"), &url), SC_NO_MEMORY);
  sc_arena_free(mem);
}

static int setup(void **state)
{
  *state = sc_arena_new();
  return *state ? 0 : -1;
}

static int teardown(void **state)
{
  sc_arena_free(*state);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_part_is_read),
      cmocka_unit_test(what_is_left_out_has_prismas_defaults),
      cmocka_unit_test(parts_are_percent_decoded),
      cmocka_unit_test(a_percent_sign_without_digits_stands_for_itself),
      cmocka_unit_test(a_password_may_hold_an_at_sign_and_colons),
      cmocka_unit_test(hosts_of_every_kind),
      cmocka_unit_test(arguments_are_read),
      cmocka_unit_test(certificates_mean_what_they_mean_to_prisma),
      cmocka_unit_test(mistakes_are_named),
      cmocka_unit_test(without_memory_it_says_so),
  };
  return cmocka_run_group_tests_name("url", tests, setup, teardown);
}
