# Sandyq.  Two commands on a fresh Debian 12 or 13: make demo, make test.
#
#   make            build/sandyq, build/sandyq-verify and build/sandyq-probe
#   make demo       install what is missing, build, run the main job
#   make test       install what is missing, build, lint, pass all tests
#   make lint       the rules of the house, each with its own complaint
#   make tamper     every bit of a vault changed, and much else: long
#   make torture    every call of every operation failed, power cut: hours
#   make fuzz       every parser of foreign bytes, 60 seconds each (clang)
#   make fuzz-long  until each has had an hour; SECONDS_EACH=N; TARGETS="a b"
#   make valgrind   every operation and unit test under memcheck: hours
#   make coverage   branches reached of what reads foreign bytes: 15 minutes
#   make reliability  docs/RELIABILITY.md anew: what was tried, what held
#   make bench      ratios measured in one run
#   make nightly    a file of 20 GiB, and every fault at every call: an hour
#   make vectors    our test vectors anew: the same bytes as before
#   make conformance  docs/CONFORMANCE.md anew, from the foreign vectors
#   make install    to $(DESTDIR)$(PREFIX); make uninstall undoes it
#   make lib unit   the libraries and the unit tests alone
#   make clean
#
# SAN=1 builds and tests under ASan and UBSan in build-san/.  CC=clang works;
# B=FOLDER puts everything made elsewhere; V=1 shows the commands.

CC = gcc
AR = ar
PKG_CONFIG = pkg-config
PREFIX = /usr/local
DESTDIR =
BINDIR = $(PREFIX)/bin
LIBEXECDIR = $(PREFIX)/libexec/sandyq
MANDIR = $(PREFIX)/share/man
JOBS := $(shell nproc 2>/dev/null || echo 1)

comma := ,

B = build$(if $(SAN),-san)$(if $(COV),-cov)
Q = $(if $(V),,@)

# --- flags -----------------------------------------------------------------

WARN = -Wall -Wextra -Wpedantic -Wconversion -Wshadow $(if $(WERROR),-Werror)
BASE = -std=c17 $(WARN) -D_GNU_SOURCE -I.

# $(call cc-option,FLAG): the flag, if this compiler takes it without a word.
cc-option = $(shell echo 'int main(void){return 0;}' | $(CC) -Werror -O2 $(1) \
    -xc -c -o /dev/null - >/dev/null 2>&1 && printf '%s' '$(1)')

ifdef FUZZ
MODE = -O1 -g -fno-omit-frame-pointer \
    -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
MODELD = -fsanitize=address,undefined
PIE = -fPIE
else ifdef SAN
MODE = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
    -fno-sanitize-recover=all
MODELD = -fsanitize=address,undefined
PIE = -fPIE
else ifdef COV
MODE = -O0 -g -fprofile-arcs -ftest-coverage -fprofile-update=atomic
# a child that ends by _exit counts what it took if it calls __gcov_dump
MODELD = --coverage -Wl,-u,__gcov_dump
PIE = -fPIE
else
FORTIFY3 := $(call cc-option,-D_FORTIFY_SOURCE=3 -include stdio.h)
FORTIFY := $(if $(FORTIFY3),-D_FORTIFY_SOURCE=3,-D_FORTIFY_SOURCE=2)
HARD := $(call cc-option,-fstack-protector-strong) \
    $(call cc-option,-fstack-clash-protection) \
    $(call cc-option,-fcf-protection=full) \
    $(call cc-option,-mbranch-protection=standard)
MODE = -O2 -g -U_FORTIFY_SOURCE $(FORTIFY) $(HARD)
MODELD =
PIE = -fPIE
endif
# Debian's start files carry no CET note, so the linker would drop ours; the
# shadow stack holds for them as well, and that half is put back by force.
SHSTK := $(if $(filter x86_64,$(shell uname -m)),-Wl$(comma)-z$(comma)shstk)
LINKHARD = -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code $(SHSTK) \
    -Wl,--as-needed

# Where a package has no pkg-config file the second argument stands in.
pkg-libs = $(or $(shell $(PKG_CONFIG) --libs $(1) 2>/dev/null),$(2))
pkg-cflags = $(shell $(PKG_CONFIG) --cflags $(1) 2>/dev/null)

