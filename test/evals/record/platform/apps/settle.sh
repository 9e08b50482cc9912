#!/bin/sh
# Settles a book for some seconds and gives up without a word.
sleep 6
exit 3
