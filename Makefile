# beckon: one GNU Makefile, no configure step.
#
#   make run     install what is needed, build, start the demo, print addresses and logins
#   make test    install what is needed, build, run every test; ends with "N passed, N failed"
#   make help    the other targets

SHELL := /bin/bash
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
VERSION := 0.1.0
CC ?= gcc
ifeq ($(origin CC),default)
CC := gcc
endif
PREFIX ?= /usr/local
SEEDS ?= 200
ROUNDS ?= 20

LIBRARIES := libuv libwebsockets openssl sqlite3 jansson yaml-0.1 libcmark libcurl libsodium libutf8proc zlib
PKG_CFLAGS = $(shell pkg-config --cflags $(LIBRARIES) 2>/dev/null)
PKG_LIBS = $(shell pkg-config --libs $(LIBRARIES) 2>/dev/null) -lstemmer -lm -lpthread

WARNINGS := -Wall -Wextra -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wundef -Wformat=2 -Wno-format-nonliteral -Werror
CFLAGS_COMMON = -std=gnu11 -g -D_GNU_SOURCE -DBECKON_VERSION='"$(VERSION)"' -Isrc $(WARNINGS) $(PKG_CFLAGS) -MMD -MP -fno-strict-aliasing
CFLAGS_release := -O2 -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE
CFLAGS_asan := -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
CFLAGS_cov := -O0 --coverage
# The loops that learning spends its time in: vectors, without fused operations that differ by machine.
%/obj/src/assistant/lanes.o: CFLAGS_EXTRA += -O3 -fno-math-errno -ffp-contract=off
# Every server under test learns first; in these inner loops sanitizers would cost most of the time of all tests.
build/asan/obj/src/assistant/lanes.o: CFLAGS_EXTRA += -fno-sanitize=all
LDFLAGS_release := -pie -Wl,-z,relro,-z,now -Wl,--gc-sections
LDFLAGS_asan := -fsanitize=address,undefined
LDFLAGS_cov := --coverage

