#include "cli/interrupt.h"

#include <signal.h>
#include <unistd.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { SIGNALS = sizeof signals / sizeof *signals };

static struct sigaction before[SIGNALS];
static bool heeded;
static volatile sig_atomic_t noted, in_question;

static void note(int signal_number)
{
  static const char said[] = "\nEnds behind the step that runs; once more ends it at once.\n";
  (void)signal_number;
  noted = 1;
  if (in_question) return;
  ssize_t ignored = write(STDERR_FILENO, said, sizeof said - 1);
  (void)ignored;
}

static bool stopped(void *ui)
{
  (void)ui;
  return noted != 0;
}

/* Without SA_RESTART: a question is to end. What was ignored from the start (nohup) stays so. */
void interrupt_heed(migrate_context *context)
{
  struct sigaction heed = {.sa_handler = note, .sa_flags = (int)SA_RESETHAND};
  sigemptyset(&heed.sa_mask);
  for (size_t i = 0; i < SIGNALS; i++) {
    sigaction(signals[i], &heed, &before[i]);
    if (before[i].sa_handler == SIG_IGN) sigaction(signals[i], &before[i], NULL);
  }
  heeded = true;
  context->stopped = stopped;
}

bool interrupt_forget(void)
{
  for (size_t i = 0; i < SIGNALS && heeded; i++) sigaction(signals[i], &before[i], NULL);
  heeded = false;
  return noted != 0;
}

void interrupt_asking(bool asking)
{
  in_question = asking;
}
