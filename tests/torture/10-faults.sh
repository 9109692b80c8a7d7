#!/bin/sh
# PW3, PW4, PW5, PW6, PW7: every call that changes a file, of every operation,
# fails in every way.  ONLY="OP ...": of those.
exec sh tests/fault/all.sh EIO ENOSPC EINTR short kill