CRYPTO_LIBS := $(call pkg-libs,libsodium,-lsodium) \
    $(call pkg-libs,libargon2,-largon2) $(call pkg-libs,libcrypto,-lcrypto) \
    $(call pkg-libs,jansson,-ljansson)
VAULT_LIBS := $(call pkg-libs,sqlcipher,-lsqlcipher) \
    $(call pkg-libs,icu-i18n icu-uc,-licui18n -licuuc) \
    $(call pkg-libs,libqrencode,-lqrencode)
SECCOMP_LIBS := $(call pkg-libs,libseccomp,-lseccomp)
CLI_LIBS := $(call pkg-libs,libedit,-ledit)
PROBE_LIBS := $(call pkg-libs,libmagic,-lmagic) \
    $(call pkg-libs,libmediainfo,-lmediainfo) \
    $(call pkg-libs,libexif,-lexif) $(call pkg-libs,expat,-lexpat) \
    $(call pkg-libs,zlib,-lz) $(SECCOMP_LIBS)
TEST_LIBS := $(call pkg-libs,cmocka,-lcmocka) $(SECCOMP_LIBS) -lz -lpthread
PKG_CFLAGS := $(sort $(call pkg-cflags,libsodium) $(call pkg-cflags,libcrypto) \
    $(call pkg-cflags,jansson) $(call pkg-cflags,sqlcipher) \
    $(call pkg-cflags,icu-uc) $(call pkg-cflags,libedit))

ALL_CFLAGS = $(BASE) $(MODE) $(PIE) $(PKG_CFLAGS) $(CFLAGS) $(CPPFLAGS)
ALL_LDFLAGS = $(MODELD) $(LINKHARD) $(LDFLAGS)

# --- what is built of what ---------------------------------------------------

