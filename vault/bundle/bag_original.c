/*
 * What an attachment is called in a bundle: original.EXT, with an extension
 * that no system takes for a program, whatever its real name was.  See bag.h.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "vault/bundle/bag.h"

#define OTHER "bin"

/* Each once, with the media types that stand for it; first the usual one. */
static const struct {
	const char *ext;
	const char *mime[3];
} known[] = {
	{ "3gp", { "video/3gpp", "audio/3gpp" } },
	{ "aac", { "audio/aac", "audio/x-hx-aac-adts" } },
	{ "amr", { "audio/amr" } },
	{ "avi", { "video/x-msvideo", "video/avi" } },
	{ OTHER, { "application/octet-stream" } },
	{ "bmp", { "image/bmp", "image/x-ms-bmp" } },
	{ "caf", { "audio/x-caf" } },
	{ "csv", { "text/csv" } },
	{ "docx", { "application/vnd.openxmlformats-officedocument."
	    "wordprocessingml.document" } },
	{ "eml", { "message/rfc822" } },
	{ "flac", { "audio/flac", "audio/x-flac" } },
	{ "flv", { "video/x-flv" } },
	{ "gif", { "image/gif" } },
	{ "heic", { "image/heic", "image/heif" } },
	{ "jpg", { "image/jpeg" } },
	{ "jpeg", { NULL } },
	{ "json", { "application/json" } },
	{ "m2ts", { NULL } },
	{ "m4a", { "audio/mp4", "audio/x-m4a" } },
	{ "m4v", { "video/x-m4v" } },
	{ "mkv", { "video/x-matroska" } },
	{ "mov", { "video/quicktime" } },
	{ "mp3", { "audio/mpeg" } },
	{ "mp4", { "video/mp4" } },
	{ "mpg", { "video/mpeg", "video/mpeg4-generic" } },
	{ "mpeg", { NULL } },
	{ "mts", { "video/mp2t" } },
	{ "odp", { "application/vnd.oasis.opendocument.presentation" } },
	{ "ods", { "application/vnd.oasis.opendocument.spreadsheet" } },
	{ "odt", { "application/vnd.oasis.opendocument.text" } },
	{ "oga", { "audio/ogg" } },
	{ "ogg", { "application/ogg" } },
	{ "ogv", { "video/ogg" } },
	{ "opus", { "audio/opus" } },
	{ "pdf", { "application/pdf" } },
	{ "png", { "image/png" } },
	{ "pptx", { "application/vnd.openxmlformats-officedocument."
	    "presentationml.presentation" } },
	{ "tif", { "image/tiff" } },
	{ "tiff", { NULL } },
	{ "txt", { "text/plain" } },
	{ "wav", { "audio/x-wav", "audio/wav", "audio/vnd.wave" } },
	{ "webm", { "video/webm", "audio/webm" } },
	{ "webp", { "image/webp" } },
	{ "wma", { "audio/x-ms-wma" } },
	{ "wmv", { "video/x-ms-wmv", "video/x-ms-asf" } },
	{ "xlsx", { "application/vnd.openxmlformats-officedocument."
	    "spreadsheetml.sheet" } },
	{ "zip", { "application/zip" } },
};

#define NKNOWN (sizeof(known) / sizeof(known[0]))

/* see bag.h */
bool
bag_original_ok(const char *ext)
{
	for (size_t i = 0; i < NKNOWN; i++)
		if (strcmp(known[i].ext, ext) == 0)
			return true;
	return false;
}

/* see bag.h */
const char *
bag_original_ext(const char *name, const char *mime)
{
	const char *dot = name == NULL ? NULL : strrchr(name, '.');

	for (size_t i = 0; dot != NULL && i < NKNOWN; i++)
		if (strcasecmp(known[i].ext, dot + 1) == 0)
			return known[i].ext;
	for (size_t i = 0; mime != NULL && i < NKNOWN; i++)
		for (size_t k = 0; k < 3 && known[i].mime[k] != NULL; k++)
			if (strcasecmp(known[i].mime[k], mime) == 0)
				return known[i].ext;
	return OTHER;
}

/* see bag.h */
void
bag_original(uint64_t item, const char *ext, char out[BAG_ORIGINAL_MAX])
{
	(void)snprintf(out, BAG_ORIGINAL_MAX, "items/%06llu/original.%.8s",
	    (unsigned long long)(item % 1000000), ext);
}
