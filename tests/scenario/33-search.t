#!/bin/sh
# Search that people expect: names and words across scripts, operators,
# filters, and why.
. tests/scenario/lib.sh
new_vault v.sandyq

s add person name.ug-Arab='ئابدۇرەھىم ئوبۇل' >/dev/null			# P-1
s add person name.kk-Cyrl='Нұрлан Қасымбек' birth_date=1970-03 >/dev/null # P-2
s add person name.zh-Hans='古丽巴哈尔·买买提' >/dev/null			# P-3
s add person name='Erlan Maratuly' given_name=Erlan >/dev/null		# P-4
s add testimony summary='Түрмеде' place='Үрімжі' date=2017-10/.. \
    text='Ол қамауда болды, үйіне хат жазбады.' >/dev/null		# T-1
s add testimony summary='Letters' date=2019-05 \
    text='Ol qamauda boldy. The camp was near the river.' >/dev/null	# T-2
s add testimony summary='الحياة' text='ول قاماۋدا بولدى' \
    date=2015 >/dev/null							# T-3
s add testimony summary='Visit' text='A visit to the prison, in winter.' \
    witness=P-2 >/dev/null						# T-4

# finds DESC "REF ..." QUERY: these and no others, in any order
finds()
{
	run $S search -- "$3"
	ok "$1" [ "$(cut -f1 "$T/out" | sort | tr '\n' ' ')" = "${2:+$2 }" ]
}
# first DESC REF QUERY
first()
{
	run $S search -- "$3"
	ok "$1" [ "$(head -n 1 "$T/out" | cut -f1)" = "$2" ]
}

# names, in each script from each other
for q in 'Abdurehim Obul' 'Абдуреһим Обул' 'Abduréhim Obul' \
    '阿不都热依木·吾布力' 'Abudureyimu Wubuli' 'Obul Abdurehim' \
    'Абдурехимов Обул' 'Obul Abdurehim Haji' '阿卜杜热伊木吾布力'; do
	first "by name: $q" P-1 "$q"
done
# one word of a name, whatever the length of the rest
for q in Абдуреһим Abdurehim 阿不都热依木 Abudureyimu ئابدۇرېھىم; do
	first "by a part: $q" P-1 "$q"
done
for q in Гүлбаһар Gulbahar Gülbahar 古丽巴哈尔 Gulibahaer; do
	first "by a part: $q" P-3 "$q"
done
for q in 'Nūrlan Qasymbek' 'Nurlan Kasymbekov' 'نۇرلان قاسىمبەك' \
    '努尔兰·哈斯木别克' '哈斯木别克' 'Қасымбек'; do
	first "by name: $q" P-2 "$q"
done
for q in 'Gülbahar Memet' 'Гульбахар Мамет' 'گۈلباھار مەمەت' 'Gulibahaer'; do
	first "by name: $q" P-3 "$q"
done
first "a patronymic is no matter" P-4 'Эрлан Марат'
finds "who sounds otherwise is not found" "" 'Yasin Tohti'
finds "nor in quotes, which take a name as it stands" "" '"Abdurehim Obul"'

# words in the other alphabets of their language
finds "Cyrillic finds Latin and Arabic" "T-1 T-2 T-3" 'қамауда'
finds "Latin finds them" "T-1 T-2 T-3" 'qamauda'
finds "Arabic finds them" "T-1 T-2 T-3" 'قاماۋدا'
finds "a phrase only as it stands" "T-2" '"qamauda boldy"'
finds "a prefix too" "T-2" 'qamau*'
finds "together with a word" "T-2" 'қамауда river'
finds "Chinese by a single character" "P-3" '哈'

s add testimony summary='Şekarada' text='Шекарада тұрды, әке-шешесі де.' \
    >/dev/null								# T-5
s add testimony summary='x' text='ول شەكارادا تۇردى' >/dev/null		# T-6
finds "letters with marks are letters of their own" "T-5 T-6" 'şekarada'
finds "also asked the other way" "T-5 T-6" 'шекарада'
finds "and in Arabic letters" "T-5 T-6" 'شەكارادا'
finds "or as English spells it" "T-5 T-6" 'shekarada'
finds "words that differ by a vowel sign" "T-5 T-6" 'turdy'

# operators and bad searches
finds "OR" "T-2 T-4" 'river OR prison'
finds "NOT" "T-1 T-3" 'qamauda NOT river'
finds "AND" "T-4" 'prison AND winter'
finds "OR binds less than what stands together" "T-2 T-4" \
    'camp river OR prison winter'
