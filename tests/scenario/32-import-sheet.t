#!/bin/sh
# Sheets: encodings, delimiters, maps, dates, terms in five languages, create
# and update by key, refused rows and back again; broken ones.  All invented.
. tests/scenario/lib.sh
new_vault v.sandyq
SANDYQ_PROBE=${SANDYQ_PROBE:-${SANDYQ%/*}/sandyq-probe}
[ -x "$SANDYQ_PROBE" ] || { echo "1..0 # SKIP no sandyq-probe"; exit 0; }

cat >list.csv <<'E'
Фамилия;Имя;Пол;Дата рождения;Национальность;Номер;Непонятное
Қасымбек;Ерлан;м;12.03.1975;казах;A1;x
Бекова;Гүлнар;Жен;около 1980;қазақ;A2;y
Турсун;Ахмет;мужской;03/04/1990;уйгур;A3;z
Ли;Вэй;вода;1970;хань;A4;
E
remember v.sandyq
want 0 "a dry run" $S import list.csv --type person --map other_id=Номер \
    --dry-run
unchanged "changes nothing" v.sandyq
ok "has a line for each row and the counts" \
    [ "$(wc -l <"$T/out")" -eq 5 ]
ok "says what would be made" grep -q "^2	create		Ерлан	" "$T/out"
ok "and why not" grep -q "^5	refused.*sex: «вода» is none of" "$T/out"
out_has "counts" "created 2, updated 0, unchanged 0, refused 2"
err_has "says the map" "column «Пол»: sex"
err_has "and what is left out" "column «Непонятное» is left out"

want 0 "in earnest" $S import list.csv --type person --map other_id=Номер \
    --refused bad.csv --save-map relatives
out_has "a line for each refused row" \
    "refused	4	birth_date: day and month could be either"
out_has "counts" "created 2, updated 0, unchanged 0, refused 2, source Q-1"
ok "the refused rows are a private file" [ "$(stat -c %a bad.csv)" = 600 ]
ok "with headings, cells and reasons" grep -q \
    '^"\{0,1\}Турсун"\{0,1\},Ахмет,мужской,03/04/1990,уйгур,A3,z,"\{0,1\}birth_date' \
    bad.csv
run $J show P-1
out_has "given name" '"name":[{"value":"Ерлан","lang":"und"}]'
out_has "family name" '"family_name":[{"value":"Қасымбек","lang":"und"}]'
out_has "a date" '"birth_date":[{"value":"1975-03-12"}]'
out_has "a term" '"sex":[{"value":"male"}]'
out_has "another" '"ethnicity":[{"value":"kazakh"}]'
out_has "its source and row" '"from":{"source":"Q-1","row":2}'
run $J show P-2
out_has "about" '"birth_date":[{"value":"1980~"}]'
run $J show Q-1
out_has "the file by its hash" \
    "\"sha256\":[{\"value\":\"$(sha256sum list.csv | cut -c 1-64)\"}]"
run $S history Q-1
out_has "an event of it" "imported"

# mended and imported again, by the kept map
sed -i 's/03\/04\/1990/03.04.1990/; s/вода/жен/' bad.csv
want 0 "the mended rows" $S import bad.csv --use-map relatives
out_has "are taken" "created 2, updated 0, unchanged 0, refused 0, source Q-2"
want 1 "an unknown map" $S import bad.csv --use-map nobody

# update by key: replaced, added to, never taken away
cat >more.csv <<'E'
other_id,occupation,sex,name,notes
A1,teacher; poet,male,Yerlan,first
A2,,,,
A9,driver,male,Bolat,
A9,driver,male,Bolat,
E
want 0 "an update by key" $J import more.csv --type person --match other_id
out_has "counts" '"created":1,"updated":1,"unchanged":1'
out_has "the second of the same key is refused" \
    '"refused":[{"row":5,"why":"another row of the sheet has the same other_id'
run $J show P-1
out_has "a list is added to" \
    '"name":[{"value":"Ерлан","lang":"und"},{"value":"Yerlan","lang":"und"}]'
out_has "cut at semicolons" \
    '"occupation":[{"value":"teacher","lang":"und"},{"value":"poet","lang":"und"}]'
out_has "as a revision" '"rev":2'
want 0 "once more" $J import more.csv --type person --match other_id
out_has "nothing is new" '"created":0,"updated":0,"unchanged":3'
s add person pseudonym=Dbl other_id=A1 >/dev/null 2>&1
want 0 "a key that two have" $S import more.csv --type person \
    --match other_id
out_has "is refused" "several records have the other_id «A1»"

# encodings
head -n 2 list.csv | iconv -t cp1251//TRANSLIT >w.csv
printf '姓名,性别,出生日期,民族\n阿里木,男,2018年3月12日,维吾尔族\n' >zh8.csv
iconv -t gb18030 zh8.csv >gb.csv
iconv -t utf-16 zh8.csv >u16.csv
iconv -t utf-16le zh8.csv >u16le.csv
{ printf '\357\273\277'; cat zh8.csv; } >bom.csv
want 0 "Windows-1251" $S import w.csv --type person --dry-run
err_has "is a guess, and said" "the encoding is guessed to be windows-1251"
for f in gb u16 u16le bom; do
	want 0 "$f" $J import $f.csv --type person --dry-run
	out_has "is read" '"what":"create","ref":"","title":"阿里木"'
done
want 1 "GB18030 by force of UTF-8" $S import gb.csv --type person \
    --encoding utf-8 --dry-run
err_has "is refused" "not in this encoding"
want 1 "an encoding that is none" $S import gb.csv --type person \
    --encoding klingon --dry-run

# a kept map remembers the encoding that somebody stated or confirmed
echo 'Is that right?|' >talk1
talk ask.log "$S import w.csv --type person --save-map old" <talk1
ok "a guess that somebody confirms is taken" [ "$rc" -eq 0 ]
want 0 "a kept map" $J show "$(s list map | awk '/old/ { print $1 }')"
out_has "remembers it" '"encoding":[{"value":"windows-1251"}]'
want 0 "the next of its kind" $S import w.csv --use-map old
out_has "is taken with nobody to ask" "created 1, updated 0"
err_has "and says by what" "known from the map to be windows-1251; the first"
run $J show "$(s list person --limit 1 | cut -f 1)"
out_has "and is read by it" '"family_name":[{"value":"'
want 1 "an encoding stated now" $S import w.csv --use-map old \
    --encoding utf-8 --dry-run
err_has "goes before the map's" "not in this encoding"
want 0 "a file that leaves no doubt" $J import zh8.csv --use-map old --dry-run
out_has "is read as it is" '"title":"阿里木"'
s import gb.csv --type person --encoding gb18030 --save-map zh >/dev/null 2>&1
want 0 "what was stated" $J show "$(s list map | awk '/zh/ { print $1 }')"
out_has "is remembered too" '"encoding":[{"value":"gb18030"}]'
head -n 2 list.csv | iconv -t koi8-r//TRANSLIT >koi.csv
printf '\201\n' >>koi.csv
want 1 "another kind of file by that map" $S import koi.csv --use-map zh
err_has "is refused" "the map says that the encoding is gb18030"

for answer in да y; do
	echo "Is that right?|$answer" >talk1
	talk ask.log "$S import w.csv --type person --dry-run" <talk1
	ok "$answer is yes" [ "$rc" -eq 0 ]
done
for answer in нет жоқ x; do
	echo "Is that right?|$answer" >talk1
	talk ask.log "$S import w.csv --type person --dry-run" <talk1
	ok "$answer is no" [ "$rc" -eq 1 ]
done

# one map may begin another, and stays what it is
n=$(s list map | wc -l)
want 0 "a map kept under another name" $S import w.csv --use-map old \
    --map notes=Непонятное --save-map newer
ok "is a further one" [ "$(s list map | wc -l)" -eq $((n + 1)) ]
want 0 "the old one" $S import w.csv --use-map old --dry-run
err_has "is as it was" "column «Непонятное» is left out"
want 0 "the new one" $S import w.csv --use-map newer --dry-run
err_has "is used" "column «Непонятное»: notes"
want 0 "kept again" $S import w.csv --use-map newer --save-map newer
ok "is the same one" [ "$(s list map | wc -l)" -eq $((n + 1)) ]

# dates that can be read in two ways: asked once where somebody is there
cat >two.csv <<'E'
name,birth_date,notes
Айдос,25/12/1980,one
Нұрия,03/04/1990,two
Сәбит,05/06/1991,three
E
two()
{
	talk ask.log "$S import two.csv --type person $*" <talk1
}
births()
{
	s list person --limit "$1" | cut -f 1 | while read -r p; do
		sj show "$p" | grep -o '"birth_date":[^]]*'
	done | grep -o '19[0-9-]*' | sort | tr '\n' ' '
}
echo 'is this 3 April or March 4?|d' >talk1
two "--save-map both"
ok "a date of two readings, answered d" [ "$rc" -eq 0 ]
ok "is asked with its row" grep -q "row 3, birth_date: 03/04/1990: is this" \
    ask.log
ok "and once" [ "$(grep -c 'is this' ask.log)" -eq 1 ]
ok "all rows are taken" grep -q "created 3, updated 0" ask.log
ok "the day first" [ "$(births 3)" = "1980-12-25 1990-04-03 1991-06-05 " ]
run $J show "$(s list map | awk '/both/ { print $1 }')"
out_has "the answer is kept with the map" '"dates":[{"value":"dmy"}]'
want 0 "the next of its kind" $S import two.csv --use-map both --dry-run
out_has "is taken with nobody to ask" "created 3, updated 0"
printf 'is this 3 April or March 4?|x\nor March 4?|m\n' >talk1
two
ok "a wrong answer is asked again, then m" grep -q "created 3, updated 0" \
    ask.log
ok "the month first" \
    [ "$(births 3)" = "1980-12-25 1990-03-04 1991-05-06 " ]
echo 'or March 4?|' >talk1
two
ok "no answer" grep -q "created 1, .* refused 2" ask.log
ok "refuses by name" grep -q "say which with --dates" ask.log
want 0 "nobody there" $S import two.csv --type person --dry-run
out_has "is refused too" "created 1, updated 0, unchanged 0, refused 2"
talk ask.log "$S import two.csv --type person --dates dmy" </dev/null
ok "stated is not asked" [ "$(grep -c 'is this' ask.log)" -eq 0 ]

# a sheet in Uyghur; the second row as keyboards of other languages write it
cat >ug.csv <<'E'
ئىسمى,فامىلىسى,جىنسى,تۇغۇلغان ۋاقتى,مىللىتى,ئائىلە
ئايشە,تۇرسۇن,ئايال,1968-05,ئۇيغۇر,x
ئەخمەت,قادىر,ئه‌ر,1970,تاجيك,y
E
want 0 "a sheet in Uyghur" $S import ug.csv --type person
out_has "all of it" "created 2, updated 0, unchanged 0, refused 0"
ug=$(s list person --limit 2 | cut -f 1 | sort -V | tr '\n' ' ')
run $J show "${ug%% *}"
out_has "a heading" '"family_name":[{"value":"تۇرسۇن","lang":"und"}]'
out_has "a term" '"sex":[{"value":"female"}]'
out_has "a people" '"ethnicity":[{"value":"uyghur"}]'
ug=${ug#* }
run $J show "${ug% }"
out_has "heh for e" '"sex":[{"value":"male"}]'
out_has "yeh and kaf of Arabic" '"ethnicity":[{"value":"tajik"}]'

# a workbook
mkdir -p x/xl/_rels x/xl/worksheets
R='xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
printf '<workbook %s><sheets><sheet name="Үлгі" r:id="a"/></sheets></workbook>' \
    "$R" >x/xl/workbook.xml
printf '<Relationships><Relationship Id="a" Target="worksheets/s.xml"/></Relationships>' \
    >x/xl/_rels/workbook.xml.rels
printf '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>' \
    >x/xl/styles.xml
printf '<sst><si><t>name</t></si><si><t>birth_date</t></si><si><r><t>Ер</t></r><r><t>лан 2</t></r></si></sst>' \
    >x/xl/sharedStrings.xml
printf '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row><row r="4"><c r="A4" t="s"><v>2</v></c><c r="C4" s="1"><v>27465</v></c></row></sheetData></worksheet>' \
    >x/xl/worksheets/s.xml
(cd x && bsdtar --format zip -cf ../book.xlsx xl)
want 0 "a workbook" $S import book.xlsx --type person
run $J show "$(s list person --limit 1 | cut -f 1)"
out_has "shared texts" '"name":[{"value":"Ерлан 2"'
out_has "a date of its style" '"birth_date":[{"value":"1975-03-12"}]'
out_has "the row of the sheet" '"row":4'
want 1 "a sheet that is not there" $S import book.xlsx --type person \
    --sheet Other
before=$(s list | wc -l)
broken()
{
	want 1 "$1" $S import "$2" --type person
	err_has "says why" "$3"
}
head -c 600 book.xlsx >cut.xlsx
broken "a workbook cut off" cut.xlsx "archive"
printf '<!DOCTYPE a [<!ENTITY b "cccc"><!ENTITY d "&b;&b;&b;">]><sst><si><t>&d;</t></si></sst>' \
    >x/xl/sharedStrings.xml
(cd x && bsdtar --format zip -cf ../lol.xlsx xl)
broken "entities" lol.xlsx "declares a document type"
printf '<sst><si><t>name</si></sst>' >x/xl/sharedStrings.xml
(cd x && bsdtar --format zip -cf ../xml.xlsx xl)
broken "no XML" xml.xlsx "not XML"
printf '<sst><si><t>name</t></si></sst>' >x/xl/sharedStrings.xml
(cd x && bsdtar --format zip -cf ../idx.xlsx xl)
broken "a text that is not there" idx.xlsx "a text is missing"
{ printf '<sst><si><t>'; head -c 290000000 /dev/zero | tr '\0' a; } \
    >x/xl/sharedStrings.xml
(cd x && bsdtar --format zip -cf ../bomb.xlsx xl)
rm x/xl/sharedStrings.xml
ok "a small file" [ "$(stat -c %s bomb.xlsx)" -lt 1000000 ]
broken "that unpacks to hundreds of megabytes" bomb.xlsx "megabytes"
printf 'name\n"open\n' >quote.csv
broken "a quotation mark never closed" quote.csv "never"
: >empty.csv
broken "an empty file" empty.csv "nothing in it"
printf 'name\n' >head.csv
broken "headings alone" head.csv "no row beside its headings"
printf '\320\317\021\340\241\261\032\341rest' >old.xls
broken "a workbook of the old kind" old.xls "old kind"
awk 'BEGIN { for (i = 0; i < 2000; i++) printf "c%d,", i; print ""; print "x" }' \
    >wide.csv
broken "too many columns" wide.csv "1,024 cells"
printf 'name\na\0b\n' >nul.csv
run $S import nul.csv --type person
ok "a NUL is no name" [ "$rc" -ne 0 ]
ln -s list.csv link.csv
want 1 "a link" $S import link.csv --type person
printf 'colour,size\nred,1\n' >other.csv
want 3 "no heading that is known" $S import other.csv --type person
want 3 "no type" $S import list.csv
want 3 "a map of no field" $S import list.csv --type person --map x=Пол
want 3 "a map of no column" $S import list.csv --type person --map notes=Y
ok "of all this nothing was saved" [ "$(s list | wc -l)" -eq "$before" ]
# and out again
s edit P-1 notes='=cmd|x' name.kk-Cyrl='Ерлан' name=Yerlan >/dev/null 2>&1
want 0 "out again" $S list person --csv -o out.csv
err_has "loudly" "plain file"
ok "as a private file" [ "$(stat -c %a out.csv)" = 600 ]
ok "with a column for a language" grep -q "^.*ref,.*name,name.kk-Cyrl" out.csv
ok "a formula is made harmless" grep -qF "'=cmd|x" out.csv
n=$($S list custody | wc -l)
want 1 "never over another file" $S list person --csv -o out.csv
ok "and what did not leave is not logged" \
    [ "$($S list custody | wc -l)" = "$n" ]
want 3 "not without a type" $S list --csv -o x.csv
run $S history P-1
out_has "it is in the log" "extracted"
want 0 "and taken back" $J import out.csv --type person --match ref
out_has "nothing is new" '"created":0,"updated":0'
out_has "and nothing refused" '"refused":[]'
sed -i "s/'=cmd|x/changed/" out.csv
want 0 "one cell changed" $J import out.csv --type person --match ref
out_has "is one update" '"created":0,"updated":1'
finish
