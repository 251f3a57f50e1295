/* Points in time. PostgreSQL counts from 2000-01-01, we from 1970-01-01, both in microseconds without leap
 * seconds. */
#include "codec/convert.h"

#include "error/error.h"

static const int64_t EPOCH_USEC = INT64_C(946684800000000);
static const int64_t EPOCH_DAYS = 10957;
static const int64_t DAY_USEC = INT64_C(86400000000);

static int64_t given_usec(const void *value)
{
  sc_time time;
  memcpy(&time, value, sizeof time);
  return time.usec;
}

static sc_status give_usec(int64_t usec, void *value)
{
  sc_time time = SC_TIME(usec);
  memcpy(value, &time, sizeof time);
  return SC_OK;
}

static sc_status out_of_range(const char *type)
{
  return sc_fail(SC_OUT_OF_RANGE, "Value out of range for the type: %s", type);
}

static int64_t floor_days(int64_t usec)
{
  return usec / DAY_USEC - (usec % DAY_USEC < 0 ? 1 : 0);
}

sc_status sc_encode_timestamp(buf *out, const void *value)
{
  int64_t usec = given_usec(value);
  if (usec != INT64_MAX && usec != INT64_MIN) {
    if (usec < INT64_MIN + 1 + EPOCH_USEC) return out_of_range("timestamp");
    usec -= EPOCH_USEC;
  }
  sc_put_big(out, (uint64_t)usec, 8);
  return SC_OK;
}

sc_status sc_decode_timestamp(arena *mem, str bytes, void *value)
{
  (void)mem;
  if (bytes.len != 8) return sc_codec_broken("timestamp");
  int64_t usec = (int64_t)sc_get64(bytes.ptr);
  if (usec == INT64_MAX || usec == INT64_MIN) return give_usec(usec, value);
  if (usec >= INT64_MAX - EPOCH_USEC)
    return sc_fail_as(SC_OUT_OF_RANGE, "P2023", "Inconsistent column data: a timestamp is out of range.");
  return give_usec(usec + EPOCH_USEC, value);
}

/* Days since 2000-01-01; the ends of the range are the infinities. */
sc_status sc_encode_date(buf *out, const void *value)
{
  int64_t usec = given_usec(value), days;
  if (usec == INT64_MAX || usec == INT64_MIN) {
    days = usec == INT64_MAX ? INT32_MAX : INT32_MIN;
  } else {
    days = floor_days(usec) - EPOCH_DAYS;
    if (days <= INT32_MIN || days >= INT32_MAX) return out_of_range("date");
  }
  sc_put_big(out, (uint32_t)(int32_t)days, 4);
  return SC_OK;
}

sc_status sc_decode_date(arena *mem, str bytes, void *value)
{
  (void)mem;
  if (bytes.len != 4) return sc_codec_broken("date");
  int32_t days = (int32_t)sc_get32(bytes.ptr);
  if (days == INT32_MAX) return give_usec(INT64_MAX, value);
  if (days == INT32_MIN) return give_usec(INT64_MIN, value);
  /* Dates reach further than microseconds do. */
  int64_t since_1970 = (int64_t)days + EPOCH_DAYS;
  if (since_1970 >= INT64_MAX / DAY_USEC || since_1970 <= INT64_MIN / DAY_USEC)
    return sc_fail_as(SC_OUT_OF_RANGE, "P2023", "Inconsistent column data: a date is out of range.");
  return give_usec(since_1970 * DAY_USEC, value);
}

static sc_status time_of_day(const void *value, int64_t *out)
{
  int64_t usec = given_usec(value);
  if (usec == INT64_MAX || usec == INT64_MIN) return out_of_range("time");
  *out = usec - floor_days(usec) * DAY_USEC;
  return SC_OK;
}

sc_status sc_encode_time(buf *out, const void *value)
{
  int64_t usec = 0;
  sc_status s = time_of_day(value, &usec);
  if (s == SC_OK) sc_put_big(out, (uint64_t)usec, 8);
  return s;
}

/* With a zone, here always UTC: its distance in seconds to the west. */
sc_status sc_encode_timetz(buf *out, const void *value)
{
  sc_status s = sc_encode_time(out, value);
  if (s == SC_OK) sc_put_big(out, 0, 4);
  return s;
}

sc_status sc_decode_time(arena *mem, str bytes, void *value)
{
  (void)mem;
  if (bytes.len != 8) return sc_codec_broken("time");
  return give_usec((int64_t)sc_get64(bytes.ptr), value);
}

/* The same moment in UTC, still on 1970-01-01. */
sc_status sc_decode_timetz(arena *mem, str bytes, void *value)
{
  (void)mem;
  if (bytes.len != 12) return sc_codec_broken("timetz");
  int64_t usec = (int64_t)sc_get64(bytes.ptr);
  int64_t west = (int32_t)sc_get32(bytes.ptr + 8);
  if (usec < 0 || usec > DAY_USEC) return sc_codec_broken("timetz");
  usec += west * 1000000;
  return give_usec(usec - floor_days(usec) * DAY_USEC, value);
}
