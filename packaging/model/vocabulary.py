"""Which of the text trunk's 250,002 pieces are kept: those that Chinese and English need."""

from collections.abc import Iterable

from text_trunk import PREFIX, SPECIAL
from tokenizers import Tokenizer

# The pieces of a unigram tokenizer stand in the order of how common they are; those in ASCII are
# of all languages that are written so.
_ASCII_PIECES = 11_000
_CHINESE_PIECES = 9_000

# What people look for in their photos and no caption of the data says.
_EVERYDAY = """
selfie screenshot breakfast lunch dinner volcano giraffe anniversary karaoke graduation Christmas
Halloween birthday wedding honeymoon vacation holiday passport receipt invoice newspaper magazine
airport airplane subway helicopter lighthouse waterfall desert glacier island harbor rainbow
lightning thunderstorm sunrise sunset moon stars fireworks lantern temple pagoda palace museum
library classroom office kitchen bedroom bathroom balcony garden greenhouse vineyard farm barn
castle cathedral church mosque statue fountain skyscraper apartment hotel restaurant cafe bakery
supermarket hospital pharmacy playground stadium gym sauna camping hiking picnic barbecue sushi
noodles dumplings hotpot pizza hamburger sandwich pancake chocolate ice-cream strawberry
watermelon grapes cherry pumpkin mushroom lobster shrimp turtle dolphin whale penguin panda koala
kangaroo elephant rhinoceros hippopotamus leopard cheetah squirrel hedgehog rabbit hamster parrot
peacock butterfly dragonfly spider jellyfish goldfish piano violin drums trumpet chess laptop
keyboard headphones smartphone television refrigerator washing-machine bicycle scooter tractor
grandfather grandmother mother father sister brother uncle aunt cousin friends colleague teacher
doctor nurse policeman firefighter soldier bride groom newborn pregnant makeup tattoo beard
sunglasses necklace umbrella suitcase handwriting whiteboard blackboard map calendar poster
火山 高速公路 草莓 身份证 奶茶 自拍 截图 早餐 午餐 晚餐 生日 蛋糕 婚礼 毕业
圣诞节 春节 中秋 国庆 元宵 灯笼 烟花 日出 日落 晚霞 彩虹 闪电 星空 月亮 银河
雪山 瀑布 沙漠 冰川 草原 梯田 油菜花 樱花 荷花 梅花 枫叶 银杏 竹林 寺庙 古镇
长城 故宫 天安门 西湖 火锅 饺子 面条 烧烤 包子 寿司 披萨 汉堡 咖啡 啤酒 红酒
西瓜 葡萄 樱桃 芒果 榴莲 蘑菇 龙虾 螃蟹 熊猫 企鹅 海豚 长颈鹿 大象 老虎 狮子
猴子 松鼠 刺猬 兔子 仓鼠 鹦鹉 孔雀 蝴蝶 蜻蜓 蜘蛛 水母 金鱼 乌龟 钢琴 小提琴
吉他 架子鼓 象棋 围棋 麻将 电脑 键盘 耳机 手机 电视 冰箱 洗衣机 自行车 电动车
摩托车 高铁 地铁 飞机 机场 火车站 码头 轮船 爷爷 奶奶 外公 外婆 爸爸 妈妈
姐姐 妹妹 哥哥 弟弟 同学 同事 老师 医生 护士 警察 军人 新娘 新郎 宝宝 孕妇
胡子 眼镜 项链 雨伞 行李箱 护照 发票 收据 合同 证书 名片 报纸 课本 黑板 白板
地图 日历 海报 二维码 表情包 聊天记录 合影 全家福 证件照 黑白照片 夜景 倒影
剪影 雪人 沙堡 帐篷 野餐 露营 爬山 滑雪 游泳 潜水 冲浪 跑步 瑜伽 健身 篮球
足球 羽毛球 乒乓球
"""


def kept_pieces(
    pieces: list[tuple[str, float]], tokenizer: Tokenizer, texts: Iterable[str]
) -> list[int]:
    """Give the numbers of the pieces to keep, the special ones first.

    Kept are all pieces of `texts` and of everyday words, every Han character of GB 2312 on
    its own (so that any Chinese word can be spelled), the most common Chinese pieces and the
    most common ASCII ones.
    """
    first = [number for number, (piece, _) in enumerate(pieces[:10]) if piece in SPECIAL]
    by_piece = {piece: number for number, (piece, _) in enumerate(pieces)}
    texts = (*texts, *_EVERYDAY.split())
    kept = {by_piece[piece] for piece in PREFIX} | {by_piece["▁"]}
    for text in texts:
        kept.update(tokenizer.encode(text, add_special_tokens=False).ids)
    kept.update(by_piece[mark] for mark in gb2312() if mark in by_piece)
    ascii_left, chinese_left = _ASCII_PIECES, _CHINESE_PIECES
    for number, (piece, _) in enumerate(pieces):
        word = piece.removeprefix("▁")
        if ascii_left and word.isascii() and word:
            kept.add(number)
            ascii_left -= 1
        elif chinese_left and word and all("一" <= mark <= "鿿" for mark in word):
            kept.add(number)
            chinese_left -= 1
    return [*first, *sorted(kept - set(first))]


def gb2312() -> list[str]:
    """Give the 6,763 Han characters of GB 2312."""
    found = []
    for row in range(0xB0, 0xF8):
        for column in range(0xA1, 0xFF):
            mark = bytes((row, column)).decode("gb2312", "ignore")
            if mark:
                found.append(mark)
    return found
