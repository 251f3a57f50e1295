# schemac: the compiler (build/schemac) and its runtime (build/libschemac.a, build/libschemac.so).
#
#   make [all]      build everything            make test         every test; ends with "N passed, N failed"
#   make demo       the blog example, live      make asan         the tests under ASan and UBSan
#   make bench      ratios to hand-written libpq     make conformance  against Prisma's own engines
#   make fuzz       every fuzz target for FUZZ_SECONDS     make lint  layers, ceilings, symbols, format
#   make valgrind   every command under valgrind     make soak  wide models, long lists, threads, 100,000 queries
#   make install PREFIX=/usr/local DESTDIR=     make uninstall | clean | format
#
# Sources are found by wildcard: a new file in a layer's folder needs no line here. BUILD=dir builds elsewhere, V=1
# shows the commands.

VERSION   := 0.1.0
SOVERSION := 0
BUILD     ?= build
PREFIX    ?= /usr/local
CC        ?= cc
FLEX      ?= flex
BISON     ?= bison
AWK       ?= awk
FUZZ_SECONDS ?= 60
JOBS      ?= 2
Q         := $(if $(V),,@)

WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wstrict-prototypes \
            -Wmissing-prototypes -Wcast-qual -Wvla -Wswitch-enum
OPTIMISE ?= -O2 -g
# SANITIZE: extra flags for compiling and linking, e.g. -fsanitize=address,undefined. WERROR=-Werror in CI.
ALL_CFLAGS := -std=c17 -D_POSIX_C_SOURCE=200809L $(OPTIMISE) $(SANITIZE) -MMD -MP $(CFLAGS)
PQ_CFLAGS  := $(shell pkg-config --cflags libpq 2>/dev/null || printf -- '-I%s' "$$(pg_config --includedir)")
PQ_LIBS    := $(shell pkg-config --libs libpq 2>/dev/null || echo -lpq)
RUNTIME_LIBS  := $(PQ_LIBS) -lpthread
# json-c is linked statically where it can be: it is small, and another shared library would slow every start.
JSON_ARCHIVE  := $(filter /%,$(shell $(CC) -print-file-name=libjson-c.a))
JSON_LIBS     := $(or $(JSON_ARCHIVE),-ljson-c)
COMPILER_LIBS := $(RUNTIME_LIBS) $(JSON_LIBS) -lcrypto

# schemac loads libpq and libcrypto when it needs them (compiler/cli/lazy.c), if their file names can be found out.
soname = $(shell readelf -d "$$($(CC) -print-file-name=lib$(1).so)" 2>/dev/null | sed -n 's/.*SONAME.*\[\(.*\)\].*/\1/p')
LIBPQ_FILE     := $(call soname,pq)
LIBCRYPTO_FILE := $(call soname,crypto)
LAZY           := $(and $(LIBPQ_FILE),$(LIBCRYPTO_FILE))

GEN      := $(BUILD)/gen
INCLUDES := -Iruntime/include -Iruntime -Icompiler -I$(GEN)

