#!/usr/bin/env bash
# One would guess: connecting to a Dask scheduler either works or says why not (OSError, TimeoutError).
# True: the scheduler tells every client of each cancelled task; a client that connects at that moment is sent its
# greeting and that news as one batch, expects exactly one message, and stops with an AssertionError without words.
# Why a trial cares: colleagues share a cluster for simulations; one who presses Ctrl-C makes another's start fail.
# Source: distributed/client.py, Client._ensure_connected; distributed/scheduler.py, add_client and stimulus_cancel.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet distributed==2026.8.0
cat > "$work/show.py" <<'PY'
import logging
import threading
import time
from contextlib import suppress

import distributed
from distributed import Client, LocalCluster


def slow(number):
    time.sleep(0.2)
    return number


def busy(client, stop):
    while not stop.is_set():
        for future in client.map(slow, range(200), pure=False):
            future.cancel()
        time.sleep(0.2)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1") as cluster:
        colleague, stop = Client(cluster.scheduler_address, set_as_default=False), threading.Event()
        work = threading.Thread(target=busy, args=(colleague, stop))
        work.start()
        messages, tried = [], 0
        while tried < 1000 and len(messages) < 3:
            tried += 1
            try:
                Client(cluster.scheduler_address, timeout=5, set_as_default=False).close()
            except AssertionError as error:
                messages.append(str(error))
        stop.set()
        work.join()
        print("distributed", distributed.__version__)
        print(f"{tried} connections while another client cancels: {len(messages)} AssertionErrors, words {set(messages)}")
        assert set(messages) == {""}, "the behaviour has changed"
        with suppress(TimeoutError):
            colleague.close(timeout=20)
PY
"$work/venv/bin/python" "$work/show.py" 2> "$work/noise" || { cat "$work/noise"; exit 1; }
# Seen: distributed 2026.8.0
#       31 connections while another client cancels: 3 AssertionErrors, words {''}
