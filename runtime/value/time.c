/* Points in time as RFC 3339 text. Days are counted in the proleptic Gregorian calendar, as PostgreSQL does.
 */
#include <schemac/value.h>

#include <time.h>

#define USEC_PER_SEC INT64_C(1000000)
#define SEC_PER_DAY  INT64_C(86400)
#define DAYS_PER_ERA 146097 /* 400 years */
#define EPOCH_TO_ERA 719468 /* from 0000-03-01 to 1970-01-01 */
#define LAST_YEAR    9999   /* RFC 3339 has four digits */

sc_time sc_time_now(void)
{
  struct timespec now = {0, 0};
  clock_gettime(CLOCK_REALTIME, &now);
  return SC_TIME((int64_t)now.tv_sec * USEC_PER_SEC + now.tv_nsec / 1000);
}

/* The year begins in March here, so that the leap day is its last. */
static int64_t days_from_date(int year, int month, int day)
{
  int from_march = month > 2 ? month - 3 : month + 9;
  if (month <= 2) year--;
  int era = (year >= 0 ? year : year - 399) / 400;
  int year_of_era = year - era * 400;
  int day_of_year = (153 * from_march + 2) / 5 + day - 1;
  int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return (int64_t)era * DAYS_PER_ERA + day_of_era - EPOCH_TO_ERA;
}

static void date_from_days(int64_t days, int64_t *year, int *month, int *day)
{
  days += EPOCH_TO_ERA;
  int64_t era = (days >= 0 ? days : days - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
  int day_of_era = (int)(days - era * DAYS_PER_ERA);
  int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int from_march = (5 * day_of_year + 2) / 153;
  *day = day_of_year - (153 * from_march + 2) / 5 + 1;
  *month = from_march < 10 ? from_march + 3 : from_march - 9;
  *year = era * 400 + year_of_era + (*month <= 2);
}

static bool is_leap(int year)
{
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static bool date_is_valid(int year, int month, int day)
{
  static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  return day <= days[month - 1] + (month == 2 && is_leap(year));
}

/* ---- reading ---- */

/* Exactly `count` digits at *p. */
static bool read_digits(const char **p, int count, int *out)
{
  int value = 0;
  for (int i = 0; i < count; i++, (*p)++) {
    if (**p < '0' || **p > '9') return false;
    value = value * 10 + (**p - '0');
  }
  *out = value;
  return true;
}

static bool read_char(const char **p, char wanted)
{
  if (**p != wanted) return false;
  (*p)++;
  return true;
}

/* ".5" as microseconds; digits beyond the sixth are dropped. Nothing is 0. */
static bool read_fraction(const char **p, int64_t *usec)
{
  *usec = 0;
  if (!read_char(p, '.')) return true;
  int64_t unit = USEC_PER_SEC / 10;
  const char *first = *p;
  for (; **p >= '0' && **p <= '9'; (*p)++, unit /= 10) *usec += (**p - '0') * unit;
  return *p > first;
}

/* "Z", "+02:00", "+0200", "+02" or nothing: seconds east of UTC. */
static bool read_zone(const char **p, int *seconds)
{
  *seconds = 0;
  if (read_char(p, 'Z') || read_char(p, 'z') || **p == '\0') return true;
  int sign = **p == '-' ? -1 : 1;
  if (!read_char(p, '+') && !read_char(p, '-')) return false;
  int hours = 0;
  int minutes = 0;
  if (!read_digits(p, 2, &hours)) return false;
  if (**p != '\0') {
    read_char(p, ':');
    if (!read_digits(p, 2, &minutes)) return false;
  }
  *seconds = sign * (hours * 3600 + minutes * 60);
  return hours < 24 && minutes < 60;
}

/* "12:30", "12:30:00.5" and the zone; nothing is midnight UTC. */
static bool read_clock(const char **p, int64_t *usec)
{
  *usec = 0;
  if (**p == '\0') return true;
  if (!read_char(p, 'T') && !read_char(p, 't') && !read_char(p, ' ')) return false;
  int hour;
  int minute;
  int second = 0;
  int zone;
  int64_t fraction = 0;
  if (!read_digits(p, 2, &hour) || !read_char(p, ':') || !read_digits(p, 2, &minute)) return false;
  if (read_char(p, ':') && (!read_digits(p, 2, &second) || !read_fraction(p, &fraction))) return false;
  if (!read_zone(p, &zone) || hour > 23 || minute > 59 || second > 60) return false;
  *usec = (hour * 3600 + minute * 60 + second - zone) * USEC_PER_SEC + fraction;
  return true;
}

bool sc_time_parse(const char *text, sc_time *out)
{
  if (!text) return false;
  const char *p = text;
  int year;
  int month;
  int day;
  int64_t usec;
  if (!read_digits(&p, 4, &year) || !read_char(&p, '-') || !read_digits(&p, 2, &month)) return false;
  if (!read_char(&p, '-') || !read_digits(&p, 2, &day) || !date_is_valid(year, month, day)) return false;
  if (!read_clock(&p, &usec) || *p != '\0') return false;
  *out = SC_TIME(days_from_date(year, month, day) * SEC_PER_DAY * USEC_PER_SEC + usec);
  return true;
}

/* ---- writing ---- */

/* The digits of `value`, at least `width` of them. */
static char *put_number(char *p, int64_t value, int width)
{
  char digits[20];
  int count = 0;
  do {
    digits[count++] = (char)('0' + value % 10);
    value /= 10;
  } while (value > 0);
  for (; count < width; width--) *p++ = '0';
  while (count > 0) *p++ = digits[--count];
  return p;
}

static char *put_pair(char *p, char separator, int64_t value)
{
  *p++ = separator;
  return put_number(p, value, 2);
}

char *sc_time_format(sc_time time, char text[SC_TIME_TEXT])
{
  static const char infinity[] = "-infinity";
  if (time.usec == INT64_MAX) return memcpy(text, infinity + 1, sizeof infinity - 1);
  if (time.usec == INT64_MIN) return memcpy(text, infinity, sizeof infinity);
  int64_t seconds = time.usec / USEC_PER_SEC;
  int64_t fraction = time.usec % USEC_PER_SEC;
  if (fraction < 0) fraction += USEC_PER_SEC, seconds--;
  int64_t days = seconds / SEC_PER_DAY;
  int64_t clock = seconds % SEC_PER_DAY;
  if (clock < 0) clock += SEC_PER_DAY, days--;
  int64_t year;
  int month;
  int day;
  date_from_days(days, &year, &month, &day);

  char *p = text;
  if (year < 0)
    *p++ = '-';
  else if (year > LAST_YEAR)
    *p++ = '+'; /* ISO 8601's expanded years */
  p = put_number(p, year < 0 ? -year : year, 4);
  p = put_pair(p, '-', month);
  p = put_pair(p, '-', day);
  p = put_pair(p, 'T', clock / 3600);
  p = put_pair(p, ':', clock / 60 % 60);
  p = put_pair(p, ':', clock % 60);
  *p++ = '.';
  p = fraction % 1000 == 0 ? put_number(p, fraction / 1000, 3) : put_number(p, fraction, 6);
  *p++ = 'Z';
  *p = '\0';
  return text;
}
