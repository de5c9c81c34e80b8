# The app with your own pixels, on a processor. Neither built nor run where this was written: what it asks of the app
# (no root, a read-only program, no home, no libGL) is tested without Docker, in tests/ui/server/test_surroundings.py.
FROM python:3.12-slim

# PyTorch's build for processors: a tenth of the one with CUDA. For a GPU: --build-arg TORCH_INDEX=https://download.pytorch.org/whl/cu128
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ENV PIP_EXTRA_INDEX_URL=$TORCH_INDEX PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1

RUN apt-get update && apt-get install --yes --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY Makefile requirements.txt requirements.lock ./
COPY app.py ./
COPY presets presets
COPY headshot headshot
RUN make setup PYTHON=python3

USER 10001:10001
ENV HOST=0.0.0.0 PORT=7860
EXPOSE 7860
HEALTHCHECK --start-period=60s CMD [".venv/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/healthz')"]
CMD [".venv/bin/python", "app.py"]
