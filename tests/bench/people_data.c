/*
 * Composed for the bench: elements common to the languages, joined by chance.
 * Nobody is meant.
 */
#include <stddef.h>

#include "tests/bench/people_data.h"

static const char *const ug_man[] = {
	"abdulla", "abdurEHim", "abdukerim", "abdurahman", "abdusalam",
	"adil", "alim", "anwEr", "arzu", "aziz", "barat", "bEHram",
	"bekri", "dawut", "dolqun", "Ekber", "ElijE", "Emet", "erkin",
	"EsEt", "Ezmet", "GEni", "Gopur", "Hamut", "HEmit", "Hoxur",
	"ibraHim", "idris", "ilyas", "imin", "ismail", "jappar", "jElil",
	"jumE", "kerim", "kamal", "mahmut", "mEmEt", "mollaq", "muHEmmEt",
	"muhtEr", "mutEllip", "nijat", "niyaz", "nurmEmEt", "osman",
	"ObUl", "OmEr", "pErHat", "qadir", "qasim", "qurban", "rahman",
	"raxit", "rEHim", "rozi", "sabit", "sadiq", "salih", "sEmEt",
	"sidiq", "sulayman", "tahir", "tohti", "turdi", "tursun", "tEyip",
	"wEli", "yaqup", "yasin", "yolwas", "yUsUp", "yunus", "zakir",
	"zunun", "ziya", "xakir", "xOhrEt", "EysajE", "hElil", "hoja", NULL
};
static const char *const ug_woman[] = {
	"amangul", "anargul", "arzigul", "asiyE", "aygul", "ayimgul",
	"aynur", "aytulla", "buHEjEr", "dilbEr", "dilnar", "dilnur",
	"dilrEba", "fatimE", "gUlbaHar", "gUlnar", "gUlzar", "hEyrinisa",
	"HalidE", "HEnipE", "mahirE", "maysEm", "mEryEm", "mEHliya",
	"miHray", "munirE", "nazakEt", "nurgul", "nuriyE", "patigul",
	"pEridE", "pEtEm", "qElbinur", "raHilE", "rabiyE", "rizwangul",
	"roxEn", "rEyHan", "sajidE", "sElimE", "sofiyE", "tajigul",
	"tilla", "tursunay", "xahidE", "xEmsiyE", "zEynEp", "zohrE",
	"zulpiya", "zulfinur", "zumrEt", NULL
};
static const char *const ug_first[] = {
	"abdu", "adil", "alim", "aman", "anwEr", "arslan", "ay", "bahar",
	"bEg", "dil", "dOlEt", "Ehmet", "erkin", "Ezim", "gUl", "Heyt",
	"ibra", "iman", "jan", "kerim", "mEmEt", "mir", "muHEmmEt", "nur",
	"oGuz", "ObUl", "polat", "qut", "rozi", "saday", "sEmEt", "tohti",
	"toqsun", "turdi", "turGun", "tursun", "turap", "tUmEn", "yolda",
	"zaman", NULL
};
static const char *const ug_last[] = {
	"jan", "gul", "ahun", "nisa", "bEg", "hun", "qari", "niyaz", "bay",
	"nur", "rehim", "wEli", "qul", "din", "han", "may", "yar", "baqi",
	NULL
};

