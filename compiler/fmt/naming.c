#include "fmt/naming.h"

/* ---- letters ---- */

static bool is_upper(char c)
{
  return c >= 'A' && c <= 'Z';
}

static char to_upper(char c)
{
  return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static char to_lower(char c)
{
  return is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

/* Capitals of two bytes whose small letters are `by` further, or next to each other. */
typedef struct capitals capitals;
struct capitals {
  uint32_t first, last;
  uint32_t by; /* 1: capital and small letter take turns */
};

static const capitals wide_capitals[] = {
    {0xC0, 0xD6, 32},   {0xD8, 0xDE, 32},  {0x100, 0x12E, 1},  {0x132, 0x136, 1},  {0x139, 0x147, 1},
    {0x14A, 0x176, 1},  {0x179, 0x17D, 1}, {0x391, 0x3A1, 32}, {0x3A3, 0x3A9, 32}, {0x400, 0x40F, 80},
    {0x410, 0x42F, 32}, {0x460, 0x480, 1}, {0x48A, 0x4BE, 1},  {0x4D0, 0x52E, 1},
};

/* The capitals that a letter, moved back by `back` times their distance, is one of. */
static const capitals *capitals_of(uint32_t code, uint32_t back)
{
  for (size_t i = 0; i < sizeof wide_capitals / sizeof *wide_capitals; i++) {
    const capitals *row = &wide_capitals[i];
    uint32_t capital = code - back * row->by;
    if (capital < row->first || capital > row->last) continue;
    if (row->by != 1 || (capital - row->first) % 2 == 0) return row;
  }
  return NULL;
}

static size_t letter_length(str text)
{
  size_t length = 1;
  while (length < text.len && ((unsigned char)text.ptr[length] & 0xC0) == 0x80) length++;
  return length;
}

/* The code of a letter of two bytes, else 0. */
static uint32_t wide_code(str letter)
{
  if (letter.len != 2) return 0;
  return ((uint32_t)(unsigned char)letter.ptr[0] & 0x1F) << 6 |
         ((uint32_t)(unsigned char)letter.ptr[1] & 0x3F);
}

static bool letter_is_upper(str letter)
{
  return letter.len == 1 ? is_upper(letter.ptr[0]) : capitals_of(wide_code(letter), 0) != NULL;
}

static void add_wide(buf *out, uint32_t code)
{
  buf_char(out, (char)(0xC0 | code >> 6));
  buf_char(out, (char)(0x80 | (code & 0x3F)));
}

/* The text with its first letter as a capital or small one. */
static void add_first_letter(buf *out, str text, bool capital)
{
  if (!text.len) return;
  str letter = str_slice(text, 0, letter_length(text));
  uint32_t code = wide_code(letter);
  const capitals *row = code ? capitals_of(code, capital) : NULL;
  if (letter.len == 1)
    buf_char(out, capital ? to_upper(letter.ptr[0]) : to_lower(letter.ptr[0]));
  else if (row)
    add_wide(out, capital ? code - row->by : code + row->by);
  else
    buf_add(out, letter);
  buf_add(out, str_slice(text, letter.len, text.len));
}

str fmt_column_name(str model, str field, arena *mem)
{
  buf out = {.mem = mem};
  add_first_letter(&out, model, false);
  add_first_letter(&out, field, true);
  return buf_str(&out);
}

/* A word begins behind an underscore, behind a digit, and with a capital behind a small letter. Only ASCII
 * letters change. */
str fmt_camel_case(str name, arena *mem)
{
  buf out = {.mem = mem};
  bool word = false, after_small = false;
  for (str rest = name; rest.len;) {
    str letter = str_slice(rest, 0, letter_length(rest));
    rest = str_slice(rest, letter.len, rest.len);
    char c = letter.ptr[0];
    if (c == '_' || c == '-') {
      word = out.len > 0;
    } else if (is_digit(c)) {
      word = true;
      buf_char(&out, c);
    } else if (word || (after_small && letter_is_upper(letter))) {
      word = false;
      buf_char(&out, to_upper(c));
      buf_add(&out, str_slice(letter, 1, letter.len));
    } else {
      after_small = !letter_is_upper(letter);
      buf_char(&out, to_lower(c));
      buf_add(&out, str_slice(letter, 1, letter.len));
    }
  }
  return buf_str(&out);
}

/* ---- plurals ---- */

typedef struct plural_word plural_word;
struct plural_word {
  str one, several;
};

typedef struct plural_rule plural_rule;
struct plural_rule {
  str stems, endings, several;
};

static const plural_word words[] = {
#define WORD(one, several) {STR_INIT(one), STR_INIT(several)},
#include "fmt/plural.def"
};

static const plural_rule rules[] = {
#define RULE(stems, endings, several) {STR_INIT(stems), STR_INIT(endings), STR_INIT(several)},
#include "fmt/plural.def"
};

static const str unchanged[] = {
#define SAME(words) STR_INIT(words),
#include "fmt/plural.def"
};

/* The next of several alternatives; false behind the last. */
static bool next_of(str *rest, char separator, str *item)
{
  if (!rest->ptr) return false;
  size_t end = sc_str_find_char(*rest, separator);
  *item = str_slice(*rest, 0, end);
  *rest = end == SIZE_MAX ? STR_NONE : str_slice(*rest, end + 1, rest->len);
  return true;
}

/* Takes the last element off a stem's pattern: whether `c` is what it stands for. */
static bool match_last(str *pattern, char c)
{
  char last = pattern->ptr[pattern->len - 1];
  size_t open = pattern->len - 1;
  if (last != ']') {
    pattern->len--;
    return last == c;
  }
  while (pattern->ptr[open] != '[') open--;
  str set = str_slice(*pattern, open + 1, pattern->len - 1);
  bool other = str_starts(set, STR("^"));
  pattern->len = open;
  return (sc_str_find_char(str_slice(set, other, set.len), c) != SIZE_MAX) != other;
}

static bool ends_with_stem(str word, str pattern)
{
  while (pattern.len) {
    if (!word.len || !match_last(&pattern, word.ptr[word.len - 1])) return false;
    word.len--;
  }
  return true;
}

/* The part of the word that stays when the rule fits. */
static bool rule_fits(const plural_rule *rule, str word, str *kept)
{
  str ending, stem;
  for (str endings = rule->endings; next_of(&endings, '|', &ending);) {
    if (!str_ends(word, ending)) continue;
    *kept = str_slice(word, 0, word.len - ending.len);
    for (str stems = rule->stems; next_of(&stems, '|', &stem);)
      if (ends_with_stem(*kept, stem)) return true;
  }
  return false;
}

static bool is_unchanged(str word)
{
  str same;
  for (size_t i = 0; i < sizeof unchanged / sizeof *unchanged; i++)
    for (str rest = unchanged[i]; next_of(&rest, ' ', &same);)
      if (str_eq(word, same)) return true;
  return false;
}

static str joined(str stem, str ending, arena *mem)
{
  buf out = {.mem = mem};
  buf_add(&out, stem);
  buf_add(&out, ending);
  return buf_str(&out);
}

str fmt_plural(str word, arena *mem)
{
  if (is_unchanged(word)) return word;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_eq(word, words[i].one)) return words[i].several;
  for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
    str kept;
    if (rule_fits(&rules[i], word, &kept)) return joined(kept, rules[i].several, mem);
  }
  return joined(word, STR("s"), mem);
}
