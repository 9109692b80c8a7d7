/*
 * See probe_sheet.h.
 */
#include "vault/probe/probe_sheet.h"
#include "vault/probe/probe_int.h"

/* see probe_sheet.h */
bool
probe_sheet_load(void)
{
	return probe_text_load();
}

/* see probe_sheet.h */
_Noreturn void
probe_sheet_tell(const struct probe_sheet_ask *ask)
{
	uint8_t b[8] = { 0 };

	if (probe_in_size() == 0)
		probe_row_refuse("there is nothing in it");
	if (probe_zip_is())
		probe_xlsx_tell(ask);
	(void)probe_in_read(0, b, sizeof(b));
	if (b[0] == 0xd0 && b[1] == 0xcf && b[2] == 0x11 && b[3] == 0xe0)
		probe_row_refuse("it is a workbook of the old kind (.xls), or "
		    "one with a password; save it as .xlsx without one");
	probe_text_tell(ask);
}