static const char *const kk_man[] = {
	"abay", "abzal", "aybek", "aydar", "aydos", "alibek", "alImjan",
	"almas", "aman", "amantay", "arman", "asqar", "asIlbek", "baqIt",
	"batIrxan", "bawIrjan", "beybit", "berik", "bolat", "daniyar",
	"darhan", "dIbIs", "dosIm", "dUysen", "erbol", "erlan", "ermek",
	"esen", "Galim", "GabIt", "HalIq", "ilyas", "jambIl", "jandos",
	"janIbek", "jomart", "jUnis", "kenes", "kOkIbay", "madi", "maqsat",
	"mahambet", "marat", "meyram", "muHtar", "murat", "nurjan",
	"nurlan", "nursultan", "oljas", "oralbek", "orazbay", "Otegen",
	"qayrat", "qanat", "qasIm", "qazIbek", "quwanIx", "rahat",
	"rUstem", "saken", "samat", "sEbit", "serik", "sultan", "talGat",
	"temirlan", "tOlegen", "tursun", "ulan", "xalqar", "xIngIs",
	"xoqan", "yerasIl", "zahar", "zeynolla", NULL
};
static const char *const kk_woman[] = {
	"aqmaral", "aygerim", "aygUl", "aynagUl", "aysEwle", "altInay",
	"asel", "baqItgUl", "balnur", "bibigUl", "bota", "gawhar", "gUlim",
	"gUljan", "gUlmira", "gUlnEr", "dana", "dariGa", "dinara",
	"Elmira", "indira", "janar", "jibek", "kamixat", "kUlEx", "lEylE",
	"madina", "maral", "mayra", "nazgUl", "nurgUl", "oralgUl",
	"raqImba", "roza", "sabira", "sara", "saltanat", "sawle", "tolqIn",
	"tursInay", "ulpan", "uljan", "xolpan", "xInar", "zEwre",
	"zulfiya", "Esem", NULL
};
static const char *const kk_first[] = {
	"abil", "aq", "ay", "aman", "aqIl", "asan", "baq", "bay", "bek",
	"beysem", "bul", "dEwlet", "dos", "er", "esen", "jan", "jaqsI",
	"jUn", "jomart", "jumar", "kenje", "mal", "meyr", "mIrza", "nar",
	"nur", "oraz", "Omir", "qara", "qazI", "qalI", "quday", "sa",
	"sarI", "ser", "sUley", "tas", "temir", "toqtar", "tOle", "turGan",
	"tUrsIn", "us", "zar", NULL
};
static const char *const kk_last[] = {
	"bay", "bek", "jan", "gUl", "bol", "lan", "han", "xat", "qul",
	"keldi", "bergen", "qalI", "gali", "murat", "taza", "sayIn", "zat",
	"men", NULL
};

static const char *const ru_man[] = {
	"aleksandr", "aleksey", "andrey", "boris", "viktor", "vladimir",
	"gennadiy", "grigoriy", "dmitriy", "egor", "ivan", "igor",
	"konstantin", "leonid", "maksim", "mihail", "nikolay", "oleg",
	"pavel", "roman", "sergey", "stepan", "timofey", "fedor", "yuriy",
	NULL
};
static const char *const ru_woman[] = {
	"alla", "anna", "valentina", "vera", "galina", "darya", "elena",
	"zinaida", "irina", "larisa", "lyudmila", "marina", "nadejda",
	"natalya", "olga", "polina", "svetlana", "tamara", "tatyana", NULL
};
static const char *const ru_first[] = {
	"abram", "anton", "baran", "belous", "bogdan", "vasil", "vlas",
	"voron", "golub", "gor", "gusar", "denis", "erem", "zahar", "zim",
	"kalin", "karp", "kozl", "kolesnik", "lazar", "lebed", "mak",
	"maslenik", "mir", "moroz", "nazar", "orl", "pan", "plaht",
	"prohor", "rodion", "sazon", "savel", "sidor", "sokol", "solod",
	"taras", "tih", "ust", "fadee", "filip", "cern", "xubin", "yakub",
	NULL
};
static const char *const ru_last[] = {
	"ov", "ev", "in", "ovskiy", "ikov", "arev", "enko", "icev", NULL
};