RUNTIME_SRC  := $(sort $(wildcard runtime/*/*.c))
COMPILER_SRC := $(sort $(filter-out compiler/cli/main.c compiler/cli/lazy.c,$(wildcard compiler/*/*.c)))
UNIT_SRC     := $(sort $(wildcard tests/unit/test_*.c))
FUZZ_SRC     := $(sort $(wildcard tests/fuzz/fuzz_*.c))
BENCH_SRC    := $(sort $(wildcard tests/bench/bench_*.c))
TEMPLATES    := $(sort $(wildcard templates/*.tmpl))

RUNTIME_OBJ  := $(RUNTIME_SRC:%.c=$(BUILD)/obj/%.o)
COMPILER_OBJ := $(COMPILER_SRC:%.c=$(BUILD)/obj/%.o)
PARSER_OBJ   := $(BUILD)/obj/gen/schema_lex.o $(BUILD)/obj/gen/schema_parse.o $(BUILD)/obj/gen/sql_lex.o
MAIN_OBJ     := $(BUILD)/obj/compiler/cli/main.o $(if $(LAZY),$(BUILD)/obj/compiler/cli/lazy.o)
UNIT_BIN     := $(UNIT_SRC:tests/unit/%.c=$(BUILD)/tests/unit/%)
REPLAY_BIN   := $(FUZZ_SRC:tests/fuzz/%.c=$(BUILD)/tests/fuzz/%)
TEMPLATE_HDR := $(TEMPLATES:templates/%.tmpl=$(GEN)/%_tmpl.h)
GENERATED    := $(GEN)/schema_lex.c $(GEN)/schema_parse.c $(GEN)/sql_lex.c $(TEMPLATE_HDR)

.PHONY: all demo test conformance asan fuzz valgrind soak bench install uninstall clean format lint tests
.DELETE_ON_ERROR:
.SECONDARY:

all: $(BUILD)/schemac $(BUILD)/libschemac.a $(BUILD)/libschemac.so

# ---- the runtime ----

$(BUILD)/libschemac.a: $(RUNTIME_OBJ)
	@rm -f $@
	@echo '  AR     $@'
	$(Q)$(AR) rcs $@ $^

$(BUILD)/libschemac.so.$(VERSION): $(RUNTIME_OBJ)
	@echo '  LD     $@'
	$(Q)$(CC) $(SANITIZE) -shared -Wl,-soname,libschemac.so.$(SOVERSION) -o $@ $^ $(RUNTIME_LIBS)

$(BUILD)/libschemac.so: $(BUILD)/libschemac.so.$(VERSION)
	$(Q)ln -sf libschemac.so.$(VERSION) $(BUILD)/libschemac.so.$(SOVERSION)
	$(Q)ln -sf libschemac.so.$(SOVERSION) $@

# ---- the compiler ----

$(BUILD)/libcompiler.a: $(COMPILER_OBJ) $(PARSER_OBJ)
	@rm -f $@
	@echo '  AR     $@'
	$(Q)$(AR) rcs $@ $^

$(BUILD)/schemac: $(MAIN_OBJ) $(BUILD)/libcompiler.a $(BUILD)/libschemac.a
	@echo '  LD     $@'
	$(Q)$(CC) $(SANITIZE) $(LDFLAGS) -o $@ $^ $(if $(LAZY),$(JSON_LIBS) -lpthread -ldl,$(COMPILER_LIBS))

$(BUILD)/obj/compiler/cli/lazy.o: LAZY_CFLAGS = $(PQ_CFLAGS) -DLIBPQ_FILE='"$(LIBPQ_FILE)"' -DLIBCRYPTO_FILE='"$(LIBCRYPTO_FILE)"'

$(BUILD)/obj/runtime/%.o: runtime/%.c
	@mkdir -p $(@D)
	@echo '  CC     $@'
	$(Q)$(CC) $(ALL_CFLAGS) $(WARNINGS) $(WERROR) -fPIC -DSCHEMAC_VERSION='"$(VERSION)"' -Iruntime/include -Iruntime \
	  $(PQ_CFLAGS) -c $< -o $@

$(BUILD)/obj/compiler/%.o: compiler/%.c | $(GENERATED)
	@mkdir -p $(@D)
	@echo '  CC     $@'
	$(Q)$(CC) $(ALL_CFLAGS) $(WARNINGS) $(WERROR) -DSCHEMAC_VERSION='"$(VERSION)"' $(INCLUDES) $(LAZY_CFLAGS) \
	  -c $< -o $@

# Generated parsers get the plain warnings: their code is not ours to mend.
$(BUILD)/obj/gen/%.o: $(GEN)/%.c | $(GENERATED)
	@mkdir -p $(@D)
	@echo '  CC     $@'
	$(Q)$(CC) $(ALL_CFLAGS) -Wall -Wextra $(WERROR) $(INCLUDES) -c $< -o $@

$(GEN)/%_lex.c: grammar/%.l
	@mkdir -p $(@D)
	@echo '  FLEX   $@'
	$(Q)$(FLEX) --header-file=$(GEN)/$*_lex.h -o $@ $<

$(GEN)/schema_parse.c: grammar/schema.y
	@mkdir -p $(@D)
	@echo '  BISON  $@'
	$(Q)$(BISON) --defines=$(GEN)/schema_parse.h -o $@ $<

$(GEN)/%_tmpl.h: templates/%.tmpl templates/tmpl.awk
	@mkdir -p $(@D)
	@echo '  AWK    $@'
	$(Q)$(AWK) -f templates/tmpl.awk $< > $@

# ---- tests ----

$(BUILD)/tests/unit/%: tests/unit/%.c $(BUILD)/libcompiler.a $(BUILD)/libschemac.a
	@mkdir -p $(@D)
	@echo '  CC     $@'
	$(Q)$(CC) $(ALL_CFLAGS) $(WERROR) -Wall -Wextra $(INCLUDES) -Itests $(PQ_CFLAGS) $(SANITIZE) -o $@ $< \
	  $(BUILD)/libcompiler.a $(BUILD)/libschemac.a $(COMPILER_LIBS) -lcmocka

# Without libFuzzer a target replays the files it is given: that is how `make test` runs the corpus.
$(BUILD)/tests/fuzz/%: tests/fuzz/%.c $(BUILD)/libcompiler.a $(BUILD)/libschemac.a
	@mkdir -p $(@D)
	@echo '  CC     $@'
	$(Q)$(CC) $(ALL_CFLAGS) $(WERROR) -Wall -Wextra -DFUZZ_REPLAY $(INCLUDES) $(SANITIZE) -o $@ $< \
	  $(BUILD)/libcompiler.a $(BUILD)/libschemac.a $(COMPILER_LIBS)

tests: all $(UNIT_BIN) $(REPLAY_BIN)

test: tests
	@BUILD=$(BUILD) CC="$(CC)" JOBS=$(JOBS) VERSION=$(VERSION) tests/run $(ONLY)

asan:
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/asan OPTIMISE="-O1 -g -DSC_ARENA_DEBUG" \
	  SANITIZE="-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer" test

conformance: all
	@BUILD=$(BUILD) tests/conformance/run own schemas mistakes drift casts states --count $(or $(COUNT),2000)
	@BUILD=$(BUILD) tests/conformance/run diffs --count $(or $(COUNT),1000)
	@BUILD=$(BUILD) tests/conformance/run diffs --extended --count 200

fuzz:
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/fuzz CC=clang \
	  SANITIZE="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined" fuzz-targets
	@BUILD=$(BUILD)/fuzz tests/fuzz/fuzz $(FUZZ_SECONDS)

.PHONY: fuzz-targets
fuzz-targets: $(FUZZ_SRC:tests/fuzz/%.c=$(BUILD)/tests/libfuzzer/%)

$(BUILD)/tests/libfuzzer/%: tests/fuzz/%.c $(BUILD)/libcompiler.a $(BUILD)/libschemac.a
	@mkdir -p $(@D)
	@echo '  CC     $@'
	$(Q)$(CC) $(ALL_CFLAGS) -Wall -Wextra $(INCLUDES) -fsanitize=fuzzer,address,undefined -o $@ $< \
	  $(BUILD)/libcompiler.a $(BUILD)/libschemac.a $(COMPILER_LIBS)

valgrind: all tests
soak: all
valgrind soak:
	@BUILD=$(BUILD) CC="$(CC)" tests/run $@

bench: all
	@BUILD=$(BUILD) CC="$(CC)" tests/bench/run $(ONLY)

lint: all
	@BUILD=$(BUILD) LINT_ALL=1 tests/lint/run

demo: all
	@BUILD=$(BUILD) CC="$(CC)" docs/examples/blog/demo.sh

# ---- installing ----

LIBDIR = $(DESTDIR)$(PREFIX)/lib
MAN    = $(DESTDIR)$(PREFIX)/share/man

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/include/schemac $(LIBDIR)/pkgconfig $(MAN)/man1 $(MAN)/man3
	install -m 755 $(BUILD)/schemac $(DESTDIR)$(PREFIX)/bin/schemac
	install -m 644 runtime/include/schemac/*.h $(DESTDIR)$(PREFIX)/include/schemac/
	install -m 644 $(BUILD)/libschemac.a $(LIBDIR)/libschemac.a
	install -m 755 $(BUILD)/libschemac.so.$(VERSION) $(LIBDIR)/libschemac.so.$(VERSION)
	ln -sf libschemac.so.$(VERSION) $(LIBDIR)/libschemac.so.$(SOVERSION)
	ln -sf libschemac.so.$(SOVERSION) $(LIBDIR)/libschemac.so
	printf 'prefix=%s\nincludedir=$${prefix}/include\nlibdir=$${prefix}/lib\n\nName: schemac\nDescription: %s\nVersion: %s\nRequires.private: libpq\nCflags: -I$${includedir}\nLibs: -L$${libdir} -lschemac\nLibs.private: -lpthread\n' \
	  '$(PREFIX)' 'Runtime of the typed PostgreSQL clients that schemac generates' '$(VERSION)' > $(LIBDIR)/pkgconfig/schemac.pc
	for page in docs/man/*.1; do install -m 644 $$page $(MAN)/man1/; done
	for page in docs/man/*.3; do if [ -e $$page ]; then install -m 644 $$page $(MAN)/man3/; fi; done

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/schemac $(LIBDIR)/libschemac.a $(LIBDIR)/libschemac.so* $(LIBDIR)/pkgconfig/schemac.pc
	rm -rf $(DESTDIR)$(PREFIX)/include/schemac
	for page in docs/man/*.1; do rm -f $(MAN)/man1/$${page##*/}; done
	for page in docs/man/*.3; do rm -f $(MAN)/man3/$${page##*/}; done

clean:
	rm -rf $(BUILD)

format:
	clang-format -i $(wildcard runtime/*/*.[ch] runtime/include/schemac/*.h compiler/*/*.[ch] tests/*/*.[ch])

-include $(RUNTIME_OBJ:.o=.d) $(COMPILER_OBJ:.o=.d) $(PARSER_OBJ:.o=.d) $(MAIN_OBJ:.o=.d)
-include $(UNIT_BIN:=.d) $(REPLAY_BIN:=.d)
