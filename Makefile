# make run: open the app. make test: the tests of every change, in minutes. make test-all: all photos and looks too, for
# the night and before a release. make check: style and types. make setup: the set-up alone, shared by all. make lock:
# requirements.lock anew, after a change of requirements.txt.
.PHONY: run test test-all coverage setup setup-dev lock check fuzz bench bench-gpu soak clean
.DEFAULT_GOAL := run

# 3.11, 3.12 and 3.13 were tried; on 3.14 flip-evaluator has no wheel.
PYTHON ?= $(shell for p in python3.12 python3.13 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin

run: setup
	$(BIN)/python app.py

setup: .venv/.installed .venv/.weights
setup-dev: .venv/.installed-dev

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Headshot needs Python 3.11, 3.12 or 3.13. Install one, or say which: make PYTHON=/path/to/python3.12"; exit 2; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip

# What was tested, to the last file: pip takes nothing whose hash is another one. Not in the lock is torch, of which there is
# a build for each kind of machine: it and what it alone needs come by their range. Both builds of OpenCV write cv2/, and
# requirements.txt says which must land last; where it did not, it is laid over the other once more.
.venv/.installed: requirements.lock requirements.txt | .venv/bin/python
	@echo "Installing what the app needs (some minutes, once) …"
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -c 'import cv2, sys; sys.exit("QT" in cv2.getBuildInformation().split("GUI:")[1][:40])' 2>/dev/null \
		|| $(BIN)/python -m pip install --quiet --no-deps --force-reinstall $$(grep '^opencv-contrib-python-headless' requirements.txt)
	$(BIN)/python -m pip install --quiet $$(grep '^torch' requirements.txt)
	@touch $@

.venv/.weights: headshot/weights/weights.toml .venv/.installed
	@# Into the environment itself: a container's program has them then, whoever runs it.
	XDG_CACHE_HOME=.venv/share $(BIN)/python -m headshot weights --setup
	@touch $@

.venv/.installed-dev: requirements-dev.txt .venv/.installed .venv/.weights
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	@touch $@

lock: | .venv/bin/python
	$(BIN)/python -m pip install --quiet uv==0.13.9
	echo torch | $(BIN)/uv pip compile requirements.txt --excludes - --universal --python-version 3.11 \
		--generate-hashes --no-annotate --custom-compile-command "make lock" --quiet --output-file requirements.lock

# Two processes, each library on one thread: two that use all cores would slow each other tenfold. Bytecode is kept, also
# where the surroundings say otherwise: the programs that tests start would compile everything anew.
PYTEST := PYTHONDONTWRITEBYTECODE= OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder

test: setup-dev
	$(PYTEST)

test-all: setup-dev
	$(PYTEST) -m ""

coverage: setup-dev
	$(PYTEST) --cov headshot

check: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# 10,000 mutated files, looks, recipes, settings, words and bodies; each ends in an answer or in one plain line.
fuzz: setup-dev
	$(BIN)/python -m tests.fixtures.fuzz 10000

# One table of what a person waits for, in benchmarks/results.
bench: setup-dev
	$(BIN)/python -m benchmarks.table

# On a machine with an NVIDIA GPU: the engines' tests there, and time and memory at full size with random weights.
bench-gpu: setup-dev
	$(BIN)/python -m pytest -q -m gpu tests/engines/diffusion/test_gpu.py
	for family in sd15 sdxl; do \
		$(BIN)/python -m benchmarks.engine --family $$family --batches 1,4 && \
		$(BIN)/python -m benchmarks.engine --family $$family --only full,draft --compile || exit 1; done
	$(BIN)/python -m benchmarks.klein
	$(BIN)/python -m benchmarks.klein --offload

# Visitors come and go for an hour, one in ten hostile: make soak MINUTES=5 for a shorter one.
MINUTES ?= 60
soak: setup-dev
	$(BIN)/python -m benchmarks.soak --minutes $(MINUTES)

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache test-output