static const char *const tr_man[] = {
	"ahmet", "ali", "arda", "aydIn", "baran", "burak", "jan", "jemal",
	"cetin", "deniz", "emre", "erdoGan", "fatih", "furkan", "GOkhan",
	"halil", "hasan", "huseyin", "ibrahim", "kaan", "kemal", "koray",
	"mehmet", "mustafa", "okan", "omer", "onur", "orhan", "selim",
	"serkan", "tolga", "turgut", "ufuk", "volkan", "yavuz", "yilmaz",
	NULL
};
static const char *const tr_woman[] = {
	"ayxe", "aylin", "bahar", "belgin", "jansu", "derya", "ebru",
	"elif", "emine", "esra", "fatma", "gUlay", "hatije", "ipek",
	"leyla", "melek", "meltem", "nurten", "OzgUl", "pInar", "seda",
	"sevgi", "sibel", "xule", "tUlin", "yeliz", "zeynep", NULL
};
static const char *const tr_first[] = {
	"ak", "al", "ar", "aslan", "ay", "bal", "boz", "buGday", "celik",
	"dal", "demir", "doGan", "er", "gUn", "kaplan", "kara", "kaya",
	"koc", "kurt", "Oz", "sari", "tax", "temiz", "toprak", "tun",
	"ucar", "ulu", "xahin", "yaG", "yIldIz", NULL
};
static const char *const tr_last[] = {
	"er", "man", "soy", "baj", "kan", "tUrk", "oGlu", "ji", "daG",
	"gUl", "tekin", "alp", "bey", "kIran", NULL
};

const struct people_lang people_langs[] = {
	{ ug_man, ug_woman, ug_first, ug_last, NULL },
	{ kk_man, kk_woman, kk_first, kk_last, NULL },
	{ ru_man, ru_woman, ru_first, ru_last, ru_first },
	{ tr_man, tr_woman, tr_first, tr_last, tr_first },
	{ NULL, NULL, NULL, NULL, NULL }
};

/* ug: Arabic, ULY, Cyrillic; kk: Cyrillic, 2021, Arabic; Russian, English,
 * Turkish.  Alternatives of careless writers are parted by a bar. */
const struct people_letter people_letters[] = {
	{ 'a', "ا", "a", "а", "а", "a", "ا", "а", "a", "a" },
	{ 'E', "ە", "e", "ә", "ә", "ä", "ا", "а|е|я", "a|e", "e" },
	{ 'e', "ې", "ë|é|e", "е", "е", "e", "ە", "е", "e", "e" },
	{ 'i', "ى", "i", "и", "і|и", "ı|i", "ى", "и", "i", "i" },
	{ 'I', "ى", "i", "и", "ы", "y", "ى", "ы", "y|i", "ı" },
	{ 'o', "و", "o", "о", "о", "o", "و", "о", "o", "o" },
	{ 'O', "ۆ", "ö", "ө", "ө", "ö", "و", "о|у", "o|u", "ö" },
	{ 'u', "ۇ", "u", "у", "ұ|у", "ū|u", "ۇ", "у", "u", "u" },
	{ 'U', "ۈ", "ü", "ү", "ү", "ü", "ۇ", "у|ю", "u", "ü" },
	{ 'b', "ب", "b", "б", "б", "b", "ب", "б", "b", "b" },
	{ 'p', "پ", "p", "п", "п", "p", "پ", "п", "p", "p" },
	{ 'm', "م", "m", "м", "м", "m", "م", "м", "m", "m" },
	{ 'f', "ف", "f", "ф", "ф", "f", "ف", "ф", "f", "f" },
	{ 'd', "د", "d", "д", "д", "d", "د", "д", "d", "d" },
	{ 't', "ت", "t", "т", "т", "t", "ت", "т", "t", "t" },
	{ 'n', "ن", "n", "н", "н", "n", "ن", "н", "n", "n" },
	{ 'l', "ل", "l", "л", "л", "l", "ل", "л|ль", "l", "l" },
	{ 'g', "گ", "g", "г", "г", "g", "گ", "г", "g", "g" },
	{ 'k', "ك", "k", "к", "к", "k", "ك", "к", "k", "k" },
	{ 'q', "ق", "q", "қ", "қ", "q", "ق", "к", "k|q|k", "k" },
	{ 'G', "غ", "gh", "ғ", "ғ", "ğ", "ع", "г", "gh|g", "ğ" },
	{ 'h', "خ", "x", "х", "х", "h", "ح", "х", "kh|h", "h" },
	{ 'H', "ھ", "h", "һ", "һ|х", "h", "ھ", "х|г|х", "h", "h" },
	{ 'j', "ج", "j", "җ", "ж", "j", "ج", "ж|дж", "zh|j|j", "c" },
	{ 'c', "چ", "ch", "ч", "ч", "ch", "چ", "ч", "ch", "ç" },
	{ 'x', "ش", "sh", "ш", "ш", "ş", "ش", "ш", "sh", "ş" },
	{ 'z', "ز", "z", "з", "з", "z", "ز", "з", "z", "z" },
	{ 's', "س", "s", "с", "с", "s", "س", "с", "s", "s" },
	{ 'r', "ر", "r", "р", "р", "r", "ر", "р", "r", "r" },
	{ 'y', "ي", "y", "й", "й", "i", "ي", "й", "y|i|y", "y" },
	{ 'w', "ۋ", "w", "в", "у", "u", "ۋ", "в|у", "w|v|u", "v" },
	{ 'v', "ۋ", "w", "в", "в", "v", "ۆ", "в", "v", "v" },
	{ 'N', "ڭ", "ng", "ң", "ң", "ñ", "ڭ", "н|нг", "n|ng", "n" },
	{ '\0', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL }
};

