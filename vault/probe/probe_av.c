/*
 * Containers of sound and picture, read by libmediainfo.  It is fed bytes and
 * says where it wants to read next, so it never needs a file of its own.
 */
#define UNICODE
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include <MediaInfoDLL/MediaInfoDLL_Static.h>

#include "vault/probe/probe_int.h"

#define CHUNK (64 * 1024)
#define TOTAL_MAX (256U << 20)	/* bytes fed to it in all */
#define JUMPS_MAX 4096
#define NOWHERE UINT64_MAX	/* it wants the bytes that follow */
#define DONE 8			/* bit of its state: it has read enough */

static void *handle;

/* see probe_int.h */
bool
probe_av_load(void)
{
	if ((handle = MediaInfo_New()) == NULL)
		return false;
	/* raw: names and values as they are, not as a person reads them */
	MediaInfo_Option(handle, L"Language", L"raw");
	MediaInfo_Option(handle, L"Internet", L"No");
	return true;
}

/* A wide string as UTF-8, cut at ${max} - 1 bytes. */
static void
narrow(const wchar_t *w, char *out, size_t max)
{
	size_t at = 0;
	uint32_t c;

	for (; *w != L'\0' && at + 5 <= max; w++) {
		c = (uint32_t)*w;
		if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
			c = 0xfffd;
		if (c < 0x80) {
			out[at++] = (char)c;
			continue;
		}
		if (c >= 0x10000) {
			out[at++] = (char)(0xf0 | c >> 18);
			out[at++] = (char)(0x80 | (c >> 12 & 0x3f));
		} else if (c >= 0x800) {
			out[at++] = (char)(0xe0 | c >> 12);
		} else {
			out[at++] = (char)(0xc0 | c >> 6);
			out[at++] = (char)(0x80 | (c & 0x3f));
			continue;
		}
		out[at++] = (char)(0x80 | (c >> 6 & 0x3f));
		out[at++] = (char)(0x80 | (c & 0x3f));
	}
	out[at] = '\0';
}

/* The first of ${names} (NULL at the end) that the stream states; or "". */
static const char *
get(MediaInfo_stream_C kind, const wchar_t *const *names, char *out,
    size_t max)
{
	const wchar_t *w;

	out[0] = '\0';
	for (; *names != NULL && out[0] == '\0'; names++) {
		w = MediaInfo_Get(handle, kind, 0, *names, MediaInfo_Info_Text,
		    MediaInfo_Info_Name);
		if (w != NULL)
			narrow(w, out, max);
	}
	return out;
}

static void
feed(void)
{
	static uint8_t buf[CHUNK];
	uint64_t off = 0, total = 0, want, size = probe_in_size();
	unsigned jumps = 0;
	size_t n;

	MediaInfo_Open_Buffer_Init(handle, size, 0);
	while (total < TOTAL_MAX &&
	    (n = probe_in_read(off, buf, sizeof(buf))) > 0) {
		total += n;
		off += n;
		if (MediaInfo_Open_Buffer_Continue(handle, buf, n) & DONE)
			break;
		want = MediaInfo_Open_Buffer_Continue_GoTo_Get(handle);
		if (want == NOWHERE)
			continue;
		if (want >= size || ++jumps > JUMPS_MAX)
			break;
		off = want;
		MediaInfo_Open_Buffer_Init(handle, size, off);
	}
	MediaInfo_Open_Buffer_Finalize(handle);
}

static void
tell_date(void)
{
	/* First the one with its zone; then the clock of the container. */
	static const wchar_t *const name[][2] = {
		{ L"com.apple.quicktime.creationdate", NULL },
		{ L"Recorded_Date", NULL },
		{ L"Encoded_Date", NULL },
	};
	char v[128], out[32];
	size_t i;

	for (i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		get(MediaInfo_Stream_General, name[i], v, sizeof(v));
		if (probe_date_norm(v, NULL, out)) {
			probe_out_str("created", out);
			return;
		}
	}
}

/* Milliseconds, perhaps with a fraction, as seconds. */
static void
tell_duration(void)
{
	static const wchar_t *const name[] = { L"Duration", NULL };
	char v[64], out[32];
	uint64_t ms = 0;
	size_t i;

	get(MediaInfo_Stream_General, name, v, sizeof(v));
	for (i = 0; v[i] >= '0' && v[i] <= '9' && i < 15; i++)
		ms = ms * 10 + (uint64_t)(v[i] - '0');
	if (i == 0 || (v[i] != '\0' && v[i] != '.'))
		return;
	snprintf(out, sizeof(out), "%llu.%03u",
	    (unsigned long long)(ms / 1000), (unsigned)(ms % 1000));
	probe_out_str("duration", out);
}

