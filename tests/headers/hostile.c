/* Names that C, C++ and POSIX want for themselves, beside the headers that define them. Compiled as C and as C++. */
#include <complex.h>
#include <errno.h>
#include <limits.h>
#include <search.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "hostile.h"

int hostile(sc_db *db, sc_arena *mem);

int hostile(sc_db *db, sc_arena *mem)
{
  TimerCreateArgs args;
  memset(&args, 0, sizeof args);
  args.data.count = SC_INT(1);
  args.data.new_ = SC_BOOL(true);
  args.data.class_ = "first";
  args.data.and_ = "then";
  args.data.errno_ = SC_INT(EINVAL);
  args.data.len = SC_INT(0);
  args.data.is_null = "a";
  args.data.is_null_ = "b";
  args.data.clock = CLOCK_REALTIME_;
  args.data._null.bool_ = true;
  Timer *timer;
  if (timer_create_(db, mem, &args, &timer) != SC_OK) return SIG_ERR_ + SIG_NULL;
  TodoList_ todos = timer->todos; /* the list of Todo: TodoList is a model */
  TodoListList lists;
  if (todo_list_find_many(db, mem, NULL, &lists) != SC_OK) return (int)todos.len;
  FILE_ *file;
  if (file_find_first(db, mem, NULL, &file) != SC_OK) return LONG_MAX_ + LONG_MIN_;
  return timer_has(timer, TIMER_IS_NULL_) && sig_name(SIG_DFL_) ? CLOCK_MONOTONIC_ : 0;
}