const struct people_row people_rows[] = {
	/* no consonant before the vowel; alone: what ends a syllable */
	{ '-', "阿", "艾", "伊依", "奥欧", "吾乌", "安", "因", "温", "" },
	{ 'b', "巴", "拜别白", "比", "波", "布", "班", "宾", "本", "布甫" },
	{ 'p', "帕", "派佩", "皮", "坡", "普", "潘", "平", "朋", "普甫" },
	{ 'm', "马玛", "麦买", "米", "莫", "木穆", "曼", "民", "蒙", "木姆" },
	{ 'f', "法帕", "菲", "菲", "佛", "夫普", "凡", "芬", "丰", "夫甫" },
	{ 'd', "达", "代德", "迪地", "多", "都杜", "丹", "丁登", "顿", "德地" },
	{ 't', "塔", "台铁", "提", "托", "吐图", "坦", "廷丁", "屯通", "提特" },
	{ 'n', "那娜", "乃", "尼妮", "诺", "努", "南", "宁", "农", "恩" },
	{ 'l', "拉", "来莱", "里丽力", "洛罗", "鲁", "兰", "林", "伦", "力勒尔" },
	{ 'g', "尕嘎", "盖格", "吉格", "高戈", "古", "甘", "金根", "贡", "格克" },
	{ 'k', "卡", "凯克", "克", "科", "库", "坎", "肯", "昆", "克" },
	{ 'q', "卡哈", "凯克", "克奇", "阔科", "库", "坎", "肯", "昆", "克" },
	{ 'G', "尕哈", "盖合", "格伊", "果", "古吾", "甘", "根", "贡", "格" },
	{ 'h', "哈", "海", "希黑", "霍", "胡", "汗罕", "欣", "洪", "合赫" },
	{ 'H', "哈", "海艾", "希依", "霍", "胡吾", "汗", "欣", "洪", "合" },
	{ 'j', "加贾", "杰", "吉", "焦卓", "居", "江坚", "金", "君", "吉" },
	{ 'c', "恰", "切", "其奇", "乔", "曲", "强", "琴", "群", "奇其" },
	{ 'x', "沙夏", "谢雪", "西希", "肖", "舒苏", "山", "欣", "顺", "什西" },
	{ 'z', "扎", "再则", "孜", "佐", "祖", "赞", "增", "尊", "孜兹" },
	{ 's', "萨沙", "赛色", "西斯", "索", "苏", "桑", "辛森", "逊荪", "斯" },
	{ 'r', "拉热", "热", "日里", "肉若", "茹鲁", "兰", "仁", "荣", "尔" },
	{ 'y', "亚牙", "叶", "依", "约尧", "玉尤", "延", "音", "云", "依伊" },
	{ 'w', "瓦", "外维", "维", "沃", "吾武", "万", "文", "文", "吾" },
	{ 'v', "瓦", "维", "维", "沃", "伍", "万", "温", "文", "夫" },
	{ 'N', "阿", "艾", "伊", "欧", "吾", "安", "因", "温", "" },
	{ '\0', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL }
};

const struct people_char people_surnames[] = {
	{ "马", "ma", "Ма" }, { "王", "wang", "Ван" }, { "李", "li", "Ли" },
	{ "张", "zhang", "Чжан" }, { "刘", "liu", "Лю" },
	{ "陈", "chen", "Чэнь" }, { "杨", "yang", "Ян" },
	{ "赵", "zhao", "Чжао" }, { "黄", "huang", "Хуан" },
	{ "周", "zhou", "Чжоу" }, { "吴", "wu", "У" }, { "徐", "xu", "Сюй" },
	{ "孙", "sun", "Сунь" }, { "朱", "zhu", "Чжу" }, { "高", "gao", "Гао" },
	{ "林", "lin", "Линь" }, { "何", "he", "Хэ" }, { "郭", "guo", "Го" },
	{ "罗", "luo", "Ло" }, { "梁", "liang", "Лян" }, { "宋", "song", "Сун" },
	{ "郑", "zheng", "Чжэн" }, { "谢", "xie", "Се" }, { "韩", "han", "Хань" },
	{ "唐", "tang", "Тан" }, { "冯", "feng", "Фэн" }, { "于", "yu", "Юй" },
	{ "董", "dong", "Дун" }, { "曾", "zeng", "Цзэн" }, { "彭", "peng", "Пэн" },
	{ "单", "shan", "Шань" }, { "解", "xie", "Се" }, { "仇", "qiu", "Цю" },
	{ "任", "ren", "Жэнь" }, { "撒", "sa", "Са" }, { "哈", "ha", "Ха" },
	{ "丁", "ding", "Дин" }, { "白", "bai", "Бай" }, { "纳", "na", "На" },
	{ "沙", "sha", "Ша" }, { NULL, NULL, NULL }
};

const struct people_char people_chars[] = {
	{ "伟", "wei", "вэй" }, { "芳", "fang", "фан" }, { "娜", "na", "на" },
	{ "敏", "min", "минь" }, { "静", "jing", "цзин" },
	{ "丽", "li", "ли" }, { "强", "qiang", "цян" }, { "磊", "lei", "лэй" },
	{ "军", "jun", "цзюнь" }, { "洋", "yang", "ян" },
	{ "勇", "yong", "юн" }, { "艳", "yan", "янь" }, { "杰", "jie", "цзе" },
	{ "涛", "tao", "тао" }, { "明", "ming", "мин" }, { "超", "chao", "чао" },
	{ "秀", "xiu", "сю" }, { "兰", "lan", "лань" }, { "霞", "xia", "ся" },
	{ "平", "ping", "пин" }, { "刚", "gang", "ган" }, { "桂", "gui", "гуй" },
	{ "英", "ying", "ин" }, { "华", "hua", "хуа" }, { "玉", "yu", "юй" },
	{ "红", "hong", "хун" }, { "建", "jian", "цзянь" },
	{ "国", "guo", "го" }, { "文", "wen", "вэнь" }, { "辉", "hui", "хуэй" },
	{ "梅", "mei", "мэй" }, { "春", "chun", "чунь" }, { "海", "hai", "хай" },
	{ "志", "zhi", "чжи" }, { "东", "dong", "дун" }, { "山", "shan", "шань" },
	{ "林", "lin", "линь" }, { "云", "yun", "юнь" }, { "雪", "xue", "сюэ" },
	{ "福", "fu", "фу" }, { "生", "sheng", "шэн" }, { "庆", "qing", "цин" },
	{ "忠", "zhong", "чжун" }, { "义", "yi", "и" }, { "德", "de", "дэ" },
	{ "成", "cheng", "чэн" }, { "贵", "gui", "гуй" }, { "才", "cai", "цай" },
	{ "宝", "bao", "бао" }, { "龙", "long", "лун" }, { NULL, NULL, NULL }
};
