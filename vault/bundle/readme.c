#include "vault/bundle/readme.h"

/*
 * One fixed text.  A string literal may be 4,095 bytes long at most in C17, so
 * the text is a structure of several; of char arrays alone, it has no gaps.
 * Commands stand in one line each, however long: they are there to be copied.
 */

#define ENGLISH_WHAT \
"READ ME FIRST\n" \
"=============\n" \
"English below, then Russian.  По-русски: ниже.\n" \
"\n" \
"WHAT THIS IS\n" \
"This folder is a bundle of testimony, made with the program Sandyq from an\n" \
"encrypted vault.  STATEMENT.txt is the one signed file; from it every other\n" \
"file is reached by its SHA-256.  The content is in bag/data/: begin with\n" \
"bag/data/report.html.  Fields that were withheld stand in record.json as\n" \
"hashes: what remains is still bound to the same signed log, and a withheld\n" \
"field can be opened to you later.\n" \
"\n" \
"You need no program of ours.  With one, it is a single command:\n" \
"\n" \
"    sandyq-verify FILE.age -i my-key.txt --trust MY-OWN-key-card.txt\n" \
"\n" \
"TRUST COMES FROM YOUR OWN COPY OF THE KEY CARD\n" \
"The keys in trust/ came with the bundle.  Whoever forges a bundle forges\n" \
"them too; they are here for convenience only.  Compare them with the key card\n" \
"that a person you know gave you, or that you read to each other over a\n" \
"telephone.  From that card make, once, two files of your own:\n" \
"\n" \
"    MY-OWN-allowed_signers   one line:\n" \
"        vault namespaces=\"evidence-bundle@sandyq\" ssh-ed25519 AAAA...\n" \
"    MY-OWN-sandyq.pub        two lines: a comment, and the minisign key:\n" \
"        untrusted comment: sandyq\n" \
"        RWQ...\n" \
"\n" \
"Keep both beside FILE.age, not in the folder \"bundle\" that comes out of it.\n" \
"\n"

#define ENGLISH_LINUX \
"OPEN AND CHECK ON LINUX\n" \
"\n" \
"    age -d -i my-key.txt -o b.tar FILE.age && tar xf b.tar && cd bundle\n" \
"    ssh-keygen -Y verify -f ../MY-OWN-allowed_signers -I vault -n evidence-bundle@sandyq -s proofs/STATEMENT.txt.sig < STATEMENT.txt\n" \
"    minisign -VHm STATEMENT.txt -x proofs/STATEMENT.txt.minisig -p ../MY-OWN-sandyq.pub\n" \
"    sha256sum -c STATEMENT.txt\n" \
"    cd bag && sha256sum -c --quiet tagmanifest-sha256.txt && sha256sum -c --quiet manifest-sha256.txt\n" \
"    find data -type f | LC_ALL=C sort | diff - <(cut -c67- manifest-sha256.txt | LC_ALL=C sort)\n" \
"\n" \
"(The last line wants bash or zsh.  sha256sum -c STATEMENT.txt warns of lines\n" \
"that are not hashes: that is as it should be.  Do not add --ignore-missing.\n" \
"For a bundle sealed with a passphrase leave out \"-i my-key.txt\".)\n" \
"\n"

#define ENGLISH_MAC \
"ON macOS, in the Terminal: the same, with\n" \
"\n" \
"    shasum -a 256 -c STATEMENT.txt\n" \
"    cd bag && shasum -a 256 -c tagmanifest-sha256.txt && shasum -a 256 -c manifest-sha256.txt\n" \
"    find data -type f | LC_ALL=C sort | diff - <(cut -c67- manifest-sha256.txt | LC_ALL=C sort)\n" \
"\n"

#define ENGLISH_WINDOWS \
"ON WINDOWS, in PowerShell (tar and ssh-keygen are part of Windows 10 and 11)\n" \
"\n" \
"    age -d -i my-key.txt -o b.tar FILE.age; tar -xf b.tar; cd bundle\n" \
"    cmd /c 'ssh-keygen -Y verify -f ../MY-OWN-allowed_signers -I vault -n evidence-bundle@sandyq -s proofs/STATEMENT.txt.sig < STATEMENT.txt'\n" \
"    minisign -VHm STATEMENT.txt -x proofs/STATEMENT.txt.minisig -p ../MY-OWN-sandyq.pub\n" \
"    Get-Content STATEMENT.txt | Select-String '^SHA256 \\((.+)\\) = (.+)$' | % { $g = $_.Matches[0].Groups; if ((Get-FileHash $g[1].Value).Hash -ne $g[2].Value) { \"ALTERED: \" + $g[1].Value } }\n" \
"    cd bag\n" \
"    Get-Content tagmanifest-sha256.txt, manifest-sha256.txt | % { if ((Get-FileHash $_.Substring(66)).Hash -ne $_.Substring(0,64)) { \"ALTERED: \" + $_.Substring(66) } }\n" \
"    Compare-Object @(Get-Content manifest-sha256.txt | % { $_.Substring(66) }) @(Get-ChildItem data -Recurse -File | % { (Resolve-Path -Relative $_.FullName).Substring(2).Replace('\\','/') })\n" \
"\n" \
"The last three commands print nothing if all is well.\n" \
"\n"

