"""Sentences that tokenizers and tidy minds stumble over; also read by the reference process."""

TRICKY = (
    "",
    " ",
    "海边的日落",
    "去年夏天的猫",
    "receipt with a red stamp",
    "A Photo of a CAT",
    "café naïve Ångström",
    "cafe\u0301",
    "ＡＢＣ１２３，全角",
    "繁體字與簡体字",
    "한국어 사진",
    "日本語のテキスト",
    "😀 猫 👩\u200d👩\u200d👧 🏳️\u200d🌈",
    "zero\u200bwidth\ufeffspace",
    "tab\tnew\nline\r\u0000\u0007control",
    "iPhone15拍的照片2023年",
    "未登录的字：龘靐齉",
    "unbelievable cats' don't e.g. 3.14 100%",
    "[CLS] [SEP] [MASK] [unused1]",
    "a" * 150,
    "猫" * 80,
    "Ελληνικά кириллица עברית العربية",
    "\u00a0non\u3000breaking\u2003spaces",
    "…—「」『』《》",
)

# Strings that cannot be encoded as UTF-8; the reference process could not take them.
MALFORMED = ("\ud800", "猫\udfff在", "\ud83d\ude00", "\udce4\udcff")