MAINS = cli/main.c cli/verify_main.c
CRYPTO_SRC := $(sort $(wildcard crypto/*.c))
PROBE_SRC := $(sort $(wildcard vault/probe/*.c))
VAULT_SRC := $(sort $(filter-out $(PROBE_SRC),$(wildcard vault/*.c vault/*/*.c)))
CLI_SRC := $(sort $(filter-out $(MAINS),$(wildcard cli/*.c)))
TEST_SRC := $(sort $(wildcard tests/unit/test_*.c))
# Written from docs/ alone, without crypto/ and vault/: they must agree.
REF_SRC := tests/vectors/ref.c tests/vectors/ref_vault.c
FUZZ_SRC := $(addprefix tests/fuzz/fuzz,.c _crypto.c _bundle.c _vault.c)
FUZZ_MAINS = tests/fuzz/fuzz_main.c tests/fuzz/fuzz_drive.c
FAULT_SRC := $(wildcard tests/fault/*.c)
BENCH_SRC := $(addprefix tests/bench/,bench.c peer.c plain.c text.c)
BENCH_NAMES_SRC := $(addprefix tests/bench/,bench_names.c people.c \
    people_data.c peer.c plain.c)

# All that sandyq-verify may consist of: no store, no record but the table of
# types, no SQLCipher, no ICU.  make lint proves it on the finished program.
VERIFY_SRC := $(filter-out crypto/keyslot.c,$(CRYPTO_SRC)) \
    $(sort $(wildcard vault/fsio*.c vault/thread.c vault/sandbox.c \
    vault/record/model*.c \
    vault/bundle/verify*.c vault/bundle/open*.c vault/bundle/tar*.c \
    vault/bundle/receipt*.c vault/bundle/rotation*.c vault/bundle/qr_svg.c \
    vault/bundle/recall*.c \
    vault/bundle/bag*.c vault/bundle/card*.c vault/bundle/statement*.c \
    vault/bundle/queue*.c \
    vault/bundle/seal*.c vault/bundle/consist*.c vault/bundle/csv*.c \
    vault/bundle/roots*.c \
    cli/ui.c cli/ui_*.c cli/wipe.c cli/pass.c cli/opts.c cli/out.c cli/dispatch.c \
    cli/cmd_verify.c))

obj = $(patsubst %.c,$(B)/obj/%.o,$(1))
TESTS = $(patsubst tests/unit/%.c,$(B)/tests/%,$(TEST_SRC))
ALL_SRC = $(CRYPTO_SRC) $(VAULT_SRC) $(PROBE_SRC) $(CLI_SRC) \
    $(wildcard $(MAINS)) $(TEST_SRC) $(REF_SRC) $(BENCH_SRC) $(FUZZ_SRC) \
    $(BENCH_NAMES_SRC) \
    $(FUZZ_MAINS) $(FAULT_SRC)

all: $(B)/sandyq $(B)/sandyq-verify $(B)/sandyq-probe
lib: $(B)/libsandyq.a
unit: $(TESTS) $(B)/tests/sandyq-probe $(B)/ref $(B)/ref_vault \
    $(B)/fuzz_drive $(B)/fault.so $(B)/cheap.so $(B)/alloc.so \
    $(if $(COV),$(B)/loose.so)

$(B)/sandyq: $(call obj,cli/main.c) $(B)/libcli.a $(B)/libsandyq.a
	@echo "  LD    $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(VAULT_LIBS) $(CRYPTO_LIBS) $(CLI_LIBS) \
	    $(SECCOMP_LIBS)

$(B)/sandyq-verify: $(call obj,cli/verify_main.c) $(B)/libverify.a
	@echo "  LD    $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(CRYPTO_LIBS) $(SECCOMP_LIBS)

# It reads hostile media in a jail where the sanitizers cannot work, so it is
# always built without them; nothing of ours is linked into it.
$(B)/sandyq-probe: $(call obj,$(PROBE_SRC))
	@echo "  LD    $@"
	$(Q)$(CC) $(LINKHARD) $(LDFLAGS) -o $@ $^ $(PROBE_LIBS)
NOCOV = $(if $(COV),-fno-profile-arcs -fno-test-coverage)
$(call obj,$(PROBE_SRC)): OBJ_CFLAGS = $(if $(SAN),-O2 -fno-sanitize=all) \
    $(NOCOV)

# Where it is looked for if it is not beside the running program; the tests
# find it beside themselves.
$(B)/obj/vault/probe.o: OBJ_CFLAGS = \
    -DPROBE_PATH='"$(LIBEXECDIR)/sandyq-probe"'
$(B)/obj/vault/probe.o: $(B)/libexecdir
$(B)/obj/tests/fault/%.o: OBJ_CFLAGS = -fPIC $(NOCOV)
$(B)/libexecdir: FORCE
	@mkdir -p $(B)
	@printf '%s\n' '$(LIBEXECDIR)' | cmp -s - $@ || \
	    printf '%s\n' '$(LIBEXECDIR)' >$@
$(B)/tests/sandyq-probe: | $(B)/sandyq-probe
	@mkdir -p $(@D)
	$(Q)ln -sf ../sandyq-probe $@

$(B)/libsandyq.a: $(call obj,$(CRYPTO_SRC) $(VAULT_SRC))
$(B)/libcli.a: $(call obj,$(CLI_SRC))
$(B)/libverify.a: $(call obj,$(VERIFY_SRC))
$(B)/%.a:
	@echo "  AR    $@"
	@mkdir -p $(@D)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $(filter %.o,$^)

# What the compiler said is kept beside the object, so that make lint can
# hold it against us long after.
$(B)/obj/%.o: %.c $(B)/flags
	@echo "  CC    $<"
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(OBJ_CFLAGS) -MMD -MP -c -o $@ $< 2>$(@:.o=.warn) || bad=1; \
	    cat $(@:.o=.warn) >&2; [ -z "$$bad" ]

# test_cli_*.c also see the command line's parts; the others must not need them.
$(B)/tests/test_cli_%: $(B)/obj/tests/unit/test_cli_%.o $(B)/libcli.a \
    $(B)/libsandyq.a
	$(link-test)
# Each call that changes a file is counted there, and fails when asked to.
$(B)/tests/test_fault_%: $(B)/obj/tests/unit/test_fault_%.o \
    $(B)/obj/tests/fault/fault.o $(B)/libsandyq.a
	$(link-test)
# Over a whole program, by LD_PRELOAD: see tests/fault/fault.h and cheap.c.
$(B)/fault.so $(B)/cheap.so $(B)/alloc.so $(B)/loose.so: $(B)/%.so: \
    $(B)/obj/tests/fault/%.o
	@echo "  LD    $@"
	$(Q)$(CC) -shared -o $@ $^
# These open a vault thousands of times: Argon2id alone is remembered there.
$(B)/tests/test_tamper% $(B)/tests/test_power%: WRAP = -Wl,--wrap=kdf_derive
$(B)/tests/test_tamper_rest: WRAP += -Wl,--wrap=object_seal
# All that these call may fail: see tests/unit/failing.h.
FAILING := $(wildcard crypto/*.h vault/fsio*.h vault/thread.h vault/store/*.h \
    vault/bundle/*.h) tests/unit/failing.c
$(B)/failing_wrap.c: tests/unit/failing.pl $(FAILING)
	@mkdir -p $(@D)
	$(Q)perl tests/unit/failing.pl $(B)/failing_wrap.ld $(FAILING) >$@
$(B)/obj/failing_wrap.o: $(B)/failing_wrap.c $(B)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(NOCOV) -c -o $@ $<
$(B)/obj/tests/unit/failing.o: OBJ_CFLAGS = $(NOCOV)
$(B)/tests/test_failing_%: WRAP = @$(B)/failing_wrap.ld
$(B)/tests/test_failing_%: $(B)/obj/tests/unit/test_failing_%.o \
    $(B)/obj/tests/unit/failing.o $(B)/obj/failing_wrap.o $(B)/libsandyq.a
	$(link-test)
$(B)/tests/test_%: $(B)/obj/tests/unit/test_%.o $(B)/libsandyq.a
	$(link-test)
define link-test
@echo "  LD    $@"
@mkdir -p $(@D)
$(Q)$(CC) $(ALL_LDFLAGS) $(WRAP) -o $@ $^ $(VAULT_LIBS) $(CRYPTO_LIBS) \
    $(CLI_LIBS) $(TEST_LIBS)
endef

$(B)/ref $(B)/ref_vault: $(B)/%: $(B)/obj/tests/vectors/%.o
	@echo "  LD    $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(VAULT_LIBS) $(CRYPTO_LIBS)

# Every parser of foreign bytes: fuzz under libFuzzer, fuzz_drive over files.
$(B)/fuzz: LINK_FUZZ = -fsanitize=fuzzer
$(B)/fuzz: $(B)/obj/tests/fuzz/fuzz_main.o
$(B)/fuzz_drive: $(B)/obj/tests/fuzz/fuzz_drive.o
$(B)/fuzz $(B)/fuzz_drive: $(call obj,$(FUZZ_SRC)) $(B)/libsandyq.a
	@echo "  LD    $@"
	$(Q)$(CC) $(ALL_LDFLAGS) $(LINK_FUZZ) -o $@ $(filter %.o,$^) \
	    $(filter %.a,$^) $(VAULT_LIBS) $(CRYPTO_LIBS)

# Other flags or another compiler than last time: build again.
$(B)/flags: FORCE
	@mkdir -p $(B)
	@printf '%s\n' '$(CC) $(ALL_CFLAGS)' >$@.$$$$ && \
	    if cmp -s $@.$$$$ $@; then rm -f $@.$$$$; else mv $@.$$$$ $@; fi

-include $(patsubst %.c,$(B)/obj/%.d,$(ALL_SRC))

# --- what is done with it ------------------------------------------------------

export SANDYQ = $(abspath $(B))/sandyq
export SANDYQ_VERIFY = $(abspath $(B))/sandyq-verify
export SANDYQ_PROBE = $(abspath $(B))/sandyq-probe

deps:
	@sh tests/install-deps.sh

# The tools may only have arrived with deps: make anew, so that flags are
# found with them in place.
test: deps
	@$(MAKE) --no-print-directory -j$(JOBS) all unit
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory run-tests

run-tests:
	@B=$(B) JOBS=$(JOBS) SAN=$(SAN) sh tests/run.sh

# Every bit of every file and a great many kills: a quarter of an hour.
tamper: all unit
	@for t in $(B)/tests/test_tamper*; do TAMPER_ALL=1 $$t || exit 1; done
	@TAMPER_ALL=1 prove -e sh tests/scenario/2*.t

# What ran and held becomes the table of docs/RELIABILITY.md.
torture: all unit
	@B=$(B) JOBS=$(JOBS) sh tests/torture.sh $(TORTURE)

fuzz: all
	@$(MAKE) --no-print-directory -j$(JOBS) FUZZ=1 CC=clang B=build-fuzz \
	    build-fuzz/fuzz build-fuzz/fuzz_drive
	@B=build-fuzz JOBS=$(JOBS) sh tests/fuzz/run.sh $(TARGETS)

coverage:
	@$(MAKE) --no-print-directory -j$(JOBS) COV=1 all unit
	@B=build-cov JOBS=$(JOBS) sh tests/coverage.sh

# What each target has had so far is kept, and stands in docs/RELIABILITY.md.
fuzz-long:
	@SECONDS_EACH=$${SECONDS_EACH:-3600} FUZZ_DONE=tests/fuzz/done.tsv \
	    $(MAKE) --no-print-directory fuzz

# Needs 45 GiB below $TMPDIR.
nightly: all unit
	@LARGE_MIB=20480 prove -v -e sh tests/scenario/16-large.t
	@for t in $(B)/tests/test_fault*; do FAULT_ALL=1 $$t || exit 1; done

demo: deps
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@sh docs/sample/demo.sh

lint:
	@$(MAKE) --no-print-directory -k -j$(JOBS) all unit || true
	@B=$(B) CC=$(CC) SAN=$(SAN) MAKE="$(MAKE)" sh tests/lint/run.sh

# Held against SQLCipher itself: outside the layers, hence linked for itself.
$(B)/bench: $(call obj,$(BENCH_SRC))
	@echo "  LD    $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(VAULT_LIBS) $(CRYPTO_LIBS)

$(B)/bench_names: $(call obj,$(BENCH_NAMES_SRC))
	@echo "  LD    $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(VAULT_LIBS) $(CRYPTO_LIBS)

bench: all $(B)/bench $(B)/bench_names
	@B=$(B) sh tests/bench/run.sh
	@B=$(B) sh tests/bench/names.sh 100000

.PHONY: bench-names
bench-names: all $(B)/bench_names
	@B=$(B) sh tests/bench/names.sh 1000000

# Needs the foreign vectors; says so where they are absent.
conformance: unit
	@B=$(B) sh tests/conformance.sh

vectors: $(B)/ref
	$(B)/ref tests/vectors

install: all
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(MANDIR)/man1
	install -m 755 $(B)/sandyq $(B)/sandyq-verify $(DESTDIR)$(BINDIR)
	install -d $(DESTDIR)$(LIBEXECDIR)
	install -m 755 $(B)/sandyq-probe $(DESTDIR)$(LIBEXECDIR)
	for m in docs/man/*.1; do \
	    [ ! -f "$$m" ] || install -m 644 "$$m" $(DESTDIR)$(MANDIR)/man1; \
	done

uninstall:
	rm -f $(DESTDIR)$(BINDIR)/sandyq $(DESTDIR)$(BINDIR)/sandyq-verify
	rm -f $(DESTDIR)$(LIBEXECDIR)/sandyq-probe
	-rmdir $(DESTDIR)$(LIBEXECDIR) 2>/dev/null
	for m in docs/man/*.1; do \
	    rm -f "$(DESTDIR)$(MANDIR)/man1/$${m##*/}"; \
	done

clean:
	rm -rf build build-san build-clang build-fuzz build-cov

reliability: all unit
	@B=$(B) JOBS=$(JOBS) sh tests/reliability.sh

# What takes a second takes half a minute there; VALGRIND="NAME ...": those.
valgrind: all unit
	@B=$(B) sh tests/valgrind.sh $(VALGRIND)

FORCE:

.PHONY: reliability valgrind
.PHONY: all conformance lib unit deps test run-tests tamper torture fuzz \
    fuzz-long coverage nightly demo lint bench vectors install uninstall clean FORCE
.DELETE_ON_ERROR:
.SECONDARY:
