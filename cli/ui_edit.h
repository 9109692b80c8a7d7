/*
 * Lines of the shell: edited on a terminal, plain otherwise.  No history is
 * kept anywhere.  While it runs, the signals that end a program wait until a
 * command is finished.
 */
#ifndef SQ_CLI_UI_EDIT_H
#define SQ_CLI_UI_EDIT_H

#include <stdbool.h>
#include <stddef.h>

enum ui_edit_got {
	UI_EDIT_LINE,
	UI_EDIT_END,		/* of the input */
	UI_EDIT_IDLE,		/* nothing came for too long */
	UI_EDIT_SIGNAL		/* someone wants this to end */
};

/** ui_edit_begin(prog): hold the signals; edit lines if a person is there. */
void ui_edit_begin(const char *prog);

/** ui_edit_end(): everything as it was. */
void ui_edit_end(void);

/**
 * ui_edit_wait(seconds):
 * Wait for standard input; 0 seconds: for ever.  UI_EDIT_LINE: there is
 * something to read.
 */
enum ui_edit_got ui_edit_wait(unsigned seconds);

/**
 * ui_edit_typed(take, arg):
 * On a terminal ${take} hears the line as it stands whenever a key was pressed
 * and the next one is not there yet; NULL: nobody does.
 */
void ui_edit_typed(void (*take)(void *arg, const char *line, size_t n),
    void *arg);

/** ui_edit_start(text): the next line begins with it, as if it was typed. */
void ui_edit_start(const char *text);

/**
 * ui_edit_line(prompt, seconds, ret):
 * The next line without its end; the caller wipes and frees.
 */
enum ui_edit_got ui_edit_line(const char *prompt, unsigned seconds,
    char **ret);

#endif
