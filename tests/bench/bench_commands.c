/* How long whole programs take, and how much memory at most: they take turns.
 *
 *   bench_commands TURNS <jobs     a line a job:  NAME <tab> run|ask <tab> WORDS
 *
 * `run` starts the words as a program each time. `ask` is for what has been started before and is warm: the words before
 * "--" are a program that is started once; each time it gets the words behind it as a line and answers with a line.
 * Prints a line a job: NAME <tab> median ms <tab> least ms <tab> least ms of processor time <tab> peak KiB (the last two 0
 * for `ask`). A program that fails has no line. What they print goes to /dev/null. */
#include "bench.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* wait4 is everywhere and in no standard: it alone tells the peak of one child. */
pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage);

enum { MOST_JOBS = 64, MOST_WORDS = 64, MOST_TURNS = 1000 };

typedef struct job job;
struct job {
  char *name, *words[MOST_WORDS];
  bool asks, failed;
  char line[1024]; /* what `ask` says */
  FILE *to, *from;
  long peak;
  double processor; /* least, microseconds; 0: not known */
  double taken[MOST_TURNS];
};

static job jobs[MOST_JOBS];
static size_t job_count;

static void become(char **words, int in, int out)
{
  int null = open("/dev/null", O_RDWR);
  dup2(in < 0 ? null : in, STDIN_FILENO);
  dup2(out < 0 ? null : out, STDOUT_FILENO);
  dup2(null, STDERR_FILENO);
  execvp(words[0], words);
  _exit(127);
}

static double microseconds(struct timeval time)
{
  return (double)time.tv_sec * 1e6 + (double)time.tv_usec;
}

static double run(job *j)
{
  struct rusage usage;
  int status;
  double start = bench_now();
  pid_t child = fork();
  if (child < 0) bench_die(j->name, "fork");
  if (child == 0) become(j->words, -1, -1);
  if (wait4(child, &status, 0, &usage) < 0) bench_die(j->name, "wait4");
  double taken = bench_now() - start;
  j->failed |= !WIFEXITED(status) || WEXITSTATUS(status) != 0;
  double processor = microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
  if (!j->processor || processor < j->processor) j->processor = processor;
  if (usage.ru_maxrss > j->peak) j->peak = usage.ru_maxrss;
  return taken;
}

static void start_asked(job *j)
{
  int to[2], from[2];
  if (pipe(to) || pipe(from)) bench_die(j->name, "pipe");
  pid_t child = fork();
  if (child < 0) bench_die(j->name, "fork");
  if (child == 0) {
    close(to[1]), close(from[0]);
    become(j->words, to[0], from[1]);
  }
  close(to[0]), close(from[1]);
  fcntl(to[1], F_SETFD, FD_CLOEXEC), fcntl(from[0], F_SETFD, FD_CLOEXEC);
  j->to = fdopen(to[1], "w"), j->from = fdopen(from[0], "r");
}

static double ask(job *j)
{
  char answer[256];
  if (!j->to) start_asked(j);
  double start = bench_now();
  fprintf(j->to, "%s\n", j->line);
  fflush(j->to);
  j->failed |= !fgets(answer, sizeof answer, j->from) || strcmp(answer, "ok\n") != 0;
  return bench_now() - start;
}

static void read_job(char *line)
{
  job *j = &jobs[job_count++];
  size_t count = 0;
  j->name = strtok(line, "\t");
  j->asks = strcmp(strtok(NULL, "\t"), "ask") == 0;
  for (char *word; (word = strtok(NULL, " \t\n")) && count + 1 < MOST_WORDS;) {
    if (j->asks && strcmp(word, "--") == 0) {
      const char *rest = strtok(NULL, "\n");
      snprintf(j->line, sizeof j->line, "%s", rest ? rest : "");
      break;
    }
    j->words[count++] = word;
  }
}

int main(int argc, char **argv)
{
  static char lines[MOST_JOBS][4096];
  int turns = argc > 1 ? atoi(argv[1]) : 15;
  if (turns > MOST_TURNS) turns = MOST_TURNS;
  while (job_count < MOST_JOBS && fgets(lines[job_count], sizeof lines[0], stdin)) read_job(lines[job_count]);
  for (int turn = -1; turn < turns; turn++) /* the turn before the first warms the caches */
    for (size_t i = 0; i < job_count; i++) {
      if (jobs[i].failed) continue;
      double taken = jobs[i].asks ? ask(&jobs[i]) : run(&jobs[i]);
      if (turn >= 0) jobs[i].taken[turn] = taken;
    }
  for (size_t i = 0; i < job_count; i++) {
    if (jobs[i].failed) continue;
    double median = bench_median(jobs[i].taken, (size_t)turns); /* sorts them */
    printf("%s\t%.3f\t%.3f\t%.3f\t%ld\n", jobs[i].name, median / 1000, jobs[i].taken[0] / 1000,
           jobs[i].processor / 1000, jobs[i].peak);
  }
  return 0;
}