/* Append ${part} to the list ${out}, which has room for four of them. */
static void
add(char *out, size_t max, const char *before, const char *part)
{
	size_t at = strlen(out);

	if (part[0] != '\0')
		snprintf(out + at, max - at, "%s%s%s", at > 0 ? ", " : "",
		    before, part);
}

/*
 * Make, model, software and system.  Older versions of libmediainfo hand out
 * Apple's and Android's own names, newer ones (25) names of theirs.
 */
static void
tell_device(void)
{
	static const wchar_t *const name[3][6] = {
		{ L"com.apple.quicktime.make", L"Make",
		    L"Encoded_Hardware_CompanyName",
		    L"com.android.manufacturer", NULL, NULL },
		{ L"com.apple.quicktime.model", L"Model",
		    L"Encoded_Hardware_Model", L"Encoded_Hardware_Name",
		    L"com.android.model", NULL },
		{ L"com.apple.quicktime.software", L"Encoded_Application",
		    L"Encoded_Library", NULL, NULL, NULL },
	};
	static const wchar_t *const android[] = { L"com.android.version",
	    NULL };
	static const wchar_t *const os_name[] = {
	    L"Encoded_OperatingSystem_Name", NULL };
	static const wchar_t *const os[] = {
	    L"Encoded_OperatingSystem_Version", NULL };
	char part[256], system[256], out[4 * 268] = "";
	int i;

	for (i = 0; i < 3; i++)
		add(out, sizeof(out), "", get(MediaInfo_Stream_General,
		    name[i], part, sizeof(part)));
	add(out, sizeof(out), "Android ", get(MediaInfo_Stream_General,
	    android, part, sizeof(part)));
	if (part[0] == '\0') {
		get(MediaInfo_Stream_General, os_name, system, sizeof(system));
		add(out, sizeof(out), strcmp(system, "Android") == 0 ?
		    "Android " : "", get(MediaInfo_Stream_General, os, part,
		    sizeof(part)));
	}
	probe_out_str("device", out);
}

/* True if the digits ${v} are a size of a picture. */
static bool
is_size(const char *v)
{
	size_t n = strspn(v, "0123456789");

	return n > 0 && n < 8 && v[n] == '\0' && v[0] != '0';
}

/* A broken place would cost all the rest its credit: it is not stated. */
static void
tell_place(void)
{
	static const wchar_t *const name[] = {
		L"com.apple.quicktime.location.ISO6709", L"xyz", L"\u00a9xyz",
		L"Recorded_Location", L"Recorded/Location", L"LOCATION", NULL
	};
	char v[256];
	size_t n;

	get(MediaInfo_Stream_General, name, v, sizeof(v));
	n = strspn(v, "+-0123456789.,/ :_ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz");
	if (strspn(v, "+-0123456789") > 0 && v[n] == '\0' && n < 128)
		probe_out_str("gps", v);
}

static void
tell_picture(void)
{
	static const wchar_t *const wide[] = { L"Width", NULL };
	static const wchar_t *const high[] = { L"Height", NULL };
	static const MediaInfo_stream_C kind[2] = { MediaInfo_Stream_Video,
	    MediaInfo_Stream_Image };
	char w[64], h[64];
	int i;

	for (i = 0; i < 2; i++) {
		get(kind[i], wide, w, sizeof(w));
		get(kind[i], high, h, sizeof(h));
		if (!is_size(w) || !is_size(h))
			continue;
		probe_out_str("width", w);
		probe_out_str("height", h);
	}
}

/* True if there may be a container to look into; text never is. */
static bool
wanted(const char *mime)
{
	static const char *const types[] = {
		"application/octet-stream", "application/ogg",
		"application/mxf", "application/vnd.rn-realmedia",
		"application/vnd.ms-asf", "application/x-matroska",
		"application/mp4"
	};
	size_t i;

	if (strncmp(mime, "video/", 6) == 0 ||
	    strncmp(mime, "audio/", 6) == 0 || strncmp(mime, "image/", 6) == 0)
		return true;
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(mime, types[i]) == 0)
			return true;
	}
	return false;
}

/* see probe_int.h */
void
probe_av_tell(const char *mime)
{
	if (!wanted(mime))
		return;
	feed();
	tell_date();
	tell_duration();
	tell_place();
	tell_device();
	tell_picture();
}
