#include "unit/test.h"

#include "base/buf.h"
#include "dev/place.h"
#include "dev/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static arena *mem;
static char folder[] = "/tmp/schemac-test-dev.XXXXXX";

static int set_up(void **state)
{
  (void)state;
  mem = sc_arena_new_fatal(test_out_of_memory);
  strcpy(folder, "/tmp/schemac-test-dev.XXXXXX");
  return mem && mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
  (void)state;
  dev_error error;
  int result = place_delete_tree(folder, mem, &error) ? 0 : -1;
  sc_arena_free(mem);
  return result;
}

static int run(const char *script, str input, buf *output)
{
  const char *const argv[] = {"/bin/sh", "-c", script, NULL};
  *output = (buf){.mem = mem};
  return process_run(argv, &(process_user){0}, input, output);
}

static void a_program_answers(void **state)
{
  (void)state;
  buf output;
  assert_int_equal(run("echo out; echo err >&2; exit 7", STR_NONE, &output), 7);
  assert_str_eq(buf_str(&output), "out\nerr\n");
}

static void how_it_ended_is_told(void **state)
{
  (void)state;
  buf output;
  assert_int_equal(run("kill -9 $$", STR_NONE, &output), 128 + SIGKILL);
  const char *const nothing[] = {"/nonexistent/program", NULL};
  output = (buf){.mem = mem};
  assert_int_equal(process_run(nothing, &(process_user){0}, STR_NONE, &output), 127);
  assert_true(sc_str_find(buf_str(&output), STR("could not be run")) != SIZE_MAX);
}

/* More than both pipes hold: whoever writes all before reading waits for ever. */
static void much_goes_through(void **state)
{
  (void)state;
  buf output, input = {.mem = mem};
  for (size_t i = 0; i < 200000; i++) BUF_LIT(&input, "0123456789");
  assert_int_equal(run("cat", buf_str(&input), &output), 0);
  assert_int_equal(output.len, input.len);
  assert_memory_equal(output.ptr, input.ptr, input.len);
  assert_int_equal(run("exit 3", buf_str(&input), &output), 3); /* one that reads nothing */
}

static void it_sees_a_small_environment(void **state)
{
  (void)state;
  buf output;
  setenv("PGDATA", "/somewhere", 1);
  assert_int_equal(run("echo \"$PGDATA,$LC_ALL,$(pwd)\"", STR_NONE, &output), 0);
  unsetenv("PGDATA");
  assert_str_eq(buf_str(&output), ",C,/\n");
}

static void open_files_are_not_passed_on(void **state)
{
  (void)state;
  buf output;
  int fd = open("/dev/null", O_RDONLY);
  assert_true(fd > 2);
  assert_int_equal(run(sc_str_format(mem, "[ ! -e /dev/fd/%d ]", fd).ptr, STR_NONE, &output), 0);
  close(fd);
}

/* The argument lies at every place of the pieces in which /proc/PID/cmdline is read. */
static void a_process_is_known_by_an_argument(void **state)
{
  (void)state;
  const size_t lengths[] = {0, 100, 8100, 8170, 8180, 8190, 8200, 16350, 16370, 16390};
  if (access("/proc/self/cmdline", R_OK) != 0) skip();
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    buf filler = {.mem = mem};
    sc_buf_fill(&filler, 'x', lengths[i]);
    const char *const argv[] = {"/bin/sh",         "-c",  "sleep 30; :", sc_buf_c(&filler),
                                "marker=this one", "end", NULL};
    const char *log = sc_str_format(mem, "%s/log", folder).ptr;
    pid_t pid = process_spawn(argv, &(process_user){0}, log);
    assert_true(pid > 0);
    for (int tries = 0; tries < 500 && !process_has_argument(pid, "end"); tries++) process_sleep_ms(10);
    assert_true(process_has_argument(pid, "marker=this one"));
    assert_false(process_has_argument(pid, "marker=this"));
    assert_false(process_has_argument(pid, "this one"));
    assert_false(process_has_argument(pid, "marker=another"));
    kill(-pid, SIGKILL); /* it has a session, and so a group, of its own */
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_false(process_has_argument(pid, "marker=this one"));
  }
}

static void no_process_has_no_number(void **state)
{
  (void)state;
  assert_true(process_exists(getpid()));
  assert_false(process_exists(0));
  assert_false(process_exists(-1));
}

static void make_file(const char *path)
{
  int fd = open(path, O_WRONLY | O_CREAT, 0600);
  assert_true(fd >= 0);
  close(fd);
}

static void a_tree_is_deleted_and_links_are_not_followed(void **state)
{
  (void)state;
  dev_error error;
  const char *kept = sc_str_format(mem, "%s/kept", folder).ptr,
             *tree = sc_str_format(mem, "%s/tree", folder).ptr;
  const char *file = sc_str_format(mem, "%s/file", kept).ptr, *link = sc_str_format(mem, "%s/link", tree).ptr;
  assert_int_equal(mkdir(kept, 0700), 0);
  assert_int_equal(mkdir(tree, 0700), 0);
  make_file(file);
  make_file(sc_str_format(mem, "%s/inner", tree).ptr);
  assert_int_equal(symlink(kept, link), 0);
  assert_true(place_delete_tree(tree, mem, &error));
  assert_int_equal(access(tree, F_OK), -1);
  assert_int_equal(access(file, F_OK), 0);
  assert_true(place_delete_tree(tree, mem, &error)); /* what is gone is fine */
}

/* The socket's path fits into 107 bytes however long the project's is, and two projects have two. */
static void places_are_short_and_different(void **state)
{
  (void)state;
  dev_error error;
  dev_place first, second;
  const char *path = folder;
  for (size_t i = 0; i < 3; i++) {
    buf deeper = {.mem = mem};
    sc_buf_format(&deeper, "%s/", path);
    sc_buf_fill(&deeper, 'd', 200);
    path = sc_buf_c(&deeper);
    assert_int_equal(mkdir(path, 0700), 0);
  }
  assert_true(place_find(path, mem, &first, &error));
  assert_true(place_find(folder, mem, &second, &error));
  assert_true(strlen(first.socket) + strlen("/.s.PGSQL.5432") <= 107);
  assert_string_not_equal(first.socket, second.socket);
  assert_false(first.created);
  assert_int_equal(access(first.home, F_OK), -1); /* looking makes nothing */
  assert_false(place_find("/nonexistent/project", mem, &first, &error));
  assert_int_equal(error.failure, DEV_BROKEN);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(a_program_answers, set_up, tear_down),
      cmocka_unit_test_setup_teardown(how_it_ended_is_told, set_up, tear_down),
      cmocka_unit_test_setup_teardown(much_goes_through, set_up, tear_down),
      cmocka_unit_test_setup_teardown(it_sees_a_small_environment, set_up, tear_down),
      cmocka_unit_test_setup_teardown(open_files_are_not_passed_on, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_process_is_known_by_an_argument, set_up, tear_down),
      cmocka_unit_test(no_process_has_no_number),
      cmocka_unit_test_setup_teardown(a_tree_is_deleted_and_links_are_not_followed, set_up, tear_down),
      cmocka_unit_test_setup_teardown(places_are_short_and_different, set_up, tear_down),
  };
  return cmocka_run_group_tests_name("dev", tests, NULL, NULL);
}
