# make run    set everything up and open the window (without a display: the demonstration, headless)
# make test   set everything up and run every check
# make peers  install the other makers' programs that some tests talk to
# make lock   resolve the dependencies anew;   make bundle   build the one-folder program

.DEFAULT_GOAL := run
.PHONY: run test peers lock bundle clean

# The first interpreter that is 3.11 to 3.13 and really starts.
PYTHON := $(shell for p in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& echo $$p && break; done)
VENV := .venv
VPY := $(VENV)/bin/python
OUT ?= out

ifeq ($(PYTHON),)
$(error Python 3.11, 3.12 or 3.13 with its venv module is needed: apt-get install make python3-venv)
endif

# A stamp per lock file, named after its content: a changed lock installs anew, an unchanged one costs nothing.
run_stamp := $(VENV)/.run-$(shell cat requirements/run.txt pyproject.toml | cksum | cut -d' ' -f1)
test_stamp := $(VENV)/.test-$(shell cat requirements/test.txt pyproject.toml | cksum | cut -d' ' -f1)

# The program is started often, by its tests above all: its compiled modules are kept whatever the shell says.
unexport PYTHONDONTWRITEBYTECODE

run: $(if $(wildcard $(test_stamp)),$(test_stamp),$(run_stamp))
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then exec $(VPY) -m zsgis; else \
		$(VPY) -m zsgis demo $(OUT) && echo && \
		echo "No display here, so the demonstration was made in $(OUT)/ instead of opening the window." && \
		echo "For the window: make run in a desktop session, or: xvfb-run -s '-screen 0 1366x768x24' make run"; fi

test: $(test_stamp)
	$(VPY) -m ruff format --check .
	$(VPY) -m ruff check .
	$(VPY) -m mypy
	$(VENV)/bin/lint-imports
	QT_QPA_PLATFORM=offscreen $(VPY) -m pytest -n logical --maxprocesses 8 --dist worksteal $(ARGS)

peers:
	@requirements/system.sh peers

$(run_stamp) $(test_stamp): $(VENV)/.%:
	@requirements/system.sh run
	@test -x $(VPY) || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked packages of requirements/$(firstword $(subst -, ,$*)).txt"
	@$(VPY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements/$(firstword $(subst -, ,$*)).txt
	@$(VPY) -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

lock:
	$(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/pip install -q uv
	for name in run test; do \
		[ $$name = test ] && more="--extra test -c requirements/run.txt" || more="--extra install"; \
		$(VENV)/lock/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
			--no-emit-index-url --no-emit-find-links $$more pyproject.toml -o requirements/$$name.txt || exit 1; done

bundle: $(test_stamp)
	@requirements/system.sh bundle
	$(VPY) build_installer.py

clean:
	rm -rf $(VENV) build dist $(OUT)
