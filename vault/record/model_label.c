/*
 * See model_label.h.  Written anew, as people say it; several words where
 * several are common.
 */
#include <string.h>

#include "vault/record/model_label.h"

static const struct model_label *const parts[] = { model_label_people,
    model_label_facts, model_label_media };

/* Headings that people give to columns. */
static const struct {
	const char *field, *words;
} fields[] = {
	{ "name", "имя|ФИО|ф.и.о.|аты-жөні|есімі|аты|姓名|名字|name" },
	{ "given_name", "личное имя|имя собственное|өз аты|名" },
	{ "family_name", "фамилия|тегі|姓|surname|last name" },
	{ "patronymic", "отчество|әкесінің аты|父名" },
	{ "document_name",
	    "имя по документам|китайское имя|қытайша аты|汉语名|中文姓名" },
	{ "prc_id", "номер удостоверения КНР|ИД КНР|身份证号|身份证号码|身份证" },
	{ "kz_iin", "ИИН|ЖСН" },
	{ "sex", "пол|жынысы|性别|gender" },
	{ "birth_date", "дата рождения|год рождения|туған күні|туған жылы|"
	    "出生日期|出生年月|born" },
	{ "birthplace", "место рождения|туған жері|出生地|籍贯" },
	{ "residence", "место жительства|адрес|село|мекенжайы|тұрғылықты жері|"
	    "住址|居住地|village" },
	{ "ethnicity", "национальность|ұлты|民族" },
	{ "occupation", "профессия|занятие|работа|кәсібі|мамандығы|职业" },
	{ "status", "статус|положение|жағдайы|状态|现状" },
	{ "as_of", "на дату|дата сведений|күні|截至" },
	{ "date", "дата|күні|日期" },
	{ "place", "место|жері|орны|地点" },
	{ "summary", "краткое содержание|қысқаша|摘要" },
	{ "notes", "примечание|примечания|комментарий|ескерту|ескертпе|备注" },
	{ "facility_text", "учреждение|где содержится|мекеме|关押地点" },
	{ "sentence", "приговор|срок|үкім|мерзімі|刑期" },
	{ "charge", "обвинение|статья|айыбы|罪名" },
	{ "entered", "дата задержания|поступил|қамалған күні|关押日期" },
	{ "left", "дата освобождения|босатылған күні|释放日期" }
};

/* see model_label.h */
const struct model_label *
model_labels(size_t part)
{
	return part < sizeof(parts) / sizeof(parts[0]) ? parts[part] : NULL;
}

/* see model_label.h */
const char *
model_label_field(const char *name)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (strcmp(fields[i].field, name) == 0)
			return fields[i].words;
	return NULL;
}
