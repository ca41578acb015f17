# SPDX-License-Identifier: GPL-3.0-or-later
# The front door. `make` builds, `make demo` shows, `make check` proves. Everything below meson and ninja does the work.
.POSIX:
.PHONY: all packages install demo check check-long bench sizes format clean

DEMO = demo
LISTEN = 127.0.0.1:8080
PREFIX = /usr/local

# build/amana and the executables beside it, nothing else.
all: build/build.ninja
	@ninja -C build

build/build.ninja:
	@meson setup build --buildtype=debugoptimized -Dtests=false

# What is missing to build, from Debian.
packages:
	@tool/install build

# PREFIX/bin/amana, the executables in PREFIX/lib/amana, the code lists in PREFIX/share/amana; below DESTDIR when that is given.
install: build/build.ninja
	@meson configure build -Dprefix=$(PREFIX)
	@ninja -C build
	@DESTDIR=$(DESTDIR) meson install -C build --no-rebuild --quiet

# A demo instance in ./demo, kept between runs, served at http://127.0.0.1:8080/.
demo: packages all
	@exec tool/demo build $(DEMO) $(LISTEN)

# Every gate and every test; the last line is "N passed, N failed".
check:
	@tool/install test
	@tool/check.sh

# Full products, real clocks, thread sanitizer, valgrind, hours of fuzzing, coverage.
check-long:
	@tool/install test
	@tool/check_long.sh

# Figures, side by side in one run; never pass or fail.
bench: packages
	@test -e build-bench/build.ninja || meson setup build-bench --buildtype=release -Ddebug=true -Dwerror=false -Dtests=true
	@ninja -C build-bench
	@test/bench/run.sh build-bench

# What is furthest out: the longest functions and files.
sizes:
	@tool/sizes.sh

format:
	@git ls-files -co --exclude-standard '*.c' '*.h' | xargs clang-format -i

clean:
	rm -rf build build-*