#define ENGLISH_PROOF \
"WHAT EACH STEP PROVES\n" \
"age         the file reached you unaltered.  It says nothing of who sent it.\n" \
"ssh-keygen  STATEMENT.txt was signed with the key of your card.\n" \
"minisign    the same with a second key and program; either one is enough.\n" \
"            Then read STATEMENT.txt: \"recipient:\" must be your own key, else\n" \
"            somebody passed on a bundle that was made for another.\n" \
"sha256sum   the list of lists, then every file, is what was signed.\n" \
"find, diff  no file more and no file less than was signed.\n" \
"Not checked by stock tools: that each item belongs to the signed log\n" \
"(proofs/items, C2SP tlog-proof@v1) and that withheld fields fit it.  The\n" \
"programs sandyq and sandyq-verify check this; docs/BUNDLE.md of the project\n" \
"says how, byte by byte, so that an expert can write the check anew.\n" \
"\n" \
"WHAT NOTHING HERE PROVES\n" \
"That the content is true; that the device's clock was right; who held the\n" \
"device; that no later revision exists.\n" \
"\n" \
"CARE\n" \
"People can be harmed if this becomes known.  Keep the opened folder on an\n" \
"encrypted disk, delete it when you are done, and do not put it into a cloud.\n" \
"\n" \
"\n"

#define RUSSIAN_WHAT \
"СНАЧАЛА ПРОЧТИТЕ ЭТО\n" \
"====================\n" \
"\n" \
"ЧТО ЭТО\n" \
"Эта папка — пакет свидетельств, сделанный программой Sandyq из зашифрованного\n" \
"хранилища.  STATEMENT.txt — единственный подписанный файл; от него по SHA-256\n" \
"проверяется каждый другой файл.  Содержание лежит в bag/data/; начните с\n" \
"bag/data/report.html.  Скрытые поля стоят в record.json в виде хэшей: остальное\n" \
"по-прежнему связано с тем же подписанным журналом, а скрытое поле можно раскрыть\n" \
"вам позже.\n" \
"\n" \
"Наша программа для проверки не нужна.  Если она есть, достаточно одной команды:\n" \
"\n" \
"    sandyq-verify FILE.age -i my-key.txt --trust MY-OWN-key-card.txt\n" \
"\n" \
"ДОВЕРИЕ ДАЁТ ТОЛЬКО ВАША СОБСТВЕННАЯ КОПИЯ КАРТОЧКИ КЛЮЧЕЙ\n" \
"Ключи в папке trust/ пришли вместе с пакетом.  Кто подделает пакет, подделает и\n" \
"их; они лежат здесь только для удобства.  Сверьте их с карточкой ключей, которую\n" \
"вам дал знакомый человек или которую вы прочли друг другу по телефону.  По этой\n" \
"карточке один раз сделайте два своих файла, MY-OWN-allowed_signers и\n" \
"MY-OWN-sandyq.pub: их строки показаны выше, в английской части.  Держите оба\n" \
"рядом с FILE.age, не внутри папки bundle.\n" \
"\n"

#define RUSSIAN_HOW \
"КАК ОТКРЫТЬ И ПРОВЕРИТЬ\n" \
"Команды для Linux, macOS и Windows PowerShell стоят выше, в английской части; они\n" \
"одинаковы на любом языке.  Если пакет закрыт паролем, уберите «-i my-key.txt».\n" \
"Команда sha256sum -c STATEMENT.txt предупреждает о строках, которые не являются\n" \
"хэшами: так и должно быть.  Не добавляйте --ignore-missing.\n" \
"\n" \
"ЧТО ДОКАЗЫВАЕТ КАЖДЫЙ ШАГ\n" \
"age         файл дошёл до вас неизменённым.  О том, кто его послал, это не\n" \
"            говорит ничего.\n" \
"ssh-keygen  STATEMENT.txt подписан ключом с вашей карточки.\n" \
"minisign    то же другим ключом и другой программой; достаточно одной из двух.\n" \
"            Затем прочтите STATEMENT.txt: в строке «recipient:» должен стоять ваш\n" \
"            ключ, иначе вам передали пакет, сделанный для другого.\n" \
"sha256sum   список списков, а затем каждый файл — те самые, что подписаны.\n" \
"find, diff  нет ни одного лишнего и ни одного недостающего файла.\n" \
"Обычными средствами не проверяется: что каждая запись принадлежит подписанному\n" \
"журналу (proofs/items, C2SP tlog-proof@v1) и что скрытые поля с ней сходятся.  Это\n" \
"проверяют программы sandyq и sandyq-verify; docs/BUNDLE.md проекта описывает\n" \
"проверку байт за байтом, чтобы специалист мог написать её заново.\n" \
"\n"

#define RUSSIAN_NOT \
"ЧЕГО ЗДЕСЬ НЕ ДОКАЗЫВАЕТ НИЧТО\n" \
"Что содержание — правда; что часы устройства шли верно; у кого было устройство; что\n" \
"нет более поздней редакции.\n" \
"\n" \
"БЕРЕГИТЕ ЛЮДЕЙ\n" \
"Если это станет известно, люди могут пострадать.  Держите открытую папку на\n" \
"зашифрованном диске, удалите её, когда закончите, и не кладите её в облако.\n"

#define PARTS(X) \
	X(en_what, ENGLISH_WHAT) \
	X(en_linux, ENGLISH_LINUX) \
	X(en_mac, ENGLISH_MAC) \
	X(en_windows, ENGLISH_WINDOWS) \
	X(en_proof, ENGLISH_PROOF) \
	X(ru_what, RUSSIAN_WHAT) \
	X(ru_how, RUSSIAN_HOW) \
	X(ru_not, RUSSIAN_NOT)

#define MEMBER(name, text) char name[sizeof(text) - 1];
#define VALUE(name, text) text,
#define LENGTH(name, text) + sizeof(text) - 1

static const struct {
	PARTS(MEMBER)
} whole = { PARTS(VALUE) };

_Static_assert(sizeof(whole) == 0 PARTS(LENGTH), "no gaps");

/* see readme.h */
const char *
readme_text(size_t *ret_n)
{
	*ret_n = sizeof(whole);
	return (const char *)&whole;
}