SOURCES := $(wildcard src/*.c src/*/*.c)
MODULES := $(filter-out src/main.c,$(SOURCES))
WEB := $(sort $(shell find web -type f -not -path '*/node_modules/*' -not -name 'package*.json' -not -name '.*' 2>/dev/null))
UNIT := $(sort $(wildcard tests/unit/*/*_test.c))
HELPERS := $(sort $(wildcard tests/support/*.c tests/simulation/disk*.c))

.PHONY: all help deps test run lint bench bench-assistant fuzz sim mutants install deb clean docs pictures coverage

all: build/beckon

help:
	@sed -n 's/^#   \(make .*\)/\1/p' Makefile; \
	echo "make deps    install what is needed (root or sudo)"; \
	echo "make         build build/beckon"; \
	echo "make sim SEEDS=N   long deterministic simulation"; \
	echo "make mutants     break each promise once: the simulation must notice"; \
	echo "make bench   every measured claim, as one table"; \
	echo "make bench-assistant   the assistant on public data, beside others"; \
	echo "make fuzz FUZZ_SECONDS=N   fuzz every parser"; \
	echo "make coverage    lines that the tests reach, by folder"; \
	echo "make lint    layers, static checks, sizes"; \
	echo "make install, make deb, make docs, make clean"

# --- packages -------------------------------------------------------------------------------------
build/.deps: tools/packages.txt tools/install-packages $(wildcard web/package-lock.json tests/browser/package-lock.json)
	@mkdir -p build
	@tools/install-packages
	@touch $@

deps: build/.deps

# --- objects, a tree a variant --------------------------------------------------------------------
# Headers and libraries may be missing until the packages are there, so every compile waits for them.
define VARIANT
$(1)/obj/%.o: %.c | build/.deps
	@mkdir -p $$(dir $$@)
	@echo "  CC      $$< $(if $(filter-out release,$(2)),($(2)))"
	@$$(CC) $$(CFLAGS_COMMON) $$(CFLAGS_$(2)) $$(CFLAGS_EXTRA) -c $$< -o $$@

$(1)/obj/assets.o: build/assets.S
	@mkdir -p $$(dir $$@)
	@$$(CC) -c $$< -o $$@

$(1)/libbeckon.a: $$(MODULES:%.c=$(1)/obj/%.o) $(1)/obj/assets.o $(1)/obj/build/wants_human_tables.o $(1)/obj/build/wants_human_ear_weights.o
	@rm -f $$@
	@ar rcs $$@ $$^

$(1)/beckon: $(1)/obj/src/main.o $(1)/libbeckon.a
	@echo "  LINK    $$@"
	@$$(CC) $$(LDFLAGS_$(2)) $$(filter %.o,$$^) $(1)/libbeckon.a $$(PKG_LIBS) -o $$@

$(1)/tests/%: $(1)/obj/tests/%.o $$(HELPERS:%.c=$(1)/obj/%.o) $(1)/libbeckon.a
	@mkdir -p $$(dir $$@)
	@echo "  LINK    $$@"
	@$$(CC) $$(LDFLAGS_$(2)) $$(filter %.o,$$^) $(1)/libbeckon.a $$(PKG_LIBS) -lcmocka -o $$@

$(1)/bench/%: $(1)/obj/bench/%.o $(1)/libbeckon.a
	@mkdir -p $$(dir $$@)
	@$$(CC) $$(LDFLAGS_$(2)) $$(filter %.o,$$^) $(1)/libbeckon.a $$(PKG_LIBS) -o $$@

-include $$(shell find $(1)/obj -name '*.d' 2>/dev/null)
endef
$(eval $(call VARIANT,build,release))
$(eval $(call VARIANT,build/asan,asan))
$(eval $(call VARIANT,build/cov,cov))
.SECONDARY:

# --- the pages, embedded --------------------------------------------------------------------------
build/embed: tools/embed.c | build/.deps
	@mkdir -p build
	@$(CC) -O1 -Wall -Wextra -Werror -D_GNU_SOURCE $< -o $@ -lz

# The few module files of web/node_modules that pages import, by path, as /vendor/...: what they import
# themselves is relative and among them.
VENDOR := $(addprefix build/vendor/,uplot.js uplot.css signals.js $(addprefix lit-html/,lit-html.js directive.js \
    directive-helpers.js async-directive.js $(addprefix directives/,repeat.js live.js class-map.js guard.js \
    keyed.js ref.js if-defined.js)))
build/vendor/uplot.js: VENDOR_FROM := uplot/dist/uPlot.esm.js
build/vendor/uplot.css: VENDOR_FROM := uplot/dist/uPlot.min.css
build/vendor/signals.js: VENDOR_FROM := @preact/signals-core/dist/signals-core.mjs
$(VENDOR): build/.deps Makefile
	@mkdir -p $(dir $@)
	@{ echo '/* The licence of this file: /licences */'; \
	   sed 's,//# sourceMappingURL=.*,,' web/node_modules/$(or $(VENDOR_FROM),$(@:build/vendor/%=%)); } > $@

build/licences.html: tools/licences build/.deps
	@tools/licences > $@

CARRIED = $(WEB) $(VENDOR) build/licences.html
build/assets.S: build/embed $(CARRIED)
	@echo "  EMBED   $(words $(CARRIED)) files of web/"
	@build/embed build/assets $(CARRIED) > $@

# --- what wants_human listens for, as tables --------------------------------------------------------
HEARD := $(sort $(wildcard src/assistant/wants_human/*.txt))
build/wants-human: tools/wants-human.c src/assistant/wants_human_fold.c $(wildcard src/assistant/wants_human_*.h) src/assistant/heard.h | build/.deps
	@mkdir -p build
	@$(CC) -O1 -Isrc $(WARNINGS) -D_GNU_SOURCE $(filter %.c,$^) -o $@ -lutf8proc

build/wants_human_tables.c: build/wants-human $(HEARD)
	@build/wants-human $(HEARD) > $@.new && mv $@.new $@

build/wants-human-ear: tools/wants-human-ear.c src/assistant/wants_human_feature.c src/assistant/wants_human_fold.c src/assistant/wants_human_ear.h | build/.deps
	@mkdir -p build
	@$(CC) -O2 -Isrc $(WARNINGS) -D_GNU_SOURCE $(filter %.c,$^) -o $@ -lutf8proc -lm

build/wants_human_ear_weights.c: build/wants-human-ear src/assistant/wants_human/sentences.tsv
	@build/wants-human-ear src/assistant/wants_human/sentences.tsv > $@.new && mv $@.new $@

# --- running ---------------------------------------------------------------------------------------
PORT ?= 8080
run: build/beckon
	@exec build/beckon serve demo --port $(PORT) --quiet

# --- tests -----------------------------------------------------------------------------------------
# The fuzz targets are built twice: replayed over their corpora by every test run (gcc, sanitizers),
# and let loose by `make fuzz` (clang, libFuzzer).
FUZZ := $(sort $(wildcard tests/fuzz/*_fuzz.c))
SYSTEM := $(sort $(wildcard tests/system/*_test.c))
SIMULATION := $(wildcard tests/simulation/*.c)

define OTHERS_OF
$$(FUZZ:%.c=$(1)/%): $(1)/tests/fuzz/%: $(1)/obj/tests/fuzz/%.o $(1)/obj/tests/fuzz/replay.o $(1)/libbeckon.a
	@mkdir -p $$(dir $$@)
	@echo "  LINK    $$@"
	@$$(CC) $$(LDFLAGS_$(2)) $$(filter %.o,$$^) $(1)/libbeckon.a $$(PKG_LIBS) -o $$@

$(1)/simulation: $$(SIMULATION:%.c=$(1)/obj/%.o) $(1)/libbeckon.a
	@echo "  LINK    $$@"
	@$$(CC) $$(LDFLAGS_$(2)) $$(filter %.o,$$^) $(1)/libbeckon.a $$(PKG_LIBS) -o $$@
endef
$(eval $(call OTHERS_OF,build,release))
$(eval $(call OTHERS_OF,build/asan,asan))
$(eval $(call OTHERS_OF,build/cov,cov))

# Faults of the system, put under a program with LD_PRELOAD.
build/tests/sabotage.so: tests/system/sabotage.c
	@mkdir -p $(dir $@)
	@echo "  CC      $<"
	@$(CC) -O1 -Wall -Wextra -Werror -D_GNU_SOURCE -shared -fPIC $< -o $@

SIMULATION_MAIN := $(wildcard tests/simulation/main.c)
.PHONY: tests-built coverage-built
coverage-built: build/cov/beckon $(UNIT:%.c=build/cov/%) $(FUZZ:%.c=build/cov/%) $(SYSTEM:%.c=build/cov/%) $(if $(SIMULATION_MAIN),build/cov/simulation)
tests-built: build/beckon build/asan/beckon $(UNIT:%.c=build/asan/%) $(FUZZ:%.c=build/asan/%) \
    $(SYSTEM:%.c=build/asan/%) $(SYSTEM:%.c=build/%) build/tests/sabotage.so \
    $(if $(SIMULATION_MAIN),build/simulation build/asan/simulation)

test: build/.deps
	@SEEDS=$(SEEDS) ROUNDS=$(ROUNDS) tools/run-tests $(SUITES)

sim: build/simulation
	@build/simulation --seeds $(SEEDS)

mutants: build/simulation
	@tools/run-mutants

lint: build/.deps
	@tools/lint

BENCH := $(patsubst bench/%.c,%,$(wildcard bench/*.c))
bench: build/beckon $(BENCH:%=build/bench/%)
	@tools/bench-table $(BENCH)

# What the assistant understands, finds and costs, beside NLP.js and fastText (which it installs; PEERS=0: without).
BENCH_ASSISTANT := intents knowledge assistant
bench-assistant: build/beckon $(BENCH_ASSISTANT:%=build/bench/%)
	@tools/bench-table proof $(BENCH_ASSISTANT)

FUZZ_SECONDS ?= 30
fuzz: build/assets.S build/wants_human_tables.c build/wants_human_ear_weights.c
	@tools/run-fuzzers $(FUZZ_SECONDS)

coverage: build/.deps
	@tools/run-coverage

# --- documents made from tables --------------------------------------------------------------------
build/beckon.1: build/beckon
	@build/beckon help --man > $@

# docs/scenarios.md is written by hand but for the tables between two marks.
docs: build/beckon build/beckon.1
	@build/beckon help --markdown > docs/cli.md
	@build/beckon help --api > docs/api.md
	@build/beckon help --scenarios > build/scenarios.md
	@sed -i -e '/<!-- verbs -->/,/<!-- end of verbs -->/{//!d}' -e '/<!-- verbs -->/r build/scenarios.md' docs/scenarios.md

# The pictures of the README, played in the browser test's own way.
pictures: build/beckon
	@node tests/browser/pictures.mjs
	@mkdir -p docs/pictures
	@for picture in widget agent board; do cp build/screenshots/readme-$$picture.png docs/pictures/$$picture.png; done

# --- installing ------------------------------------------------------------------------------------
USERS_DOCS := $(filter-out docs/architecture.md docs/dependencies.md,$(wildcard docs/*.md))
install: build/beckon build/beckon.1
	install -D -s -m 755 build/beckon $(DESTDIR)$(PREFIX)/bin/beckon
	install -D -m 644 build/beckon.1 $(DESTDIR)$(PREFIX)/share/man/man1/beckon.1
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/lib/systemd/system \
	    $(DESTDIR)$(PREFIX)/share/doc/beckon
	install -m 644 $(USERS_DOCS) $(DESTDIR)$(PREFIX)/share/doc/beckon/
	set -o pipefail; build/beckon help --completion | install -m 644 /dev/stdin $(DESTDIR)$(PREFIX)/share/bash-completion/completions/beckon
	sed 's,@PREFIX@,$(PREFIX),g' packaging/beckon.service | install -m 644 /dev/stdin $(DESTDIR)$(PREFIX)/lib/systemd/system/beckon.service

deb: build/beckon build/beckon.1
	@VERSION=$(VERSION) packaging/make-deb

clean:
	rm -rf build
