#!/bin/sh
# RAM: memory runs out, once, at every place where an operation asks for some;
# ALLOC_ALL=1: each time that it asks, which takes days.  ONLY="OP ...".
exec sh tests/fault/all.sh alloc