finds "in small letters a word" "" 'river or prison'
for q in 'river AND' 'OR river' 'NOT river' 'type:house' 'type:' \
    'date:soon' 'date:2018..2017' 'tier:9' 'consent:maybe' \
    'consent:share=perhaps' '"' 'a:b NOT'; do
	want 3 "search $q" $S search -- "$q"
	ok "says why in a sentence" [ "$(wc -l <"$T/err")" -eq 1 ]
	out_none "and nothing else"
done

# filters
finds "type:" "P-1 P-2 P-3 P-4" 'type:person'
finds "type: twice" "P-1 P-2 P-3 P-4 T-1 T-2 T-3 T-4 T-5 T-6" \
    'type:person type:testimony'
finds "with a word" "T-2" 'type:testimony river'
finds "a year" "T-1 T-2" 'date:2019'
finds "a range" "T-1" 'date:2017..2018'
finds "without its name" "T-1" '2017..2018'
finds "open at the end" "T-1 T-2" 'date:2016..'
finds "open at the beginning" "P-2 T-3" 'date:..2015'
finds "a month" "T-1 T-2" 'date:2019-05'
finds "a month before" "T-1" 'date:2019-04'
finds "a date and a word" "T-1 T-2" 'date:2019 qamauda'
finds "place:" "T-1" 'place:Үрімжі'
finds "in Latin" "T-1" 'place:Ürımjı'
finds "nowhere else" "" 'place:river'
s add place name='Тараншы ауылы' name.zh-Hans='塔兰奇' >/dev/null		# G-1
finds "a place itself, by its Chinese name" "G-1" 'place:塔兰奇'
finds "by how it sounds" "G-1" 'place:Taranchi'
s consent T-1 scope=share decision=yes >/dev/null			# N-1
s consent T-2 scope=share decision=yes >/dev/null			# N-2
s consent T-2 scope=share decision=withdrawn reason=afraid >/dev/null	# N-3
finds "consent:" "T-1" 'consent:share'
finds "with a decision" "T-2" 'consent:share=withdrawn'
s consent T-4 scope=publish decision=yes until=1999-12 >/dev/null
finds "a yes that has ended is none" "" 'consent:publish'
finds "of those nobody asked" "T-3 T-5 T-6" 'type:testimony consent:none'
finds "with a word" "T-3" 'consent:none qamauda'
finds "tier:" "P-2" 'tier:identity Қасымбек'
finds "in another tier" "" 'tier:team Қасымбек'
want 0 "the option and the filter" $S search --type person 'date:1970'
ok "both hold" [ "$(cut -f1 "$T/out")" = P-2 ]

# why, and where
want 0 "as JSON" $J search '努尔兰·哈斯木别克'
out_has "a name says that it is in another script" \
    '"why":"name, other script, distance 0.0'
out_has "the whole name matched" '"match":[[0,15]]'
want 0 "a word" $J search 'қамауда'
out_has "where it stands" '"match":[[3,7]]'
out_has "a word" '"why":"text, word"'
out_has "another spelling" '"why":"text, word, other spelling"'
want 0 "a phrase" $J search '"was near"'
out_has "a phrase" '"why":"text, phrase"'
want 0 "a filter" $J search 'date:2015'
out_has "which one" '"why":"date"'
talk "$W/log" "$SANDYQ --passphrase-file $W/pw search boldy" </dev/null
ok "on a terminal the match is set off" grep -q "$(printf '\033\[1mboldy\033\[22m')" "$W/log"
ok "also where it is cut" not grep -q "$(printf '1m[^m]*…[^m]*word')" \
    "$W/log"
ok "and why stands beside it" grep -q 'WHY' "$W/log"

# what was edited out is found in no spelling, nor after all is made anew
s edit T-1 text='Басқа сөз.' >/dev/null
finds "edited out" "T-2 T-3" 'қамауда'
s edit P-2 name='Басқа Біреу' >/dev/null
finds "nor is the old name" "" 'Nurlan Qasymbek'
first "but the new one" P-2 'Basqa Bireu'
want 0 "all indexes made anew" $S check --rebuild
finds "words as before" "T-2 T-3" 'қамауда'
first "names as before" P-1 'Абдуреһим Обул'
finds "dates as before" "T-1 T-2" 'date:2019'

# one word is asked for, and the rest of the name is longer
s add person name.zh-Hans='阿里木努尔·吐尔干拜' >/dev/null			# P-5
for q in 阿里木努尔 Алимнур Alimnur Әлімнұр Alimunuer; do
	first "by the shorter part: $q" P-5 "$q"
done
finish
